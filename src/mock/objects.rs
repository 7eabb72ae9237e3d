//! The objects that a test adds to the store.

use crate::space::SeedObject;

/// A Unified Messaging Service to add to the seed or to the store.
///
/// A field that the emulated release requires for the type gets the sample value of the vendor's guide if it is not
/// set. Fields that the server fills in on a create get the same values here.
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

/// A tenant to add to the seed or to the store. See [`Service`] for an example.
#[derive(Clone, Debug)]
#[must_use = "a tenant does nothing until it is added to a server"]
pub struct Tenant(pub(super) SeedObject);

/// The values of required fields in the samples of the guide.
const GUIDE_SAMPLES: &[(&str, &str)] = &[
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
    /// Creates a service for Exchange or BPOS-D (`ServerType` 4).
    pub fn exchange(display_name: impl Into<String>) -> Self {
        Self::of_type("4", display_name)
    }

    /// Creates a service for MeetingPlace (`ServerType` 1).
    pub fn meeting_place(display_name: impl Into<String>) -> Self {
        Self::of_type("1", display_name)
    }

    /// Creates a service for Office 365 (`ServerType` 5).
    pub fn office_365(display_name: impl Into<String>) -> Self {
        Self::of_type("5", display_name)
    }

    fn of_type(server_type: &str, display_name: impl Into<String>) -> Self {
        let object = SeedObject::new("externalservices", GUIDE_SAMPLES);
        Self(object)
            .field("ServerType", server_type)
            .field("DisplayName", display_name)
    }

    /// Sets the `ObjectId`. By default, the server generates it.
    pub fn object_id(self, id: impl Into<String>) -> Self {
        self.field("ObjectId", id)
    }

    /// Sets the `ObjectId` of the tenant that owns the service.
    pub fn tenant_object_id(self, id: impl Into<String>) -> Self {
        self.field("TenantObjectId", id)
    }

    /// Sets the host name or IP address of the mail or meeting server.
    pub fn server(self, address: impl Into<String>) -> Self {
        self.field("Server", address)
    }

    /// Sets the account on the mail or meeting server (`ServiceAlias`) and its password.
    pub fn account(self, alias: impl Into<String>, password: impl Into<String>) -> Self {
        self.field("ServiceAlias", alias)
            .field("ServicePassword", password)
    }

    /// Sets any field, by its name in the API. The last value of a field counts.
    pub fn field(self, name: impl Into<String>, value: impl Into<String>) -> Self {
        Self(self.0.with(name, value))
    }
}

impl Tenant {
    /// Creates a tenant with an alias and an SMTP domain.
    pub fn new(alias: impl Into<String>, smtp_domain: impl Into<String>) -> Self {
        Self(SeedObject::new("tenants", &[]))
            .field("Alias", alias)
            .field("SmtpDomain", smtp_domain)
    }

    /// Sets the `ObjectId`. By default, the server generates it.
    pub fn object_id(self, id: impl Into<String>) -> Self {
        self.field("ObjectId", id)
    }

    /// Sets the description.
    pub fn description(self, text: impl Into<String>) -> Self {
        self.field("Description", text)
    }

    /// Sets any field, by its name in the API. The last value of a field counts.
    pub fn field(self, name: impl Into<String>, value: impl Into<String>) -> Self {
        Self(self.0.with(name, value))
    }
}
