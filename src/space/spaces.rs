//! All spaces of one server, and who works in which.

use std::{
    collections::{BTreeMap, btree_map::Entry},
    fmt, mem,
    str::FromStr,
    sync::Arc,
};

use parking_lot::{Mutex, RwLock};
use tracing::{info, warn};

use super::{Changes, Counters, Coverage, SeedError, SeedSource, Space};
use crate::{engine::drop_elsewhere, journal::Budget, store::Store};

/// The space that is always there.
pub(crate) const DEFAULT: &str = "default";
/// How many spaces a server has at most.
const MOST: usize = 1_000;
/// How long the name of a space may be.
pub(crate) const MAX_NAME_LENGTH: usize = 256;

/// What every space starts from.
#[derive(Debug)]
pub(crate) struct SpaceTemplate {
    pub(crate) source: SeedSource,
    pub(crate) journals: Arc<Budget>,
    /// What was touched in spaces that have been deleted.
    pub(super) deleted: Counters,
    store: RwLock<Arc<Store>>,
    /// Held while it is read again, so that what was read last is in force.
    reloading: Mutex<()>,
}

impl SpaceTemplate {
    pub(crate) fn new(source: SeedSource, journals: Arc<Budget>) -> Result<Arc<Self>, SeedError> {
        let store = RwLock::new(source.read()?);
        Ok(Arc::new(Self {
            source,
            journals,
            deleted: Counters::default(),
            store,
            reloading: Mutex::new(()),
        }))
    }

    /// The store that a space starts from.
    pub(super) fn store(&self) -> Arc<Store> {
        Arc::clone(&self.store.read())
    }

    /// From now on spaces start from another store.
    fn replace(&self, store: Arc<Store>) {
        let replaced = mem::replace(&mut *self.store.write(), store);
        drop_elsewhere(replaced);
    }
}

/// How a user's name picks the space.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Assignment {
    /// The space of that name if somebody made it, else the default one.
    #[default]
    Made,
    /// The space of that name, which is made at first sight.
    Auto,
}

impl FromStr for Assignment {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "off" => Ok(Self::Made),
            "auto" => Ok(Self::Auto),
            _ => Err("expected off or auto"),
        }
    }
}

/// All spaces of one server.
#[derive(Debug)]
pub(crate) struct Spaces {
    origin: Arc<SpaceTemplate>,
    assignment: Assignment,
    default: Arc<Space>,
    /// The others, by their names in lower case.
    others: RwLock<BTreeMap<String, Arc<Space>>>,
}

/// Why there is no such space.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SpaceError {
    /// There are as many as there may be.
    TooMany,
    /// It cannot be the name of a space.
    Name,
    /// There is one already.
    Exists,
    /// The default space stays.
    Default,
    /// There is none.
    Unknown(String),
}

impl Spaces {
    pub(crate) fn new(origin: Arc<SpaceTemplate>, assignment: Assignment) -> Self {
        Self {
            assignment,
            default: Arc::new(Space::new(DEFAULT, origin.source.seed, &origin)),
            others: RwLock::default(),
            origin,
        }
    }

    pub(crate) fn origin(&self) -> &SpaceTemplate {
        &self.origin
    }

    pub(crate) fn default(&self) -> &Arc<Space> {
        &self.default
    }

    /// The space that the user of this name works in, if not in the default one; it is made at first sight only
    /// if it may be.
    pub(crate) fn of_user(
        &self,
        name: &str,
        may_make: bool,
    ) -> Result<Option<Arc<Space>>, SpaceError> {
        let is_alone = || self.assignment == Assignment::Made && self.others.read().is_empty();
        if name.is_empty() || is_alone() {
            return Ok(None);
        }
        match (self.get(name), self.assignment) {
            (None, Assignment::Auto) if may_make => self.get_or_make(name).map(Some),
            (found, _) => Ok(found),
        }
    }

    /// The space of this name.
    pub(crate) fn get(&self, name: &str) -> Option<Arc<Space>> {
        let key = key(name);
        match key.as_str() {
            DEFAULT => Some(Arc::clone(&self.default)),
            _ => self.others.read().get(&key).cloned(),
        }
    }

    /// Makes a space, with the seed of the server unless it is given one of its own.
    pub(crate) fn make(&self, name: &str, seed: Option<u64>) -> Result<Arc<Space>, SpaceError> {
        self.enter(name, seed, |_| Err(SpaceError::Exists))
    }

    /// Every space, the default one first, the others in the order of their names.
    pub(crate) fn all(&self) -> Vec<Arc<Space>> {
        let mut all = vec![Arc::clone(&self.default)];
        all.extend(self.others.read().values().cloned());
        all
    }

    /// Deletes a space with all that it holds.
    pub(crate) fn delete(&self, name: &str) -> Result<(), SpaceError> {
        let key = key(name);
        if key == DEFAULT {
            return Err(SpaceError::Default);
        }
        let deleted = self.others.write().remove(&key);
        let deleted = deleted.ok_or_else(|| SpaceError::Unknown(name.to_owned()))?;
        deleted.coverage.move_to(&self.origin.deleted);
        Ok(())
    }

    /// Reads the seed again, and lets every space begin from it as after a reset. Tells what has changed in it;
    /// where it has mistakes, nothing is changed.
    pub(crate) fn reload(&self) -> Result<Changes, SeedError> {
        let reloaded = self.reload_when(|_| true);
        tell(&reloaded);
        reloaded
    }

    /// The same, but that spaces stay as they are when the seed is what it was.
    #[cfg(feature = "cli")]
    pub(crate) fn reload_if_changed(&self) {
        tell(&self.reload_when(|changes| !changes.is_empty()));
    }

    fn reload_when(&self, is_due: impl FnOnce(&Changes) -> bool) -> Result<Changes, SeedError> {
        let _alone = self.origin.reloading.lock();
        let store = self.origin.source.read()?;
        let changes = Changes::between(&self.origin.store(), &store);
        if is_due(&changes) {
            self.origin.replace(store);
            self.all().iter().for_each(|space| space.reset());
        }
        Ok(changes)
    }

    /// What was touched in all spaces together, those that have been deleted too.
    pub(crate) fn coverage(&self) -> Coverage {
        let spaces = self.all();
        let marks = spaces.iter().map(|space| &space.coverage);
        Coverage::new(
            self.origin.source.release,
            marks.chain([&self.origin.deleted]),
        )
    }

    /// Nothing was touched in any space.
    pub(crate) fn clear_coverage(&self) {
        self.all().iter().for_each(|space| space.coverage.clear());
        self.origin.deleted.clear();
    }

    /// The space of this name, which is made if there is none.
    pub(crate) fn get_or_make(&self, name: &str) -> Result<Arc<Space>, SpaceError> {
        self.enter(name, None, |space| Ok(Arc::clone(space)))
    }

    fn enter(
        &self,
        name: &str,
        seed: Option<u64>,
        existing: impl FnOnce(&Arc<Space>) -> Result<Arc<Space>, SpaceError>,
    ) -> Result<Arc<Space>, SpaceError> {
        let key = key(name);
        if key.is_empty() || key == "*" || key.len() > MAX_NAME_LENGTH {
            return Err(SpaceError::Name);
        }
        if key == DEFAULT {
            return existing(&self.default);
        }
        let mut others = self.others.write();
        // The default one is there, too.
        let is_full = others.len() + 1 >= MOST;
        match others.entry(key) {
            Entry::Occupied(space) => existing(space.get()),
            Entry::Vacant(_) if is_full => Err(SpaceError::TooMany),
            Entry::Vacant(place) => {
                let seed = seed.unwrap_or(self.origin.source.seed);
                let space = Arc::new(Space::new(place.key(), seed, &self.origin));
                Ok(Arc::clone(place.insert(space)))
            }
        }
    }
}

/// Tells the log what came of reading the seed again.
fn tell(reloaded: &Result<Changes, SeedError>) {
    /// How many mistakes are told one by one.
    const TOLD: usize = 20;
    let mistakes = match reloaded {
        Ok(changes) => return info!("the fixtures were read again: {changes}"),
        Err(SeedError::Fixtures(mistakes)) => mistakes,
        Err(SeedError::Object(error)) => {
            let reason = &error.message;
            return warn!("nothing was changed by reading the fixtures again: {reason}");
        }
    };
    let count = mistakes.len();
    warn!("nothing was changed by reading the fixtures again: mistakes in them, {count}");
    for mistake in mistakes.iter().take(TOLD) {
        warn!("{mistake}");
    }
    if count > TOLD {
        warn!("and {} mistakes more", count - TOLD);
    }
}

/// The form in which names are compared: without regard to case.
fn key(name: &str) -> String {
    name.to_lowercase()
}

impl fmt::Display for SpaceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooMany => write!(
                f,
                "there are {MOST} spaces already, and no more can be made: delete some"
            ),
            Self::Name => write!(
                f,
                "expected a name of 1 to {MAX_NAME_LENGTH} bytes that is not * for a space"
            ),
            Self::Exists => f.write_str("there is a space of this name already"),
            Self::Default => write!(f, "the space {DEFAULT} cannot be deleted"),
            Self::Unknown(name) => write!(f, "there is no space {name:?}"),
        }
    }
}
