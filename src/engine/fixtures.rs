//! Fixtures: XML on disk, in the shape that the API answers.

use std::{
    fmt, fs, io,
    path::{Path, PathBuf},
};

use super::{
    Flaw, Member, Position,
    crud::rendered,
    draft::Draft,
    validate::{Validation, Violation},
    view,
    xml::{XmlReader, shorten},
};
use crate::{
    schema::{Kind, OBJECT_ID, Release, Resource},
    store::{Store, Values, fold},
};

/// The root element of a file that holds several collections.
const SEVERAL: &str = "UnityConnection";

/// A fixture as it was read, not yet understood.
#[derive(Debug)]
pub(crate) struct Fixture {
    pub(crate) path: PathBuf,
    pub(crate) document: Vec<u8>,
}

/// A mistake in a fixture: where it is, what was found, and what was expected.
///
/// Shown as `PATH:LINE:COLUMN: message`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mistake {
    path: PathBuf,
    position: Option<Position>,
    message: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.path.display())?;
        if let Some(Position { line, column }) = self.position {
            write!(f, "{line}:{column}:")?;
        }
        write!(f, " {}", self.message)
    }
}

/// Reads files, and of folders every `*.xml` in the order of their names.
pub(crate) fn read(paths: &[PathBuf]) -> Result<Vec<Fixture>, Vec<Mistake>> {
    let mut fixtures = Vec::new();
    let mut mistakes = Vec::new();
    for path in paths {
        let read = files(path).and_then(|files| {
            files
                .into_iter()
                .map(|path| {
                    let document = fs::read(&path).map_err(|error| unreadable(&path, &error))?;
                    Ok(Fixture { path, document })
                })
                .collect::<Result<Vec<_>, _>>()
        });
        match read {
            Ok(read) => fixtures.extend(read),
            Err(mistake) => mistakes.push(mistake),
        }
    }
    if mistakes.is_empty() {
        Ok(fixtures)
    } else {
        Err(mistakes)
    }
}

fn files(path: &Path) -> Result<Vec<PathBuf>, Mistake> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let entries = fs::read_dir(path).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let mut files: Vec<_> = entries
        .map_err(|error| unreadable(path, &error))?
        .into_iter()
        .map(|entry| entry.path())
        .filter(|file| file.extension().is_some_and(|extension| extension == "xml"))
        .collect();
    files.sort();
    if files.is_empty() {
        return Err(Mistake {
            path: path.to_owned(),
            position: None,
            message: "found no *.xml in this folder, expected at least one".to_owned(),
        });
    }
    Ok(files)
}

fn unreadable(path: &Path, error: &io::Error) -> Mistake {
    Mistake {
        path: path.to_owned(),
        position: None,
        message: format!("cannot be read: {error}"),
    }
}

/// The store that `fixtures` describe, or every mistake that is in them.
///
/// `resources` come in an order in which an owner stands before what it owns.
pub(crate) fn load(
    resources: &[&'static Resource],
    release: Release,
    fixtures: &[Fixture],
) -> Result<Store, Vec<Mistake>> {
    let mut loader = Loader {
        resources,
        release,
        entries: Vec::new(),
        flaws: Vec::new(),
    };
    for (file, fixture) in fixtures.iter().enumerate() {
        if let Err(flaw) = loader.read(file, &fixture.document) {
            loader.flaws.push((file, flaw));
        }
    }
    let store = loader.fill();
    if loader.flaws.is_empty() {
        return Ok(store);
    }
    loader.flaws.sort_by_key(|(file, flaw)| (*file, flaw.at));
    let mistake = |(file, flaw): (usize, Flaw)| {
        let fixture: &Fixture = &fixtures[file];
        Mistake {
            path: fixture.path.clone(),
            position: Some(Position::of(&fixture.document, flaw.at)),
            message: flaw.message,
        }
    };
    Err(loader.flaws.into_iter().map(mistake).collect())
}

struct Loader<'r> {
    resources: &'r [&'static Resource],
    release: Release,
    entries: Vec<Entry>,
    /// What is wrong, each with the number of its file.
    flaws: Vec<(usize, Flaw)>,
}

/// One object of a fixture.
struct Entry {
    resource: &'static Resource,
    draft: Draft,
    file: usize,
    /// The byte at which its element begins.
    at: usize,
    /// The byte at which each field begins that was given.
    fields_at: Vec<(usize, usize)>,
}

impl Loader<'_> {
    /// Reads the entries of one file.
    fn read(&mut self, file: usize, document: &[u8]) -> Result<(), Flaw> {
        let mut reader = XmlReader::new(document)?;
        let root = reader.root()?;
        if root.name == SEVERAL {
            self.refuse_attributes(file, root.at, &root.attributes, &[]);
            while let Some(list) = reader.next_child()? {
                self.read_list(file, &mut reader, list.name, list.at, &list.attributes)?;
            }
        } else {
            self.read_list(file, &mut reader, root.name, root.at, &root.attributes)?;
        }
        reader.finish()
    }

    fn read_list(
        &mut self,
        file: usize,
        reader: &mut XmlReader<'_>,
        name: &str,
        at: usize,
        attributes: &[String],
    ) -> Result<(), Flaw> {
        let mut known = self.resources.iter();
        let Some(resource) = known.find(|resource| resource.list_element == name) else {
            let mut lists: Vec<_> = self.resources.iter().map(|r| r.list_element).collect();
            lists.push(SEVERAL);
            self.unknown_element(file, at, name, &lists.join("> or <"));
            return reader.skip();
        };
        self.refuse_attributes(file, at, attributes, &["total"]);
        while let Some(object) = reader.next_child()? {
            if object.name != resource.element {
                self.unknown_element(file, object.at, object.name, resource.element);
                reader.skip()?;
                continue;
            }
            self.refuse_attributes(file, object.at, &object.attributes, &[]);
            let members = reader.members()?;
            self.enter(file, object.at, resource, &members);
        }
        Ok(())
    }

    fn enter(
        &mut self,
        file: usize,
        at: usize,
        resource: &'static Resource,
        members: &[Member<'_>],
    ) {
        let flaws = &mut self.flaws;
        let draft = Draft::of_fixture(resource, self.release, members, |unknown| {
            let name = shorten(&unknown.name);
            let message = match resource.position(&unknown.name) {
                Some(_) => format!("{name} is not in release {}", self.release),
                None => format!("found <{name}>, expected a field of {}", resource.element),
            };
            flaws.push((file, Flaw::new(unknown.at, message)));
        });
        let fields_at = members
            .iter()
            .filter_map(|member| Some((resource.position(&member.name)?, member.at)))
            .collect();
        self.entries.push(Entry {
            resource,
            draft,
            file,
            at,
            fields_at,
        });
    }

    /// Puts the entries into a store, owners first, and notes what is wrong with them.
    fn fill(&mut self) -> Store {
        let mut store = Store::new(self.resources);
        let entries = std::mem::take(&mut self.entries);
        let mut by_resource: Vec<Vec<Entry>> = self.resources.iter().map(|_| vec![]).collect();
        for entry in entries {
            let mut known = self.resources.iter();
            if let Some(position) = known.position(|r| std::ptr::eq(*r, entry.resource)) {
                by_resource[position].push(entry);
            }
        }
        for entry in by_resource.into_iter().flatten() {
            let resource = entry.resource;
            let violations = self.violations(&store, &entry);
            self.flaws
                .extend(violations.iter().map(|violation| entry.flaw(violation)));
            let values = without_links(resource, entry.draft.given);
            let record = rendered(resource, self.release, values);
            store.collection_mut(resource).insert(record);
        }
        store
    }

    fn violations(&self, store: &Store, entry: &Entry) -> Vec<Violation> {
        let rules = Validation {
            resource: entry.resource,
            release: self.release,
            store,
            replaces: None,
            secrets_may_be_empty: true,
        };
        let mut violations = rules.violations(&entry.draft.given, &entry.draft.violations);
        violations.extend(wrong_links(
            entry.resource,
            self.release,
            &entry.draft.given,
        ));
        violations
    }

    fn unknown_element(&mut self, file: usize, at: usize, found: &str, expected: &str) {
        let message = format!("found <{}>, expected <{expected}>", shorten(found));
        self.flaws.push((file, Flaw::new(at, message)));
    }

    fn refuse_attributes(&mut self, file: usize, at: usize, found: &[String], known: &[&str]) {
        for name in found {
            let is_namespace = name == "xmlns" || name.starts_with("xmlns:");
            if !is_namespace && !known.contains(&name.as_str()) {
                let message = format!("found the attribute {}, expected none", shorten(name));
                self.flaws.push((file, Flaw::new(at, message)));
            }
        }
    }
}

impl Entry {
    fn flaw(&self, violation: &Violation) -> (usize, Flaw) {
        let field = &self.resource.fields[violation.position];
        let place = self.fields_at.iter().rev();
        let at = place
            .filter(|(position, _)| *position == violation.position)
            .map(|(_, at)| *at)
            .next();
        let found = match at {
            Some(_) => format!("is {:?}", shorten(&violation.value)),
            None => "is missing".to_owned(),
        };
        let message = format!("{} {found}, expected {}", field.name, violation.expected);
        (self.file, Flaw::new(at.unwrap_or(self.at), message))
    }
}

/// The links that do not hold what the API would answer.
fn wrong_links(resource: &'static Resource, release: Release, values: &Values) -> Vec<Violation> {
    if values.get(OBJECT_ID).is_none() {
        return Vec::new();
    }
    links(resource)
        .filter_map(|position| {
            let found = values.get(position)?;
            let expected = view::link(resource, release, values, position);
            match expected {
                Some(path) if fold(&path) == fold(found) => None,
                expected => Some(Violation {
                    position,
                    value: found.to_owned(),
                    expected: expected.unwrap_or_else(|| "none on this object".to_owned()),
                }),
            }
        })
        .collect()
}

/// Links are made when a record is shown, and never stored.
fn without_links(resource: &'static Resource, mut values: Values) -> Values {
    for position in links(resource) {
        values.clear(position);
    }
    values
}

fn links(resource: &'static Resource) -> impl Iterator<Item = usize> {
    let fields = resource.fields.iter().enumerate();
    fields.filter_map(|(position, field)| matches!(field.kind, Kind::Link(_)).then_some(position))
}
