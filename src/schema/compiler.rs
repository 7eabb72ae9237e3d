//! Compiles descriptions for one release.

use super::{
    Action, Alias, Computation, ComputationDescription, Condition, Description, Fact, Field,
    FieldDescription, NumberRange, PathTemplate, Reference, ReferenceDescription, Release,
    Resource, ResourceId, Rule, Template, TemplateDescription, Unique, Verb, View, path,
    resource::positions_by_length,
};

/// Compiles descriptions for one release. They are free of errors; a fact about a resource that the release does not
/// have is left out.
pub(super) struct Compiler<'d> {
    pub(super) release: Release,
    /// The descriptions of the resources of the release.
    pub(super) sources: Vec<Source<'d>>,
}

/// A description, with the fields of one release.
pub(super) struct Source<'d> {
    description: &'d Description,
    /// The fields that a record of the release may show. Their positions are those in the resource.
    fields: Vec<&'d FieldDescription>,
}

impl<'d> Source<'d> {
    pub(super) fn new(description: &'d Description, release: Release) -> Self {
        let fields = description.fields.iter();
        let is_shown = |field: &&FieldDescription| {
            field.fact.covers(release) && !description.excludes(&field.fact, release)
        };
        Self {
            description,
            fields: fields.filter(is_shown).collect(),
        }
    }

    fn position(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| *field.name == *name)
    }

    fn positions(&self, names: &[Box<str>]) -> Box<[usize]> {
        names
            .iter()
            .filter_map(|name| self.position(name))
            .collect()
    }

    fn key(&self) -> Option<usize> {
        self.position(self.description.key.as_deref()?)
    }
}

impl Compiler<'_> {
    /// Returns the resources, in the order of the descriptions.
    pub(super) fn resources(&self) -> Box<[Resource]> {
        let sources = self.sources.iter().enumerate();
        sources
            .map(|(index, source)| self.resource(ResourceId::new(index), source))
            .collect()
    }

    /// Returns the resource with this path, and its description.
    fn find(&self, path: &str) -> Option<(ResourceId, &Source<'_>)> {
        let mut sources = self.sources.iter().enumerate();
        let (index, source) =
            sources.find(|(_, source)| path::is_same(&source.description.path, path))?;
        Some((ResourceId::new(index), source))
    }

    fn resource(&self, id: ResourceId, source: &Source<'_>) -> Resource {
        let description = source.description;
        let fields = source.fields.iter();
        let mut fields: Box<[_]> = fields.map(|field| self.field(source, field)).collect();
        let path = template(source, &description.path);
        // The children of a record are found by the first value in their path.
        let first_parameter = path.parameters().first().copied();
        let key = source.key();
        for (position, field) in fields.iter_mut().enumerate() {
            let is_key_of_all = first_parameter.is_none() && key == Some(position);
            field.is_indexed = field.unique.is_some()
                || field.reference.is_some()
                || is_key_of_all
                || first_parameter == Some(position);
            field.can_conflict =
                field.is_indexed || key == Some(position) || path.parameters().contains(&position);
        }
        let mut verbs = [const { None }; Verb::ALL.len()];
        for (verb, evidence) in &description.verbs {
            verbs[*verb as usize] = Some(evidence.clone());
        }
        let other = description.fields.iter();
        let other = other.filter(|field| !field.fact.covers(self.release));
        let list_fields = description.list_fields.as_ref();
        let parent = path::parent(&description.path).and_then(|parent| self.parent(parent));
        let actions = description.actions.iter();
        let actions = actions.filter(|action| action.fact.covers(self.release));
        Resource {
            id,
            release: self.release,
            list_element: description.list_element.clone(),
            element: description.element.clone(),
            key,
            object_id: source.fields.iter().position(|field| field.is_object_id),
            parent,
            is_parent_optional: description.is_parent_optional,
            behaviour: description.behaviour.clone(),
            list_fields: list_fields.map(|list| source.positions(&list.names)),
            aliases: self.aliases(source),
            actions: actions
                .map(|action| Action {
                    selector: action.selector.clone(),
                    evidence: action.fact.evidence.clone(),
                })
                .collect(),
            views: self.views(source),
            templates: self.templates(source),
            order: description
                .order
                .as_ref()
                .and_then(|(field, fact)| Some((source.position(field)?, fact.evidence.clone()))),
            has_derived_fields: fields.iter().any(Field::is_derived),
            verbs,
            positions: positions_by_length(&fields),
            other_fields: other.map(|field| field.name.clone()).collect(),
            path,
            fields,
        }
    }

    /// Returns the resource with the collection at this path.
    fn parent(&self, path: &str) -> Option<ResourceId> {
        let of_alias = || {
            let mut sources = self.sources.iter();
            sources.position(|source| source.description.has_alias(path))
        };
        let found = self.find(path).map(|(id, _)| id);
        found.or_else(|| of_alias().map(ResourceId::new))
    }

    fn aliases(&self, source: &Source<'_>) -> Box<[Alias]> {
        let aliases = source.description.aliases.iter();
        let aliases = aliases.filter(|alias| alias.fact.covers(self.release));
        aliases
            .map(|alias| Alias {
                path: template(source, &alias.path),
                verbs: alias.verbs.clone().into(),
                evidence: alias.fact.evidence.clone(),
            })
            .collect()
    }

    fn views(&self, source: &Source<'_>) -> Box<[View]> {
        let views = source.description.views.iter();
        let views = views.filter(|view| view.fact.covers(self.release));
        views
            .map(|view| View {
                path: template(source, &view.path),
                list_element: view.list_element.clone(),
                element: view.element.clone(),
                fields: view
                    .fields
                    .as_ref()
                    .map(|list| source.positions(&list.names)),
                evidence: view.fact.evidence.clone(),
            })
            .collect()
    }

    fn templates(&self, source: &Source<'_>) -> Box<[Template]> {
        let templates = source.description.templates.iter();
        let templates = templates.filter(|template| template.fact.covers(self.release));
        templates
            .filter_map(|template| self.template(source, template))
            .collect()
    }

    fn template(&self, source: &Source<'_>, template: &TemplateDescription) -> Option<Template> {
        let (resource, other) = self.find(&template.resource)?;
        let identity = path::parameters(&source.description.path);
        let identity: Vec<_> = identity.chain(source.description.key.as_deref()).collect();
        let fields = source.fields.iter().enumerate();
        let shared = fields.filter(|(_, field)| {
            field.unique.is_none()
                && field.computation.is_none()
                && !field.is_object_id
                && !identity.contains(&&*field.name)
        });
        let shared = shared.filter_map(|(position, field)| {
            let other_position = other.position(&field.name)?;
            (other.fields[other_position].kind == field.kind).then_some((other_position, position))
        });
        Some(Template {
            parameter: template.parameter.clone(),
            resource,
            field: other.position(&template.field)?,
            shared: shared.collect(),
            evidence: template.fact.evidence.clone(),
        })
    }

    fn field(&self, source: &Source<'_>, field: &FieldDescription) -> Field {
        let rules = |facts: &[Fact]| {
            facts
                .iter()
                .filter_map(|fact| self.rule(source, fact))
                .collect()
        };
        let defaults = field.defaults.iter();
        let choices = field.choices.iter();
        let clears = field
            .clears
            .iter()
            .filter(|(_, fact)| fact.covers(self.release));
        let computation = field.computation.as_ref();
        Field {
            name: field.name.clone(),
            kind: self.kind(source, field),
            access: field.access,
            evidence: field.fact.evidence.clone(),
            shown: self.condition(source, &field.fact),
            required: rules(&field.required),
            defaults: defaults
                .filter_map(|(default, fact)| Some((default.clone(), self.rule(source, fact)?)))
                .collect(),
            choices: choices
                .filter_map(|(values, fact)| Some((values.clone(), self.rule(source, fact)?)))
                .collect(),
            max_length: field
                .max_length
                .as_ref()
                .map(|(length, fact)| (*length, fact.evidence.clone())),
            range: field.range.as_ref().map(|((min, max), fact)| {
                let (min, max) = (*min, *max);
                Box::new(NumberRange {
                    min,
                    max,
                    evidence: fact.evidence.clone(),
                })
            }),
            unique: field.unique.as_ref().map(|(within, fact)| Unique {
                within: within.as_ref().and_then(|name| source.position(name)),
                evidence: fact.evidence.clone(),
            }),
            reference: field
                .reference
                .as_ref()
                .and_then(|reference| self.reference(reference))
                .map(Box::new),
            clears: clears
                .filter_map(|(name, fact)| Some((source.position(name)?, fact.evidence.clone())))
                .collect(),
            computation: computation
                .and_then(|computation| self.computation(source, computation))
                .map(Box::new),
            is_indexed: false,
            can_conflict: false,
        }
    }

    /// Returns the kind of a field. A derived one has that of the other field.
    fn kind(&self, source: &Source<'_>, field: &FieldDescription) -> super::Kind {
        let Some(ComputationDescription::Derived {
            through,
            field: other,
        }) = &field.computation
        else {
            return field.kind;
        };
        // The descriptions have no cycle of derived fields.
        let other = self.target(source, through).and_then(|(_, target)| {
            let position = target.position(other)?;
            Some(self.kind(target, target.fields[position]))
        });
        other.unwrap_or(field.kind)
    }

    /// Returns the resource of the record that a field refers to, by a reference or because the field is in the path.
    fn target(&self, source: &Source<'_>, through: &str) -> Option<(ResourceId, &Source<'_>)> {
        let position = source.position(through)?;
        let reference = source.fields[position].reference.as_ref();
        match reference {
            Some(reference) => self.find(&reference.resource),
            None => self.find(source.description.parent_named_by(through)?),
        }
    }

    fn reference(&self, reference: &ReferenceDescription) -> Option<Reference> {
        let (resource, target) = self.find(&reference.resource)?;
        let field = match &reference.field {
            Some(field) => target.position(field)?,
            None => target.key()?,
        };
        Some(Reference {
            resource,
            field,
            on_delete: reference.on_delete,
            message: reference.message.clone(),
            evidence: reference.fact.evidence.clone(),
        })
    }

    fn computation(
        &self,
        source: &Source<'_>,
        computation: &ComputationDescription,
    ) -> Option<Computation> {
        match computation {
            ComputationDescription::Path {
                through: None,
                ending,
            } => Some(Computation::OwnPath(ending.clone())),
            ComputationDescription::Path {
                through: Some(through),
                ending,
            } => {
                let (_, target) = self.target(source, through)?;
                let collection = ["/vmrest/", &target.description.path, "/"].concat();
                Some(Computation::PathThrough {
                    through: source.position(through)?,
                    collection: collection.into(),
                    ending: ending.clone(),
                })
            }
            ComputationDescription::Derived { through, field } => {
                let (_, target) = self.target(source, through)?;
                Some(Computation::Derived {
                    through: source.position(through)?,
                    field: target.position(field)?,
                })
            }
        }
    }

    /// Returns `None` if the rule applies to no record of the release.
    fn rule(&self, source: &Source<'_>, fact: &Fact) -> Option<Rule> {
        let is_excluded = source.description.excludes(fact, self.release);
        (fact.covers(self.release) && !is_excluded).then(|| Rule {
            evidence: fact.evidence.clone(),
            condition: self.condition(source, fact),
        })
    }

    /// Returns the condition of a fact, unless it holds for all records.
    fn condition(&self, source: &Source<'_>, fact: &Fact) -> Option<Condition<usize>> {
        let condition = fact.condition.clone()?;
        let position = source.position(&condition.field)?;
        Some(condition.with_field(position))
    }
}

fn template(source: &Source<'_>, path: &str) -> PathTemplate {
    // A description with errors has no resource.
    PathTemplate::new(path, |name| source.position(name).unwrap_or_default())
}
