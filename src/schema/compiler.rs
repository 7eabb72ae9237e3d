//! Compiles descriptions for one release.

use std::{
    iter,
    sync::{Arc, LazyLock, OnceLock},
};

use memchr::memmem;

use super::{
    Action, Alias, AliasDescription, Audio, Computation, ComputationDescription, Condition,
    DefaultValue, Description, Endpoint, Expiry, Fact, Field, FieldDescription, Kind, NameList,
    NamedField, NumberRange, OrderDescription, PathShape, PathTemplate, RecordOrder, Reference,
    ReferenceDescription, Release, Resource, ResourceId, Rule, Source, Template,
    TemplateDescription, Unique, Verb, View, ViewDescription, path,
    resource::{Mentions, Shape, positions_by_length},
};

/// Compiles descriptions for one release. They are free of errors; a fact about a resource that the release does not
/// have is left out.
pub(super) struct Compiler {
    release: Release,
    /// The descriptions of the resources of the release.
    sources: Vec<ReleaseSource>,
}

/// A description, with the fields of one release.
struct ReleaseSource {
    release: Release,
    source: Arc<Source>,
    /// The places in the description of the fields that a record of the release may show. Their positions are those in
    /// the resource.
    shown: OnceLock<Box<[usize]>>,
}

impl ReleaseSource {
    fn outline(&self) -> &Description {
        self.source.outline()
    }

    fn description(&self) -> &Description {
        self.source.complete()
    }

    /// Returns the fields that a record of the release may show.
    fn fields(&self) -> impl ExactSizeIterator<Item = &FieldDescription> {
        let description = self.description();
        let shown = self.shown.get_or_init(|| {
            let is_shown = |field: &FieldDescription| {
                field.fact.covers(self.release) && !description.excludes(&field.fact, self.release)
            };
            let fields = description.fields.iter().enumerate();
            let shown = fields.filter(|(_, field)| is_shown(field));
            shown.map(|(place, _)| place).collect()
        });
        shown.iter().map(|place| &description.fields[*place])
    }

    fn field(&self, position: usize) -> Option<&FieldDescription> {
        self.fields().nth(position)
    }

    fn position(&self, name: &str) -> Option<usize> {
        self.fields().position(|field| *field.name == *name)
    }

    fn positions<'n>(&self, names: impl Iterator<Item = &'n str>) -> Box<[usize]> {
        names.filter_map(|name| self.position(name)).collect()
    }

    fn listed(&self, names: &NameList) -> Box<[usize]> {
        self.positions(names.names.iter().map(AsRef::as_ref))
    }

    /// Returns the positions of the fields in a path.
    fn parameters(&self, path: &str) -> Box<[usize]> {
        self.positions(path::parameters(path))
    }

    fn key(&self) -> Option<usize> {
        self.position(self.description().key.as_deref()?)
    }

    /// Returns the path or the alias that differs from a path at most in the names of its parameters.
    fn path_like(&self, path: &str) -> Option<&str> {
        let outline = self.outline();
        let aliases = outline.aliases.iter().map(|alias| &*alias.path);
        let mut paths = iter::once(&*outline.path).chain(aliases);
        paths.find(|own| path::is_same(own, path))
    }

    /// Returns the positions of the fields by which records are found at a path: the first one in each path, and the key at
    /// a path without any.
    fn path_indexes(&self) -> Vec<usize> {
        let aliases = self.aliases().map(|alias| &*alias.path);
        let objects = iter::once(&*self.outline().path).chain(aliases);
        let objects =
            objects.filter_map(|path| self.parameters(path).first().copied().or(self.key()));
        let views = self.views();
        let views = views.filter_map(|view| self.parameters(&view.path).first().copied());
        objects.chain(views).collect()
    }

    /// Returns the aliases that the release has.
    fn aliases(&self) -> impl Iterator<Item = &AliasDescription> {
        let aliases = self.outline().aliases.iter();
        aliases.filter(|alias| alias.fact.covers(self.release))
    }

    /// Returns the views that the release has.
    fn views(&self) -> impl Iterator<Item = &ViewDescription> {
        let views = self.outline().views.iter();
        views.filter(|view| view.fact.covers(self.release))
    }
}

impl Compiler {
    pub(super) fn new(release: Release, sources: Vec<Arc<Source>>) -> Arc<Self> {
        let sources = sources.into_iter().map(|source| ReleaseSource {
            release,
            source,
            shown: OnceLock::new(),
        });
        Arc::new(Self {
            release,
            sources: sources.collect(),
        })
    }

    /// Returns the resources, in the order of the descriptions.
    pub(super) fn resources(self: &Arc<Self>) -> Box<[Resource]> {
        let sources = self.sources.iter().enumerate();
        sources
            .map(|(index, source)| self.resource(index, source))
            .collect()
    }

    /// Returns the resource with this path, and its description.
    fn find(&self, path: &str) -> Option<(ResourceId, &ReleaseSource)> {
        let mut sources = self.sources.iter().enumerate();
        let (index, source) =
            sources.find(|(_, source)| path::is_same(&source.outline().path, path))?;
        Some((ResourceId::new(index), source))
    }

    /// Returns a resource whose shape is compiled at its first use.
    fn resource(self: &Arc<Self>, index: usize, source: &ReleaseSource) -> Resource {
        let description = source.outline();
        let mut verbs = [const { None }; Verb::ALL.len()];
        for (verb, evidence) in &description.verbs {
            verbs[*verb as usize] = Some(evidence.clone());
        }
        let parent = path::parent(&description.path).and_then(|parent| self.parent(parent));
        let actions = description.actions.iter();
        let actions = actions.filter(|action| action.fact.covers(self.release));
        let audio = description.audio.iter();
        let audio = audio.filter(|audio| audio.fact.covers(self.release));
        let endpoints = description.endpoints.iter();
        let endpoints = endpoints.filter(|endpoint| endpoint.fact.covers(self.release));
        let order = description.order.as_ref();
        let compiler = Arc::clone(self);
        let shape = move || Box::new(compiler.shape(&compiler.sources[index]));
        Resource {
            id: ResourceId::new(index),
            release: self.release,
            path: PathTemplate::new(&description.path),
            list_element: description.list_element.clone(),
            element: description.element.clone(),
            is_singleton: description.key.is_none(),
            parent,
            is_parent_optional: description.is_parent_optional,
            empty_list: description.empty_list,
            is_computed: description.is_computed,
            behaviour: description.behaviour.clone(),
            aliases: source
                .aliases()
                .map(|alias| Alias {
                    path: PathTemplate::new(&alias.path),
                    verbs: alias.verbs.clone().into(),
                    evidence: alias.fact.evidence.clone(),
                })
                .collect(),
            actions: actions
                .map(|action| Action {
                    selector: action.selector.clone(),
                    evidence: action.fact.evidence.clone(),
                })
                .collect(),
            audio: audio
                .map(|audio| Audio {
                    segment: audio.segment.clone(),
                    creates: audio.creates,
                    evidence: audio.fact.evidence.clone(),
                })
                .collect(),
            endpoints: endpoints
                .map(|endpoint| Endpoint {
                    name: endpoint.name.clone(),
                    method: endpoint.method,
                    path: endpoint.path.clone(),
                    evidence: endpoint.fact.evidence.clone(),
                })
                .collect(),
            views: source
                .views()
                .map(|view| View {
                    path: PathTemplate::new(&view.path),
                    list_element: view.list_element.clone(),
                    element: view.element.clone(),
                    evidence: view.fact.evidence.clone(),
                })
                .collect(),
            order_evidence: order.map(|order| order.fact.evidence.clone()),
            verbs,
            mentioned: source
                .source
                .unread()
                .map(|text| Mentions::new(Box::new(move || mentioned_resources(text)))),
            shape: LazyLock::new(Box::new(shape)),
        }
    }

    fn shape(&self, source: &ReleaseSource) -> Shape {
        let description = source.description();
        let mut fields: Box<[_]> = source
            .fields()
            .map(|field| self.field(source, field))
            .collect();
        let parameters = source.parameters(&description.path);
        let key = source.key();
        let order = description.order.as_ref();
        let path_indexes = source.path_indexes();
        for (position, field) in fields.iter_mut().enumerate() {
            let has_rule = field.unique.is_some() || field.reference.is_some();
            let is_place = order.is_some_and(|order| order.field == field.name);
            field.is_indexed = has_rule || is_place || path_indexes.contains(&position);
            field.can_conflict =
                has_rule || key == Some(position) || parameters.contains(&position);
        }
        let other = description.fields.iter();
        let other = other.filter(|field| !field.fact.covers(self.release));
        let list_fields = description.list_fields.as_ref();
        let undeletable = description.undeletable.iter();
        let audio = description.audio.iter();
        let audio = audio.filter(|audio| audio.fact.covers(self.release));
        Shape {
            key,
            object_id: source.fields().position(|field| field.is_object_id),
            parameters,
            parent_fields: self.parent_fields(&description.path),
            alias_shapes: source
                .aliases()
                .map(|alias| self.path_shape(source, &alias.path, &alias.fields, &alias.fact))
                .collect(),
            list_fields: list_fields.map(|names| source.listed(names)),
            list_condition: description
                .list_condition
                .as_ref()
                .and_then(|fact| self.condition(source, fact)),
            file_fields: source
                .fields()
                .enumerate()
                .filter(|(_, field)| self.refers_to_files(field))
                .map(|(position, _)| position)
                .collect(),
            audio_fields: source.positions(audio.map(|audio| &*audio.field)),
            view_shapes: source
                .views()
                .map(|view| self.path_shape(source, &view.path, &view.fields, &view.fact))
                .collect(),
            templates: self.templates(source),
            order: order.and_then(|order| self.order(source, order)),
            undeletable: undeletable
                .filter_map(|rule| Some((self.rule(source, &rule.fact)?, rule.reason.clone())))
                .collect(),
            expiries: self.expiries(source),
            has_derived_fields: fields.iter().any(Field::is_derived),
            positions: positions_by_length(&fields),
            other_fields: other.map(|field| field.name.clone()).collect(),
            fields,
        }
    }

    fn path_shape(
        &self,
        source: &ReleaseSource,
        path: &str,
        fields: &Option<NameList>,
        fact: &Fact,
    ) -> PathShape {
        PathShape {
            parameters: source.parameters(path),
            fields: fields.as_ref().map(|names| source.listed(names)),
            condition: self.condition(source, fact),
        }
    }

    /// True if the records that a field refers to have bytes.
    fn refers_to_files(&self, field: &FieldDescription) -> bool {
        let reference = field.reference.as_ref();
        let target = reference.and_then(|reference| self.find(&reference.resource));
        target.is_some_and(|(_, target)| {
            let mut fields = target.fields();
            fields.any(|field| field.kind == Kind::Binary)
        })
    }

    /// Returns the positions in the parent of the fields whose values are in this path.
    fn parent_fields(&self, path: &str) -> Box<[usize]> {
        let parent = path::parent(path);
        let parent = parent.and_then(|path| Some((self.parent(path)?, path)));
        let Some((id, path)) = parent else {
            return Box::default();
        };
        let parent = &self.sources[id.index()];
        let parameters = parent.path_like(path).map(|path| parent.parameters(path));
        let parameters = parameters.into_iter().flatten();
        parameters.chain(parent.key()).collect()
    }

    /// Returns the resource with the collection at this path.
    fn parent(&self, path: &str) -> Option<ResourceId> {
        let of_alias = || {
            let mut sources = self.sources.iter();
            sources.position(|source| source.outline().has_alias(path))
        };
        let found = self.find(path).map(|(id, _)| id);
        found.or_else(|| of_alias().map(ResourceId::new))
    }

    fn expiries(&self, source: &ReleaseSource) -> Box<[Expiry]> {
        let fields = source.fields().enumerate();
        let expiries = fields.filter_map(|(time, field)| {
            let (switch, fact) = field.expiry.as_ref()?;
            Some(Expiry {
                time,
                switch: source.position(switch)?,
                rule: self.rule(source, fact)?,
            })
        });
        expiries.collect()
    }

    fn templates(&self, source: &ReleaseSource) -> Box<[Template]> {
        let templates = source.description().templates.iter();
        let templates = templates.filter(|template| template.fact.covers(self.release));
        templates
            .filter_map(|template| self.template(source, template))
            .collect()
    }

    fn template(&self, source: &ReleaseSource, template: &TemplateDescription) -> Option<Template> {
        let (resource, other) = self.find(&template.resource)?;
        Some(Template {
            parameter: template.parameter.clone(),
            resource,
            field: other.position(&template.field)?,
            except: template
                .except
                .iter()
                .flat_map(|names| source.listed(names))
                .collect(),
            evidence: template.fact.evidence.clone(),
        })
    }

    fn field(&self, source: &ReleaseSource, field: &FieldDescription) -> Field {
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
                .filter_map(|(default, fact)| {
                    Some((self.default(default)?, self.rule(source, fact)?))
                })
                .collect(),
            choices: choices
                .filter_map(|(values, fact)| Some((values.clone(), self.rule(source, fact)?)))
                .collect(),
            max_length: field
                .max_length
                .as_ref()
                .map(|(length, fact)| (*length, fact.evidence.clone())),
            extension: field.extension.as_ref().map(|fact| fact.evidence.clone()),
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
            is_clearable: field.clearable.is_some(),
            computation: computation
                .and_then(|computation| self.computation(source, computation))
                .map(Box::new),
            is_indexed: false,
            can_conflict: false,
        }
    }

    /// Returns the kind of a field. A derived one has that of the other field.
    fn kind(&self, source: &ReleaseSource, field: &FieldDescription) -> super::Kind {
        let Some(ComputationDescription::Derived {
            through,
            field: other,
        }) = field.computation.as_deref()
        else {
            return field.kind;
        };
        // The descriptions have no cycle of derived fields.
        let other = self.target(source, through).and_then(|(_, target)| {
            let position = target.position(other)?;
            Some(self.kind(target, target.field(position)?))
        });
        other.unwrap_or(field.kind)
    }

    /// Returns the resource of the record that a field refers to, by a reference or because the field is in the path.
    fn target(
        &self,
        source: &ReleaseSource,
        through: &str,
    ) -> Option<(ResourceId, &ReleaseSource)> {
        let position = source.position(through)?;
        let reference = source.field(position)?.reference.as_ref();
        match reference {
            Some(reference) => self.find(&reference.resource),
            None => self.find(source.outline().parent_named_by(through)?),
        }
    }

    fn default(
        &self,
        default: &DefaultValue<NamedField>,
    ) -> Option<DefaultValue<(ResourceId, usize)>> {
        Some(match default {
            DefaultValue::Value(value) => DefaultValue::Value(value.clone()),
            DefaultValue::Now => DefaultValue::Now,
            DefaultValue::UtcNow => DefaultValue::UtcNow,
            DefaultValue::First(named) => {
                let (resource, source) = self.find(&named.resource)?;
                DefaultValue::First((resource, source.position(&named.field)?))
            }
        })
    }

    fn order(&self, source: &ReleaseSource, order: &OrderDescription) -> Option<RecordOrder> {
        Some(RecordOrder {
            field: source.position(&order.field)?,
            new_place: order.new_place,
        })
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
        source: &ReleaseSource,
        computation: &ComputationDescription,
    ) -> Option<Computation> {
        match computation {
            ComputationDescription::Path {
                through: None,
                ending,
                with,
            } => Some(Computation::OwnPath {
                ending: ending.clone(),
                with: with.as_ref().and_then(|name| source.position(name)),
            }),
            ComputationDescription::Path {
                through: Some(through),
                ending,
                ..
            } => {
                let (_, target) = self.target(source, through)?;
                let collection = ["/vmrest/", &target.outline().path, "/"].concat();
                Some(Computation::PathThrough {
                    through: source.position(through)?,
                    collection: collection.into(),
                    ending: ending.clone(),
                })
            }
            ComputationDescription::Query { list, field } => {
                let beginning = format!("/vmrest/{list}?query=({field}%20is%20");
                Some(Computation::Query(beginning.into()))
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
    fn rule(&self, source: &ReleaseSource, fact: &Fact) -> Option<Rule> {
        let is_excluded = source.description().excludes(fact, self.release);
        (fact.covers(self.release) && !is_excluded).then(|| Rule {
            evidence: fact.evidence.clone(),
            condition: self.condition(source, fact),
        })
    }

    /// Returns the condition of a fact, unless it holds for all records.
    fn condition(&self, source: &ReleaseSource, fact: &Fact) -> Option<Box<Condition<usize>>> {
        let condition = fact.condition.clone()?;
        let position = source.position(&condition.field)?;
        Some(Box::new(condition.with_field(position)))
    }
}

/// Returns the values of the attributes `resource` in the text of a description.
fn mentioned_resources(text: &'static str) -> Vec<&'static str> {
    const ATTRIBUTE: &str = "resource=\"";
    let starts = memmem::find_iter(text.as_bytes(), ATTRIBUTE).map(|at| at + ATTRIBUTE.len());
    let values = starts.filter_map(|start| text[start..].split('"').next());
    let mut paths: Vec<_> = values.collect();
    paths.sort_unstable();
    paths.dedup();
    paths
}
