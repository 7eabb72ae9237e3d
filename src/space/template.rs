//! The common starting point of all spaces.

use std::{mem, sync::Arc};

use parking_lot::{Mutex, RwLock};

use super::{
    changes::Changes,
    coverage::CoverageRecord,
    seed_source::{SeedError, SeedSource},
};
use crate::{
    engine::{drop_in_background, load::Progress},
    journal::Budget,
    schema::Catalogue,
    store::Store,
};

/// The common starting point of all spaces of a server.
#[derive(Debug)]
pub(crate) struct SpaceTemplate {
    pub(crate) source: SeedSource,
    pub(crate) journals: Arc<Budget>,
    /// The coverage of spaces that have been deleted.
    pub(super) deleted_coverage: Arc<CoverageRecord>,
    store: RwLock<Arc<Store>>,
    /// Held during a reload, so that the seed that was read last is the one in use.
    reload: Mutex<()>,
}

impl SpaceTemplate {
    /// Returns a starting point with the store that was read from `source`.
    pub(crate) fn new(source: SeedSource, store: Arc<Store>, journals: Arc<Budget>) -> Arc<Self> {
        Arc::new(Self {
            source,
            journals,
            deleted_coverage: Arc::new(CoverageRecord::new(Arc::clone(store.catalogue()))),
            store: RwLock::new(store),
            reload: Mutex::new(()),
        })
    }

    /// Returns a starting point with another catalogue, for a space of the same server.
    pub(super) fn with_catalogue(
        &self,
        catalogue: Arc<Catalogue>,
        progress: &Progress,
    ) -> Result<Arc<Self>, SeedError> {
        let source = self.source.with_catalogue(catalogue);
        Ok(Arc::new(Self {
            store: RwLock::new(source.read(progress)?),
            source,
            journals: Arc::clone(&self.journals),
            deleted_coverage: Arc::clone(&self.deleted_coverage),
            reload: Mutex::new(()),
        }))
    }

    /// Replaces the store that a new or reset space starts from.
    pub(super) fn set_store(&self, store: Arc<Store>) {
        let replaced = mem::replace(&mut *self.store.write(), store);
        drop_in_background(replaced);
    }

    /// Returns the store that a new or reset space starts from.
    pub(super) fn store(&self) -> Arc<Store> {
        Arc::clone(&self.store.read())
    }

    /// Reads the seed again. If `is_due` accepts the changes, replaces the store and calls `reset`.
    pub(super) fn reload(
        &self,
        progress: &Progress,
        is_due: impl FnOnce(&Changes) -> bool,
        reset: impl FnOnce(),
    ) -> Result<Changes, SeedError> {
        let _guard = self.reload.lock();
        let store = self.source.read(progress)?;
        let changes = Changes::between(&self.store(), &store);
        if is_due(&changes) {
            self.set_store(store);
            reset();
        }
        Ok(changes)
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, thread};

    use super::*;
    use crate::{engine::Transaction, space::Space};

    /// The number of attempts to let a reset and a reload overlap.
    const ROUNDS: usize = 20;

    fn fixture(alias: &str) -> String {
        format!(
            "<Tenants><Tenant><ObjectId>6f4f7023-e9e5-4cd0-bf55-e20a0be6fd78</ObjectId><Alias>{alias}</Alias>\
             <SmtpDomain>{alias}.org</SmtpDomain></Tenant></Tenants>"
        )
    }

    fn aliases(space: &Space) -> Vec<String> {
        let tenant = space.records.catalogue.resource("tenants");
        let tenant = tenant.expect("an embedded resource");
        let position = tenant.position("Alias").expect("a field of a tenant");
        let store = space.records.read();
        let tenants = store.collection(tenant.id).iter();
        let aliases =
            tenants.map(|tenant| tenant.values.get(position).unwrap_or_default().to_owned());
        aliases.collect()
    }

    #[test]
    fn a_reset_during_a_reload_restores_the_new_seed() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("tenants.xml");
        fs::write(&path, fixture("old")).expect("a file");
        let source = SeedSource {
            fixtures: vec![path.clone()],
            ..SeedSource::default()
        };
        let progress = Progress::default();
        let store = source.read(&progress).expect("a valid seed");
        let template = SpaceTemplate::new(source, store, Budget::new(1));
        let space = Space::new("default", 1, &template);
        for round in 0..ROUNDS {
            let alias = format!("new-{round}");
            thread::scope(|scope| {
                // The reset waits for the lock of the store while the seed is replaced.
                let replace_seed = |_: &mut Transaction<'_>| {
                    let reset = scope.spawn(|| space.reset());
                    fs::write(&path, fixture(&alias)).expect("a file");
                    let reloaded = template.reload(&progress, |_| true, || {});
                    assert!(reloaded.is_ok());
                    Ok(reset)
                };
                let reset = space.records.transact(replace_seed).expect("no error");
                reset.join().expect("no panic");
            });
            assert_eq!(aliases(&space), [alias]);
        }
    }
}
