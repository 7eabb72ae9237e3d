//! The model: the records of each resource in a plain list, without an index, and the effects of the verbs on them.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, HashSet},
    sync::Arc,
};

use crate::{
    schema::{
        Catalogue, Computation, DefaultValue, Kind, NewPlace, OnDelete, Resource, ResourceId, Verb,
    },
    store::Store,
};

/// The values of a record, by the positions of their fields.
pub(super) type Row = BTreeMap<usize, String>;

/// A record: its resource, and its place in the list.
pub(super) type Place = (ResourceId, usize);

/// The records of each resource, in the order of their creation. A clone is a snapshot.
#[derive(Clone, Debug, Default)]
pub(super) struct Model(pub(super) BTreeMap<ResourceId, Arc<Vec<Row>>>);

/// Returns the form in which values are compared: without regard to case and surrounding blanks.
pub(super) fn folded(value: &str) -> String {
    value.trim().to_lowercase()
}

fn is_same(one: &str, other: &str) -> bool {
    let (one, other) = (one.trim(), other.trim());
    one.eq_ignore_ascii_case(other) || !one.is_ascii() && folded(one) == folded(other)
}

/// Returns the value that a field stores for a text, or `None` for a text of another kind.
pub(super) fn stored(kind: Kind, text: &str) -> Option<String> {
    let trimmed = text.trim();
    match kind {
        Kind::Boolean if trimmed == "1" || is_same(trimmed, "true") => Some("true".to_owned()),
        Kind::Boolean if trimmed == "0" || is_same(trimmed, "false") => Some("false".to_owned()),
        Kind::Boolean => None,
        Kind::Integer => Some(trimmed.parse::<i32>().ok()?.to_string()),
        Kind::Guid => (trimmed.len() == 36).then(|| trimmed.to_owned()),
        Kind::Text | Kind::Link => Some(text.to_owned()),
        Kind::DateTime | Kind::Binary => Some(trimmed.to_owned()),
    }
}

impl Model {
    /// Returns the records of a resource in a store.
    pub(super) fn rows_of(store: &Store, resource: &Resource) -> Vec<Row> {
        let records = store.collection(resource.id).iter();
        let row = |values: &crate::store::Values| -> Row {
            let positions = 0..resource.fields.len();
            let values = positions.filter_map(|at| Some((at, values.get(at)?.to_owned())));
            values.collect()
        };
        records.map(|record| row(&record.values)).collect()
    }

    pub(super) fn rows(&self, resource: ResourceId) -> &[Row] {
        self.0.get(&resource).map_or(&[], |rows| rows)
    }

    /// Returns the records of a resource, to change them.
    pub(super) fn rows_mut(&mut self, resource: ResourceId) -> &mut Vec<Row> {
        Arc::make_mut(self.0.entry(resource).or_default())
    }

    /// True if the records of a resource are those of another model that has not been changed since.
    pub(super) fn shares(&self, other: &Self, resource: ResourceId) -> bool {
        match (self.0.get(&resource), other.0.get(&resource)) {
            (Some(one), Some(other)) => Arc::ptr_eq(one, other),
            (one, other) => one.is_none() && other.is_none(),
        }
    }

    fn row(&self, (resource, index): Place) -> &Row {
        &self.0[&resource][index]
    }

    /// Adds the defaults to the values of a new record.
    pub(super) fn fill_in(&self, resource: &Resource, row: &mut Row) {
        for (position, field) in resource.fields.iter().enumerate() {
            let value = |at: usize| row.get(&at).map(String::as_str);
            let mut defaults = field.defaults.iter();
            let default = defaults.find(|(_, rule)| rule.applies(value));
            if let Some((DefaultValue::Value(default), _)) = default
                && !excludes_another(resource, row, position)
            {
                row.entry(position).or_insert_with(|| default.to_string());
            }
        }
        if let Some(order) = resource.order {
            let places = self.neighbours(resource, row);
            let places = places.map(|(index, _)| self.place(resource, index, order.field));
            let last = places.max();
            let place = match order.new_place {
                NewPlace::First => 0,
                NewPlace::Last => last.map_or(0, |last| last + 1),
            };
            row.insert(order.field, place.to_string());
        }
    }

    /// Returns the records of the collection of a record, with their indexes.
    fn neighbours<'m>(
        &'m self,
        resource: &'m Resource,
        row: &'m Row,
    ) -> impl Iterator<Item = (usize, &'m Row)> {
        let rows = self.rows(resource.id).iter().enumerate();
        rows.filter(|(_, other)| {
            let mut path = resource.parameters.iter();
            path.all(|at| {
                row.get(at).map(|value| folded(value)) == other.get(at).map(|value| folded(value))
            })
        })
    }

    /// Returns the place of a record in the order of its collection.
    fn place(&self, resource: &Resource, index: usize, field: usize) -> i32 {
        let value = self.rows(resource.id)[index].get(&field);
        value.and_then(|value| value.parse().ok()).unwrap_or(-1)
    }

    /// Moves the records of a collection from a place on by a distance.
    fn shift(&mut self, resource: &Resource, row: &Row, from: i32, distance: i32) {
        let Some(order) = resource.order else { return };
        let neighbours: Vec<_> = self
            .neighbours(resource, row)
            .map(|(index, _)| index)
            .collect();
        for index in neighbours {
            let place = self.place(resource, index, order.field);
            if place >= from {
                let moved = (place + distance).to_string();
                self.rows_mut(resource.id)[index].insert(order.field, moved);
            }
        }
    }

    /// Sets the order of the collection of a record to that of some indexes.
    pub(super) fn set_order(&mut self, resource: &Resource, indexes: &[usize]) {
        let Some(order) = resource.order else { return };
        for (place, index) in indexes.iter().enumerate() {
            self.rows_mut(resource.id)[*index].insert(order.field, place.to_string());
        }
    }

    /// Adds a record that breaks no rule, and those that are created with it.
    pub(super) fn create(&mut self, catalogue: &Catalogue, resource: &Resource, row: Row) {
        if let Some(order) = resource.order {
            let place = row[&order.field].parse().unwrap_or_default();
            let is_taken = self
                .neighbours(resource, &row)
                .any(|(index, _)| self.place(resource, index, order.field) == place);
            if is_taken {
                self.shift(resource, &row, place, 1);
            }
        }
        let mut changed = BTreeSet::from([resource.id]);
        for child in catalogue.resources() {
            if child.parent == Some(resource.id) && child.is_singleton() {
                let fields = child.parameters.iter().zip(&child.parent_fields);
                let path = fields.filter_map(|(at, field)| Some((*at, row.get(field)?.clone())));
                let mut only: Row = path.collect();
                self.fill_in(child, &mut only);
                self.rows_mut(child.id).push(only);
                changed.insert(child.id);
            }
        }
        self.rows_mut(resource.id).push(row);
        self.derive(catalogue, changed);
    }

    /// Returns the positions of the fields of a record that break a rule. `replaced` is the place of the record that it
    /// replaces.
    pub(super) fn violations(
        &self,
        catalogue: &Catalogue,
        resource: &Resource,
        row: &Row,
        replaced: Option<usize>,
    ) -> Vec<usize> {
        let broken = |position: &usize| {
            let before = replaced.map(|index| &self.rows(resource.id)[index]);
            self.breaks_rule(resource, row, *position, before)
                || self.is_duplicate(resource, row, *position, replaced)
                || self.is_dangling(resource, row, *position)
        };
        let mut violations: Vec<_> = (0..resource.fields.len()).filter(broken).collect();
        if let Some(parent) = resource.parent
            && self.parent(&catalogue[parent], resource, row).is_none()
        {
            violations.extend(resource.parameters.last());
        }
        violations
    }

    /// Returns the positions of the fields of the record at an index that conflict with other records.
    pub(super) fn conflicts(&self, resource: &Resource, row: &Row, index: usize) -> Vec<usize> {
        let conflicts = |position: &usize| {
            self.is_duplicate(resource, row, *position, Some(index))
                || self.is_dangling(resource, row, *position)
        };
        (0..resource.fields.len()).filter(conflicts).collect()
    }

    fn breaks_rule(
        &self,
        resource: &Resource,
        row: &Row,
        position: usize,
        before: Option<&Row>,
    ) -> bool {
        let field = &resource.fields[position];
        let value = |at: usize| row.get(&at).map(String::as_str);
        let Some(text) = row.get(&position).filter(|text| !text.is_empty()) else {
            let is_drawn = resource.object_id == Some(position);
            // A secret reads back empty, so an update keeps an empty one that was mandatory before.
            let was_empty = before.is_some_and(|before| {
                let value = |at: usize| before.get(&at).map(String::as_str);
                let is_secret = field.access.is_hidden() && row.contains_key(&position);
                is_secret && field.required.iter().any(|rule| rule.applies(value))
            });
            let mut required = field.required.iter();
            return !is_drawn && !was_empty && required.any(|rule| rule.applies(value));
        };
        let is_excluded = |other: usize| row.get(&other).is_some_and(|value| !value.is_empty());
        let mut choices = field.choices.iter().filter(|(_, rule)| rule.applies(value));
        choices.any(|(choices, _)| !choices.iter().any(|choice| **choice == **text))
            || field
                .max_length
                .as_ref()
                .is_some_and(|(max, _)| text.chars().count() > *max)
            || field.range.as_ref().is_some_and(|range| {
                let number = text.parse::<i32>();
                number.is_ok_and(|number| !(range.min..=range.max).contains(&number))
            })
            || field.clears.iter().any(|(other, _)| is_excluded(*other))
    }

    fn is_duplicate(
        &self,
        resource: &Resource,
        row: &Row,
        position: usize,
        replaced: Option<usize>,
    ) -> bool {
        let Some(value) = row.get(&position).filter(|value| !value.trim().is_empty()) else {
            return false;
        };
        let others = self.rows(resource.id).iter().enumerate();
        let mut others = others.filter(|(index, other)| {
            let other = other.get(&position);
            replaced != Some(*index) && other.is_some_and(|other| is_same(other, value))
        });
        let shares = |at: usize, other: &Row| {
            let (one, other) = (row.get(&at), other.get(&at));
            one.map(|value| folded(value)) == other.map(|value| folded(value))
        };
        match &resource.fields[position].unique {
            Some(unique) => {
                others.any(|(_, other)| unique.within.is_none_or(|within| shares(within, other)))
            }
            None if resource.key == Some(position) => {
                others.any(|(_, other)| resource.parameters.iter().all(|at| shares(*at, other)))
            }
            None => false,
        }
    }

    fn is_dangling(&self, resource: &Resource, row: &Row, position: usize) -> bool {
        let value = row.get(&position).filter(|value| !value.trim().is_empty());
        let reference = resource.fields[position].reference.as_ref();
        value.zip(reference).is_some_and(|(value, reference)| {
            self.holder(reference.resource, reference.field, value)
                .is_none()
        })
    }

    /// Returns the place of the first record with a value.
    fn holder(&self, resource: ResourceId, field: usize, value: &str) -> Option<Place> {
        let mut rows = self.rows(resource).iter();
        let index = rows.position(|row| row.get(&field).is_some_and(|held| is_same(held, value)));
        Some((resource, index?))
    }

    /// Returns the place of the record above another one.
    pub(super) fn parent(
        &self,
        parent: &Resource,
        resource: &Resource,
        row: &Row,
    ) -> Option<Place> {
        let mut rows = self.rows(parent.id).iter();
        let index = rows.position(|above| is_above(resource, above, row));
        Some((parent.id, index?))
    }

    /// Deletes a record, and the records that are deleted with it. Returns the resources that have lost records or values, or
    /// `None` if the deletion is refused.
    pub(super) fn delete(
        &mut self,
        catalogue: &Catalogue,
        place: Place,
    ) -> Option<BTreeSet<ResourceId>> {
        let mut deleted = BTreeSet::new();
        let (mut cleared, mut refusing) = (BTreeSet::new(), BTreeSet::new());
        let mut open = vec![(place, false)];
        while let Some((place, is_below)) = open.pop() {
            if !deleted.insert(place) {
                continue;
            }
            let (resource, row) = (&catalogue[place.0], self.row(place));
            let value = |at: usize| row.get(&at).map(String::as_str);
            if !is_below && resource.undeletable_rule(value).is_some() {
                return None;
            }
            for (referrer, position, on_delete) in self.referrers(catalogue, place) {
                match on_delete {
                    OnDelete::Cascade => open.push((referrer, false)),
                    OnDelete::Clear => drop(cleared.insert((referrer, position))),
                    OnDelete::Refuse => drop(refusing.insert(referrer)),
                }
            }
            open.extend(
                self.below(catalogue, place)
                    .into_iter()
                    .map(|below| (below, true)),
            );
        }
        if refusing.iter().any(|referrer| !deleted.contains(referrer)) {
            return None;
        }
        let cleared: Vec<_> = cleared
            .into_iter()
            .filter(|(at, _)| !deleted.contains(at))
            .collect();
        let mut changed: BTreeSet<_> = deleted.iter().map(|(resource, _)| *resource).collect();
        let before = self.clone();
        for ((resource, index), position) in cleared {
            changed.insert(resource);
            self.rows_mut(resource)[index].remove(&position);
        }
        let mut gaps = Vec::new();
        for (id, index) in deleted.into_iter().rev() {
            let row = self.rows_mut(id).remove(index);
            let gap = catalogue[id]
                .order
                .and_then(|order| row.get(&order.field)?.parse().ok());
            gaps.extend(gap.map(|gap: i32| (gap, id, row)));
        }
        gaps.sort_by_key(|(gap, ..)| Reverse(*gap));
        for (gap, id, row) in gaps {
            self.shift(&catalogue[id], &row, gap + 1, -1);
        }
        changed.extend(self.derive(catalogue, changed.clone()));
        self.keeps_rules(catalogue, &before, &changed, None)
            .then_some(changed)
    }

    /// True if the records that have changed since `before` break no rule. The one at `except` was checked.
    fn keeps_rules(
        &self,
        catalogue: &Catalogue,
        before: &Self,
        changed: &BTreeSet<ResourceId>,
        except: Option<Place>,
    ) -> bool {
        changed.iter().all(|id| {
            let resource = &catalogue[*id];
            let known: HashSet<_> = before.rows(*id).iter().collect();
            let mut rows = self.rows(*id).iter().enumerate();
            rows.all(|(index, row)| {
                let mut positions = 0..resource.fields.len();
                known.contains(row)
                    || except == Some((*id, index))
                    || !positions.any(|position| {
                        self.breaks_rule(resource, row, position, Some(row))
                            || self.is_duplicate(resource, row, position, Some(index))
                    })
            })
        })
    }

    /// Returns the records that refer to another one, each with the position of the field and the effect of a deletion.
    fn referrers(&self, catalogue: &Catalogue, place: Place) -> Vec<(Place, usize, OnDelete)> {
        let target = self.row(place);
        let mut found = Vec::new();
        for resource in catalogue.resources() {
            for (position, field) in resource.fields.iter().enumerate() {
                let Some(reference) = field.reference.as_ref().filter(|to| to.resource == place.0)
                else {
                    continue;
                };
                let value = target
                    .get(&reference.field)
                    .filter(|value| !value.trim().is_empty());
                let Some(value) = value else { continue };
                let rows = self.rows(resource.id).iter().enumerate();
                let rows = rows
                    .filter(|(_, row)| row.get(&position).is_some_and(|held| is_same(held, value)));
                found.extend(
                    rows.map(|(index, _)| ((resource.id, index), position, reference.on_delete)),
                );
            }
        }
        found
    }

    /// Returns the records directly below another one.
    fn below(&self, catalogue: &Catalogue, place: Place) -> Vec<Place> {
        let above = self.row(place);
        let children = catalogue.resources().iter();
        let children = children
            .filter(|child| child.parent == Some(place.0) && !child.has_reference_to_parent());
        let rows = children.flat_map(|child| {
            let rows = self.rows(child.id).iter().enumerate();
            let rows = rows.filter(|(_, row)| is_above(child, above, row));
            rows.map(|(index, _)| (child.id, index))
        });
        rows.collect()
    }

    /// Replaces a record, and lets the values that refer to its own follow them. Returns false if one of those breaks a rule then.
    pub(super) fn replace(&mut self, catalogue: &Catalogue, place: Place, row: Row) -> bool {
        let unchanged = self.clone();
        let before = self.row(place).clone();
        let referrers = self.referrers(catalogue, place);
        let mut changed = BTreeSet::from([place.0]);
        for ((resource, index), position, _) in referrers {
            let reference = catalogue[resource].fields[position].reference.as_ref();
            let field = reference.expect("it refers to the record").field;
            if let Some(value) = row
                .get(&field)
                .filter(|value| before.get(&field) != Some(value))
            {
                changed.insert(resource);
                self.rows_mut(resource)[index].insert(position, value.clone());
            }
        }
        self.rows_mut(place.0)[place.1] = row;
        changed.extend(self.derive(catalogue, changed.clone()));
        self.keeps_rules(catalogue, &unchanged, &changed, Some(place))
    }

    /// Sets the derived values that may follow from records of the changed resources, until none changes.
    /// Returns the resources of their records.
    pub(super) fn derive(
        &mut self,
        catalogue: &Catalogue,
        mut changed: BTreeSet<ResourceId>,
    ) -> BTreeSet<ResourceId> {
        let mut all = BTreeSet::new();
        while !changed.is_empty() {
            let mut changes = Vec::new();
            for resource in catalogue.resources() {
                if self.rows(resource.id).is_empty() || !resource.has_derived_fields {
                    continue;
                }
                let follows = |position: &usize| {
                    let computation = resource.fields[*position].computation.as_deref();
                    let Some(Computation::Derived { through, .. }) = computation else {
                        return false;
                    };
                    let target = resource.target(*through);
                    changed.contains(&resource.id)
                        || target.is_some_and(|target| changed.contains(&target))
                };
                let positions: Vec<_> = (0..resource.fields.len()).filter(follows).collect();
                for (index, row) in self.rows(resource.id).iter().enumerate() {
                    for position in &positions {
                        if let Some(value) = self.derived(catalogue, resource, row, *position)
                            && value.as_ref() != row.get(position)
                        {
                            changes.push((resource.id, index, *position, value));
                        }
                    }
                }
            }
            changed = changes.iter().map(|(resource, ..)| *resource).collect();
            all.extend(changed.iter().copied());
            for (resource, index, position, value) in changes {
                let row = &mut self.rows_mut(resource)[index];
                match value {
                    Some(value) => row.insert(position, value),
                    None => row.remove(&position),
                };
            }
        }
        all
    }

    /// Returns the value of a field that is derived, which may be none.
    pub(super) fn derived(
        &self,
        catalogue: &Catalogue,
        resource: &Resource,
        row: &Row,
        position: usize,
    ) -> Option<Option<String>> {
        let computation = resource.fields[position].computation.as_deref()?;
        let Computation::Derived { through, field } = computation else {
            return None;
        };
        let place = match &resource.fields[*through].reference {
            Some(reference) => row
                .get(through)
                .filter(|value| !value.trim().is_empty())
                .and_then(|value| self.holder(reference.resource, reference.field, value)),
            None => self.parent(&catalogue[resource.parent?], resource, row),
        };
        Some(place.and_then(|place| self.row(place).get(field).cloned()))
    }
}

/// True if a field can have no value beside those of a record: one clears the other.
fn excludes_another(resource: &Resource, row: &Row, position: usize) -> bool {
    let has_value = |at: usize| row.get(&at).is_some_and(|value| !value.is_empty());
    let clears = |at: usize, other: usize| {
        let mut cleared = resource.fields[at].clears.iter();
        cleared.any(|(cleared, _)| *cleared == other)
    };
    let mut others = 0..resource.fields.len();
    others.any(|other| has_value(other) && (clears(position, other) || clears(other, position)))
}

/// True if a record is the one above another one.
fn is_above(resource: &Resource, above: &Row, row: &Row) -> bool {
    let mut fields = resource.parameters.iter().zip(&resource.parent_fields);
    fields.all(|(position, field)| {
        let values = row.get(position).zip(above.get(field));
        values.is_some_and(|(one, other)| is_same(one, other))
    })
}

/// True if the model predicts the creates and updates of a resource exactly: no behaviour takes part, and no rule that the
/// model lacks.
pub(super) fn is_exact(resource: &Resource) -> bool {
    let is_modelled = |field: &crate::schema::Field| {
        let mut defaults = field.defaults.iter();
        field.extension.is_none()
            && field.kind != Kind::Binary
            && defaults.all(|(value, _)| matches!(value, DefaultValue::Value(_)))
    };
    resource.behaviour.is_none()
        && resource.templates.is_empty()
        && resource.file_fields.is_empty()
        && resource.expiries.is_empty()
        && !resource.is_parent_optional
        && resource
            .object_id
            .is_none_or(|_| resource.verb(Verb::Create).is_some())
        && resource.fields.iter().all(is_modelled)
}
