//! Queries that take long, on other threads than the requests.

use std::sync::Arc;

use tokio::sync::Semaphore;

use crate::engine::{
    ThreadPanic, on_thread,
    query::{LongQuery, Page},
};

/// The maximum number of queries that run at the same time. Further ones wait, so that they leave processors to the test.
const MAX_QUERIES: usize = 2;

/// The queries of a server that take long.
#[derive(Debug)]
pub(crate) struct LongQueries(Arc<Semaphore>);

impl Default for LongQueries {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(MAX_QUERIES)))
    }
}

impl LongQueries {
    /// Runs a query on another thread. It runs to its end, even if the client no longer waits. Fails if it panics.
    pub(super) async fn run(&self, query: LongQuery) -> Result<Page, ThreadPanic> {
        let permit = Arc::clone(&self.0).acquire_owned().await;
        let run = move || {
            let page = query.run();
            drop(permit);
            page
        };
        on_thread("cuc-mock query", run).await
    }
}

#[cfg(test)]
mod tests {
    use std::{
        pin::pin,
        task::{Context, Poll, Waker},
    };

    use tokio::runtime::Builder;

    use super::*;
    use crate::{
        engine::{Target, query::Query},
        resources::embedded_catalogue,
        schema::Release,
        store::Store,
    };

    #[test]
    fn further_queries_wait_until_one_ends() {
        let catalogue = embedded_catalogue(Release::V10_5);
        let resource = catalogue.resource("tenants").expect("a resource");
        let query = || {
            let query = Query::parse_for(&Target::collection(resource), None, "query=(Alias is a)");
            LongQuery::new(
                query.expect("a valid query"),
                Arc::new(Store::new(Arc::clone(&catalogue))),
            )
        };
        let runtime = Builder::new_current_thread().build().expect("a runtime");
        let _guard = runtime.enter();
        let queries = LongQueries::default();
        let permits = queries.0.try_acquire_many(2).expect("no query runs");
        let mut waiting = pin!(queries.run(query()));
        let mut context = Context::from_waker(Waker::noop());
        assert!(matches!(waiting.as_mut().poll(&mut context), Poll::Pending));
        drop(permits);
        let page = runtime.block_on(waiting).expect("a page");
        assert_eq!(page.total, 0);
        assert_eq!(queries.0.available_permits(), MAX_QUERIES);
    }
}
