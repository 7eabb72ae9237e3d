//! Deleting what the probes have created on a real server, also in an earlier run that was killed.

use std::{collections::BTreeSet, fmt};

use ureq::http::Method;

use super::{
    creation_log::{CreationLog, LoggedCreations, NamelessCreate},
    names::{Prefix, name_fields},
    object_paths::{object_path, objects},
};
use crate::{
    appliance::{
        client::{Client, NoResponse, Request},
        object::{ListPage, Object},
    },
    schema::{Catalogue, Resource, Verb},
};

/// The maximum number of times that the leftovers are deleted. An object that others refer to needs several.
const ROUNDS: usize = 12;
const LOG: &str = "the log of new objects";

/// The clean-up of one server.
#[derive(Debug)]
pub(crate) struct CleanUp<'c> {
    pub(crate) client: &'c Client,
    pub(crate) catalogue: &'c Catalogue,
    /// The prefix of the names of the objects.
    pub(crate) prefix: &'c Prefix,
    pub(crate) log: &'c CreationLog,
}

/// The results of a clean-up.
#[derive(Debug, Default)]
pub(crate) struct Leftovers {
    /// The number of objects that it has deleted.
    pub(crate) deleted: usize,
    /// The objects that it could not delete, and the reasons.
    pub(crate) failures: Vec<String>,
}

impl fmt::Display for Leftovers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for failure in &self.failures {
            writeln!(f, "{failure}")?;
        }
        Ok(())
    }
}

impl CleanUp<'_> {
    /// Deletes the objects of the log and those whose names begin with the prefix, until nothing is left or nothing can
    /// be deleted. Removes the log if nothing is left.
    ///
    /// Names with a prefix that does not name this program may be those of other objects. They are only deleted if the log
    /// shows that a run has used it.
    pub(crate) fn run(&self) -> Leftovers {
        let mut leftovers = Leftovers::default();
        match self.log.read() {
            Ok(logged) => self.delete_logged(logged, &mut leftovers),
            Err(error) => leftovers.failures.push(format!("{LOG}: {error}")),
        }
        if leftovers.failures.is_empty()
            && let Err(error) = self.log.remove()
        {
            leftovers.failures.push(format!("{LOG}: {error}"));
        }
        leftovers
    }

    fn delete_logged(&self, logged: LoggedCreations, leftovers: &mut Leftovers) {
        let LoggedCreations {
            mut prefixes,
            mut paths,
            nameless,
        } = logged;
        let is_known = prefixes.contains(self.prefix);
        if !is_known && self.prefix.is_distinct() {
            prefixes.push(self.prefix.clone());
        }
        paths.reverse();
        match nameless.map(|create| self.nameless(&create, &prefixes)) {
            Some(Ok(found)) => paths.extend(found),
            Some(Err(error)) => {
                leftovers.failures.push(error.to_string());
                return;
            }
            None => {}
        }
        self.delete_all(paths, &prefixes, leftovers);
        if !prefixes.contains(self.prefix) {
            self.refuse_others(leftovers);
        }
    }

    /// Reports the objects whose names begin with the prefix, although no run has created them.
    fn refuse_others(&self, leftovers: &mut Leftovers) {
        let failures = match self.named(self.prefix) {
            Ok(others) => others
                .into_iter()
                .map(|path| {
                    let prefix = self.prefix;
                    format!("{path}: its name begins with {prefix}, expected names of a run only")
                })
                .collect(),
            Err(error) => vec![error.to_string()],
        };
        leftovers.failures.extend(failures);
    }

    /// Deletes objects, and those whose names begin with a prefix.
    fn delete_all(&self, mut logged: Vec<String>, prefixes: &[Prefix], leftovers: &mut Leftovers) {
        for _ in 0..ROUNDS {
            leftovers.failures.clear();
            let mut found = logged.clone();
            for prefix in prefixes {
                match self.named(prefix) {
                    Ok(named) => found.extend(named),
                    Err(error) => leftovers.failures.push(error.to_string()),
                }
            }
            let mut seen = BTreeSet::new();
            found.retain(|path| seen.insert(path.clone()));
            let before = leftovers.deleted;
            for path in found {
                match self.delete(&path) {
                    Ok(is_deleted) => {
                        leftovers.deleted += usize::from(is_deleted);
                        logged.retain(|known| *known != path);
                    }
                    Err(reason) => leftovers.failures.push(format!("{path}: {reason}")),
                }
            }
            if leftovers.deleted == before {
                return;
            }
        }
    }

    /// Deletes an object. Returns false if it did not exist, and an error with the reason if it remains.
    fn delete(&self, path: &str) -> Result<bool, String> {
        if !path.starts_with("/vmrest/") {
            return Err("expected a path below /vmrest".to_owned());
        }
        let request = Request::new(Method::DELETE, path);
        match self.client.send(&request) {
            Ok(response) => match response.status {
                200..300 => Ok(true),
                404 | 410 => Ok(false),
                status => Err(format!(
                    "the server refuses to delete it, with status {status}"
                )),
            },
            Err(error) => Err(error.to_string()),
        }
    }

    /// Returns the paths of the objects whose names begin with a prefix, tenants last.
    fn named(&self, prefix: &Prefix) -> Result<Vec<String>, NoResponse> {
        let mut resources: Vec<_> = self.catalogue.resources().iter().collect();
        resources.sort_by_key(|resource| resource.path.as_str() == "tenants");
        let mut found = Vec::new();
        for resource in resources {
            let is_deletable =
                resource.verb(Verb::Delete).is_some() && resource.verb(Verb::List).is_some();
            if !is_deletable || resource.path.has_parameters() {
                continue;
            }
            for position in name_fields(resource) {
                found.extend(self.named_in(resource, &resource.fields[position].name, prefix)?);
            }
        }
        Ok(found)
    }

    /// Returns the paths of the objects of a resource whose field begins with the prefix.
    fn named_in(
        &self,
        resource: &Resource,
        name: &str,
        prefix: &Prefix,
    ) -> Result<Vec<String>, NoResponse> {
        let collection = format!("/vmrest/{}", resource.path);
        let query = format!("({name} startswith {prefix})");
        let query: String = form_urlencoded::byte_serialize(query.as_bytes()).collect();
        let response = self
            .client
            .send(&Request::get(format!("{collection}?query={query}")))?;
        let objects = match ListPage::read(&response.body) {
            Some(page) if response.status == 200 && page.objects.len() >= page.total => {
                page.objects
            }
            // A server that does not know the column returns no list.
            _ => objects(self.client, &collection)?,
        };
        // A server may ignore a query.
        let is_ours = |object: &&Object| object.get(name).is_some_and(|name| prefix.begins(name));
        let ours = objects.iter().filter(is_ours);
        Ok(ours
            .filter_map(|object| object_path(&collection, object))
            .collect())
    }

    /// Returns the paths of the objects without a name that are new since a create.
    fn nameless(
        &self,
        create: &NamelessCreate,
        prefixes: &[Prefix],
    ) -> Result<Vec<String>, NoResponse> {
        let objects = objects(self.client, &create.collection)?;
        let objects = objects.iter().filter(|object| {
            let name = object.get(&create.name);
            let values = object.fields.iter();
            let mut values = values.filter(|(field, _)| *field != create.name);
            name.is_none_or(str::is_empty)
                || values.any(|(_, value)| prefixes.iter().any(|prefix| prefix.begins(value)))
        });
        let paths = objects.filter_map(|object| object_path(&create.collection, object));
        Ok(paths.filter(|path| !create.others.contains(path)).collect())
    }
}
