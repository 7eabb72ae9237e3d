//! The announcement of the requests that write.

use std::fmt;

use super::{
    WriteProbes, WriteSettings,
    selection::{excluded, written, written_below},
};
use crate::{
    appliance::drift::{
        names::{Prefix, name_field},
        run::{Run, Stop},
    },
    schema::{Catalogue, Resource},
};

/// The plan of the requests that write.
#[derive(Debug)]
pub(crate) struct Plan {
    /// The resources, each with the field that carries the prefix, or none for those below others.
    resources: Vec<(String, Option<String>)>,
    prefix: Prefix,
    requests: usize,
    /// The resources that are not tested, with the reasons.
    omitted: Vec<String>,
}

impl Plan {
    /// Plans the requests with a trial run against this server alone, which leaves it as it was.
    pub(crate) fn of(settings: &WriteSettings<'_>, mut trial: Run<'_>) -> Result<Self, Stop> {
        let mut omitted = WriteProbes::new(settings, &mut trial).send()?;
        let catalogue = settings.catalogue;
        let excluded = excluded(catalogue, settings.kinds).into_iter();
        omitted.extend(excluded.map(|(path, reason)| format!("{path}: {reason}")));
        let mut resources = Vec::new();
        for resource in written(catalogue, settings.kinds) {
            let name = name_field(resource).map(|name| resource.fields[name].name.to_string());
            resources.push((resource.path.to_string(), name));
            add_below(catalogue, resource, &mut resources);
        }
        Ok(Self {
            resources,
            prefix: settings.prefix.clone(),
            requests: trial.requests(),
            omitted,
        })
    }
}

fn add_below(
    catalogue: &Catalogue,
    resource: &Resource,
    resources: &mut Vec<(String, Option<String>)>,
) {
    for child in written_below(catalogue, resource) {
        resources.push((child.path.to_string(), None));
        add_below(catalogue, child, resources);
    }
}

impl Plan {
    /// Describes the tenant that the new objects belong to.
    fn home(&self) -> &'static str {
        let mut resources = self.resources.iter();
        match resources.any(|(path, _)| path == "tenants") {
            true => " If the server allows it, the new objects belong to a new tenant.",
            false => "",
        }
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            resources,
            prefix,
            requests,
            omitted,
        } = self;
        writeln!(
            f,
            "About {requests} requests create, change and delete objects of these resources:\n"
        )?;
        for (path, name) in resources {
            match name {
                Some(name) => writeln!(f, "  {path}, whose {name} begins with {prefix}")?,
                None => writeln!(f, "  {path}, below a new object")?,
            }
        }
        writeln!(
            f,
            "\nObjects with other names are only read.{}\n\
             Each new object is deleted again, also after an interruption. If this program is killed, the next run deletes\n\
             what is left.",
            self.home(),
        )?;
        if !omitted.is_empty() {
            writeln!(f, "\nNo request writes these resources:\n")?;
            for reason in omitted {
                writeln!(f, "  {reason}")?;
            }
        }
        Ok(())
    }
}
