//! Which space a control request is about.

use std::sync::Arc;

use axum::http::StatusCode;

use super::{
    Refusal,
    input::{Parameters, Taken},
};
use crate::{
    engine::shorten,
    space::{Space, Spaces},
};

const EVERY: &str = "*";

impl Parameters {
    /// Whether `space` names every space; to be asked before it is taken.
    pub(super) fn is_about_all(&self) -> bool {
        self.has("space", EVERY)
    }

    /// The one space that `space` names; the default one if it is not given.
    pub(super) fn one_space(&mut self, spaces: &Spaces) -> Taken<Arc<Space>> {
        self.one_or_every_space(spaces)?.ok_or_else(|| {
            Refusal::bad(
                "the parameter space is \"*\", expected one space: this cannot be asked of all at once",
            )
        })
    }

    /// The same, or nothing if `space` is `*`, which is about all of them, the deleted ones too.
    pub(super) fn one_or_every_space(&mut self, spaces: &Spaces) -> Taken<Option<Arc<Space>>> {
        match self.text("space")?.as_deref() {
            None => Ok(Some(Arc::clone(spaces.default()))),
            Some(EVERY) => Ok(None),
            Some(name) => named(spaces, name).map(Some),
        }
    }

    /// As [`Parameters::one_space`], or every space if `space` is `*`.
    pub(super) fn spaces(&mut self, spaces: &Spaces) -> Taken<Vec<Arc<Space>>> {
        let one = self.one_or_every_space(spaces)?;
        Ok(one.map_or_else(|| spaces.all(), |space| vec![space]))
    }

    /// Does something to each space that is asked for, where nothing else can be said.
    pub(super) fn in_each_space(
        mut self,
        spaces: &Spaces,
        act: impl Fn(&Space),
    ) -> Taken<StatusCode> {
        let spaces = self.spaces(spaces)?;
        self.finish()?;
        spaces.iter().for_each(|space| act(space));
        Ok(StatusCode::NO_CONTENT)
    }
}

pub(super) fn named(spaces: &Spaces, name: &str) -> Taken<Arc<Space>> {
    spaces.get(name).ok_or_else(|| {
        let error = format!(
            "there is no space {:?}, expected one of GET /__mock/spaces",
            shorten(name)
        );
        Refusal::new(StatusCode::NOT_FOUND, error)
    })
}
