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

/// The statuses of a server that has no such list.
const NO_LIST: [u16; 2] = [404, 405];

/// Returns all objects of a collection; none if the server has no such list. A part of a list is an error: an object that is
/// missing in it would seem to be new later.
pub(super) fn objects(client: &Client, collection: &str) -> Result<Vec<Object>, NoResponse> {
    let mut objects = Vec::new();
    for number in 1.. {
        let target = format!("{collection}?rowsPerPage=2000&pageNumber={number}");
        let request = Request::get(target);
        let response = client.send(&request)?;
        if number == 1 && NO_LIST.contains(&response.status) {
            break;
        }
        let incomplete = || NoResponse::of_incomplete_list(&request, response.status);
        let page = ListPage::read(&response.body).filter(|_| response.status == 200);
        let page = page.ok_or_else(incomplete)?;
        let is_last = objects.len() + page.objects.len() >= page.total;
        if page.objects.is_empty() && !is_last {
            return Err(incomplete());
        }
        objects.extend(page.objects);
        if is_last {
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
