//! The space that a control request applies to.

use std::sync::Arc;

use axum::http::StatusCode;
use serde::Deserialize;

use super::{ApiError, ApiResult};
use crate::{
    engine::shorten,
    space::{Space, Spaces},
};

const ALL: &str = "*";

/// The parameter `space` of a request that has no other parameters.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SpaceParameter {
    #[serde(default)]
    pub(super) space: SpaceSelector,
}

/// One space, or all of them.
#[derive(Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub(super) enum SpaceSelector {
    #[default]
    Default,
    Named(String),
    All,
}

impl From<String> for SpaceSelector {
    fn from(name: String) -> Self {
        if name == ALL {
            Self::All
        } else {
            Self::Named(name)
        }
    }
}

impl SpaceSelector {
    /// Returns the selected space, or `None` for all spaces, including the deleted ones.
    pub(super) fn one_or_all(&self, spaces: &Spaces) -> ApiResult<Option<Arc<Space>>> {
        match self {
            Self::Default => Ok(Some(Arc::clone(spaces.default()))),
            Self::Named(name) => find(spaces, name).map(Some),
            Self::All => Ok(None),
        }
    }

    /// Returns the selected space, for requests that cannot apply to all spaces.
    pub(super) fn one(&self, spaces: &Spaces) -> ApiResult<Arc<Space>> {
        self.one_or_all(spaces)?.ok_or_else(|| {
            ApiError::bad_request(
                "the parameter space is \"*\", expected the name of one space: this request cannot apply to all",
            )
        })
    }

    /// Returns the selected spaces.
    pub(super) fn spaces(&self, spaces: &Spaces) -> ApiResult<Vec<Arc<Space>>> {
        let one = self.one_or_all(spaces)?;
        Ok(one.map_or_else(|| spaces.all(), |space| vec![space]))
    }

    /// Applies an action to each selected space.
    pub(super) fn for_each(
        &self,
        spaces: &Spaces,
        action: impl Fn(&Space),
    ) -> ApiResult<StatusCode> {
        for space in self.spaces(spaces)? {
            action(&space);
        }
        Ok(StatusCode::NO_CONTENT)
    }
}

pub(super) fn find(spaces: &Spaces, name: &str) -> ApiResult<Arc<Space>> {
    spaces.get(name).ok_or_else(|| {
        let error = format!(
            "there is no space {:?}, expected one of GET /__mock/spaces",
            shorten(name)
        );
        ApiError::new(StatusCode::NOT_FOUND, error)
    })
}
