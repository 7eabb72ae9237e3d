//! The objects of a server.

use std::collections::BTreeMap;

use crate::{
    appliance::{
        client::{Client, Request},
        drift::CapturedObjects,
        object::{ListPage, Object},
    },
    schema::{Catalogue, Resource, Verb, path},
};

/// Reads the lists of all resources.
pub(super) fn captured(client: &Client, catalogue: &Catalogue) -> CapturedObjects {
    let mut objects: BTreeMap<String, Vec<Object>> = BTreeMap::new();
    let mut resources: Vec<_> = catalogue.resources().iter().collect();
    resources.sort_by_key(|resource| resource.path.names().count());
    for resource in resources {
        let known: CapturedObjects = objects.clone().into_iter().collect();
        let mut own = Vec::new();
        for (collection, parameters) in collections(catalogue, &known, resource) {
            let response = client.send(&Request::get(&collection)).unwrap();
            let page = ListPage::read(&response.body);
            let page = page.filter(|_| resource.verb(Verb::List).is_some());
            for mut object in page.map(|page| page.objects).unwrap_or_default() {
                for (name, value) in &parameters {
                    object.set(name, value.clone());
                }
                own.push(object);
            }
        }
        objects.insert(resource.path.to_string(), own);
    }
    objects.into_iter().collect()
}

/// Returns all collections of a resource, with the fields in their paths.
fn collections(
    catalogue: &Catalogue,
    objects: &CapturedObjects,
    resource: &Resource,
) -> Vec<(String, Vec<(String, String)>)> {
    let Some(parent) = resource.parent else {
        return vec![(format!("/vmrest/{}", resource.path), Vec::new())];
    };
    let parent = &catalogue[parent];
    let of_parent = |object: &Object| {
        let positions = resource.parent_fields.iter();
        let values: Vec<_> = positions
            .map(|position| {
                object
                    .get(&parent.fields[*position].name)
                    .unwrap()
                    .to_owned()
            })
            .collect();
        let names = resource.path.names().map(str::to_owned);
        let parameters: Vec<_> = names.zip(values).collect();
        let template = format!("/vmrest/{}", resource.path);
        let filled = parameters.iter().fold(template, |path, (name, value)| {
            path.replace(&format!("{{{name}}}"), &path::encoded(value))
        });
        (filled, parameters)
    };
    objects
        .of(parent.path.as_str())
        .iter()
        .map(of_parent)
        .collect()
}
