//! The objects to which captured ones refer, in lists that are not captured as a whole.

use std::{collections::BTreeSet, sync::Arc};

use super::{CaptureError, CapturedKind, crawl::Crawl, hidden_values};
use crate::{appliance::object::Object, schema::Verb, store::fold};

/// Reads the objects to which others refer, and those to which they refer.
pub(super) fn run(crawl: &mut Crawl<'_>) -> Result<(), CaptureError> {
    if !crawl.is_partial() {
        return Ok(());
    }
    let mut asked = BTreeSet::new();
    loop {
        let missing: Vec<_> = missing(crawl)
            .into_iter()
            .filter(|(_, target)| !asked.contains(target))
            .collect();
        if missing.is_empty() {
            return Ok(());
        }
        crawl.progress.begin("references", missing.len());
        let server = crawl.server;
        let catalogue = Arc::clone(&crawl.catalogue);
        let objects = server.for_each(&missing, |(path, target)| {
            server.object(target, catalogue.resource(path))
        })?;
        for ((path, target), object) in missing.into_iter().zip(objects) {
            if let Ok(object) = object {
                add(crawl, &path, object);
            }
            asked.insert(target);
        }
    }
}

/// Returns the path of the resource and the path of each object that is referred to and missing.
fn missing(crawl: &Crawl<'_>) -> Vec<(String, String)> {
    let catalogue = &crawl.catalogue;
    let mut missing: Vec<(String, String)> = Vec::new();
    let mut found = BTreeSet::new();
    for kind in &crawl.kinds {
        let Some(resource) = kind.resource(catalogue) else {
            continue;
        };
        // Only a link shows some references.
        let objects = kind.objects.iter().cloned().map(|mut object| {
            hidden_values::fill_in_references(resource, &mut object);
            object
        });
        let objects: Vec<_> = objects.collect();
        for field in &resource.fields {
            let Some(reference) = &field.reference else {
                continue;
            };
            let target = &catalogue[reference.resource];
            let is_readable = target.verb(Verb::Read).is_some()
                && target.key == Some(reference.field)
                && !target.path.has_parameters();
            if !is_readable || target.is_computed {
                continue;
            }
            let key = &target.fields[reference.field].name;
            let captured = crawl
                .kinds
                .iter()
                .find(|kind| kind.path == target.path.as_str());
            let captured = captured.map(|kind| kind.index(key)).unwrap_or_default();
            for value in objects.iter().filter_map(|object| object.get(&field.name)) {
                let is_known = captured.contains_key(&*fold(value));
                let path = target.record_path("", |position| {
                    Some(value).filter(|_| target.key == Some(position))
                });
                if !value.is_empty() && !is_known && found.insert(path.clone()) {
                    missing.push((target.path.to_string(), path));
                }
            }
        }
    }
    missing
}

fn add(crawl: &mut Crawl<'_>, path: &str, object: Object) {
    let known = crawl.kinds.iter_mut().find(|kind| kind.path == path);
    if let Some(kind) = known {
        kind.objects.push(object);
    } else if let Some(resource) = crawl.catalogue.resource(path) {
        let mut kind = CapturedKind::of(resource);
        kind.objects.push(object);
        crawl.kinds.push(kind);
    }
}
