//! Transactions: changes of the store that are made together or not at all.

use std::{collections::BTreeSet, iter::zip, sync::Arc};

use super::{
    Behaviours, Clock, Error,
    draft::Draft,
    proposal::Proposal,
    random::RandomStream,
    validate::{Existing, parent_of},
};
use crate::{
    schema::{Catalogue, Computation, OnDelete, Resource, ResourceId},
    store::{Ordinal, Record, Store, Values, fold},
};

/// Changes of the store that are made together or not at all. Each change sees those before it; other requests see
/// none of them until the end.
pub(crate) struct Transaction<'t> {
    /// The current store of the space, which other requests cannot read until the end.
    store: &'t mut Arc<Store>,
    /// The store as it was at the beginning, if there may be more than one change that can fail.
    savepoint: Option<Arc<Store>>,
    clock: &'t Clock,
    ids: &'t RandomStream,
    behaviours: Behaviours,
    /// The records that have been removed or replaced. They are dropped with the transaction, without a lock.
    removed: Vec<Arc<Record>>,
}

impl<'t> Transaction<'t> {
    pub(super) fn new(
        store: &'t mut Arc<Store>,
        clock: &'t Clock,
        ids: &'t RandomStream,
        behaviours: Behaviours,
    ) -> Self {
        Self {
            store,
            savepoint: None,
            clock,
            ids,
            behaviours,
            removed: Vec::new(),
        }
    }

    /// Returns the store with the changes so far.
    pub(crate) fn store(&self) -> &Store {
        self.store
    }

    pub(crate) fn catalogue(&self) -> Arc<Catalogue> {
        Arc::clone(self.store.catalogue())
    }

    /// Undoes all changes.
    pub(super) fn roll_back(&mut self) {
        if let Some(savepoint) = self.savepoint.take() {
            *self.store = savepoint;
        }
    }

    /// Returns the records to drop after the lock is released.
    pub(super) fn into_removed(self) -> Vec<Arc<Record>> {
        self.removed
    }

    /// Creates a record, and those that are created with it.
    pub(crate) fn create(&mut self, mut draft: Draft<'_>) -> Result<Arc<Record>, Error> {
        draft.fill_in_defaults(self.clock);
        let proposal = Proposal::new(&draft, None);
        self.insert(&draft, proposal)
    }

    /// Creates the records that exist with a record that was loaded.
    pub(super) fn complete_loaded(
        &mut self,
        resource: &Resource,
        values: &Values,
    ) -> Result<(), Error> {
        let collection = self.store.collection(resource.id);
        let found = collection.counterpart(resource, values);
        match found.map(|(_, record)| Arc::clone(record)) {
            Some(record) => self.complete(resource, &record),
            None => Ok(()),
        }
    }

    /// Creates the singletons that are not below another record.
    pub(super) fn create_singletons(&mut self) -> Result<(), Error> {
        let catalogue = self.catalogue();
        let resources = catalogue.resources().iter();
        let singletons = resources
            .filter(|resource| resource.is_singleton() && resource.path.parameters().is_empty());
        for resource in singletons {
            if self.store.collection(resource.id).len() == 0 {
                self.create(Draft::empty(resource))?;
            }
        }
        Ok(())
    }

    /// Derives all fields that follow from other records.
    pub(super) fn derive_all(&mut self) {
        let catalogue = self.catalogue();
        let resources = catalogue.resources().iter();
        for resource in resources.filter(|resource| resource.has_derived_fields) {
            let collection = self.store.collection(resource.id);
            let records: Vec<_> = collection.iter().cloned().collect();
            for record in records {
                let values = self.with_derived(resource, record.values.clone());
                let collection = self.store.collection(resource.id);
                let found = collection.counterpart(resource, &record.values);
                if let Some((ordinal, _)) = found.filter(|_| values != record.values) {
                    self.put(resource, ordinal, values);
                }
            }
        }
    }

    /// Adds the record that a draft proposes, and those that are created with it.
    pub(super) fn insert(
        &mut self,
        draft: &Draft<'_>,
        proposal: Proposal<'_>,
    ) -> Result<Arc<Record>, Error> {
        let resource = draft.resource;
        let mut values = proposal.validated(Existing::all(self.store))?;
        if self.store.len() >= self.store.max_records.0 {
            return Err(Error::store_full(self.store.max_records));
        }
        let is_first_of_several =
            self.savepoint.is_none() && self.store.catalogue().creates_several(resource);
        if is_first_of_several {
            self.savepoint = Some(Arc::clone(self.store));
        }
        let mut ids_drawn = self.store.ids_drawn;
        if let Some(object_id) = resource.object_id
            && values.get(object_id).is_none()
        {
            let id = self.draw_id(resource, object_id, &mut ids_drawn);
            values.insert(object_id, &id);
        }
        let values = self.with_derived(resource, values);
        let record = Arc::new(Record::new(values));
        let store = Arc::make_mut(self.store);
        store.ids_drawn = ids_drawn;
        store
            .collection_mut(resource.id)
            .insert(Arc::clone(&record));
        if store.catalogue().creates_several(resource) {
            self.complete(resource, &record)?;
        }
        Ok(record)
    }

    /// Draws an id that no record of `resource` has, and counts the ids drawn.
    fn draw_id(&self, resource: &Resource, object_id: usize, drawn: &mut u64) -> String {
        let collection = self.store.collection(resource.id);
        loop {
            let id = self.ids.guid(*drawn).to_string();
            *drawn += 1;
            if collection.holders(object_id, &id).next().is_none() {
                return id;
            }
        }
    }

    /// Creates the records that exist with `record`, as far as they do not exist yet.
    pub(super) fn complete(&mut self, resource: &Resource, record: &Record) -> Result<(), Error> {
        let catalogue = self.catalogue();
        for child in &catalogue.dependents(resource.id).children {
            let child = &catalogue[*child];
            if child.is_singleton() {
                self.create_singleton(resource, record, child)?;
            }
        }
        let behaviour = resource.behaviour.as_deref();
        if let Some(behaviour) = behaviour.and_then(|name| self.behaviours.get(name)) {
            behaviour(self, resource, record)?;
        }
        Ok(())
    }

    fn create_singleton(
        &mut self,
        resource: &Resource,
        record: &Record,
        child: &Resource,
    ) -> Result<(), Error> {
        let values = resource
            .identity()
            .map(|position| record.values.get(position).unwrap_or_default());
        let parents = child.path.parameters().iter().copied().zip(values);
        let parents: Vec<_> = parents.collect();
        if self
            .store
            .collection(child.id)
            .find(child, &parents, None)
            .is_some()
        {
            return Ok(());
        }
        let mut draft = Draft::empty(child);
        for (position, value) in parents {
            draft.set(position, value);
        }
        self.create(draft).map(drop)
    }

    /// Replaces the record with an ordinal by the one that `proposal` describes.
    pub(super) fn replace(
        &mut self,
        resource: &Resource,
        ordinal: Ordinal,
        proposal: Proposal<'_>,
    ) -> Result<Arc<Record>, Error> {
        let existing = Existing {
            store: self.store,
            replaced: Some(ordinal),
        };
        let values = proposal.validated(existing)?;
        let values = self.with_derived(resource, values);
        Ok(self.put(resource, ordinal, values))
    }

    /// Stores new values of a record, and derives fields of other records again.
    fn put(&mut self, resource: &Resource, ordinal: Ordinal, values: Values) -> Arc<Record> {
        let record = Arc::new(Record::new(values));
        let store = Arc::make_mut(self.store);
        let collection = store.collection_mut(resource.id);
        self.removed
            .extend(collection.replace(ordinal, Arc::clone(&record)));
        if store.catalogue().dependents(resource.id).has_derived_fields {
            self.derive_again(resource, &record);
        }
        record
    }

    /// Derives the fields of the records that refer to `record` again.
    fn derive_again(&mut self, resource: &Resource, record: &Record) {
        let catalogue = self.catalogue();
        for (resource, ordinal) in self.dependents(resource, record) {
            let resource = &catalogue[resource];
            let stored = self.store.collection(resource.id).record(ordinal);
            let Some(stored) = stored.filter(|_| resource.has_derived_fields).cloned() else {
                continue;
            };
            let values = self.with_derived(resource, stored.values.clone());
            if values != stored.values {
                self.put(resource, ordinal, values);
            }
        }
    }

    /// Returns the records that refer to `record`, and those at paths below it.
    fn dependents(&self, resource: &Resource, record: &Record) -> Vec<(ResourceId, Ordinal)> {
        let references = self.references(resource, record).into_iter();
        let mut found: Vec<_> = references.map(|(id, ordinal, _)| (id, ordinal)).collect();
        found.extend(self.children(resource, record));
        found
    }

    /// Returns the records that refer to `record`, with the position of the reference.
    fn references(
        &self,
        resource: &Resource,
        record: &Record,
    ) -> Vec<(ResourceId, Ordinal, usize)> {
        let catalogue = self.store.catalogue();
        let mut found = Vec::new();
        for (id, position) in &catalogue.dependents(resource.id).references {
            let Some(reference) = &catalogue[*id].fields[*position].reference else {
                continue;
            };
            if let Some(value) = record.values.get(reference.field) {
                let holders = self.store.collection(*id).holders(*position, value);
                found.extend(holders.map(|(ordinal, _)| (*id, ordinal, *position)));
            }
        }
        found
    }

    /// Returns the records at paths below that of `record`.
    fn children(&self, resource: &Resource, record: &Record) -> Vec<(ResourceId, Ordinal)> {
        let catalogue = self.store.catalogue();
        let value = |position| record.values.get(position).unwrap_or_default();
        let mut found = Vec::new();
        for id in &catalogue.dependents(resource.id).children {
            let parameters = catalogue[*id].path.parameters();
            let identity: Vec<_> = zip(parameters, resource.identity()).collect();
            let Some(((first, top), others)) = identity.split_first() else {
                continue;
            };
            let candidates = self.store.collection(*id).holders(**first, value(*top));
            let children = candidates.filter(|(_, candidate)| {
                others.iter().all(|(parameter, position)| {
                    let found = candidate.values.get(**parameter);
                    found.is_some_and(|found| fold(found) == fold(value(*position)))
                })
            });
            found.extend(children.map(|(ordinal, _)| (*id, ordinal)));
        }
        found
    }

    /// Returns the values with those that are derived from other records.
    fn with_derived(&self, resource: &Resource, values: Values) -> Values {
        if !resource.has_derived_fields {
            return values;
        }
        let derived = |position| derived_value(self.store, resource, position, &values);
        let fields = resource.fields.iter().enumerate();
        let texts: Vec<_> = fields
            .map(|(position, field)| match field.is_derived() {
                true => derived(position),
                false => values.get(position),
            })
            .collect();
        Values::of(texts.into_iter())
    }

    /// Sets the values of `field` in some records to their places, from 0.
    pub(super) fn set_order(&mut self, resource: &Resource, field: usize, ordinals: &[Ordinal]) {
        for (place, ordinal) in ordinals.iter().enumerate() {
            let stored = self.store.collection(resource.id).record(*ordinal);
            if let Some(stored) = stored.cloned() {
                let place = place.to_string();
                let values = stored.values.with(field, Some(&place));
                self.put(resource, *ordinal, values);
            }
        }
    }

    /// Deletes a record, and the records that are deleted with it.
    pub(super) fn delete(&mut self, resource: &Resource, ordinal: Ordinal) -> Result<(), Error> {
        let deletion = self.plan_deletion(resource, ordinal)?;
        let catalogue = self.catalogue();
        let store = Arc::make_mut(self.store);
        for (id, ordinal) in &deletion.deleted {
            let removed = store.collection_mut(*id).remove(*ordinal);
            self.removed.extend(removed);
        }
        for (id, ordinal, position) in deletion.cleared {
            let stored = self.store.collection(id).record(ordinal);
            // A record that is deleted, too, is not found.
            if let Some(stored) = stored.cloned() {
                let resource = &catalogue[id];
                let values = stored.values.with(position, None);
                let values = self.with_derived(resource, values);
                self.put(resource, ordinal, values);
            }
        }
        Ok(())
    }

    /// Determines the effects of deleting a record.
    fn plan_deletion(&self, resource: &Resource, ordinal: Ordinal) -> Result<Deletion, Error> {
        let catalogue = self.store.catalogue();
        let mut deletion = Deletion::default();
        let mut refusals = Vec::new();
        let mut open = vec![(resource.id, ordinal)];
        while let Some((id, ordinal)) = open.pop() {
            let Some(record) = self.store.collection(id).record(ordinal) else {
                continue;
            };
            if !deletion.deleted.insert((id, ordinal)) {
                continue;
            }
            let resource = &catalogue[id];
            for (other, ordinal, position) in self.references(resource, record) {
                let reference = catalogue[other].fields[position].reference.as_ref();
                match reference.map(|reference| reference.on_delete) {
                    Some(OnDelete::Cascade) => open.push((other, ordinal)),
                    Some(OnDelete::Clear) => deletion.cleared.push((other, ordinal, position)),
                    Some(OnDelete::Refuse) => refusals.push((id, other, ordinal, position)),
                    None => {}
                }
            }
            let children = self.children(resource, record).into_iter();
            // A reference in the path has an effect of its own.
            open.extend(children.filter(|(child, _)| !catalogue[*child].has_reference_to_parent()));
        }
        let mut refusals = refusals.into_iter();
        // A record that is deleted, too, refuses nothing.
        let refusal =
            refusals.find(|(_, other, ordinal, _)| !deletion.deleted.contains(&(*other, *ordinal)));
        match refusal {
            Some((id, other, _, position)) => {
                let referrer = &catalogue[other];
                Err(Error::still_referenced(&catalogue[id], referrer, position))
            }
            None => Ok(deletion),
        }
    }
}

/// The effects of deleting a record.
#[derive(Default)]
struct Deletion {
    /// The records to delete.
    deleted: BTreeSet<(ResourceId, Ordinal)>,
    /// The records that lose a reference, each with the position of its field.
    cleared: Vec<(ResourceId, Ordinal, usize)>,
}

/// Returns the value that the field at a position derives from another record.
pub(super) fn derived_value<'s>(
    store: &'s Store,
    resource: &Resource,
    position: usize,
    values: &'s Values,
) -> Option<&'s str> {
    let Some(Computation::Derived { through, field }) =
        resource.fields[position].computation.as_deref()
    else {
        return values.get(position);
    };
    let catalogue = store.catalogue();
    let (target, record) = match &resource.fields[*through].reference {
        Some(reference) => {
            let value = values.get(*through)?;
            let mut holders = store
                .collection(reference.resource)
                .holders(reference.field, value);
            (&catalogue[reference.resource], holders.next()?.1)
        }
        None => (
            &catalogue[resource.parent?],
            parent_of(store, resource, values)?,
        ),
    };
    derived_value(store, target, *field, &record.values)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        engine::{
            Element, Mode, Records, Target, crud,
            description::testing::catalogue_with,
            load::{Completion, Fixture, FixtureSet, Progress},
        },
        schema::Release,
    };

    const HOUSE: &str = r#"<resource path="houses" list="Houses" element="House" behaviour="furnish">
        <evidence id="test" documented="test"/>
        <object-id by="test"/>
        <text name="Name" by="test"><required by="test"/></text>
        <guid name="DoorObjectId" by="test" access="read-only"/>
    </resource>"#;
    const DOOR: &str = r#"<resource path="houses/{HouseObjectId}/doors" list="Doors" element="Door">
        <evidence id="test" documented="test"/>
        <object-id by="test"/>
        <guid name="HouseObjectId" by="test" access="read-only"><required by="test"/></guid>
        <text name="Colour" by="test"><default value="green" by="test"/></text>
        <text name="Number" by="test"><max-length characters="3" by="test"/></text>
    </resource>"#;
    const LAWN: &str = r#"<resource path="lawns" list="Lawns" element="Lawn">
        <object-id documented="test"/>
    </resource>"#;
    const BEHAVIOURS: Behaviours = Behaviours(&[("furnish", furnish)]);

    /// Creates two doors, unless the house has some; the second one has the name of the house as its number.
    fn furnish(
        transaction: &mut Transaction<'_>,
        house: &Resource,
        record: &Record,
    ) -> Result<(), Error> {
        let catalogue = transaction.catalogue();
        let door = catalogue.resource("houses/{HouseObjectId}/doors");
        let door = door.expect("it is described");
        let [object_id, name] = ["ObjectId", "Name"].map(|name| {
            let position = house.position(name).expect("it is described");
            record.values.get(position).unwrap_or_default()
        });
        let parents = [(1, object_id)];
        let doors = transaction.store().collection(door.id);
        if doors.below(&parents).next().is_some() {
            return Ok(());
        }
        for number in ["1", name] {
            let mut draft = Draft::empty(door);
            draft.set(1, object_id);
            draft.set(3, number);
            transaction.create(draft)?;
        }
        Ok(())
    }

    fn records(fixture: &str) -> Records {
        let catalogue = catalogue_with(BEHAVIOURS, Release::V10_5, &[HOUSE, DOOR, LAWN]);
        let fixtures = [Fixture {
            path: "houses.xml".into(),
            document: fixture.to_owned().into(),
        }];
        let set = FixtureSet {
            completion: Completion {
                clock: Mode::default(),
                behaviours: BEHAVIOURS,
            },
            ..FixtureSet::new(&catalogue, &fixtures)
        };
        let store = set.load(&Progress::default()).expect("no errors");
        let ids = RandomStream::new(7, "default", "ids");
        Records::new(Clock::default(), store.into(), ids).with_behaviours(BEHAVIOURS)
    }

    fn create(records: &Records, name: &str) -> Result<String, Error> {
        let house = records
            .catalogue
            .resource("houses")
            .expect("it is described");
        let element = Element {
            name: "Name".into(),
            value: Some(name.into()),
            at: 0,
        };
        crud::create(records, &Target::collection(house), &[element], "")
    }

    /// Returns the numbers of all doors, and the number of ids drawn.
    fn doors(records: &Records) -> (Vec<String>, u64) {
        let store = records.read();
        let door = store.catalogue().resource("houses/{HouseObjectId}/doors");
        let doors = store.collection(door.expect("it is described").id).iter();
        let numbers = doors.map(|door| {
            let [colour, number] =
                [2, 3].map(|position| door.values.get(position).unwrap_or_default());
            format!("{colour} {number}")
        });
        (numbers.collect(), store.ids_drawn)
    }

    #[test]
    fn a_behaviour_completes_the_creation_of_a_record_or_undoes_it() {
        let records = records("<Houses/>");
        let first = create(&records, "abc").expect("a valid house");
        let expected = (vec!["green 1".to_owned(), "green abc".to_owned()], 3);
        assert_eq!(doors(&records), expected);
        let before = records.read();
        let error = create(&records, "abcd").expect_err("the number of a door is too long");
        assert!(
            error.message.contains("[Number], Value = [abcd]"),
            "{}",
            error.message
        );
        assert!(Arc::ptr_eq(&before, &records.read()), "nothing has changed");
        drop(before);
        let second = create(&records, "xy").expect("a valid house");
        assert_ne!(first, second);
        assert_eq!(doors(&records).1, 6);

        let mut full = (*records.read()).clone();
        full.max_records = crate::store::MaxRecords(full.len() + 2);
        records.load(full);
        assert!(
            create(&records, "z").is_err(),
            "there is room for two of three records"
        );
        assert_eq!(doors(&records).1, 6);
    }

    #[test]
    fn a_fixture_gets_the_records_that_it_does_not_name() {
        let [one, two] = [
            "9b9c0a3d-5f5b-4a8e-9d0f-0a9a3d8f7c11",
            "9b9c0a3d-5f5b-4a8e-9d0f-0a9a3d8f7c12",
        ];
        let house = |id: &str| format!("<House><ObjectId>{id}</ObjectId><Name>x</Name></House>");
        let houses = format!("<Houses>{}{}</Houses>", house(one), house(two));
        let door = format!(
            "<Door><ObjectId>{one}</ObjectId><HouseObjectId>{two}</HouseObjectId><Colour>red</Colour></Door>"
        );
        let numbers = |records: &Records| doors(records).0;
        let seed = records(&houses);
        assert_eq!(numbers(&seed), ["green 1", "green x", "green 1", "green x"]);
        // The second house has its only door in the fixture.
        let lists = format!("{houses}<Doors>{door}</Doors>");
        let some = format!("<UnityConnection>{lists}</UnityConnection>");
        assert_eq!(numbers(&records(&some)), ["red ", "green 1", "green x"]);
        // A list of each resource is a state, in which the first house has no doors.
        let state = format!("<UnityConnection>{lists}<Lawns/></UnityConnection>");
        assert_eq!(numbers(&records(&state)), ["red "]);
    }
}
