//! Examples to copy, one file per use of the library. `cargo test` runs them.

mod first_test;
mod parallel;
mod retry;
mod snapshot;
mod verification;

/// A tiny tool under test.
mod tool {
    use std::net::SocketAddr;

    use ureq::Error;

    /// Provisions one Unity Connection server.
    pub(crate) struct Tool {
        pub(crate) server: SocketAddr,
        /// The user name that the tool signs in with.
        pub(crate) user: &'static str,
    }

    impl Tool {
        /// Returns the names of all services.
        pub(crate) fn services(&self) -> Result<Vec<String>, Error> {
            let mut response = ureq::get(self.services_url()).call()?;
            let xml = response.body_mut().read_to_string()?;
            let names = xml.split("<DisplayName>").skip(1);
            Ok(names
                .filter_map(|rest| Some(rest.split_once("</DisplayName>")?.0.to_owned()))
                .collect())
        }

        /// Adds a MeetingPlace service. Returns its path.
        pub(crate) fn add(&self, name: &str) -> Result<String, Error> {
            let xml = format!(
                "<ExternalService><DisplayName>{name}</DisplayName><ServerType>1</ServerType>\
                 <ServiceAlias>admin</ServiceAlias><ServicePassword>secret</ServicePassword>\
                 <Server>10.0.0.7</Server><TransferExtensionDialString>111</TransferExtensionDialString>\
                 </ExternalService>"
            );
            let mut response = ureq::post(self.services_url())
                .content_type("application/xml")
                .send(xml)?;
            response.body_mut().read_to_string()
        }

        /// Calls [`Tool::add`] up to five times while the server is busy.
        pub(crate) fn add_with_retries(&self, name: &str) -> Result<String, Error> {
            for _ in 0..5 {
                match self.add(name) {
                    Err(Error::StatusCode(503)) => {}
                    response => return response,
                }
            }
            Err(Error::StatusCode(503))
        }

        /// Returns the URL of the services, with the credentials for HTTP Basic.
        fn services_url(&self) -> String {
            let Self { server, user } = self;
            format!("http://{user}:secret@{server}/vmrest/externalservices")
        }
    }
}
