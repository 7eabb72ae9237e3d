//! The resources that a list may belong to.

use std::iter;

use crate::{
    engine::nearest::nearest,
    schema::{Catalogue, Description, path},
};

/// The resources that have a description.
#[derive(Debug, Default)]
pub(crate) struct KnownResources<'k>(Vec<KnownResource<'k>>);

/// The names and the paths of a resource.
#[derive(Debug)]
pub(super) struct KnownResource<'k> {
    pub(super) list: &'k str,
    element: &'k str,
    /// The path, followed by the aliases.
    paths: Vec<&'k str>,
}

/// The name of a list, that of its objects, and its path.
type Names<'k> = (&'k str, &'k str, &'k str);

impl<'k> KnownResource<'k> {
    /// Returns a resource with other paths, followed by its views.
    fn with_views(
        names: Names<'k>,
        aliases: impl Iterator<Item = &'k str>,
        views: impl Iterator<Item = Names<'k>>,
    ) -> impl Iterator<Item = Self> {
        let mut resource = Self::from(names);
        resource.paths.extend(aliases);
        iter::once(resource).chain(views.map(Self::from))
    }
}

impl<'k> From<Names<'k>> for KnownResource<'k> {
    fn from((list, element, path): Names<'k>) -> Self {
        let paths = vec![path];
        Self {
            list,
            element,
            paths,
        }
    }
}

impl<'k> KnownResources<'k> {
    /// Returns the described resources and their views.
    pub(crate) fn of_descriptions(descriptions: impl Iterator<Item = &'k Description>) -> Self {
        let known = descriptions.flat_map(|description| {
            let aliases = description.aliases.iter().map(|alias| &*alias.path);
            let views = description.views.iter();
            let views = views.map(|view| (&*view.list_element, &*view.element, &*view.path));
            let names = (
                &*description.list_element,
                &*description.element,
                &*description.path,
            );
            KnownResource::with_views(names, aliases, views)
        });
        Self(known.collect())
    }

    /// Returns the resources of a catalogue.
    pub(crate) fn of_catalogue(catalogue: &'k Catalogue) -> Self {
        let known = catalogue.resources().iter().flat_map(|resource| {
            let aliases = resource.aliases.iter().map(|alias| alias.path.as_str());
            let views = resource.views.iter();
            let views = views.map(|view| (&*view.list_element, &*view.element, view.path.as_str()));
            let names = (
                &*resource.list_element,
                &*resource.element,
                resource.path.as_str(),
            );
            KnownResource::with_views(names, aliases, views)
        });
        Self(known.collect())
    }

    pub(super) fn has_list(&self, name: &str) -> bool {
        self.0.iter().any(|known| known.list == name)
    }

    /// Returns the names of all lists.
    pub(super) fn lists(&self) -> impl Iterator<Item = &'k str> {
        self.0.iter().map(|known| known.list)
    }

    /// Returns the resource whose objects have this name, in any letter case.
    pub(super) fn with_element(&self, name: &str) -> Option<&KnownResource<'k>> {
        let mut known = self.0.iter();
        known.find(|known| known.element.eq_ignore_ascii_case(name))
    }

    /// Returns the resource with the collection at an absolute path, and the path as it is described.
    pub(super) fn at(&self, collection: &str) -> Option<(&KnownResource<'k>, &'k str)> {
        self.0.iter().find_map(|known| {
            let mut paths = known.paths.iter();
            let path = paths.find(|path| path::includes(path, collection))?;
            Some((known, *path))
        })
    }

    /// Returns the list whose name, or that of its objects, is similar to these.
    pub(super) fn nearest_list(&self, list: &str, element: Option<&str>) -> Option<&'k str> {
        if let Some(found) = nearest(list, self.lists()) {
            return Some(found);
        }
        let found = nearest(element?, self.0.iter().map(|known| known.element))?;
        self.with_element(found).map(|known| known.list)
    }

    /// True if a resource has this path, which is not an alias, and no parameters.
    pub(super) fn has_collection(&self, path: &str) -> bool {
        let is_flat = path::parameters(path).next().is_none();
        is_flat && self.0.iter().any(|known| known.paths[0] == path)
    }
}
