/// The body of a POST or PUT of a service. Tests remove and change its elements.
#[derive(Clone)]
pub(crate) struct Service(Vec<(String, String)>);

impl Service {
    pub(crate) fn new<'a>(elements: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        Self(elements.into_iter().map(owned).collect())
    }

    /// Sets the element `name`, or appends it.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        match self.0.iter_mut().find(|(element, _)| element == name) {
            Some((_, text)) => *text = value.to_owned(),
            None => self.0.push((name.to_owned(), value.to_owned())),
        }
        self
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.0.retain(|(element, _)| element != name);
        self
    }

    pub(crate) fn xml(&self) -> String {
        let elements = self
            .0
            .iter()
            .map(|(name, value)| format!("<{name}>{value}</{name}>"));
        format!(
            "<ExternalService>{}</ExternalService>",
            elements.collect::<String>()
        )
    }
}

/// Returns the fields that the 10.5 guide lists as mandatory for Exchange. Later releases accept them too.
pub(crate) fn exchange() -> Service {
    Service::new([
        ("DisplayName", "Exchange"),
        ("ServiceAlias", "admin"),
        ("ServicePassword", "ecsbulab"),
        ("ServerType", "4"),
        ("Server", "10.65.156.190"),
        ("AuthenticationMode", "1"),
        ("ExchServerType", "1"),
        ("SecurityTransportType", "1"),
    ])
}

/// Returns the fields that every guide lists as mandatory for MeetingPlace.
pub(crate) fn meeting_place() -> Service {
    Service::new([
        ("DisplayName", "MeetingPlace"),
        ("ServiceAlias", "admin"),
        ("ServicePassword", "ecsbulab"),
        ("ServerType", "1"),
        ("Server", "10.76.175.167"),
        ("TransferExtensionDialString", "111111"),
    ])
}

/// Returns the fields that the guide of a release lists as mandatory for Office 365.
pub(crate) fn office_365(release: cuc_mock::Release) -> Service {
    let common = Service::new([
        ("DisplayName", "Office365"),
        ("ServiceAlias", "admin"),
        ("ServicePassword", "password"),
        ("ServerType", "5"),
    ]);
    match release {
        cuc_mock::Release::V10_5 => common.with("Server", "10.76.175.167"),
        _ => common
            .with("ExchOrgDomain", "example.com")
            .with("ExchDoAutodiscover", "true"),
    }
}

/// Returns a fixture of this many services. Their IDs end in 1, 2, 3 and so on. No other records exist with them.
pub(crate) fn services(count: usize) -> String {
    let services = (1..=count).map(|number| {
        let id = format!("00000000-0000-4000-8000-{number:012}");
        let service = meeting_place().with("ObjectId", &id);
        service.with("DisplayName", &format!("s{number}")).xml()
    });
    format!(
        "<ExternalServices>{}</ExternalServices>",
        services.collect::<String>()
    )
}
