//! Deletions.

use std::sync::Arc;

use super::{
    client::XML,
    objects::Object,
    run::{BEFORE, Run},
};
use crate::schema::{Resource, Verb};

impl Run<'_> {
    /// Deletes an object.
    pub(super) fn check_deletion(&self, resource: &Resource, object: &Object) {
        self.mock.restore(BEFORE);
        let before = self.store();
        let values = &object.values;
        let rule = resource.undeletable_rule(|position| values.get(position));
        let is_deleted = resource.verb(Verb::Delete).is_some() && rule.is_none();
        let response = self.client.send("DELETE", &object.path, XML, b"");
        if !is_deleted {
            let is_unchanged = Arc::ptr_eq(&before, &self.store());
            if !(404..=405).contains(&response.status) || !is_unchanged {
                self.problem(resource, "", "delete", format!("not refused: {response}"));
            }
            return;
        }
        let again = self.client.send("DELETE", &object.path, XML, b"");
        let is_found = self.values_at(resource, &object.path).is_some();
        if (response.status, again.status, is_found) != (204, 404, false) {
            self.problem(resource, "", "delete", format!("{response} {again}"));
        }
    }

    /// Tries to delete the records that a client cannot delete.
    pub(super) fn check_built_in(&self, resource: &Resource) {
        let store = self.store();
        let records = store.collection(resource.id).iter();
        let built_in = records.filter(|record| {
            let value = |position| record.values.get(position);
            resource.undeletable_rule(value).is_some()
        });
        for record in built_in.filter(|_| resource.verb(Verb::Delete).is_some()) {
            let path = resource.record_path("", |position| record.values.get(position));
            let response = self.client.send("DELETE", &path, XML, b"");
            if response.status != 405 || !Arc::ptr_eq(&store, &self.store()) {
                self.problem(resource, "", "undeletable", format!("{path}: {response}"));
            }
        }
    }
}
