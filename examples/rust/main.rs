//! One file for each use of the library, to copy from. They run with `cargo test`.

mod first_test;
mod parallel;
mod retry;
mod snapshot;
mod verification;

/// The tool under test, as far as these examples need one.
mod tool {
    use ureq::Error;

    const SERVICES: &str = "vmrest/externalservices";

    /// Provisions one Unity Connection server.
    pub(crate) struct Tool {
        pub(crate) uri: String,
        /// The user that it signs in as.
        pub(crate) user: &'static str,
    }

    impl Tool {
        /// The names of all services.
        pub(crate) fn services(&self) -> Result<Vec<String>, Error> {
            let mut response = ureq::get(format!("{}/{SERVICES}", self.uri))
                .header("Authorization", self.authorization())
                .call()?;
            let xml = response.body_mut().read_to_string()?;
            let names = xml.split("<DisplayName>").skip(1);
            Ok(names
                .filter_map(|rest| Some(rest.split_once("</DisplayName>")?.0.to_owned()))
                .collect())
        }

        /// Adds a MeetingPlace service; tells its path.
        pub(crate) fn add(&self, name: &str) -> Result<String, Error> {
            let xml = format!(
                "<ExternalService><DisplayName>{name}</DisplayName><ServerType>1</ServerType>\
                 <ServiceAlias>admin</ServiceAlias><ServicePassword>secret</ServicePassword>\
                 <Server>10.0.0.7</Server><TransferExtensionDialString>111</TransferExtensionDialString>\
                 </ExternalService>"
            );
            let mut response = ureq::post(format!("{}/{SERVICES}", self.uri))
                .header("Authorization", self.authorization())
                .content_type("application/xml")
                .send(xml)?;
            response.body_mut().read_to_string()
        }

        /// As [`Tool::add`], again and again while the server is busy.
        pub(crate) fn add_patiently(&self, name: &str) -> Result<String, Error> {
            for _ in 0..5 {
                match self.add(name) {
                    Err(Error::StatusCode(503)) => {}
                    response => return response,
                }
            }
            Err(Error::StatusCode(503))
        }

        fn authorization(&self) -> String {
            use base64::{Engine, prelude::BASE64_STANDARD};

            format!(
                "Basic {}",
                BASE64_STANDARD.encode(format!("{}:secret", self.user))
            )
        }
    }
}
