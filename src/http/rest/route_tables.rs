//! The route tables of the catalogues of a server.

use std::{
    ops::Deref,
    sync::{Arc, Weak},
};

use parking_lot::RwLock;

use super::RouteTable;
use crate::schema::Catalogue;

/// The route tables of the catalogues of a server. Most spaces share the catalogue of the server.
#[derive(Debug)]
pub(crate) struct RouteTables {
    catalogue: Arc<Catalogue>,
    /// The routes for the catalogue of the server.
    table: Arc<RouteTable>,
    /// Builds the routes for another catalogue.
    build: fn(&Catalogue) -> RouteTable,
    /// The routes for the catalogues of single spaces.
    others: RwLock<Vec<(Weak<Catalogue>, Arc<RouteTable>)>>,
}

/// A route table: that of the server, or of a single space.
pub(in crate::http) enum RouteTableReference<'t> {
    Server(&'t RouteTable),
    Space(Arc<RouteTable>),
}

impl RouteTables {
    pub(crate) fn new(
        catalogue: Arc<Catalogue>,
        table: Arc<RouteTable>,
        build: fn(&Catalogue) -> RouteTable,
    ) -> Self {
        Self {
            catalogue,
            table,
            build,
            others: RwLock::default(),
        }
    }

    /// Returns the routes for the catalogue of a space.
    pub(in crate::http) fn of(&self, catalogue: &Arc<Catalogue>) -> RouteTableReference<'_> {
        if Arc::ptr_eq(catalogue, &self.catalogue) {
            return RouteTableReference::Server(&self.table);
        }
        let known = find(&self.others.read(), catalogue);
        RouteTableReference::Space(known.unwrap_or_else(|| self.add(catalogue)))
    }

    /// Builds the routes for a catalogue, and forgets those for catalogues that are no longer in use.
    fn add(&self, catalogue: &Arc<Catalogue>) -> Arc<RouteTable> {
        let mut others = self.others.write();
        if let Some(known) = find(&others, catalogue) {
            return known;
        }
        let table = Arc::new((self.build)(catalogue));
        others.retain(|(other, _)| other.strong_count() > 0);
        others.push((Arc::downgrade(catalogue), Arc::clone(&table)));
        table
    }
}

fn find(
    tables: &[(Weak<Catalogue>, Arc<RouteTable>)],
    catalogue: &Arc<Catalogue>,
) -> Option<Arc<RouteTable>> {
    let mut tables = tables.iter();
    let found = tables.find(|(other, _)| other.as_ptr() == Arc::as_ptr(catalogue));
    found.map(|(_, table)| Arc::clone(table))
}

impl Deref for RouteTableReference<'_> {
    type Target = RouteTable;

    fn deref(&self) -> &RouteTable {
        match self {
            Self::Server(table) => table,
            Self::Space(table) => table,
        }
    }
}
