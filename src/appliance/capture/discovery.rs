//! The lists of a server that belong to no known resource.

use super::{
    CaptureError, CapturedKind,
    crawl::{Crawl, completed, is_private},
};
use crate::{
    appliance::{
        document::XmlElement,
        object::{ListPage, Object},
    },
    schema::{Resource, path},
};

const APPLICATION: &str = "/vmrest/application.wadl";
/// The paths of the API's description of itself.
const OWN: [&str; 3] = ["schema", "version", "application.wadl"];

/// Reads the lists whose paths the server describes or the user names, and that no resource has.
pub(super) fn run(crawl: &mut Crawl<'_>) -> Result<(), CaptureError> {
    let named = crawl
        .settings
        .kinds
        .iter()
        .map(|kind| kind.trim_matches('/').to_owned());
    let named: Vec<_> = named.collect();
    let mut paths = Vec::new();
    for kind in &named {
        let is_known = crawl.catalogue.resources().iter().any(|resource| {
            let path = resource.path.as_str();
            path == kind
                || path
                    .strip_prefix(kind.as_str())
                    .is_some_and(|rest| rest.starts_with('/'))
        });
        if !is_known {
            paths.push(kind.clone());
        }
    }
    if named.is_empty() && crawl.settings.tenant.is_none() {
        paths = described(crawl)?;
    }
    crawl.progress.begin("other lists", paths.len());
    for path in paths {
        read_list(crawl, &path, named.contains(&path))?;
    }
    Ok(())
}

/// Returns the paths of lists in the server's description of itself that no resource has.
fn described(crawl: &Crawl<'_>) -> Result<Vec<String>, CaptureError> {
    let Ok(document) = crawl.server.bytes(APPLICATION)? else {
        return Ok(Vec::new());
    };
    let Ok(application) = XmlElement::read(&document) else {
        return Ok(Vec::new());
    };
    let mut paths = Vec::new();
    for resources in application
        .children
        .iter()
        .filter(|child| child.name == "resources")
    {
        for resource in &resources.children {
            add_paths(resource, "", &mut paths);
        }
    }
    let routes = crawl
        .catalogue
        .resources()
        .iter()
        .flat_map(Resource::routes);
    let routes: Vec<_> = routes.map(|route| route.path).collect();
    paths.retain(|found| {
        let first = found.split('/').next().unwrap_or_default();
        let is_known = routes.iter().any(|route| path::includes(route, found));
        !is_known && !OWN.contains(&first) && !is_private(found)
    });
    Ok(paths)
}

/// Adds the paths without parameters that a description has a `GET` for.
fn add_paths(resource: &XmlElement, above: &str, paths: &mut Vec<String>) {
    let own = resource
        .attribute("path")
        .unwrap_or_default()
        .trim_matches('/');
    let path = format!("{above}/{own}");
    let path = path.trim_matches('/');
    let mut methods = resource
        .children
        .iter()
        .filter(|child| child.name == "method");
    let is_readable = methods.any(|method| method.attribute("name") == Some("GET"));
    if is_readable && !path.contains('{') && !paths.iter().any(|known| known == path) {
        paths.push(path.to_owned());
    }
    for child in resource
        .children
        .iter()
        .filter(|child| child.name == "resource")
    {
        add_paths(child, path, paths);
    }
}

fn read_list(crawl: &mut Crawl<'_>, path: &str, is_named: bool) -> Result<(), CaptureError> {
    let page = match crawl.lists.pages(&format!("/vmrest/{path}"), None, None)? {
        Ok(page) => page,
        Err(_) if is_named => return Err(CaptureError::UnknownKind(path.to_owned())),
        // The path may be that of something else than a list.
        Err(_) => return Ok(()),
    };
    let ListPage {
        list,
        element,
        objects,
        ..
    } = page;
    // Without an object, neither its element nor its fields are known.
    let Some(element) = element else {
        return Ok(());
    };
    let mut kind = CapturedKind {
        path: path.to_owned(),
        list,
        element,
        ..CapturedKind::default()
    };
    for object in &objects {
        kind.note_list_fields(object);
    }
    kind.objects = complete(crawl, objects)?;
    crawl.kinds.push(kind);
    Ok(())
}

/// Reads the single objects at their URIs, if those show more.
fn complete(crawl: &mut Crawl<'_>, objects: Vec<Object>) -> Result<Vec<Object>, CaptureError> {
    let server = crawl.server;
    let single = |object: &Object| match object.get("URI").filter(|uri| uri.starts_with("/vmrest/"))
    {
        Some(uri) => server.object(uri, None),
        None => Ok(Err(404)),
    };
    let Some(first) = objects.first() else {
        return Ok(objects);
    };
    let has_more = single(first)?.is_ok_and(|single| {
        let mut names = single.fields.iter().map(|(name, _)| name);
        names.any(|name| first.get(name).is_none())
    });
    if !has_more {
        return Ok(objects);
    }
    crawl.progress.extend(objects.len());
    let singles = server.for_each(&objects, single)?;
    Ok(completed(objects, singles))
}
