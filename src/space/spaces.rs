//! All spaces of one server, and the assignment of users to spaces.

use std::{
    collections::{BTreeMap, btree_map::Entry},
    fmt, mem,
    str::FromStr,
    sync::Arc,
};

use parking_lot::{Mutex, RwLock};
use tracing::{info, warn};

use super::{
    Space,
    changes::Changes,
    coverage::Coverage,
    name::{self, DEFAULT_SPACE, MAX_NAME_LENGTH},
    seed_source::SeedError,
    template::SpaceTemplate,
};
use crate::{
    engine::load::{Diagnostics, Fixture, Progress},
    journal,
    resources::compile_catalogue,
};

/// The maximum number of spaces in a server.
const MAX_SPACES: usize = 1_000;

/// The rule that assigns a user to a space.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Assignment {
    /// The user works in the space of the same name if it exists, otherwise in the default space.
    #[default]
    Existing,
    /// The user works in the space of the same name, which is created on first use.
    Auto,
}

impl FromStr for Assignment {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "off" => Ok(Self::Existing),
            "auto" => Ok(Self::Auto),
            _ => Err("expected off or auto"),
        }
    }
}

/// All spaces of one server.
#[derive(Debug)]
pub(crate) struct Spaces {
    template: Arc<SpaceTemplate>,
    assignment: Assignment,
    default: Arc<Space>,
    /// The other spaces, by normalized name.
    others: RwLock<BTreeMap<String, Arc<Space>>>,
    /// Held while the seed is read for a space with resources of its own, so that it is the one in use.
    seeding: Mutex<()>,
}

/// The reason why an operation on a space failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SpaceError {
    /// The server has the maximum number of spaces.
    TooMany,
    /// A space cannot have this name.
    InvalidName,
    /// There is already a space of this name.
    Exists,
    /// The default space cannot be deleted.
    Default,
    /// The default space has the resources of the server.
    DefaultResources,
    /// There is no space of this name.
    Unknown(String),
}

/// The reason why a space cannot have some resources.
#[derive(Debug)]
pub(crate) enum ResourcesError {
    Space(SpaceError),
    /// The descriptions have errors, or the seed does not conform to them.
    Seed(SeedError),
}

impl From<SpaceError> for ResourcesError {
    fn from(error: SpaceError) -> Self {
        Self::Space(error)
    }
}

impl From<SeedError> for ResourcesError {
    fn from(error: SeedError) -> Self {
        Self::Seed(error)
    }
}

impl Spaces {
    pub(crate) fn new(template: Arc<SpaceTemplate>, assignment: Assignment) -> Self {
        Self {
            assignment,
            default: Arc::new(Space::new(DEFAULT_SPACE, template.source.seed, &template)),
            others: RwLock::default(),
            seeding: Mutex::default(),
            template,
        }
    }

    pub(crate) fn template(&self) -> &SpaceTemplate {
        &self.template
    }

    pub(crate) fn assignment(&self) -> Assignment {
        self.assignment
    }

    pub(crate) fn default(&self) -> &Arc<Space> {
        &self.default
    }

    /// Returns the space of a user, or `None` for the default space. With [`Assignment::Auto`], creates the space if
    /// it does not exist and `may_create` is set.
    pub(crate) fn for_user(
        &self,
        name: &str,
        may_create: bool,
    ) -> Result<Option<Arc<Space>>, SpaceError> {
        let has_only_default =
            || self.assignment == Assignment::Existing && self.others.read().is_empty();
        if name.is_empty() || has_only_default() {
            return Ok(None);
        }
        match (self.get(name), self.assignment) {
            (None, Assignment::Auto) if may_create => self.get_or_create(name).map(Some),
            (space, _) => Ok(space),
        }
    }

    /// Returns the space of this name.
    pub(crate) fn get(&self, name: &str) -> Option<Arc<Space>> {
        let key = name::normalize(name);
        match key.as_str() {
            DEFAULT_SPACE => Some(Arc::clone(&self.default)),
            _ => self.others.read().get(&key).cloned(),
        }
    }

    /// Creates a space. Its seed is that of the server if none is given.
    pub(crate) fn create(&self, name: &str, seed: Option<u64>) -> Result<Arc<Space>, SpaceError> {
        self.entry(name, seed, |_| Err(SpaceError::Exists))
    }

    /// Returns all spaces: the default space, then the others in alphabetical order.
    pub(crate) fn all(&self) -> Vec<Arc<Space>> {
        let mut all = vec![Arc::clone(&self.default)];
        all.extend(self.others.read().values().cloned());
        all
    }

    /// Deletes a space and its contents.
    pub(crate) fn delete(&self, name: &str) -> Result<(), SpaceError> {
        let key = name::normalize(name);
        if key == DEFAULT_SPACE {
            return Err(SpaceError::Default);
        }
        let deleted = self.others.write().remove(&key);
        let deleted = deleted.ok_or_else(|| SpaceError::Unknown(name.to_owned()))?;
        deleted.coverage.move_to(&self.template.deleted_coverage);
        Ok(())
    }

    /// Starts a space again with resources of its own: those of the server, and those that `files` describe. A description
    /// replaces that of the server with the same path. If there are errors, nothing changes.
    ///
    /// The space has a new store, journal, clock, faults and snapshots. A request in flight still works in the old ones.
    pub(crate) fn set_resources(
        &self,
        name: &str,
        files: &[Fixture],
        unreadable: Diagnostics,
        progress: &Progress,
    ) -> Result<Arc<Space>, ResourcesError> {
        let _guard = self.seeding.lock();
        let source = &self.template.source;
        let layers = [&*source.descriptions, files];
        let catalogue = compile_catalogue(source.catalogue.release, &layers, unreadable);
        let catalogue = catalogue.map_err(SeedError::Fixtures)?;
        let template = self.template.with_catalogue(catalogue, progress)?;
        journal::add_secrets(&template.source.catalogue);
        Ok(self.restart(name, &template)?)
    }

    /// Starts a space again with the resources of the server.
    pub(crate) fn reset_resources(&self, name: &str) -> Result<Arc<Space>, SpaceError> {
        let _guard = self.seeding.lock();
        self.restart(name, &self.template)
    }

    /// Replaces a space by a new one with the same name, seed and coverage.
    fn restart(&self, name: &str, template: &Arc<SpaceTemplate>) -> Result<Arc<Space>, SpaceError> {
        let key = name::normalize(name);
        if key == DEFAULT_SPACE {
            return Err(SpaceError::DefaultResources);
        }
        let mut others = self.others.write();
        let Some(space) = others.get_mut(&key) else {
            return Err(SpaceError::Unknown(name.to_owned()));
        };
        let new = Arc::new(Space::new(&key, space.seed, template));
        let replaced = mem::replace(space, Arc::clone(&new));
        drop(others);
        replaced.coverage.move_to(&new.coverage);
        Ok(new)
    }

    /// Reads the seed again and resets every space to it. Returns the changes. If the seed has errors, nothing changes.
    pub(crate) fn reload(&self, progress: &Progress) -> Result<Changes, SeedError> {
        let result = self.reload_if(progress, |_| true);
        log_reload(&result);
        result
    }

    /// Does the same as [`Spaces::reload`], but leaves the spaces alone if the seed has not changed.
    #[cfg(feature = "cli")]
    pub(crate) fn reload_if_changed(&self, progress: &Progress) {
        log_reload(&self.reload_if(progress, |changes| !changes.is_empty()));
    }

    fn reload_if(
        &self,
        progress: &Progress,
        is_due: impl FnOnce(&Changes) -> bool,
    ) -> Result<Changes, SeedError> {
        let _guard = self.seeding.lock();
        let spaces = self.all();
        let mut stores = Vec::new();
        for space in &spaces {
            if !Arc::ptr_eq(&space.template, &self.template) {
                stores.push((&space.template, space.template.source.read(progress)?));
            }
        }
        let reset = || {
            for (template, store) in stores {
                template.set_store(store);
            }
            self.all().iter().for_each(|space| space.reset());
        };
        self.template.reload(progress, is_due, reset)
    }

    /// Returns the combined coverage of all spaces, including deleted ones.
    pub(crate) fn coverage(&self) -> Coverage {
        let spaces = self.all();
        let coverage = spaces.iter().map(|space| &space.coverage);
        Coverage::new(&self.template.deleted_coverage, coverage)
    }

    /// Clears the coverage of all spaces, including deleted ones.
    pub(crate) fn clear_coverage(&self) {
        self.all().iter().for_each(|space| space.coverage.clear());
        self.template.deleted_coverage.clear();
    }

    /// Returns the space of this name. Creates it if it does not exist.
    pub(crate) fn get_or_create(&self, name: &str) -> Result<Arc<Space>, SpaceError> {
        self.entry(name, None, |space| Ok(Arc::clone(space)))
    }

    fn entry(
        &self,
        name: &str,
        seed: Option<u64>,
        existing: impl FnOnce(&Arc<Space>) -> Result<Arc<Space>, SpaceError>,
    ) -> Result<Arc<Space>, SpaceError> {
        let key = name::normalize(name);
        if !name::is_valid(&key) {
            return Err(SpaceError::InvalidName);
        }
        if key == DEFAULT_SPACE {
            return existing(&self.default);
        }
        let mut others = self.others.write();
        // The default space counts as well.
        let is_full = others.len() + 1 >= MAX_SPACES;
        match others.entry(key) {
            Entry::Occupied(space) => existing(space.get()),
            Entry::Vacant(_) if is_full => Err(SpaceError::TooMany),
            Entry::Vacant(entry) => {
                let seed = seed.unwrap_or(self.template.source.seed);
                let space = Arc::new(Space::new(entry.key(), seed, &self.template));
                Ok(Arc::clone(entry.insert(space)))
            }
        }
    }
}

/// Logs the result of reading the seed again.
fn log_reload(result: &Result<Changes, SeedError>) {
    match result {
        Ok(changes) => info!("reloaded the fixtures: {changes}"),
        Err(SeedError::Fixtures(diagnostics)) => log_errors(
            "reload failed, nothing has changed: errors in the fixtures",
            diagnostics,
        ),
        Err(SeedError::Object(error)) => {
            let reason = &error.reason;
            warn!("reload failed, nothing has changed: {reason}");
        }
    }
}

/// Logs the number of errors after `introduction`, and the first ones.
pub(crate) fn log_errors(introduction: &str, diagnostics: &Diagnostics) {
    /// The maximum number of errors that are logged one by one.
    const MAX_ERRORS: usize = 20;
    let count = diagnostics.len() + diagnostics.omitted();
    warn!("{introduction}: {count}");
    for diagnostic in diagnostics.iter().take(MAX_ERRORS) {
        warn!("{}", diagnostic.without_quotation());
    }
    if count > MAX_ERRORS {
        warn!("and {} more errors", count - MAX_ERRORS);
    }
}

/// These texts also reach clients of `/vmrest`, so they are part of the API.
impl fmt::Display for SpaceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooMany => write!(
                f,
                "there are {MAX_SPACES} spaces already, and no more can be made: delete some"
            ),
            Self::InvalidName => write!(
                f,
                "expected a name of 1 to {MAX_NAME_LENGTH} bytes that is not * for a space"
            ),
            Self::Exists => f.write_str("there is a space of this name already"),
            Self::Default => write!(f, "the space {DEFAULT_SPACE} cannot be deleted"),
            Self::DefaultResources => write!(
                f,
                "the space {DEFAULT_SPACE} has the resources of the server (--resources): describe them for another space"
            ),
            Self::Unknown(name) => write!(f, "there is no space {name:?}"),
        }
    }
}
