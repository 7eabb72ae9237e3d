//! The objects that refer to users: message recipients, and the actions that lead to the call handlers of users.

use std::collections::HashMap;

use super::values::values_of;
use crate::{
    engine::{NamedRecord, find},
    schema::Resource,
    store::{Store, Values, fold},
};

const RECIPIENT: &str = "RecipientSubscriberObjectId";
/// The field with the handler of a user, or of a greeting or key.
const HANDLER: &str = "CallHandlerObjectId";
/// The action that leads to a handler.
const GO_TO: &str = "2";

/// A kind of object that refers to users.
struct Entity {
    path: &'static str,
    object_type: &'static str,
    owner_type: &'static str,
    has_recipient: bool,
    /// The names of the actions of the object: the field, the field of the target, the type of the dependency and that of
    /// its destination.
    actions: &'static [(&'static str, &'static str, &'static str, &'static str)],
    /// The paths of the greetings and of the keys of the object.
    parts: Option<[&'static str; 2]>,
}

const AFTER_MESSAGE: (&str, &str, &str, &str) = (
    "AfterMessageAction",
    "AfterMessageTargetHandlerObjectId",
    "After Message Action",
    "1",
);
const EXIT: (&str, &str, &str, &str) = (
    "ExitAction",
    "ExitTargetHandlerObjectId",
    "Exit Action",
    "3",
);

const ENTITIES: [Entity; 7] = [
    Entity {
        path: "handlers/callhandlers",
        object_type: "3",
        owner_type: "Call Handler",
        has_recipient: true,
        actions: &[AFTER_MESSAGE],
        parts: Some([
            "handlers/callhandlers/{CallHandlerObjectId}/greetings",
            "handlers/callhandlers/{CallHandlerObjectId}/menuentries",
        ]),
    },
    Entity {
        path: "callhandlertemplates",
        object_type: "66",
        owner_type: "Call Handler Template",
        has_recipient: true,
        actions: &[AFTER_MESSAGE],
        parts: Some([
            "callhandlertemplates/{CallHandlerObjectId}/templategreetings",
            "callhandlertemplates/{CallHandlerObjectId}/templatemenuentries",
        ]),
    },
    Entity {
        path: "callhandlerprimarytemplates",
        object_type: "66",
        owner_type: "User Template",
        has_recipient: true,
        actions: &[AFTER_MESSAGE],
        parts: Some([
            "callhandlerprimarytemplates/{CallHandlerObjectId}/usertemplategreetings",
            "callhandlerprimarytemplates/{CallHandlerObjectId}/menuentries",
        ]),
    },
    Entity {
        path: "handlers/interviewhandlers",
        object_type: "5",
        owner_type: "Interview Handler",
        has_recipient: true,
        actions: &[AFTER_MESSAGE],
        parts: None,
    },
    Entity {
        path: "handlers/directoryhandlers",
        object_type: "6",
        owner_type: "Directory Handler",
        has_recipient: false,
        actions: &[
            EXIT,
            (
                "NoInputAction",
                "NoInputTargetHandlerObjectId",
                EXIT.2,
                EXIT.3,
            ),
            (
                "NoSelectionAction",
                "NoSelectionTargetHandlerObjectId",
                EXIT.2,
                EXIT.3,
            ),
            ("ZeroAction", "ZeroTargetHandlerObjectId", EXIT.2, EXIT.3),
        ],
        parts: None,
    },
    Entity {
        path: "users",
        object_type: "1",
        owner_type: "User",
        has_recipient: false,
        actions: &[EXIT],
        parts: None,
    },
    Entity {
        path: "usertemplates",
        object_type: "2",
        owner_type: "User Template",
        has_recipient: false,
        actions: &[EXIT],
        parts: None,
    },
];

/// Returns what refers to all users, or to the one in the path.
pub(super) fn rows(store: &Store, resource: &Resource, parents: &[(usize, &str)]) -> Vec<Values> {
    let of_path = parents.first().map(|(_, id)| ("ObjectId", *id));
    let users = find(store, "users", of_path.as_slice());
    let mut dependencies = Dependencies {
        store,
        resource,
        handlers: by_field(&users, HANDLER),
        users: by_field(&users, "ObjectId"),
        rows: Vec::new(),
    };
    if !users.is_empty() {
        ENTITIES.iter().for_each(|entity| dependencies.add(entity));
    }
    dependencies.rows
}

/// Returns users by the value of a field.
fn by_field<'u>(users: &'u [NamedRecord], field: &str) -> HashMap<String, &'u NamedRecord> {
    let users = users.iter();
    let named = users.filter_map(|user| Some((fold(user.get(field)?).into_owned(), user)));
    named.collect()
}

/// The objects that refer to some users.
struct Dependencies<'s> {
    store: &'s Store,
    resource: &'s Resource,
    /// The users by the id of their call handlers.
    handlers: HashMap<String, &'s NamedRecord>,
    /// The users by their own ids.
    users: HashMap<String, &'s NamedRecord>,
    rows: Vec<Values>,
}

impl Dependencies<'_> {
    /// Adds those of one kind.
    fn add(&mut self, entity: &Entity) {
        let objects = find(self.store, entity.path, &[]);
        for object in &objects {
            if entity.has_recipient {
                let user = self.user(object, RECIPIENT, false);
                self.push(entity, object, user, "Recipient", "5");
            }
            for (action, target, name, destination) in entity.actions {
                if object.get(action) == Some(GO_TO) {
                    let user = self.user(object, target, true);
                    self.push(entity, object, user, name, destination);
                }
            }
        }
        let Some([greetings, keys]) = entity.parts else {
            return;
        };
        let objects = objects.iter();
        let objects = objects.map(|object| (fold(object.id()).into_owned(), object));
        let objects: HashMap<_, _> = objects.collect();
        for part in find(self.store, greetings, &[("AfterGreetingAction", GO_TO)]) {
            let name = greeting_name(part.get("GreetingType").unwrap_or_default());
            let target = "AfterGreetingTargetHandlerObjectId";
            self.add_part(entity, &objects, (&part, target), &name, "0");
        }
        for part in find(self.store, keys, &[("Action", GO_TO)]) {
            let name = format!("TT{}", part.get("TouchtoneKey").unwrap_or_default());
            self.add_part(
                entity,
                &objects,
                (&part, "TargetHandlerObjectId"),
                &name,
                "2",
            );
        }
    }

    /// Adds a greeting or a key of one of the objects.
    fn add_part(
        &mut self,
        entity: &Entity,
        objects: &HashMap<String, &NamedRecord>,
        (part, target): (&NamedRecord, &str),
        name: &str,
        destination: &str,
    ) {
        let handler = part.get(HANDLER).map(fold).unwrap_or_default();
        if let Some(object) = objects.get(&*handler) {
            let user = self.user(part, target, true);
            self.push(entity, object, user, name, destination);
        }
    }

    /// Returns the id of the user that a field of an object refers to, itself or by its call handler.
    fn user(&self, object: &NamedRecord, field: &str, by_handler: bool) -> Option<String> {
        let users = if by_handler {
            &self.handlers
        } else {
            &self.users
        };
        let user = users.get(&*fold(object.get(field)?))?;
        Some(user.id().to_owned())
    }

    /// Adds a reference of an object to a user, unless it belongs to the user.
    fn push(
        &mut self,
        entity: &Entity,
        object: &NamedRecord,
        user: Option<String>,
        name: &str,
        destination: &str,
    ) {
        let Some(user) = user else {
            return;
        };
        let (owner, owner_type) = self.owner(entity, object);
        let owner = owner.as_ref().unwrap_or(object);
        if fold(owner.id()) == fold(&user) {
            return;
        }
        let number = self.rows.len();
        let values = [
            ("Dependency", number.to_string()),
            ("DependencyType", name.to_owned()),
            ("DependentEntityObjectId", object.id().to_owned()),
            ("DependentEntityObjectType", entity.object_type.to_owned()),
            (
                "DependentEntityOwner",
                owner.get("DisplayName").unwrap_or_default().to_owned(),
            ),
            ("DependencyDestinationType", destination.to_owned()),
            ("SubscriberObjectId", user),
            ("DependentEntityOwnerType", owner_type.to_owned()),
        ];
        self.rows.push(values_of(self.resource, &values));
    }

    /// Returns the owner of an object, unless it is the object itself, and the kind of the owner: the call handler of a user
    /// belongs to the user, and that of a user template to the template.
    fn owner(&self, entity: &Entity, object: &NamedRecord) -> (Option<NamedRecord>, &'static str) {
        let owners = [
            ("PrimaryUserObjectId", "users", "User"),
            ("UserTemplateObjectId", "usertemplates", "User Template"),
        ];
        for (field, path, owner_type) in owners {
            let id = object.get(field);
            let owner = id.and_then(|id| find(self.store, path, &[("ObjectId", id)]).pop());
            if owner.is_some() {
                return (owner, owner_type);
            }
        }
        (None, entity.owner_type)
    }
}

/// Returns the name of the action after a greeting.
fn greeting_name(kind: &str) -> String {
    let name = match kind {
        "Off Hours" => "Closed",
        name => name,
    };
    format!("{name} Greeting")
}
