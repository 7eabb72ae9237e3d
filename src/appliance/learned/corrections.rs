//! The descriptions of a server while they are corrected.

use crate::{
    appliance::description_tree::DescriptionTree,
    engine::{
        DecodeError,
        description::{DescriptionSet, read},
    },
    resources::{BEHAVIOURS, ServedResources, embedded_texts},
    schema::Description,
};

/// All descriptions of a server, some of which are corrected.
#[derive(Debug)]
pub(super) struct Corrections {
    trees: Vec<DescriptionTree>,
    descriptions: Vec<Description>,
    is_embedded: Vec<bool>,
    is_corrected: Vec<bool>,
}

impl Corrections {
    /// Begins with the descriptions as they are. `source` is that of the facts that corrections capture.
    pub(super) fn new(served: &ServedResources, source: &str) -> Result<Self, DecodeError> {
        let mut described = Vec::new();
        for file in &served.descriptions {
            described.extend(DescriptionTree::read_all(&file.document, source)?);
        }
        let is_replaced = |path: &str| described.iter().any(|tree| tree.path() == path);
        let mut trees = Vec::new();
        for (path, text) in embedded_texts() {
            if !is_replaced(path) {
                trees.push(DescriptionTree::read(text, source)?);
            }
        }
        let embedded = trees.len();
        trees.append(&mut described);
        let mut descriptions = Vec::new();
        for tree in &trees {
            let description = read(tree.to_text().as_bytes());
            descriptions.push(description.map_err(first)?);
        }
        Ok(Self {
            is_embedded: (0..trees.len()).map(|number| number < embedded).collect(),
            is_corrected: vec![false; trees.len()],
            trees,
            descriptions,
        })
    }

    /// Returns the description of a resource.
    pub(super) fn description(&self, path: &str) -> Option<&Description> {
        let mut descriptions = self.descriptions.iter();
        descriptions.find(|description| *description.path == *path)
    }

    /// Makes a correction that changes no requirement, such as that of evidence.
    pub(super) fn confirm(
        &mut self,
        path: &str,
        confirm: impl FnOnce(&mut DescriptionTree) -> bool,
    ) {
        if let Some(number) = self.number(path) {
            self.is_corrected[number] |= confirm(&mut self.trees[number]);
        }
    }

    /// Makes a correction with which the descriptions are still valid. Fails with the reason otherwise.
    pub(super) fn correct(
        &mut self,
        path: &str,
        correct: impl FnOnce(&mut DescriptionTree) -> bool,
    ) -> Result<(), String> {
        let number = self.number(path).ok_or("the resource has no description")?;
        let mut tree = self.trees[number].clone();
        if !correct(&mut tree) {
            return Err("the description does not allow the change".to_owned());
        }
        let corrected =
            read(tree.to_text().as_bytes()).map_err(|errors| mistake(&first(errors)))?;
        let known = std::mem::replace(&mut self.descriptions[number], corrected);
        let mistakes = self.check();
        if let Some((_, error)) = mistakes.first() {
            self.descriptions[number] = known;
            return Err(mistake(error));
        }
        self.trees[number] = tree;
        self.is_corrected[number] = true;
        Ok(())
    }

    /// Returns the paths and the texts of the corrected descriptions, and of all that are not embedded: the corrected ones
    /// may depend on those.
    pub(super) fn texts(&self) -> impl Iterator<Item = (&str, String)> {
        let trees = self
            .trees
            .iter()
            .zip(&self.is_corrected)
            .zip(&self.is_embedded);
        let written =
            trees.filter(|((_, is_corrected), is_embedded)| **is_corrected || !**is_embedded);
        written.map(|((tree, _), _)| (tree.path(), tree.to_text()))
    }

    /// True if there is a corrected description.
    pub(super) fn has_any(&self) -> bool {
        self.is_corrected.contains(&true)
    }

    fn number(&self, path: &str) -> Option<usize> {
        let mut trees = self.trees.iter();
        trees.position(|tree| tree.path() == path)
    }

    fn check(&self) -> Vec<(usize, DecodeError)> {
        let set = DescriptionSet {
            descriptions: &self.descriptions,
            is_embedded: &self.is_embedded,
            is_incomplete: false,
            behaviours: BEHAVIOURS,
        };
        set.check()
    }
}

fn mistake(error: &DecodeError) -> String {
    format!("the description would be invalid: {}", error.message())
}

fn first(errors: Vec<DecodeError>) -> DecodeError {
    let mut errors = errors.into_iter();
    let unknown = || DecodeError::new(0, "the description is invalid");
    errors.next().unwrap_or_else(unknown)
}
