//! The objects that a test puts into the store by hand.

use crate::{
    resources::{EXTERNAL_SERVICE, TENANT},
    space::SeedObject,
};

/// A Unified Messaging Service to start with.
///
/// What its type makes mandatory in the emulated release and is not given holds the example of the vendor's
/// guide, and what the server fills in on a create is filled in.
///
/// ```
/// use cuc_mock::{CucMock, Service, Tenant};
///
/// let tenant = "8f2b3c1d-0d4e-4f5a-9b6c-7d8e9f0a1b2c";
/// let mock = CucMock::builder()
///     .empty()
///     .tenant(Tenant::new("acme", "acme.example.com").object_id(tenant))
///     .service(Service::exchange("Mail").server("10.0.0.7").tenant_object_id(tenant))
///     .start_blocking();
/// let id = mock.add_service(Service::meeting_place("Meetings").field("IsEnabled", "false"));
/// # drop((mock, id));
/// ```
#[derive(Clone, Debug)]
#[must_use = "a service does nothing until it is added to a server"]
pub struct Service(pub(super) SeedObject);

/// A tenant to start with. See [`Service`] for an example.
#[derive(Clone, Debug)]
#[must_use = "a tenant does nothing until it is added to a server"]
pub struct Tenant(pub(super) SeedObject);

/// What the guide's examples hold in mandatory fields.
const GUIDES_EXAMPLES: &[(&str, &str)] = &[
    ("AuthenticationMode", "1"),
    ("ClientId", "00000000-0000-0000-0000-000000000000"),
    ("ClientSecret", "secret"),
    ("DirectoryID", "00000000-0000-0000-0000-000000000000"),
    ("ExchDoAutodiscover", "true"),
    ("ExchOrgDomain", "example.com"),
    ("ExchServerType", "1"),
    ("SecurityTransportType", "1"),
    ("Server", "10.65.156.190"),
    ("ServiceAlias", "admin"),
    ("ServicePassword", "ecsbulab"),
    ("TransferExtensionDialString", "111111"),
];

impl Service {
    /// Exchange or BPOS-D.
    pub fn exchange(display_name: impl Into<String>) -> Self {
        Self::of_type("4", display_name)
    }

    /// MeetingPlace.
    pub fn meeting_place(display_name: impl Into<String>) -> Self {
        Self::of_type("1", display_name)
    }

    /// Office 365.
    pub fn office_365(display_name: impl Into<String>) -> Self {
        Self::of_type("5", display_name)
    }

    fn of_type(server_type: &str, display_name: impl Into<String>) -> Self {
        let object = SeedObject::new(&EXTERNAL_SERVICE, GUIDES_EXAMPLES);
        Self(object)
            .field("ServerType", server_type)
            .field("DisplayName", display_name)
    }

    /// Its id, in place of a drawn one.
    pub fn object_id(self, id: impl Into<String>) -> Self {
        self.field("ObjectId", id)
    }

    /// The id of the tenant that owns it.
    pub fn tenant_object_id(self, id: impl Into<String>) -> Self {
        self.field("TenantObjectId", id)
    }

    /// The address of the mail or meeting server.
    pub fn server(self, address: impl Into<String>) -> Self {
        self.field("Server", address)
    }

    /// The account that is used on the server, with its password.
    pub fn account(self, alias: impl Into<String>, password: impl Into<String>) -> Self {
        self.field("ServiceAlias", alias)
            .field("ServicePassword", password)
    }

    /// Any field, by the name that it has in the API.
    pub fn field(self, name: impl Into<String>, value: impl Into<String>) -> Self {
        Self(self.0.with(name, value))
    }
}

impl Tenant {
    /// A tenant with its alias and its SMTP domain.
    pub fn new(alias: impl Into<String>, smtp_domain: impl Into<String>) -> Self {
        Self(SeedObject::new(&TENANT, &[]))
            .field("Alias", alias)
            .field("SmtpDomain", smtp_domain)
    }

    /// Its id, in place of a drawn one.
    pub fn object_id(self, id: impl Into<String>) -> Self {
        self.field("ObjectId", id)
    }

    /// What it is described as.
    pub fn description(self, text: impl Into<String>) -> Self {
        self.field("Description", text)
    }

    /// Any field, by the name that it has in the API.
    pub fn field(self, name: impl Into<String>, value: impl Into<String>) -> Self {
        Self(self.0.with(name, value))
    }
}
