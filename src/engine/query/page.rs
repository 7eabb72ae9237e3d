//! One page of the result of a query.

use std::{borrow::Cow, ops::Range, sync::Arc};

use crate::{
    schema::{EmptyList, Resource, ResourceId, View},
    store::{Collection, Order, Record, RenderedList, Store},
};

/// One page of the result of a query.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    store: Arc<Store>,
    resource: ResourceId,
    /// The index of the view that the list is requested at.
    view: Option<usize>,
    /// The number of records in the whole result.
    pub(crate) total: usize,
    rows: Rows,
}

/// The rows of a page.
#[derive(Clone, Debug)]
enum Rows {
    /// A range of an order that the store maintains.
    Range {
        order: Order,
        range: Range<usize>,
        is_descending: bool,
    },
    Records(Vec<Arc<Record>>),
}

impl Page {
    /// True if the page is `null` in JSON.
    pub(in crate::engine) fn is_null(&self) -> bool {
        self.total == 0 && self.resource().empty_list == EmptyList::Null
    }

    /// Returns at most `take` rows after the first `skip` of all records of `resource`, in an order that the store
    /// maintains, or from its end.
    pub(super) fn of_range(
        store: Arc<Store>,
        resource: ResourceId,
        order: Order,
        is_descending: bool,
        (skip, take): (usize, usize),
    ) -> Self {
        let total = store.collection(resource).len();
        let start = skip.min(total);
        let end = skip.saturating_add(take).min(total);
        let range = if is_descending {
            total - end..total - start
        } else {
            start..end
        };
        let rows = Rows::Range {
            order,
            range,
            is_descending,
        };
        Self {
            store,
            resource,
            view: None,
            total,
            rows,
        }
    }

    /// Returns these records of a result with `total` records.
    pub(super) fn of_records(
        store: Arc<Store>,
        resource: ResourceId,
        total: usize,
        records: Vec<Arc<Record>>,
    ) -> Self {
        Self {
            store,
            resource,
            view: None,
            total,
            rows: Rows::Records(records),
        }
    }

    pub(crate) fn resource(&self) -> &Resource {
        &self.store.catalogue()[self.resource]
    }

    pub(super) fn in_view(self, view: Option<usize>) -> Self {
        Self { view, ..self }
    }

    /// Returns the root element of the list.
    pub(crate) fn list_element(&self) -> &str {
        let view = self.view();
        view.map_or(&self.resource().list_element, |view| &view.list_element)
    }

    /// Returns the element of each row.
    pub(crate) fn element(&self) -> &str {
        let view = self.view();
        view.map_or(&self.resource().element, |view| &view.element)
    }

    /// Returns the positions of the fields in each row, if it differs from the object.
    pub(crate) fn fields(&self) -> Option<Cow<'_, [usize]>> {
        let resource = self.resource();
        match self.view {
            Some(view) => Some(resource.view_fields(view)),
            None => resource.list_fields.as_deref().map(Cow::Borrowed),
        }
    }

    fn view(&self) -> Option<&View> {
        self.view.map(|index| &self.resource().views[index])
    }

    /// Returns the number of rows.
    pub(crate) fn len(&self) -> usize {
        match &self.rows {
            Rows::Range { range, .. } => range.len(),
            Rows::Records(records) => records.len(),
        }
    }

    /// Returns the store's place for the rendered list, if the page consists of all records in the order of creation.
    pub(crate) fn rendered_list(&self) -> Option<&RenderedList> {
        match &self.rows {
            Rows::Range {
                order: Order::Added,
                range,
                is_descending: false,
            } if range.len() == self.total && self.view.is_none() => {
                Some(self.collection().rendered_list())
            }
            _ => None,
        }
    }

    /// Returns the rows from the one at the index `first` on.
    pub(crate) fn from(&self, first: usize) -> Box<dyn Iterator<Item = &Arc<Record>> + '_> {
        match &self.rows {
            Rows::Records(records) => Box::new(records[first..].iter()),
            Rows::Range {
                order,
                range: Range { start, end },
                is_descending,
            } => {
                let collection = self.collection();
                if *is_descending {
                    Box::new(collection.range(*order, *start..end - first).rev())
                } else {
                    collection.range(*order, start + first..*end)
                }
            }
        }
    }

    fn collection(&self) -> &Collection {
        self.store.collection(self.resource)
    }
}
