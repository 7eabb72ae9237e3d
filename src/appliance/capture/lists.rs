//! Reading whole lists, and the single objects in them.

use super::{CaptureError, Server};
use crate::{
    appliance::object::{ListPage, Object},
    schema::Resource,
};

/// The number of objects on a page.
const ROWS: usize = 1000;

/// The lists of a server.
#[derive(Clone, Copy)]
pub(super) struct Lists<'l> {
    pub(super) server: &'l Server<'l>,
    /// The maximum number of objects of each list.
    pub(super) limit: Option<usize>,
}

impl Lists<'_> {
    /// Reads all pages of a list, without a limit.
    pub(super) fn all_pages(
        &self,
        path: &str,
        resource: Option<&Resource>,
    ) -> Result<Result<ListPage, u16>, CaptureError> {
        self.pages_up_to(usize::MAX, path, None, resource)
    }

    /// Reads all pages of a list, up to the limit.
    pub(super) fn pages(
        &self,
        path: &str,
        query: Option<&str>,
        resource: Option<&Resource>,
    ) -> Result<Result<ListPage, u16>, CaptureError> {
        let limit = self.limit.unwrap_or(usize::MAX);
        self.pages_up_to(limit, path, query, resource)
    }

    fn pages_up_to(
        &self,
        limit: usize,
        path: &str,
        query: Option<&str>,
        resource: Option<&Resource>,
    ) -> Result<Result<ListPage, u16>, CaptureError> {
        let rows = ROWS.min(limit);
        let query = query.map(|query| format!("{query}&")).unwrap_or_default();
        let target = |page: usize| format!("{path}?{query}rowsPerPage={rows}&pageNumber={page}");
        let mut list = match self.server.page(&target(1), resource)? {
            Ok(page) => page,
            Err(status) => return Ok(Err(status)),
        };
        for number in 2.. {
            if list.objects.len() >= list.total.min(limit) {
                break;
            }
            match self.server.page(&target(number), resource)? {
                Ok(page) if !page.objects.is_empty() => list.objects.extend(page.objects),
                // The list has become shorter.
                Ok(_) => break,
                Err(status) => return Ok(Err(status)),
            }
        }
        list.objects.truncate(limit);
        Ok(Ok(list))
    }

    /// Reads an object at the path of its resource.
    pub(super) fn single(
        &self,
        resource: &Resource,
        object: &Object,
    ) -> Result<Result<Object, u16>, CaptureError> {
        let value = |position: usize| object.get(&resource.fields[position].name);
        if resource
            .identity()
            .any(|position| value(position).is_none())
        {
            return Ok(Err(404));
        }
        self.server
            .object(&resource.record_path("", value), Some(resource))
    }
}
