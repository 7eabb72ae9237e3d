//! Users, and the objects that each of them has.

use super::{members, names, primary_extensions, targets, values::RecordValues};
use crate::{
    engine::{Creation, Error, NamedRecord, Transaction, find},
    schema::Resource,
    store::{Store, Values},
};

/// The collection of the call handler templates of user templates.
pub(super) const PRIMARY_TEMPLATES: &str = "callhandlerprimarytemplates";
const DEVICES_OF_TEMPLATE: &str =
    "usertemplates/{UserTemplateObjectId}/usertemplatenotificationdevices";
const ACCOUNTS_OF_TEMPLATE: &str =
    "usertemplates/{UserTemplateObjectId}/templateexternalserviceaccounts";
const LOCATIONS: &str = "locations/connectionlocations";
const EXIT_ACTION: &str = "ExitCallActionObjectId";
const ADDRESS: &str = "SmtpAddress";
/// The fields of the target of the exit action: the conversation and the handler.
pub(super) const EXIT: &[(&str, &str)] = &[("ExitTargetConversation", "ExitTargetHandlerObjectId")];
/// The fields of a mailbox that a new user gets from its template.
const MAILBOX: [&str; 6] = [
    "MessageAgingPolicyObjectId",
    "NotificationType",
    "SendReadReceipts",
    "ReceiveQuota",
    "SendQuota",
    "WarningQuota",
];
/// The owners of credentials: their collection, and the field with their id in the paths below it.
type Owners = (&'static str, &'static str);
const OF_USERS: Owners = ("users", "UserObjectId");
pub(super) const OF_TEMPLATES: Owners = ("usertemplates", "UserTemplateObjectId");
/// The fields of a credential that a new user gets from its template.
const CREDENTIAL: [&str; 6] = [
    "Credentials",
    "CantChange",
    "DoesntExpire",
    "Locked",
    "CredMustChange",
    "CredentialPolicyObjectId",
];

/// The fields that only a user with a mailbox has.
const OF_MAILBOX: [&str; 9] = [
    "CosObjectId",
    "MediaSwitchObjectId",
    "ExitTargetHandlerObjectId",
    "SynchScheduleObjectId",
    "SearchByExtensionSearchSpaceObjectId",
    "SearchByNameSearchSpaceObjectId",
    "PartitionObjectId",
    "DtmfAccessId",
    "MailboxStoreObjectId",
];

/// Names a new user, and spells the names of any.
pub(super) fn complete(
    store: &Store,
    resource: &Resource,
    values: Values,
    before: Option<&Values>,
) -> Values {
    let mut user = UserValues(RecordValues { resource, values });
    user.0.trim("Alias");
    if user.0.get("IsAdministrator") == Some("true") {
        for name in OF_MAILBOX {
            user.0.set(name, None);
        }
    }
    if before.is_none() {
        names::complete(&mut user.0);
        user.address(store);
    }
    names::spell(&mut user.0);
    user.0.values
}

/// The values of a user that is written.
struct UserValues<'r>(RecordValues<'r>);

impl UserValues<'_> {
    /// Gives a user an address in the domain of its tenant, or of the system.
    fn address(&mut self, store: &Store) {
        if self.0.get(ADDRESS).is_some() {
            return;
        }
        let object = |path: &str, id: &str| find(store, path, &[("ObjectId", id)]).pop();
        let partition = self.0.get("PartitionObjectId");
        let partition = partition.and_then(|id| object("partitions", id));
        let tenant = partition
            .as_ref()
            .and_then(|found| found.get("TenantObjectId"));
        let tenant = tenant.and_then(|id| object("tenants", id));
        let system = || find(store, LOCATIONS, &[]).into_iter().next();
        let owner = tenant.or_else(system);
        let domain = owner.as_ref().and_then(|owner| owner.get("SmtpDomain"));
        if let (Some(alias), Some(domain)) = (self.0.get("Alias"), domain) {
            let address = format!("{}@{domain}", alias.to_lowercase());
            self.0.set(ADDRESS, Some(&address));
        }
    }
}

/// True for an administrator without a mailbox.
pub(super) fn is_administrator(user: &NamedRecord) -> bool {
    user.get("IsAdministrator") == Some("true")
}

/// Creates the objects of a new user. A fixture whose user has a call handler contains them. An administrator has only
/// a password.
pub(super) fn created(transaction: &mut Transaction<'_>, creation: &Creation) -> Result<(), Error> {
    let user = &creation.record;
    if is_administrator(user) {
        return create_administrator(transaction, creation);
    }
    targets::check_new(transaction, creation, EXIT)?;
    draw_exit_action(transaction, user)?;
    if user.get("CallHandlerObjectId").is_none() {
        create_objects(transaction, creation)?;
    }
    primary_extensions::create(transaction, user)?;
    create_global_user(transaction, user)
}

/// Gives a new administrator the password of the template, and removes the PIN and the mailbox that every user has at first.
fn create_administrator(
    transaction: &mut Transaction<'_>,
    creation: &Creation,
) -> Result<(), Error> {
    let user = &creation.record;
    for (path, owner) in [
        ("users/{UserObjectId}/credential/pin", "UserObjectId"),
        (
            "users/{SubscriberObjectId}/mailboxattributes",
            "SubscriberObjectId",
        ),
    ] {
        for object in transaction.find(path, &[(owner, user.id())]) {
            transaction.remove(&object)?;
        }
    }
    match &creation.template {
        Some(template) => copy_credential(transaction, (OF_USERS, user), template, "password"),
        None => Ok(()),
    }
}

/// Creates the objects of a new user that are copies of those of its template.
fn create_objects(transaction: &mut Transaction<'_>, creation: &Creation) -> Result<(), Error> {
    let user = &creation.record;
    let template = match &creation.template {
        Some(template) => Some(template.clone()),
        // A fixture names no template.
        None => transaction.find("usertemplates", &[]).into_iter().next(),
    };
    create_call_handler(transaction, user, template.as_ref())?;
    create_indicator(transaction, user)?;
    let handlers = "users/{SubscriberObjectId}/messagehandlers";
    transaction.create_at(handlers, None, &[("SubscriberObjectId", user.id())])?;
    if let Some(template) = &template {
        create_devices(transaction, user, template)?;
        create_accounts(transaction, user, template)?;
        copy_credentials(transaction, user, template)?;
        copy_mailbox(transaction, user, template)?;
        if !creation.is_loaded {
            join_lists(transaction, user, template)?;
        }
    }
    Ok(())
}

/// Adds a new user to the users of the network, unless a fixture contains it.
fn create_global_user(transaction: &mut Transaction<'_>, user: &NamedRecord) -> Result<(), Error> {
    let id = ("ObjectId", user.id());
    if transaction.find("globalusers", &[id]).is_empty() {
        transaction.create_at("globalusers", None, &[id])?;
    }
    Ok(())
}

/// Gives a user or a user template the id of its exit action.
pub(super) fn draw_exit_action(
    transaction: &mut Transaction<'_>,
    object: &NamedRecord,
) -> Result<(), Error> {
    if object.get(EXIT_ACTION).is_some() {
        return Ok(());
    }
    let action = transaction.draw_guid();
    transaction.change(object, &[(EXIT_ACTION, Some(&action))])
}

/// Lets the objects and the memberships of a user follow a change.
pub(super) fn updated(
    transaction: &mut Transaction<'_>,
    before: &NamedRecord,
    after: &NamedRecord,
) -> Result<(), Error> {
    targets::check_changed(transaction, before, after, EXIT)?;
    primary_extensions::follow(transaction, after)?;
    members::follow(transaction, "MemberSubscriberObjectId", after)?;
    let changed = |name: &str| {
        after
            .get(name)
            .filter(|value| before.get(name) != Some(value))
    };
    let names = ["DisplayName", "PartitionObjectId"];
    let values: Vec<_> = names
        .into_iter()
        .filter_map(|name| Some((name, Some(changed(name)?))))
        .collect();
    if !values.is_empty() {
        let own = [("PrimaryUserObjectId", after.id())];
        for handler in transaction.find("handlers/callhandlers", &own) {
            transaction.change(&handler, &values)?;
        }
    }
    let Some(extension) = changed("DtmfAccessId") else {
        return Ok(());
    };
    let own = [
        ("SubscriberObjectId", after.id()),
        ("UsePrimaryExtension", "true"),
    ];
    for indicator in transaction.find("users/{SubscriberObjectId}/mwis", &own) {
        transaction.change(&indicator, &[("MwiExtension", Some(extension))])?;
    }
    Ok(())
}

/// Gives a user of a fixture the address in the domain of its tenant, which is loaded after it.
pub(super) fn complete_address(
    transaction: &mut Transaction<'_>,
    user: &NamedRecord,
) -> Result<(), Error> {
    let address_in = |domain: &str| {
        let alias = user.get("Alias").unwrap_or_default().to_lowercase();
        format!("{alias}@{domain}")
    };
    let system = transaction.find(LOCATIONS, &[]);
    let domain = system.first().and_then(|system| system.get("SmtpDomain"));
    let is_given = user
        .get(ADDRESS)
        .is_some_and(|address| domain.is_none_or(|domain| address != address_in(domain)));
    let tenant = user.get("TenantObjectId").unwrap_or_default();
    let tenant = transaction.find("tenants", &[("ObjectId", tenant)]);
    let domain = tenant.first().and_then(|tenant| tenant.get("SmtpDomain"));
    match domain.filter(|_| !is_given) {
        Some(domain) => transaction.change(user, &[(ADDRESS, Some(&address_in(domain)))]),
        None => Ok(()),
    }
}

/// Gives a user the mailbox store of the template, and its mailbox the other settings.
fn copy_mailbox(
    transaction: &mut Transaction<'_>,
    user: &NamedRecord,
    template: &NamedRecord,
) -> Result<(), Error> {
    let store = ("MailboxStoreObjectId", template.get("MailboxStoreObjectId"));
    if store.1.is_some() {
        transaction.change(user, &[store])?;
    }
    let settings = MAILBOX.iter().map(|name| (*name, template.get(name)));
    let settings: Vec<_> = settings.filter(|(_, value)| value.is_some()).collect();
    let own = [("SubscriberObjectId", user.id())];
    for mailbox in transaction.find("users/{SubscriberObjectId}/mailboxattributes", &own) {
        transaction.change(&mailbox, &settings)?;
    }
    Ok(())
}

/// Creates the primary call handler.
fn create_call_handler(
    transaction: &mut Transaction<'_>,
    user: &NamedRecord,
    template: Option<&NamedRecord>,
) -> Result<(), Error> {
    let values = vec![
        ("IsPrimary", "true"),
        ("UseDefaultTimeZone", "true"),
        ("AfterMessageAction", "2"),
        ("AfterMessageTargetConversation", "SubSysTransfer"),
        ("PrimaryUserObjectId", user.id()),
        ("RecipientSubscriberObjectId", user.id()),
    ];
    create_handler(transaction, user, template, "handlers/callhandlers", values)
}

/// Creates the call handler of a user, or the call handler template of a user template, at the collection `path`. It is a
/// copy of the call handler template of `source`, with `values` and what it shares with its `owner`.
pub(super) fn create_handler<'v>(
    transaction: &mut Transaction<'_>,
    owner: &'v NamedRecord,
    source: Option<&NamedRecord>,
    path: &str,
    mut values: Vec<(&'v str, &'v str)>,
) -> Result<(), Error> {
    let id = source.and_then(|source| source.get("CallHandlerObjectId"));
    let primary = id.map(|id| transaction.find(PRIMARY_TEMPLATES, &[("ObjectId", id)]));
    let primary = primary.and_then(|found| found.into_iter().next());
    values.push(("DisplayName", display_name(owner)));
    for (name, of_owner) in [
        ("PartitionObjectId", "PartitionObjectId"),
        ("MediaSwitchObjectId", "MediaSwitchObjectId"),
        (
            "CallSearchSpaceObjectId",
            "SearchByExtensionSearchSpaceObjectId",
        ),
    ] {
        values.extend(owner.get(of_owner).map(|value| (name, value)));
    }
    let handler = transaction.create_at(path, primary.as_ref(), &values)?;
    let id = handler.as_ref().map(NamedRecord::id);
    transaction.change(owner, &[("CallHandlerObjectId", id)])
}

/// Creates the message waiting indicator.
fn create_indicator(transaction: &mut Transaction<'_>, user: &NamedRecord) -> Result<(), Error> {
    let mut values = vec![
        ("SubscriberObjectId", user.id()),
        ("DisplayName", "MWI-1"),
        ("MwiExtension", user.get("DtmfAccessId").unwrap_or_default()),
        ("Active", "true"),
        ("UsePrimaryExtension", "true"),
    ];
    let phone_system = user.get("MediaSwitchObjectId");
    values.extend(phone_system.map(|id| ("MediaSwitchObjectId", id)));
    transaction.create_at("users/{SubscriberObjectId}/mwis", None, &values)?;
    Ok(())
}

/// Creates a notification device like each one of the template.
fn create_devices(
    transaction: &mut Transaction<'_>,
    user: &NamedRecord,
    template: &NamedRecord,
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
        transaction.create_at(&path, Some(&device), &values)?;
    }
    Ok(())
}

/// Creates an account like each one of the template.
fn create_accounts(
    transaction: &mut Transaction<'_>,
    user: &NamedRecord,
    template: &NamedRecord,
) -> Result<(), Error> {
    let of_template = [("UserTemplateObjectId", template.id())];
    for account in transaction.find(ACCOUNTS_OF_TEMPLATE, &of_template) {
        let path = "users/{SubscriberObjectId}/externalserviceaccounts";
        let mut values = vec![("SubscriberObjectId", user.id())];
        // Unique fields are not copied.
        let service = account.get("ExternalServiceObjectId");
        values.extend(service.map(|id| ("ExternalServiceObjectId", id)));
        transaction.create_at(path, Some(&account), &values)?;
    }
    Ok(())
}

/// Gives a user the credentials of the template.
fn copy_credentials(
    transaction: &mut Transaction<'_>,
    user: &NamedRecord,
    template: &NamedRecord,
) -> Result<(), Error> {
    for kind in ["pin", "password"] {
        copy_credential(transaction, (OF_USERS, user), template, kind)?;
    }
    Ok(())
}

/// Gives a user, or a user template, one of the credentials of a template.
pub(super) fn copy_credential(
    transaction: &mut Transaction<'_>,
    (owners, owner): (Owners, &NamedRecord),
    template: &NamedRecord,
    kind: &str,
) -> Result<(), Error> {
    let find = |(collection, field): Owners, owner: &NamedRecord| {
        let path = format!("{collection}/{{{field}}}/credential/{kind}");
        let found = transaction.find(&path, &[(field, owner.id())]);
        found.into_iter().next()
    };
    match (find(OF_TEMPLATES, template), find(owners, owner)) {
        (Some(source), Some(own)) => transaction.change(&own, &copied_credential(&source)),
        _ => Ok(()),
    }
}

/// Adds a user to the distribution lists of the template.
fn join_lists(
    transaction: &mut Transaction<'_>,
    user: &NamedRecord,
    template: &NamedRecord,
) -> Result<(), Error> {
    let of_template = [("MemberUserTemplateObjectId", template.id())];
    for member in transaction.find(members::OF_LISTS, &of_template) {
        let list = member.get("DistributionListObjectId").unwrap_or_default();
        let values = [
            ("DistributionListObjectId", list),
            ("MemberUserObjectId", user.id()),
        ];
        transaction.create_at(members::OF_LISTS, None, &values)?;
    }
    Ok(())
}

/// Returns the values of a credential that a copy takes over.
fn copied_credential(source: &NamedRecord) -> Vec<(&'static str, Option<&str>)> {
    let values = CREDENTIAL.iter().map(|name| (*name, source.get(name)));
    values.filter(|(_, value)| value.is_some()).collect()
}

/// Returns the name of the objects that belong to a user or a template.
pub(super) fn display_name(owner: &NamedRecord) -> &str {
    let name = owner.get("DisplayName").or_else(|| owner.get("Alias"));
    name.unwrap_or_else(|| owner.id())
}
