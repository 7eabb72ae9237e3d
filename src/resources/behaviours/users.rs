//! Users, and the objects that each of them has.

use super::keypad::digits;
use crate::{
    engine::{Creation, Error, Object, Transaction, find},
    schema::Resource,
    store::{Store, Values},
};

const PRIMARY_TEMPLATES: &str = "callhandlerprimarytemplates";
const DEVICES_OF_TEMPLATE: &str =
    "usertemplates/{UserTemplateObjectId}/usertemplatenotificationdevices";
const ACCOUNTS_OF_TEMPLATE: &str =
    "usertemplates/{UserTemplateObjectId}/templateexternalserviceaccounts";
const EXIT_ACTION: &str = "ExitCallActionObjectId";
/// The fields of a credential that a new user gets from its template.
const CREDENTIAL: [&str; 6] = [
    "Credentials",
    "CantChange",
    "DoesntExpire",
    "Locked",
    "CredMustChange",
    "CredentialPolicyObjectId",
];

/// Names a new user, and spells the names of any.
pub(super) fn complete(
    store: &Store,
    resource: &Resource,
    values: Values,
    before: Option<&Values>,
) -> Values {
    let mut user = UserValues { resource, values };
    if before.is_none() {
        user.name();
        user.address(store);
    }
    user.spell();
    user.values
}

/// The values of a user, by the names of its fields.
struct UserValues<'r> {
    resource: &'r Resource,
    values: Values,
}

impl UserValues<'_> {
    fn get(&self, name: &str) -> Option<&str> {
        let value = self.values.get(self.resource.position(name)?);
        value.filter(|value| !value.is_empty())
    }

    fn set(&mut self, name: &str, value: Option<&str>) {
        if let Some(position) = self.resource.position(name)
            && self.values.get(position) != value
        {
            self.values = self.values.with(position, value);
        }
    }

    /// Names a user that has no name: by the first and the last name, or by the alias.
    fn name(&mut self) {
        if self.get("DisplayName").is_some() {
            return;
        }
        let names = ["FirstName", "LastName"].map(|name| self.get(name));
        let names: Vec<_> = names.into_iter().flatten().collect();
        let name = match names[..] {
            [] => self.get("Alias").map(str::to_owned),
            _ => Some(names.join(" ")),
        };
        self.set("DisplayName", name.as_deref());
    }

    /// Gives a user an address in the domain of its tenant, or of the system.
    fn address(&mut self, store: &Store) {
        if self.get("SmtpAddress").is_some() {
            return;
        }
        let object = |path: &str, id: &str| find(store, path, &[("ObjectId", id)]).pop();
        let partition = self.get("PartitionObjectId");
        let partition = partition.and_then(|id| object("partitions", id));
        let tenant = partition.and_then(|partition| {
            let tenant = partition.get("TenantObjectId")?;
            object("tenants", tenant)
        });
        let system = || {
            find(store, "locations/connectionlocations", &[])
                .into_iter()
                .next()
        };
        let owner = tenant.or_else(system);
        let domain = owner.as_ref().and_then(|owner| owner.get("SmtpDomain"));
        if let (Some(alias), Some(domain)) = (self.get("Alias"), domain) {
            let address = format!("{}@{domain}", alias.to_lowercase());
            self.set("SmtpAddress", Some(&address));
        }
    }

    /// Spells the names on the keypad of a telephone.
    fn spell(&mut self) {
        let [first, last] = ["FirstName", "LastName"].map(|name| self.get(name).map(digits));
        let joined = |one: &Option<String>, other: &Option<String>| match (one, other) {
            (None, None) => None,
            _ => Some(
                [one.as_deref(), other.as_deref()]
                    .map(Option::unwrap_or_default)
                    .concat(),
            ),
        };
        let spelled = [
            ("DtmfNameFirstLast", joined(&first, &last)),
            ("DtmfNameLastFirst", joined(&last, &first)),
            ("DtmfNameFirst", first),
            ("DtmfNameLast", last),
        ];
        for (name, digits) in spelled {
            self.set(name, digits.as_deref());
        }
    }
}

/// Creates the objects of a new user. A fixture whose user has a call handler contains them.
pub(super) fn created(transaction: &mut Transaction<'_>, creation: &Creation) -> Result<(), Error> {
    let user = &creation.object;
    draw_exit_action(transaction, user)?;
    if user.get("CallHandlerObjectId").is_some() {
        return Ok(());
    }
    let template = match &creation.template {
        Some(template) => Some(template.clone()),
        // A fixture names no template.
        None => transaction.find("usertemplates", &[]).into_iter().next(),
    };
    create_call_handler(transaction, user, template.as_ref())?;
    create_indicator(transaction, user)?;
    let handlers = "users/{SubscriberObjectId}/messagehandlers";
    transaction.create_object(handlers, None, &[("SubscriberObjectId", user.id())])?;
    if let Some(template) = &template {
        create_devices(transaction, user, template)?;
        create_accounts(transaction, user, template)?;
        copy_credentials(transaction, user, template)?;
        if !creation.is_loaded {
            join_lists(transaction, user, template)?;
        }
    }
    Ok(())
}

/// Gives a user or a user template the id of its exit action.
pub(super) fn draw_exit_action(
    transaction: &mut Transaction<'_>,
    object: &Object,
) -> Result<(), Error> {
    if object.get(EXIT_ACTION).is_some() {
        return Ok(());
    }
    let action = transaction.draw_guid();
    transaction.change(object, &[(EXIT_ACTION, Some(&action))])
}

/// Creates the primary call handler.
fn create_call_handler(
    transaction: &mut Transaction<'_>,
    user: &Object,
    template: Option<&Object>,
) -> Result<(), Error> {
    let id = template.and_then(|template| template.get("CallHandlerObjectId"));
    let primary = id.map(|id| transaction.find(PRIMARY_TEMPLATES, &[("ObjectId", id)]));
    let primary = primary.and_then(|found| found.into_iter().next());
    let mut values = vec![
        ("DisplayName", user.get("DisplayName").unwrap_or_default()),
        ("IsPrimary", "true"),
        ("PrimaryUserObjectId", user.id()),
        ("RecipientSubscriberObjectId", user.id()),
    ];
    for (name, of_user) in [
        ("PartitionObjectId", "PartitionObjectId"),
        ("MediaSwitchObjectId", "MediaSwitchObjectId"),
        (
            "CallSearchSpaceObjectId",
            "SearchByExtensionSearchSpaceObjectId",
        ),
    ] {
        values.extend(user.get(of_user).map(|value| (name, value)));
    }
    let handlers = "handlers/callhandlers";
    let handler = transaction.create_object(handlers, primary.as_ref(), &values)?;
    let id = handler.as_ref().map(Object::id);
    transaction.change(user, &[("CallHandlerObjectId", id)])
}

/// Creates the message waiting indicator.
fn create_indicator(transaction: &mut Transaction<'_>, user: &Object) -> Result<(), Error> {
    let mut values = vec![
        ("SubscriberObjectId", user.id()),
        ("DisplayName", "MWI-1"),
        ("MwiExtension", user.get("DtmfAccessId").unwrap_or_default()),
        ("Active", "true"),
        ("UsePrimaryExtension", "true"),
    ];
    let phone_system = user.get("MediaSwitchObjectId");
    values.extend(phone_system.map(|id| ("MediaSwitchObjectId", id)));
    transaction.create_object("users/{SubscriberObjectId}/mwis", None, &values)?;
    Ok(())
}

/// Creates a notification device like each one of the template.
fn create_devices(
    transaction: &mut Transaction<'_>,
    user: &Object,
    template: &Object,
) -> Result<(), Error> {
    let of_template = [("UserTemplateObjectId", template.id())];
    for device in transaction.find(DEVICES_OF_TEMPLATE, &of_template) {
        let kind = match device.get("Type") {
            Some("1") => "phonedevices",
            Some("2") => "pagerdevices",
            Some("4") => "smtpdevices",
            Some("5" | "6") => "smsdevices",
            Some("8") => "htmldevices",
            _ => continue,
        };
        let path = format!("users/{{SubscriberObjectId}}/notificationdevices/{kind}");
        let mut values = vec![("SubscriberObjectId", user.id())];
        values.extend(
            device
                .get("Undeletable")
                .map(|value| ("Undeletable", value)),
        );
        let phone_system = user.get("MediaSwitchObjectId");
        values.extend(phone_system.map(|id| ("MediaSwitchObjectId", id)));
        transaction.create_object(&path, Some(&device), &values)?;
    }
    Ok(())
}

/// Creates an account like each one of the template.
fn create_accounts(
    transaction: &mut Transaction<'_>,
    user: &Object,
    template: &Object,
) -> Result<(), Error> {
    let of_template = [("UserTemplateObjectId", template.id())];
    for account in transaction.find(ACCOUNTS_OF_TEMPLATE, &of_template) {
        let path = "users/{SubscriberObjectId}/externalserviceaccounts";
        let mut values = vec![("SubscriberObjectId", user.id())];
        // Unique fields are not copied.
        let service = account.get("ExternalServiceObjectId");
        values.extend(service.map(|id| ("ExternalServiceObjectId", id)));
        transaction.create_object(path, Some(&account), &values)?;
    }
    Ok(())
}

/// Gives a user the credentials of the template.
fn copy_credentials(
    transaction: &mut Transaction<'_>,
    user: &Object,
    template: &Object,
) -> Result<(), Error> {
    for kind in ["pin", "password"] {
        let source = format!("usertemplates/{{UserTemplateObjectId}}/credential/{kind}");
        let source = transaction.find(&source, &[("UserTemplateObjectId", template.id())]);
        let own = format!("users/{{UserObjectId}}/credential/{kind}");
        let own = transaction.find(&own, &[("UserObjectId", user.id())]);
        if let (Some(source), Some(own)) = (source.first(), own.first()) {
            transaction.change(own, &copied_credential(source))?;
        }
    }
    Ok(())
}

/// Adds a user to the distribution lists of the template.
fn join_lists(
    transaction: &mut Transaction<'_>,
    user: &Object,
    template: &Object,
) -> Result<(), Error> {
    let path = "distributionlists/{DistributionListObjectId}/distributionlistmembers";
    let of_template = [("MemberUserTemplateObjectId", template.id())];
    for member in transaction.find(path, &of_template) {
        let list = member.get("DistributionListObjectId").unwrap_or_default();
        let values = [
            ("DistributionListObjectId", list),
            ("MemberUserObjectId", user.id()),
        ];
        transaction.create_object(path, None, &values)?;
    }
    Ok(())
}

/// Returns the values of a credential that a copy takes over.
pub(super) fn copied_credential(source: &Object) -> Vec<(&'static str, Option<&str>)> {
    let values = CREDENTIAL.iter().map(|name| (*name, source.get(name)));
    values.filter(|(_, value)| value.is_some()).collect()
}
