//! The methods for HTTPS in a build without the feature `tls`. A call does not compile, and the error names the feature.

use super::{CucMock, CucMockBuilder};

/// The feature `tls`. No type has it in this build.
#[diagnostic::on_unimplemented(
    message = "HTTPS needs the feature `tls` of cuc-mock",
    label = "cuc-mock was built without `tls`",
    note = "enable it in Cargo.toml: `cuc-mock = {{ …, default-features = false, features = [\"tls\"] }}`"
)]
pub trait TlsFeature: Sized {
    #[doc(hidden)]
    fn never<T>(self) -> T;
}

// A bound on a type without a parameter would be an error here, and not in the code of the caller.
impl CucMock {
    #[doc(hidden)]
    pub fn https_uri<'a>(&'a self) -> String
    where
        &'a Self: TlsFeature,
    {
        self.never()
    }

    #[doc(hidden)]
    pub fn ca_pem<'a>(&'a self) -> &'a str
    where
        &'a Self: TlsFeature,
    {
        self.never()
    }
}

impl CucMockBuilder {
    #[doc(hidden)]
    pub fn tls_name<N: Into<String>>(self, name: N) -> Self
    where
        (Self, N): TlsFeature,
    {
        (self, name).never()
    }
}
