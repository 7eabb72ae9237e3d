//! The evidence of elements, and the scope that they have with it.

use crate::appliance::document::XmlElement;

/// The attribute with the source of a captured fact.
pub(super) const CAPTURED: &str = "captured";
const PROVENANCES: [&str; 4] = ["documented", CAPTURED, "client", "inferred"];
/// The attribute with the id of evidence.
const BY: &str = "by";
const RELEASES: [&str; 2] = ["since", "until"];
const CONDITIONS: [&str; 2] = ["when", "unless"];

/// The limits that an element may give to its fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FactScope {
    None,
    Releases,
    Condition,
    All,
}

/// A condition on the value of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FactCondition {
    pub(super) field: String,
    /// True for the records whose field has none of the values.
    pub(super) is_negated: bool,
}

impl FactCondition {
    /// Returns the attribute that gives the condition.
    pub(super) fn attribute(&self) -> &'static str {
        if self.is_negated { "unless" } else { "when" }
    }
}

/// Marks the fact of an element as captured. `evidence` are the elements that the attribute `by` can name.
pub(super) fn capture(
    element: &mut XmlElement,
    evidence: &[XmlElement],
    scope: FactScope,
    source: &str,
) {
    copy_evidence(element, evidence, scope);
    let mut attributes = element.attributes.iter_mut();
    match attributes.find(|(name, _)| is_provenance(name)) {
        Some((name, value)) => {
            *name = CAPTURED.to_owned();
            *value = source.to_owned();
        }
        None => element.set_attribute(CAPTURED, source),
    }
}

/// Replaces the id of evidence by the evidence itself, with the scope that the element does not have yet.
pub(super) fn copy_evidence(element: &mut XmlElement, evidence: &[XmlElement], scope: FactScope) {
    let Some(named) = named(element, evidence) else {
        return;
    };
    let mut own = named.attributes.iter();
    let own = own.find(|(name, _)| is_provenance(name));
    let mut attributes = element.attributes.iter_mut();
    if let (Some(own), Some(by)) = (own, attributes.find(|(name, _)| name == BY)) {
        by.clone_from(own);
    }
    if matches!(scope, FactScope::Releases | FactScope::All) {
        for name in RELEASES {
            copy_attribute(element, named, name);
        }
    }
    let has_condition = CONDITIONS
        .iter()
        .any(|name| element.attribute(name).is_some());
    if matches!(scope, FactScope::Condition | FactScope::All) && !has_condition {
        for name in CONDITIONS {
            copy_attribute(element, named, name);
        }
    }
}

/// Returns the condition of an element, which may be that of its evidence.
pub(super) fn condition(element: &XmlElement, evidence: &[XmlElement]) -> Option<FactCondition> {
    own_condition(element).or_else(|| own_condition(named(element, evidence)?))
}

/// True if an element limits its fact to some releases or records.
pub(super) fn is_limited(element: &XmlElement, evidence: &[XmlElement]) -> bool {
    let named = named(element, evidence);
    let mut elements = [element].into_iter().chain(named);
    elements.any(|element| {
        let mut limits = RELEASES.into_iter().chain(CONDITIONS);
        limits.any(|name| element.attribute(name).is_some())
    })
}

fn own_condition(element: &XmlElement) -> Option<FactCondition> {
    let conditions = [("when", false), ("unless", true)].into_iter();
    conditions
        .filter_map(|(name, is_negated)| {
            let field = element.attribute(name)?.split_ascii_whitespace().next()?;
            let field = field.to_owned();
            Some(FactCondition { field, is_negated })
        })
        .next()
}

fn named<'e>(element: &XmlElement, evidence: &'e [XmlElement]) -> Option<&'e XmlElement> {
    let id = element.attribute(BY)?;
    evidence
        .iter()
        .find(|evidence| evidence.attribute("id") == Some(id))
}

fn copy_attribute(element: &mut XmlElement, from: &XmlElement, name: &str) {
    if let Some(value) = from
        .attribute(name)
        .filter(|_| element.attribute(name).is_none())
    {
        element.set_attribute(name, value);
    }
}

fn is_provenance(name: &str) -> bool {
    PROVENANCES.contains(&name)
}
