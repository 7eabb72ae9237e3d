//! The replacement of all values of an object.

use std::{mem, sync::Arc};

use super::{
    field_class::FieldClass,
    keyed_hash::KeyedHash,
    paths::{PathContext, Paths, Replaced},
    substitutes::Substitutes,
    vocabulary::Vocabulary,
};
use crate::{
    appliance::object::Object,
    resources::digits,
    schema::{Catalogue, Resource},
};

/// The fields that spell names on the keypad of a telephone, each with the fields that have the names.
const SPELLED: [(&str, &[&str]); 5] = [
    ("DtmfName", &["DisplayName"]),
    ("DtmfNameFirst", &["FirstName"]),
    ("DtmfNameFirstLast", &["FirstName", "LastName"]),
    ("DtmfNameLast", &["LastName"]),
    ("DtmfNameLastFirst", &["LastName", "FirstName"]),
];
/// The number of digits by which a caller spells the name of a distribution list.
const MAX_DIGITS: usize = 16;

/// The substitutes of names, extensions, addresses and hosts, under one key.
pub(crate) struct Anonymiser {
    catalogue: Arc<Catalogue>,
    substitutes: Substitutes,
    paths: Paths,
}

impl Anonymiser {
    /// Returns an anonymiser whose substitutes depend on a secret key.
    pub(crate) fn new(key: &[u8], catalogue: &Arc<Catalogue>) -> Self {
        Self {
            substitutes: Substitutes {
                hash: KeyedHash::new(key),
                vocabulary: Vocabulary::new(catalogue.release),
            },
            paths: Paths::new(catalogue),
            catalogue: Arc::clone(catalogue),
        }
    }

    /// Replaces the values of an object of a resource of the catalogue. For `None`, only short numbers, GUIDs, truth
    /// values, times and the vocabulary of the system are kept.
    pub(crate) fn object(&self, resource: Option<&Resource>, object: &mut Object) {
        let before = object.clone();
        let mut replaced = Vec::new();
        for (name, value) in &mut object.fields {
            let class = FieldClass::of(&self.catalogue, resource, name);
            if class == FieldClass::Kept || path_of(value).is_some() {
                continue;
            }
            let substitute = class.substitute(&self.substitutes, value);
            if substitute != *value {
                let value = mem::replace(value, substitute.clone());
                replaced.push((value, substitute));
            }
        }
        for (_, value) in &mut object.fields {
            if path_of(value).is_some() {
                *value = self.with_path(value, &replaced);
            }
        }
        spell(resource, &before, object);
    }

    /// Returns the substitute of a text or of a path on its own.
    pub(crate) fn text(&self, text: &str) -> String {
        match path_of(text) {
            Some(_) => self.with_path(text, &[]),
            None => self.substitutes.text(text, None),
        }
    }

    /// Returns the substitute of a path, or of a URL with one.
    fn with_path(&self, text: &str, replaced: &[Replaced]) -> String {
        let context = PathContext {
            catalogue: &self.catalogue,
            substitutes: &self.substitutes,
            replaced,
        };
        let (host, path) = text.split_at(path_of(text).unwrap_or(0));
        self.substitutes.text(host, None) + &self.paths.substitute(&context, path)
    }
}

/// Returns the place of a path of the API in a text: at its beginning, or behind a host.
fn path_of(text: &str) -> Option<usize> {
    let is_path = text.starts_with("/vmrest/") || text.starts_with("/cuals/");
    let is_url = text.contains("://") && !text.contains(char::is_whitespace);
    match (is_path, is_url) {
        (true, _) => Some(0),
        (false, true) => text.find("/vmrest/"),
        (false, false) => None,
    }
}

/// Spells the substitutes of the names of an object on the keypad, as a server does.
fn spell(resource: Option<&Resource>, before: &Object, object: &mut Object) {
    let is_list = resource.is_some_and(|resource| resource.path.as_str() == "distributionlists");
    for (field, names) in SPELLED {
        let Some(former) = before.get(field).filter(|former| !former.is_empty()) else {
            continue;
        };
        let of = |object: &Object| {
            let names = names.iter().filter_map(|name| object.get(name));
            names.map(str::to_owned).collect::<Vec<_>>()
        };
        let (earlier, names) = (of(before), of(object));
        if names.is_empty() {
            continue;
        }
        let mut spelled = match names == earlier {
            true => former.to_owned(),
            false => digits(&names.concat()),
        };
        if is_list {
            spelled.truncate(MAX_DIGITS);
        }
        object.set(field, spelled);
    }
}
