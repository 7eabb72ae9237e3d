//! What was touched, and what was not, by name.

use std::fmt;

use serde::{Deserialize, Serialize, Serializer, ser::SerializeStruct};

use super::{
    counters::{Counters, Seen},
    is_asked_by, is_written, statuses,
};
use crate::{
    resources::RESOURCES,
    schema::{Field, Release, Resource, Verb},
};

/// Which of what the server offers was touched by requests.
///
/// It shows as a short table, in each cell how much was touched of what is offered.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Coverage {
    /// In the order in which the server knows them.
    pub resources: Vec<ResourceCoverage>,
}

/// What was touched of one resource.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ResourceCoverage {
    /// The path below `/vmrest`, such as `externalservices`.
    pub resource: String,
    /// Asked of it, whatever the answer: `list`, `read`, `create`, `update`, `delete`.
    pub verbs: Covered,
    /// RecordedResponse, each with its verb: `update 400`.
    pub statuses: Covered,
    /// Fields that a client sent in a request that was granted.
    pub written: Covered,
    /// Fields that a list was queried or sorted by.
    pub asked: Covered,
}

/// How much of one kind was touched.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Covered {
    /// How many there are.
    pub offered: usize,
    /// How many of them were touched.
    pub touched: usize,
    /// The names of the others.
    pub untouched: Vec<String>,
}

impl Coverage {
    /// What all of `marks` together touched of what `release` offers.
    pub(crate) fn new<'m>(release: Release, marks: impl IntoIterator<Item = &'m Counters>) -> Self {
        let mut seen = vec![Seen::default(); RESOURCES.len()];
        marks.into_iter().for_each(|marks| marks.add_to(&mut seen));
        let resources = RESOURCES.iter().zip(seen);
        Self {
            resources: resources
                .map(|(resource, seen)| ResourceCoverage::new(resource, release, seen))
                .collect(),
        }
    }

    /// How many verbs, statuses and fields the server offers.
    pub fn offered(&self) -> usize {
        self.all().map(|covered| covered.offered).sum()
    }

    /// How many of them were touched.
    pub fn touched(&self) -> usize {
        self.all().map(|covered| covered.touched).sum()
    }

    /// How much was touched, from 0 to 100.
    pub fn percent(&self) -> f64 {
        percent(self.touched(), self.offered())
    }

    /// The names of all that was not touched, such as `externalservices: read 404` and
    /// `tenants: written Description`.
    pub fn untouched(&self) -> impl Iterator<Item = String> + '_ {
        self.resources.iter().flat_map(|resource| {
            let path = &resource.resource;
            resource
                .kinds()
                .into_iter()
                .flat_map(move |(kind, covered)| {
                    let names = covered.untouched.iter();
                    names.map(move |name| format!("{path}: {kind}{name}"))
                })
        })
    }

    fn all(&self) -> impl Iterator<Item = &Covered> {
        let resources = self.resources.iter();
        resources.flat_map(|resource| resource.kinds().map(|(_, covered)| covered))
    }
}

impl ResourceCoverage {
    fn new(resource: &'static Resource, release: Release, seen: Seen) -> Self {
        let verbs = || {
            let all = Verb::ALL.into_iter();
            all.filter(|verb| resource.verb(*verb).is_some())
        };
        let fields = |is_offered: fn(&Resource, &Field, Release) -> bool, bits: u64| {
            let fields = resource.fields.iter().enumerate();
            let offered = fields.filter(move |(_, field)| is_offered(resource, field, release));
            let named = offered.map(move |(place, field)| {
                let is_touched = bits & super::bit(place) != 0;
                (field.name.to_owned(), is_touched)
            });
            Covered::of(named)
        };
        let statuses = verbs().flat_map(|verb| {
            statuses(verb).map(|status| {
                let name = format!("{} {status}", verb.name());
                (name, seen.has_status(verb, status))
            })
        });
        Self {
            resource: resource.path.to_owned(),
            verbs: Covered::of(verbs().map(|verb| (verb.name().to_owned(), seen.has_verb(verb)))),
            statuses: Covered::of(statuses),
            written: fields(is_written, seen.written),
            asked: fields(is_asked_by, seen.asked),
        }
    }

    /// Each kind, and what stands before its names where all stand together.
    fn kinds(&self) -> [(&'static str, &Covered); 4] {
        [
            ("", &self.verbs),
            ("", &self.statuses),
            ("written ", &self.written),
            ("asked by ", &self.asked),
        ]
    }
}

impl Covered {
    /// What is offered, by name, and whether it was touched.
    fn of(offered: impl Iterator<Item = (String, bool)>) -> Self {
        let mut covered = Self::default();
        for (name, is_touched) in offered {
            covered.offered += 1;
            if is_touched {
                covered.touched += 1;
            } else {
                covered.untouched.push(name);
            }
        }
        covered
    }
}

/// Where nothing is offered, all of it was touched.
#[expect(
    clippy::cast_precision_loss,
    reason = "there are a few hundred at most"
)]
fn percent(touched: usize, offered: usize) -> f64 {
    match offered {
        0 => 100.0,
        offered => 100.0 * touched as f64 / offered as f64,
    }
}

/// Rounded down, so that 100 means all.
fn to_one_digit(percent: f64) -> f64 {
    (percent * 10.0).floor() / 10.0
}

impl Serialize for Coverage {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut document = serializer.serialize_struct("Coverage", 4)?;
        document.serialize_field("percent", &to_one_digit(self.percent()))?;
        document.serialize_field("offered", &self.offered())?;
        document.serialize_field("touched", &self.touched())?;
        document.serialize_field("resources", &self.resources)?;
        document.end()
    }
}

impl fmt::Display for Coverage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.resources.iter().map(|one| one.resource.len());
        let wide = names.max().unwrap_or_default().max("resource".len());
        let [verbs, statuses, written, asked] = ["verbs", "statuses", "written", "asked by"];
        writeln!(
            f,
            "{:wide$}  {verbs:>8}  {statuses:>8}  {written:>8}  {asked:>8}",
            "resource"
        )?;
        for one in &self.resources {
            write!(f, "{:wide$}", one.resource)?;
            for (
                _,
                Covered {
                    offered, touched, ..
                },
            ) in one.kinds()
            {
                let cell = match offered {
                    0 => "-".to_owned(),
                    offered => format!("{touched}/{offered}"),
                };
                write!(f, "  {cell:>8}")?;
            }
            writeln!(f)?;
        }
        let (touched, offered) = (self.touched(), self.offered());
        let percent = to_one_digit(self.percent());
        write!(f, "total: {percent:.1} %, {touched} of {offered}")
    }
}
