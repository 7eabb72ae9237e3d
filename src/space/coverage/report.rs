//! The coverage report.

use std::{borrow::Cow, fmt, iter, sync::Arc};

use serde::{Deserialize, Serialize, Serializer, ser::SerializeStruct};

use super::{
    CoverageRecord, InferredResponse,
    bits::ResourceBits,
    inferred::InferredResponses,
    offer::{is_queryable, is_writable, statuses, supports},
};
use crate::schema::{Catalogue, Field, Resource, Verb};

/// The share of the served API that requests have used.
///
/// `Display` shows a table with one row per resource and `touched/offered` in each cell, the responses of the user if
/// there are any, and the total.
/// `Serialize` writes the document of `GET /__mock/coverage`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Coverage {
    /// One entry per resource, in the order of the API's documentation.
    pub resources: Vec<ResourceCoverage>,
    /// The responses of the user, for example `GET licenses/{Name}/usage`.
    #[serde(default)]
    pub responses: CategoryCoverage,
    #[serde(default)]
    inferred: Vec<InferredResponse>,
    #[serde(default)]
    inferred_omitted: u64,
}

/// The coverage of one resource.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ResourceCoverage {
    /// The path below `/vmrest`, for example `externalservices`.
    pub resource: String,
    /// The verbs `list`, `read`, `create`, `update` and `delete`, and the views by their paths. A request counts whatever its
    /// status.
    pub verbs: CategoryCoverage,
    /// The statuses of each verb, for example `update 400`.
    pub statuses: CategoryCoverage,
    /// The fields that a client can set. A field counts if it was in the body of a successful request.
    pub written: CategoryCoverage,
    /// The fields that a list can be filtered or sorted by.
    pub asked: CategoryCoverage,
}

/// The coverage of the verbs, the statuses or the fields of one resource.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct CategoryCoverage {
    /// The number of items that the server offers.
    pub offered: usize,
    /// The number of items that requests have used.
    pub touched: usize,
    /// The names of the items that no request has used.
    pub untouched: Vec<String>,
}

impl Coverage {
    /// Combines the coverage of several spaces into a report on the offer of all of them.
    pub(crate) fn new<'c>(
        first: &'c CoverageRecord,
        others: impl IntoIterator<Item = &'c CoverageRecord>,
    ) -> Self {
        let spaces: Vec<_> = iter::once(first).chain(others).collect();
        let inferred = InferredResponses::report(spaces.iter().map(|space| &space.inferred));
        let responses = responses(&spaces);
        Self {
            responses: CategoryCoverage::count(responses),
            inferred: inferred.listed.into_iter().map(Into::into).collect(),
            inferred_omitted: inferred.omitted,
            resources: resources(&spaces).into_iter().map(Into::into).collect(),
        }
    }

    /// Returns the number of verbs, statuses, fields and responses of the user that the server offers.
    pub fn offered(&self) -> usize {
        self.categories().map(|category| category.offered).sum()
    }

    /// Returns the number of verbs, statuses, fields and responses of the user that requests have used.
    pub fn touched(&self) -> usize {
        self.categories().map(|category| category.touched).sum()
    }

    /// Returns the used share in percent, from 0 to 100. It is 100 if nothing is offered.
    pub fn percent(&self) -> f64 {
        percent(self.touched(), self.offered())
    }

    /// Returns the responses that relied on inferred facts, in the order of their first request in each space. A report
    /// has up to 100 different ones for each space; [`Coverage::inferred_omitted`] counts further ones.
    ///
    /// A fact is inferred if it is the most plausible reading of the sources. A response relies on it if it is marked
    /// `inferred` in the header `X-Cuc-Mock-Provenance`, or if the rule that rejected the request is inferred.
    ///
    /// ```
    /// let mock = cuc_mock::CucMock::start_blocking();
    /// # ureq::get(format!("http://admin:secret@{}/vmrest/tenants", mock.address())).call().unwrap();
    /// // … what the test does …
    /// let coverage = mock.coverage();
    /// assert!(coverage.inferred().is_empty(), "{:#?}", coverage.inferred());
    /// ```
    pub fn inferred(&self) -> &[InferredResponse] {
        &self.inferred
    }

    /// Returns the number of requests whose responses [`Coverage::inferred`] does not list.
    pub fn inferred_omitted(&self) -> u64 {
        self.inferred_omitted
    }

    /// Returns the names of all unused items, for example `externalservices: read 404`, `tenants: written Description` and
    /// `response: GET licenses/{Name}/usage`.
    pub fn untouched(&self) -> impl Iterator<Item = String> + '_ {
        let of_resources = self.resources.iter().flat_map(|resource| {
            let path = &resource.resource;
            resource
                .categories()
                .into_iter()
                .flat_map(move |(prefix, category)| {
                    let names = category.untouched.iter();
                    names.map(move |name| format!("{path}: {prefix}{name}"))
                })
        });
        let responses = self.responses.untouched.iter();
        of_resources.chain(responses.map(|name| format!("response: {name}")))
    }

    fn categories(&self) -> impl Iterator<Item = &CategoryCoverage> {
        let resources = self.resources.iter();
        let of_resources =
            resources.flat_map(|resource| resource.categories().map(|(_, category)| category));
        of_resources.chain([&self.responses])
    }
}

/// The items that a resource offers, each with true if it was used.
struct ResourceItems<'c> {
    path: &'c str,
    /// In the order of [`ResourceCoverage::categories`].
    categories: [Vec<(Cow<'c, str>, bool)>; 4],
}

/// Returns the resources of all spaces. Spaces with the same catalogue are combined before their names are compared.
fn resources<'c>(spaces: &[&'c CoverageRecord]) -> Vec<ResourceItems<'c>> {
    let mut catalogues: Vec<(&Arc<Catalogue>, Vec<ResourceBits>)> = Vec::new();
    for space in spaces {
        let (catalogue, bits) = (space.bits.catalogue(), space.bits.snapshot());
        let mut known = catalogues.iter_mut();
        match known.find(|(known, _)| Arc::ptr_eq(known, catalogue)) {
            Some((_, totals)) => totals.iter_mut().zip(&bits).for_each(|(a, b)| a.add(b)),
            None => catalogues.push((catalogue, bits)),
        }
    }
    let mut resources: Vec<ResourceItems<'_>> = Vec::new();
    for (catalogue, totals) in catalogues {
        for (resource, bits) in catalogue.resources().iter().zip(totals) {
            let items = ResourceItems::new(resource, &bits);
            let mut known = resources.iter_mut();
            match known.find(|known| known.path == items.path) {
                Some(known) => known.add(items),
                None => resources.push(items),
            }
        }
    }
    resources
}

/// Returns the responses of the user in all spaces, each with true if a request got it.
fn responses(spaces: &[&CoverageRecord]) -> Vec<(Cow<'static, str>, bool)> {
    let mut items: Vec<(Cow<'static, str>, bool)> = Vec::new();
    for space in spaces {
        for response in space.bits.catalogue().responses() {
            let name = Cow::from(format!("{} {}", response.method, response.path));
            let is_touched = space.bits.has_response(response);
            match items.iter_mut().find(|(known, _)| *known == name) {
                Some((_, known)) => *known |= is_touched,
                None => items.push((name, is_touched)),
            }
        }
    }
    items
}

impl<'c> ResourceItems<'c> {
    fn new(resource: &'c Resource, bits: &ResourceBits) -> Self {
        let verbs = || {
            let verbs = Verb::ALL.into_iter();
            verbs.filter(|verb| supports(resource, *verb))
        };
        let fields = |is_offered: fn(&Resource, &Field) -> bool,
                      is_touched: fn(&ResourceBits, usize) -> bool| {
            let fields = resource.fields.iter().enumerate();
            let offered = fields.filter(move |(_, field)| is_offered(resource, field));
            let named = offered.map(move |(position, field)| {
                (Cow::Borrowed(&*field.name), is_touched(bits, position))
            });
            named.collect()
        };
        let statuses = verbs().flat_map(|verb| {
            statuses(verb).map(|status| {
                let name = format!("{} {status}", verb.name());
                (Cow::Owned(name), bits.has_status(verb, status))
            })
        });
        let views = resource.views.iter().enumerate();
        let views =
            views.map(|(number, view)| (Cow::Borrowed(view.path.as_str()), bits.has_view(number)));
        let named_verbs = verbs().map(|verb| (Cow::Borrowed(verb.name()), bits.has_verb(verb)));
        Self {
            path: resource.path.as_str(),
            categories: [
                named_verbs.chain(views).collect(),
                statuses.collect(),
                fields(is_writable, ResourceBits::has_written),
                fields(is_queryable, ResourceBits::has_asked),
            ],
        }
    }

    /// Adds another description of the resource.
    fn add(&mut self, other: Self) {
        for (known, items) in self.categories.iter_mut().zip(other.categories) {
            for (name, is_touched) in items {
                match known.iter_mut().find(|(known, _)| *known == name) {
                    Some((_, was_touched)) => *was_touched |= is_touched,
                    None => known.push((name, is_touched)),
                }
            }
        }
    }
}

impl From<ResourceItems<'_>> for ResourceCoverage {
    fn from(resource: ResourceItems<'_>) -> Self {
        let [verbs, statuses, written, asked] = resource.categories.map(CategoryCoverage::count);
        Self {
            resource: resource.path.to_owned(),
            verbs,
            statuses,
            written,
            asked,
        }
    }
}

impl ResourceCoverage {
    /// Returns each category with the prefix of its names in [`Coverage::untouched`].
    fn categories(&self) -> [(&'static str, &CategoryCoverage); 4] {
        [
            ("", &self.verbs),
            ("", &self.statuses),
            ("written ", &self.written),
            ("asked by ", &self.asked),
        ]
    }
}

impl CategoryCoverage {
    /// Counts the offered items, each given by its name and true if it was used.
    fn count(offered: Vec<(Cow<'_, str>, bool)>) -> Self {
        let mut category = Self::default();
        for (name, is_touched) in offered {
            category.offered += 1;
            if is_touched {
                category.touched += 1;
            } else {
                category.untouched.push(name.into_owned());
            }
        }
        category
    }

    /// Returns the cell of the table.
    fn cell(&self) -> String {
        let Self {
            offered, touched, ..
        } = self;
        match offered {
            0 => "-".to_owned(),
            _ => format!("{touched}/{offered}"),
        }
    }
}

/// Returns 100 if nothing is offered.
#[expect(clippy::cast_precision_loss, reason = "the counts are far below 2^52")]
fn percent(touched: usize, offered: usize) -> f64 {
    match offered {
        0 => 100.0,
        offered => 100.0 * touched as f64 / offered as f64,
    }
}

/// Rounds down, so that 100 means all.
fn floor_to_tenth(percent: f64) -> f64 {
    (percent * 10.0).floor() / 10.0
}

impl Serialize for Coverage {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut document = serializer.serialize_struct("Coverage", 7)?;
        document.serialize_field("percent", &floor_to_tenth(self.percent()))?;
        document.serialize_field("offered", &self.offered())?;
        document.serialize_field("touched", &self.touched())?;
        document.serialize_field("resources", &self.resources)?;
        document.serialize_field("responses", &self.responses)?;
        document.serialize_field("inferred", &self.inferred)?;
        document.serialize_field("inferred_omitted", &self.inferred_omitted)?;
        document.end()
    }
}

impl fmt::Display for Coverage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let paths = self
            .resources
            .iter()
            .map(|resource| resource.resource.len());
        let width = paths.max().unwrap_or_default().max("resource".len());
        let [verbs, statuses, written, asked] = ["verbs", "statuses", "written", "asked by"];
        writeln!(
            f,
            "{:width$}  {verbs:>8}  {statuses:>8}  {written:>8}  {asked:>8}",
            "resource"
        )?;
        for resource in &self.resources {
            write!(f, "{:width$}", resource.resource)?;
            for (_, category) in resource.categories() {
                write!(f, "  {:>8}", category.cell())?;
            }
            writeln!(f)?;
        }
        if self.responses.offered > 0 {
            writeln!(f, "responses of the user: {}", self.responses.cell())?;
        }
        let (touched, offered) = (self.touched(), self.offered());
        let percent = floor_to_tenth(self.percent());
        write!(f, "total: {percent:.1} %, {touched} of {offered}")
    }
}
