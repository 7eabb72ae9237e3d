//! The pairs of objects in the lists of both servers.

use std::collections::BTreeMap;

use super::{
    document::{Fields, List, value},
    shown::without_hosts,
};
use crate::schema::Resource;

/// The fields that identify an object of a resource without a description.
const KEYS: [&str; 2] = ["ObjectId", "URI"];

/// The objects of two lists.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Pairs {
    /// The places of the same object in the list of this server and in that of the real one, in the order of the latter.
    pub(super) pairs: Vec<(usize, usize)>,
    /// The number of objects that only this server lists.
    pub(super) only_mock: usize,
    /// The number of objects that only the real server lists.
    pub(super) only_server: usize,
}

impl Pairs {
    /// Pairs the objects by their keys, or by their places if they have none or share no key.
    pub(super) fn of(mock: &List, server: &List, resource: Option<&Resource>) -> Self {
        let key = resource.and_then(|resource| Some(&*resource.fields[resource.key?].name));
        let mut names = key.into_iter().chain(KEYS);
        let by_key = names.find_map(|name| pairs_by_key(name, mock, server));
        let pairs = by_key.unwrap_or_else(|| {
            let shorter = mock.objects.len().min(server.objects.len());
            (0..shorter).map(|place| (place, place)).collect()
        });
        Self {
            only_mock: mock.objects.len() - pairs.len(),
            only_server: server.objects.len() - pairs.len(),
            pairs,
        }
    }

    /// Returns the number of the first object of the real server, from 1, that is behind an object that it precedes on this
    /// one.
    pub(super) fn first_out_of_order(&self) -> Option<usize> {
        let mut neighbours = self.pairs.windows(2);
        let found = neighbours.find(|pair| pair[0].0 > pair[1].0)?;
        Some(found[1].1 + 1)
    }
}

fn pairs_by_key(name: &str, mock: &List, server: &List) -> Option<Vec<(usize, usize)>> {
    let mock = keys(name, &mock.objects)?;
    let server = keys(name, &server.objects)?;
    let mut pairs: Vec<_> = server
        .iter()
        .filter_map(|(key, place)| Some((*mock.get(key)?, *place)))
        .collect();
    pairs.sort_unstable_by_key(|(_, place)| *place);
    (!pairs.is_empty()).then_some(pairs)
}

/// Returns the place of each key. `None` unless each object has a key of its own.
fn keys(name: &str, objects: &[Fields]) -> Option<BTreeMap<String, usize>> {
    let keys = objects.iter().enumerate().map(|(place, object)| {
        let key = value(object, name)?;
        Some((without_hosts(key).to_lowercase(), place))
    });
    let keys: BTreeMap<_, _> = keys.collect::<Option<_>>()?;
    (keys.len() == objects.len()).then_some(keys)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(keys: &[&str]) -> List {
        let object = |key: &&str| vec![("ObjectId".to_owned(), (*key).to_owned())];
        List {
            total: None,
            element: None,
            objects: keys.iter().map(object).collect(),
        }
    }

    #[test]
    fn objects_are_paired_by_key_or_else_by_place() {
        let pairs = |mock: &[&str], server: &[&str]| Pairs::of(&list(mock), &list(server), None);
        let found = pairs(&["a", "b", "c"], &["C", "x", "a"]);
        assert_eq!(found.pairs, [(2, 0), (0, 2)]);
        assert_eq!((found.only_mock, found.only_server), (1, 1));
        assert_eq!(found.first_out_of_order(), Some(3));
        assert_eq!(pairs(&["a", "a"], &["a", "a"]).pairs, [(0, 0), (1, 1)]);
        let disjoint = pairs(&["a", "b"], &["c"]);
        assert_eq!((disjoint.pairs.len(), disjoint.only_mock), (1, 1));
        assert_eq!(pairs(&["a", "b"], &["a", "b"]).first_out_of_order(), None);
    }
}
