//! Tenants, and the objects that a tenant owns.

use super::users;
use crate::{
    engine::{Creation, Error, NamedRecord, Transaction},
    schema::Provenance,
};

/// The refusal of a real server to mix tenants with other users.
const OTHER_USERS: &str = "Invalid parameter. Parameter = [Non-Tenant users exists on Unity Connection.Cannot proceed \
                           with Tenant creation.], Value = [tbl_user]";
/// The working hours, and those of a holiday, in minutes.
const HOURS: [(&str, &str); 2] = [("StartTime", "480"), ("EndTime", "1020")];
/// The template of the vendor for users with voice mail.
const VOICE_MAIL: &str = "voicemailusertemplate";

/// Creates the objects that a new tenant owns. A fixture whose tenant has a partition contains them.
pub(super) fn created(transaction: &mut Transaction<'_>, creation: &Creation) -> Result<(), Error> {
    let tenant = &creation.record;
    if let Some(partition) = tenant.get("PartitionObjectId") {
        return adopt(transaction, tenant, partition);
    }
    if !creation.is_loaded && has_other_users(transaction) {
        return Err(Error::refused(OTHER_USERS, Provenance::Documented));
    }
    let Some(dial_plan) = DialPlan::create(transaction, tenant)? else {
        return Ok(());
    };
    let objects = TenantObjects {
        alias: tenant.get("Alias").unwrap_or_default(),
        tenant: tenant.id(),
        dial_plan,
    };
    objects.create(transaction, creation.is_loaded)?;
    let DialPlan {
        partition,
        phone_system,
        ..
    } = &objects.dial_plan;
    let fields = [
        ("PartitionObjectId", Some(partition.as_str())),
        ("MediaSwitchObjectId", Some(phone_system)),
        ("PhoneSystemObjectId", Some(phone_system)),
    ];
    transaction.change(tenant, &fields)
}

/// Lets the tenant of a fixture own the partition that it names, with the objects in it.
fn adopt(
    transaction: &mut Transaction<'_>,
    tenant: &NamedRecord,
    partition: &str,
) -> Result<(), Error> {
    let own = ("TenantObjectId", tenant.id());
    for found in transaction.find("partitions", &[("ObjectId", partition)]) {
        if found.get("TenantObjectId").is_none() {
            transaction.change(&found, &[("TenantObjectId", Some(tenant.id()))])?;
        }
    }
    for user in transaction.find("users", &[("PartitionObjectId", partition)]) {
        users::complete_address(transaction, &user)?;
    }
    for (path, field, id) in [
        ("partitions", "PartitionObjectId", Some(partition)),
        (
            "phonesystems",
            "PhoneSystemObjectId",
            tenant.get("MediaSwitchObjectId"),
        ),
    ] {
        let path = format!("tenants/{{TenantObjectId}}/{path}");
        let Some(id) = id.filter(|_| transaction.find(&path, &[own]).is_empty()) else {
            continue;
        };
        transaction.create_at(&path, None, &[own, (field, id)])?;
    }
    Ok(())
}

/// True if there are users outside any tenant. Those of a fresh system do not count.
fn has_other_users(transaction: &Transaction<'_>) -> bool {
    transaction.any("users", |user| {
        user.get("TenantObjectId").is_none() && user.get("Undeletable") != Some("true")
    })
}

/// The ids of the objects by which a call finds the users of a tenant.
struct DialPlan {
    partition: String,
    search_space: String,
    phone_system: String,
}

impl DialPlan {
    /// Creates the partition, the search space and the phone system of a tenant. It may share the latter. Returns `None` if
    /// the catalogue lacks one of the resources.
    fn create(
        transaction: &mut Transaction<'_>,
        tenant: &NamedRecord,
    ) -> Result<Option<Self>, Error> {
        let alias = tenant.get("Alias").unwrap_or_default();
        let own = ("TenantObjectId", tenant.id());
        let mut create = |path: &str, field: &str, ending: &str| {
            let name = format!("{alias}_{ending}_1");
            transaction.create_at(path, None, &[own, (field, &name)])
        };
        let Some(partition) = create("partitions", "Name", "Partition")? else {
            return Ok(None);
        };
        let Some(search_space) = create("searchspaces", "Name", "SearchSpace")? else {
            return Ok(None);
        };
        let phone_system = match tenant.get("MediaSwitchObjectId") {
            Some(shared) => Some(shared.to_owned()),
            None => {
                let created = create("phonesystems", "DisplayName", "PhoneSystem")?;
                created.map(|created| created.id().to_owned())
            }
        };
        let Some(phone_system) = phone_system else {
            return Ok(None);
        };
        let member = [
            ("SearchSpaceObjectId", search_space.id()),
            ("PartitionObjectId", partition.id()),
            ("SortOrder", "1"),
        ];
        let members = "searchspaces/{SearchSpaceObjectId}/searchspacemembers";
        transaction.create_at(members, None, &member)?;
        for (path, field, id) in [
            ("partitions", "PartitionObjectId", partition.id()),
            ("phonesystems", "PhoneSystemObjectId", &phone_system),
        ] {
            let path = format!("tenants/{{TenantObjectId}}/{path}");
            transaction.create_at(&path, None, &[own, (field, id)])?;
        }
        Ok(Some(Self {
            partition: partition.id().to_owned(),
            search_space: search_space.id().to_owned(),
            phone_system,
        }))
    }
}

/// Creates the objects of a tenant that has a dial plan.
struct TenantObjects<'t> {
    alias: &'t str,
    tenant: &'t str,
    dial_plan: DialPlan,
}

impl TenantObjects<'_> {
    fn create(&self, transaction: &mut Transaction<'_>, is_loaded: bool) -> Result<(), Error> {
        let cos = self.cos(transaction)?;
        let schedule_set = self.schedules(transaction)?;
        let template = self.user_template(transaction, &cos)?;
        let operator = self.operator(transaction, template.as_ref())?;
        self.list(transaction, &[template.as_ref(), operator.as_ref()])?;
        let Some(operator) = operator else {
            return Ok(());
        };
        let greeting = self.call_handlers(transaction, operator.id(), &schedule_set)?;
        self.directory_handler(transaction)?;
        let recipient = ("RecipientSubscriberObjectId", operator.id());
        let handlers = "handlers/interviewhandlers";
        self.in_partition(transaction, handlers, None, "Interviewer", &[recipient])?;
        // The objects of the system are the first ones in each list of a seed.
        let place = match is_loaded {
            true => transaction.count("routingrules"),
            false => 0,
        };
        self.routing_rules(transaction, greeting.as_ref(), place)
    }

    /// Returns the name of an object.
    fn name(&self, ending: &str) -> String {
        format!("{}_{ending}_1", self.alias)
    }

    /// Creates an object that the tenant owns by its partition.
    fn in_partition(
        &self,
        transaction: &mut Transaction<'_>,
        path: &str,
        template: Option<&NamedRecord>,
        ending: &str,
        values: &[(&str, &str)],
    ) -> Result<Option<NamedRecord>, Error> {
        let name = self.name(ending);
        let partition = ("PartitionObjectId", self.dial_plan.partition.as_str());
        let values = [&[("DisplayName", &*name), partition], values].concat();
        transaction.create_at(path, template, &values)
    }

    /// Creates an object that is associated with the tenant, in the field of a member; returns its id.
    fn associated(
        &self,
        transaction: &mut Transaction<'_>,
        path: &str,
        field: &str,
        ending: &str,
    ) -> Result<String, Error> {
        let own = ("TenantObjectId", self.tenant);
        let name = self.name(ending);
        let created = transaction.create_at(path, None, &[own, ("DisplayName", &name)])?;
        let id = created.map_or_else(String::new, |created| created.id().to_owned());
        let members = format!("tenants/{{TenantObjectId}}/{path}");
        transaction.create_at(&members, None, &[own, (field, &id)])?;
        Ok(id)
    }

    fn cos(&self, transaction: &mut Transaction<'_>) -> Result<String, Error> {
        self.associated(transaction, "coses", "CosObjectId", "COS")
    }

    /// Creates the schedule set: it includes the working days, and excludes the holidays.
    fn schedules(&self, transaction: &mut Transaction<'_>) -> Result<String, Error> {
        const WORKING_DAYS: [&str; 5] = [
            "IsActiveMonday",
            "IsActiveTuesday",
            "IsActiveWednesday",
            "IsActiveThursday",
            "IsActiveFriday",
        ];
        let set = self.associated(
            transaction,
            "schedulesets",
            "ScheduleSetObjectId",
            "Weekdays",
        )?;
        let weekend = ["IsActiveSaturday", "IsActiveSunday"];
        for (ending, days, is_holiday) in [
            ("Weekdays", &WORKING_DAYS[..], "false"),
            ("Holiday", &weekend, "true"),
        ] {
            let name = self.name(ending);
            let values = [
                ("TenantObjectId", self.tenant),
                ("DisplayName", &name),
                ("IsHoliday", is_holiday),
            ];
            let Some(schedule) = transaction.create_at("schedules", None, &values)? else {
                continue;
            };
            let schedule = ("ScheduleObjectId", schedule.id());
            let days: Vec<_> = days.iter().map(|day| (*day, "true")).collect();
            let detail = [&[schedule], &HOURS[..], &days].concat();
            let details = "schedules/{ScheduleObjectId}/scheduledetails";
            transaction.create_at(details, None, &detail)?;
            let member = [
                ("ScheduleSetObjectId", set.as_str()),
                schedule,
                ("Exclude", is_holiday),
            ];
            let members = "schedulesets/{ScheduleSetObjectId}/schedulesetmembers";
            transaction.create_at(members, None, &member)?;
        }
        Ok(set)
    }

    fn user_template(
        &self,
        transaction: &mut Transaction<'_>,
        cos: &str,
    ) -> Result<Option<NamedRecord>, Error> {
        let source = transaction.find("usertemplates", &[("Alias", VOICE_MAIL)]);
        let alias = self.name("UserTemplate");
        let DialPlan {
            search_space,
            phone_system,
            ..
        } = &self.dial_plan;
        let values = [
            ("Alias", &*alias),
            ("CosObjectId", cos),
            ("MediaSwitchObjectId", phone_system),
            ("SearchByExtensionSearchSpaceObjectId", search_space),
            ("SearchByNameSearchSpaceObjectId", search_space),
        ];
        let path = "usertemplates";
        self.in_partition(transaction, path, source.first(), "UserTemplate", &values)
    }

    fn operator(
        &self,
        transaction: &mut Transaction<'_>,
        template: Option<&NamedRecord>,
    ) -> Result<Option<NamedRecord>, Error> {
        let alias = self.name("Operator");
        // The operator of a fresh system has the same extension, in another partition.
        let values = [("Alias", &*alias), ("DtmfAccessId", "99990")];
        self.in_partition(transaction, "users", template, "Operator", &values)
    }

    /// Creates the distribution list with its members.
    fn list(
        &self,
        transaction: &mut Transaction<'_>,
        members: &[Option<&NamedRecord>],
    ) -> Result<(), Error> {
        let alias = self.name("AllVoicemailUsers");
        let lists = "distributionlists";
        let values = [("Alias", &*alias)];
        let list = self.in_partition(transaction, lists, None, "AllVoicemailUsers", &values)?;
        let Some(list) = list else {
            return Ok(());
        };
        let path = "distributionlists/{DistributionListObjectId}/distributionlistmembers";
        for member in members.iter().flatten() {
            let values = [
                ("DistributionListObjectId", list.id()),
                ("MemberUserObjectId", member.id()),
            ];
            transaction.create_at(path, None, &values)?;
        }
        Ok(())
    }

    /// Creates the call handler template and the call handlers; returns the opening greeting.
    fn call_handlers(
        &self,
        transaction: &mut Transaction<'_>,
        operator: &str,
        schedule_set: &str,
    ) -> Result<Option<NamedRecord>, Error> {
        let DialPlan {
            search_space,
            phone_system,
            ..
        } = &self.dial_plan;
        let values = [
            ("MediaSwitchObjectId", phone_system.as_str()),
            ("RecipientSubscriberObjectId", operator),
            ("ScheduleSetObjectId", schedule_set),
            ("CallSearchSpaceObjectId", search_space),
        ];
        let templates = "callhandlertemplates";
        let ending = "SystemCallhandlerTemplate";
        let template = self.in_partition(transaction, templates, None, ending, &values)?;
        let handlers = "handlers/callhandlers";
        let goodbye = [("AfterMessageAction", "1")];
        let goodbye = self.in_partition(
            transaction,
            handlers,
            template.as_ref(),
            "GoodbyeCH",
            &goodbye,
        )?;
        let goodbye = goodbye.as_ref().map_or("", NamedRecord::id);
        let mut values = vec![
            ("AfterMessageAction", "2"),
            ("AfterMessageTargetConversation", "PHGreeting"),
            ("AfterMessageTargetHandlerObjectId", goodbye),
        ];
        let ending = "OpeningGreetingCH";
        let greeting =
            self.in_partition(transaction, handlers, template.as_ref(), ending, &values)?;
        values.push(("DtmfAccessId", "0"));
        self.in_partition(
            transaction,
            handlers,
            template.as_ref(),
            "OperatorCH",
            &values,
        )?;
        Ok(greeting)
    }

    fn directory_handler(&self, transaction: &mut Transaction<'_>) -> Result<(), Error> {
        let search_space = self.dial_plan.search_space.as_str();
        let values = [
            ("SearchScope", "6"),
            ("SearchScopeObjectId", search_space),
            ("ScopeObjectSearchSpaceObjectId", search_space),
        ];
        let handlers = "handlers/directoryhandlers";
        self.in_partition(transaction, handlers, None, "DirectoryHandler", &values)?;
        Ok(())
    }

    /// Creates the routing rules, which apply to calls of the tenant's phone system. The first one gets this place.
    fn routing_rules(
        &self,
        transaction: &mut Transaction<'_>,
        greeting: Option<&NamedRecord>,
        place: usize,
    ) -> Result<(), Error> {
        let DialPlan {
            search_space,
            phone_system,
            ..
        } = &self.dial_plan;
        let greeting = greeting.map_or("", NamedRecord::id);
        let rules = [
            ("FRAttemptForward", "2", "AttemptForward", "", "0"),
            ("DRAttemptSignIn", "1", "AttemptSignIn", "", "0"),
            ("RROpeningGreeting", "3", "PHTransfer", greeting, "3"),
        ];
        for (place, rule) in (place..).zip(rules) {
            let (ending, kind, conversation, target, target_kind) = rule;
            let place = place.to_string();
            let name = self.name(ending);
            let mut values = vec![
                ("DisplayName", name.as_str()),
                ("RuleIndex", &place),
                ("Type", kind),
                ("RouteTargetConversation", conversation),
                ("RouteTargetHandlerObjectType", target_kind),
                ("SearchSpaceObjectId", search_space),
            ];
            if !target.is_empty() {
                values.push(("RouteTargetHandlerObjectId", target));
            }
            let Some(rule) = transaction.create_at("routingrules", None, &values)? else {
                continue;
            };
            let condition = [
                ("RoutingRuleObjectId", rule.id()),
                ("Parameter", "5"),
                ("Operator", "2"),
                ("OperandValue", phone_system),
                ("MediaSwitchObjectId", phone_system),
            ];
            let conditions = "routingrules/{RoutingRuleObjectId}/routingruleconditions";
            transaction.create_at(conditions, None, &condition)?;
        }
        Ok(())
    }
}
