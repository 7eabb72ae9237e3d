//! The order of fields.

use super::{DescriptionTree, field_name};

impl DescriptionTree {
    /// Sets the order of fields. A field that is not named remains behind the one that precedes it.
    pub(crate) fn set_order(&mut self, names: &[&str]) -> bool {
        let children = std::mem::take(&mut self.root.children);
        let (fields, others): (Vec<_>, Vec<_>) = children
            .into_iter()
            .partition(|child| field_name(child).is_some());
        let known: Vec<_> = fields
            .iter()
            .filter_map(field_name)
            .map(str::to_owned)
            .collect();
        // Each named field with those behind it. The fields before the first named one remain at the beginning.
        let mut groups = vec![(None, Vec::new())];
        for field in fields {
            let place = field_name(&field).and_then(|name| {
                let mut names = names.iter();
                names.position(|known| *known == name)
            });
            if place.is_some() {
                groups.push((place, vec![field]));
            } else if let Some((_, last)) = groups.last_mut() {
                last.push(field);
            }
        }
        groups.sort_by_key(|(place, _)| *place);
        let fields = groups.into_iter().flat_map(|(_, fields)| fields);
        self.root.children = others.into_iter().chain(fields).collect();
        !self.field_names().eq(known.iter().map(String::as_str))
    }
}
