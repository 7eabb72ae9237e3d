//! Snapshots, resets, and the state as a document.

use axum::http::StatusCode;

use super::{Check, History, SNAPSHOTS, expect};
use crate::model::{
    draws::Draws,
    server::{JSON, XML},
};

impl History<'_> {
    pub(super) fn snapshot(&mut self, draws: &mut Draws) -> Check {
        let name = SNAPSHOTS[draws.below(SNAPSHOTS.len())];
        let response = self.send("PUT", &format!("/__mock/snapshots/{name}"), JSON, "");
        if !response.status.is_success() {
            return Err(format!("the snapshot is refused: {}", response.body));
        }
        let saved = (self.model.clone(), self.drawn.clone());
        self.snapshots.insert(name, saved);
        self.compare()
    }

    pub(super) fn restore(&mut self, draws: &mut Draws) -> Check {
        let name = SNAPSHOTS[draws.below(SNAPSHOTS.len())];
        let response = self.send(
            "POST",
            &format!("/__mock/snapshots/{name}/restore"),
            JSON,
            "",
        );
        let Some((model, drawn)) = self.snapshots.get(name) else {
            return expect(&response, StatusCode::NOT_FOUND);
        };
        if !response.status.is_success() {
            return Err(format!("the restore is refused: {}", response.body));
        }
        self.model = model.clone();
        self.drawn = drawn.clone();
        self.compare()
    }

    pub(super) fn reset(&mut self, draws: &mut Draws) -> Check {
        if draws.percent(50) {
            self.send("POST", "/__mock/faults", JSON, r#"{"effect":"busy"}"#);
        }
        let response = self.send("POST", "/__mock/reset", JSON, "");
        if !response.status.is_success() {
            return Err(format!("the reset is refused: {}", response.body));
        }
        self.model = self.seed.clone();
        self.drawn.clear();
        let served = self.send("GET", "/vmrest/depots", XML, "");
        expect(&served, StatusCode::OK)?;
        self.compare()
    }

    /// Exports the state, and imports it. Nothing changes.
    pub(super) fn round_trip(&mut self) -> Check {
        let client = &self.server.client;
        let state = client.send("GET", "/__mock/state", XML, "");
        let imported = client.send("PUT", "/__mock/state", XML, &state.body);
        self.requests
            .push(format!("GET and PUT /__mock/state -> {}", imported.status));
        if !imported.status.is_success() {
            return Err(format!("the state is refused: {}", imported.body));
        }
        self.compare()
    }
}
