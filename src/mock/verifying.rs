//! Verification of the requests to a space.

use std::{
    future::Future,
    panic::{Location, resume_unwind},
    sync::mpsc,
    thread,
};

use futures_util::FutureExt;
use tokio::task::{JoinError, JoinHandle};

use super::{Space, runtime::runtime};
use crate::journal::{
    JournalEntry, RequestPattern, Secrets, Verification, VerificationFailure, verify,
};

impl Space {
    /// Returns the requests in the journal, oldest first, without credentials, cookies and passwords.
    pub fn requests(&self) -> Vec<JournalEntry> {
        self.journal(Secrets::Hidden)
    }

    /// Returns the requests in the journal that match the pattern, as [`Space::requests`] does.
    ///
    /// ```
    /// use cuc_mock::{CucMock, RequestPattern};
    ///
    /// let mock = CucMock::start_blocking();
    /// # ureq::get(format!("http://admin:secret@{}/vmrest/tenants", mock.address())).call().unwrap();
    /// // … what the test does …
    /// let reads = mock.requests_matching(&RequestPattern::get("tenants").status(200));
    /// assert_eq!(reads.len(), 1);
    /// ```
    pub fn requests_matching(&self, pattern: &RequestPattern) -> Vec<JournalEntry> {
        let entries = self.inner.journal.view().entries;
        let matching = entries.iter().filter(|entry| pattern.matches(entry));
        matching
            .map(|entry| JournalEntry::new(entry, Secrets::Hidden))
            .collect()
    }

    /// Returns the requests in the journal, with credentials, cookies and passwords.
    pub fn requests_with_secrets(&self) -> Vec<JournalEntry> {
        self.journal(Secrets::Shown)
    }

    fn journal(&self, secrets: Secrets) -> Vec<JournalEntry> {
        let entries = self.inner.journal.view().entries;
        let requests = entries
            .iter()
            .map(|entry| JournalEntry::new(entry, secrets));
        requests.collect()
    }

    /// Verifies the requests in the journal. A time limit starts with the call.
    ///
    /// ```
    /// use std::time::Duration;
    /// use cuc_mock::{CucMock, RequestPattern};
    ///
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
    /// let mock = CucMock::start().await;
    /// // … what the test does …
    /// mock.verify(RequestPattern::delete("externalservices/*").never()).await;
    /// # ureq::get(mock.uri()).call().unwrap_err();
    /// mock.verify(RequestPattern::get("/").at_least(1).within(Duration::from_secs(2))).await;
    /// # });
    /// ```
    ///
    /// # Panics
    ///
    /// If the expectation is not met. The message lists the closest requests and their differences.
    #[track_caller]
    pub fn verify<V: Into<Verification>>(
        &self,
        verification: V,
    ) -> impl Future<Output = ()> + Send + use<V> {
        let caller = Location::caller();
        let result = self.run(verification.into());
        async move {
            if let Err(failure) = result.await {
                panic!("{caller}: {failure}");
            }
        }
    }

    /// Verifies the requests in the journal, as [`Space::verify`] does, in a synchronous test.
    ///
    /// # Panics
    ///
    /// If the expectation is not met. The message lists the closest requests and their differences.
    #[track_caller]
    pub fn verify_blocking(&self, verification: impl Into<Verification>) {
        if let Err(failure) = self.try_verify_blocking(verification) {
            panic!("{failure}");
        }
    }

    /// Verifies the requests in the journal, as [`Space::verify`] does, and returns the number of matching requests.
    ///
    /// # Errors
    ///
    /// If the expectation is not met.
    pub fn try_verify<V: Into<Verification>>(
        &self,
        verification: V,
    ) -> impl Future<Output = Result<u64, VerificationFailure>> + Send + use<V> {
        self.run(verification.into())
    }

    fn run(
        &self,
        verification: Verification,
    ) -> impl Future<Output = Result<u64, VerificationFailure>> + Send + use<> {
        let task = self.spawn(verification);
        async move { returned(task.await) }
    }

    /// Verifies on the server's runtime, because the test's runtime may have no timer.
    fn spawn(&self, verification: Verification) -> JoinHandle<Result<u64, VerificationFailure>> {
        let space = self.clone();
        let runtime = runtime().expect("the server has a runtime");
        runtime.spawn(async move { verify(&space.inner.journal, &verification).await })
    }

    /// Verifies the requests in the journal, as [`Space::try_verify`] does, in a synchronous test.
    ///
    /// # Errors
    ///
    /// If the expectation is not met.
    pub fn try_verify_blocking(
        &self,
        verification: impl Into<Verification>,
    ) -> Result<u64, VerificationFailure> {
        let task = self.spawn(verification.into());
        let (sender, receiver) = mpsc::sync_channel(1);
        let runtime = runtime().expect("the server has a runtime");
        let forward = async move {
            let _ = sender.send(task.await);
        };
        // Boxed, as every task (`server::run`).
        runtime.spawn(forward.boxed());
        returned(receiver.recv().expect("the runtime never stops"))
    }

    /// Expects requests until the end of a test: the expectation is verified when it is dropped, unless the test has
    /// already failed.
    ///
    /// ```
    /// use cuc_mock::{CucMock, RequestPattern};
    ///
    /// let mock = CucMock::start_blocking();
    /// let _expected = mock.expect(RequestPattern::delete("tenants/*").never());
    /// // … what the test does …
    /// ```
    #[track_caller]
    pub fn expect(&self, verification: impl Into<Verification>) -> Expectation {
        Expectation {
            space: self.clone(),
            verification: verification.into(),
            caller: Location::caller(),
        }
    }
}

/// Returns the result of a verification. A panic in a closure of its pattern continues in the test.
fn returned<T>(result: Result<T, JoinError>) -> T {
    result.unwrap_or_else(|error| match error.try_into_panic() {
        Ok(panic) => resume_unwind(panic),
        Err(error) => panic!("the verification was cancelled: {error}"),
    })
}

/// An expectation that is verified when it is dropped, created by [`Space::expect`].
///
/// It blocks the thread that drops it for the time limit of the verification.
#[derive(Debug)]
#[must_use = "it is verified when it is dropped: bind it to a variable of the test"]
pub struct Expectation {
    space: Space,
    verification: Verification,
    caller: &'static Location<'static>,
}

impl Drop for Expectation {
    /// # Panics
    ///
    /// If the expectation is not met, unless the thread is already panicking.
    fn drop(&mut self) {
        if thread::panicking() {
            return;
        }
        let result = self.space.try_verify_blocking(self.verification.clone());
        if let Err(failure) = result {
            panic!("the expectation at {} is not met: {failure}", self.caller);
        }
    }
}
