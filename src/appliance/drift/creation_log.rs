//! The log of the objects that a run has created on a real server. A later run deletes those that remained when the run
//! was killed.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

use serde_json::{Value, json};

use super::names::Prefix;

/// The log, a file with one entry in each line.
#[derive(Debug)]
pub(crate) struct CreationLog {
    path: PathBuf,
}

/// A create without a name, whose object the prefix of names does not find.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NamelessCreate {
    /// The absolute path of the collection.
    pub(crate) collection: String,
    /// The paths of its objects before.
    pub(crate) others: Vec<String>,
    /// The name of the field that is not sent.
    pub(crate) name: String,
}

/// The content of a log.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct LoggedCreations {
    /// The prefixes of the names of all objects.
    pub(crate) prefixes: Vec<Prefix>,
    /// The paths of the objects that were created and not deleted, in their order.
    pub(crate) paths: Vec<String>,
    /// The last create, if it had no name and its response was not received.
    pub(crate) nameless: Option<NamelessCreate>,
}

impl CreationLog {
    /// Returns the log of a server, given by its base URL, in a folder. It has no file until there is an entry.
    pub(crate) fn of(folder: &Path, base: &str) -> Self {
        let name: String = base
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
            .collect();
        Self {
            path: folder.join(format!("drift-{name}.jsonl")),
        }
    }

    /// Adds the prefix of the names of the objects that are about to be created.
    pub(super) fn add_prefix(&self, prefix: &Prefix) -> io::Result<()> {
        self.add(&json!({ "prefix": prefix.as_str() }))
    }

    /// Adds the path of a new object.
    pub(super) fn add_created(&self, path: &str) -> io::Result<()> {
        self.add(&json!({ "created": path }))
    }

    /// Adds the path of a deleted object.
    pub(super) fn add_deleted(&self, path: &str) -> io::Result<()> {
        self.add(&json!({ "deleted": path }))
    }

    /// Adds a create without a name that is about to be sent.
    pub(super) fn add_nameless(&self, create: &NamelessCreate) -> io::Result<()> {
        let NamelessCreate {
            collection,
            others,
            name,
        } = create;
        self.add(
            &json!({ "nameless": { "collection": collection, "others": others, "name": name } }),
        )
    }

    /// Adds the fact that the response to the last create was received.
    pub(super) fn add_answer(&self) -> io::Result<()> {
        self.add(&json!({ "answered": true }))
    }

    fn add(&self, entry: &Value) -> io::Result<()> {
        let open = || {
            OpenOptions::new()
                .create(true)
                .append(true)
                .open(&self.path)
        };
        let mut file: File = match open() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                fs::create_dir_all(self.path.parent().unwrap_or(Path::new(".")))?;
                open()?
            }
            other => other?,
        };
        // A line that a killed run has not completed is no entry.
        file.write_all(format!("\n{entry}\n").as_bytes())
    }

    /// Reads the log of an earlier run.
    pub(super) fn read(&self) -> io::Result<LoggedCreations> {
        let text = match fs::read(&self.path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(error),
        };
        let mut logged = LoggedCreations::default();
        for line in String::from_utf8_lossy(&text).lines() {
            let Ok(entry) = serde_json::from_str::<Value>(line) else {
                continue;
            };
            let prefix = entry["prefix"].as_str().and_then(|text| text.parse().ok());
            if let Some(prefix) = prefix {
                logged.prefixes.push(prefix);
            } else if let Some(path) = entry["created"].as_str() {
                logged.paths.push(path.to_owned());
            } else if let Some(path) = entry["deleted"].as_str() {
                logged.paths.retain(|known| known != path);
            } else if let Some(create) = nameless(&entry["nameless"]) {
                logged.nameless = Some(create);
            } else if entry["answered"] == true {
                logged.nameless = None;
            }
        }
        Ok(logged)
    }

    /// Removes the file: nothing is left on the server.
    pub(super) fn remove(&self) -> io::Result<()> {
        match fs::remove_file(&self.path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }
}

fn nameless(entry: &Value) -> Option<NamelessCreate> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    Some(NamelessCreate {
        collection: text(&entry["collection"])?,
        others: entry["others"]
            .as_array()?
            .iter()
            .filter_map(text)
            .collect(),
        name: text(&entry["name"])?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_has_the_new_objects_and_the_last_create_without_a_response() {
        let folder = tempfile::tempdir().unwrap();
        let log = CreationLog::of(&folder.path().join("state"), "https://cuc:8443");
        assert_eq!(log.read().unwrap(), LoggedCreations::default());
        let create = NamelessCreate {
            collection: "/vmrest/partitions".to_owned(),
            others: vec!["/vmrest/partitions/1".to_owned()],
            name: "Name".to_owned(),
        };
        log.add_prefix(&Prefix::default()).unwrap();
        log.add_created("/vmrest/tenants/1").unwrap();
        log.add_nameless(&create).unwrap();
        // The killed run has begun a line.
        let mut file = OpenOptions::new().append(true).open(&log.path).unwrap();
        file.write_all(b"{\"crea").unwrap();
        log.add_created("/vmrest/tenants/2").unwrap();
        let logged = log.read().unwrap();
        assert_eq!(logged.paths, ["/vmrest/tenants/1", "/vmrest/tenants/2"]);
        assert_eq!(logged.prefixes, [Prefix::default()]);
        assert_eq!(logged.nameless, Some(create));
        log.add_answer().unwrap();
        log.add_deleted("/vmrest/tenants/1").unwrap();
        let logged = log.read().unwrap();
        assert_eq!(logged.paths, ["/vmrest/tenants/2"]);
        assert_eq!(logged.nameless, None);
        log.remove().unwrap();
        assert_eq!(log.read().unwrap(), LoggedCreations::default());
    }
}
