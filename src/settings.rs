//! What a server can be told before it starts.

use std::{path::PathBuf, sync::Arc};

use crate::{
    app::{App, app},
    engine::{
        Space,
        fixtures::{self, Mistake},
        fresh_seed,
    },
    http::{Shared, SignIn},
    resources::{RESOURCES, embedded_seed},
    schema::Release,
    store::Store,
    tls::Https,
};

/// What a server can be told before it starts, whichever door it is told at.
#[derive(Clone, Debug, Default)]
pub(crate) struct Settings {
    pub(crate) release: Release,
    /// Files and folders; when there are none, the embedded seed is used.
    pub(crate) fixtures: Vec<PathBuf>,
    pub(crate) sign_in: SignIn,
    /// Drawn at the start when it is not given.
    pub(crate) seed: Option<u64>,
    pub(crate) https: Https,
}

impl Settings {
    /// The seed of everything random, which from now on is fixed.
    pub(crate) fn seed(&mut self) -> u64 {
        *self.seed.get_or_insert_with(fresh_seed)
    }

    /// What the store starts from.
    pub(crate) fn load(&self) -> Result<Store, Vec<Mistake>> {
        let (fixtures, unreadable) = if self.fixtures.is_empty() {
            (embedded_seed(self.release), Vec::new())
        } else {
            fixtures::read(&self.fixtures)
        };
        fixtures::load(RESOURCES, self.release, &fixtures, unreadable)
    }

    /// The server, ready to be run.
    pub(crate) fn build(mut self) -> Result<App, Vec<Mistake>> {
        let seed = self.seed();
        let store = self.load()?;
        Ok(app(Arc::new(Shared {
            space: Space::new(self.release, store, seed),
            sign_in: self.sign_in,
            #[cfg(feature = "tls")]
            https: self.https,
        })))
    }
}
