//! The objects of a collection on a server, and their paths.

use crate::{
    appliance::{
        client::{Client, NoResponse, Request},
        object::{ListPage, Object},
    },
    schema::path,
};

/// Returns the paths of all objects of a collection.
pub(super) fn paths(client: &Client, collection: &str) -> Result<Vec<String>, NoResponse> {
    let objects = objects(client, collection)?;
    let paths = objects
        .iter()
        .filter_map(|object| object_path(collection, object));
    Ok(paths.collect())
}

/// Returns all objects of a collection; none if the server has no such list.
pub(super) fn objects(client: &Client, collection: &str) -> Result<Vec<Object>, NoResponse> {
    let mut objects = Vec::new();
    for number in 1.. {
        let target = format!("{collection}?rowsPerPage=2000&pageNumber={number}");
        let response = client.send(&Request::get(target))?;
        let page = ListPage::read(&response.body).filter(|_| response.status == 200);
        let Some(page) = page.filter(|page| !page.objects.is_empty()) else {
            break;
        };
        objects.extend(page.objects);
        if objects.len() >= page.total {
            break;
        }
    }
    Ok(objects)
}

/// Returns the path of an object in a collection.
pub(super) fn object_path(collection: &str, object: &Object) -> Option<String> {
    let id = || {
        let id = object.get("ObjectId")?;
        Some(format!("{collection}/{}", path::encoded(id)))
    };
    let uri = object.get("URI").map(str::to_owned);
    uri.filter(|uri| uri.starts_with("/vmrest/")).or_else(id)
}
