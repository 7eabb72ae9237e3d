//! What must have happened, asked of a space.

use std::{future::Future, panic::Location, sync::mpsc, thread};

use super::{Space, runtime::runtime};
use crate::journal::{JournalEntry, Secrets, Verification, VerificationFailure, verify};

impl Space {
    /// The requests that the journal keeps, oldest first, without credentials, cookies and passwords.
    pub fn requests(&self) -> Vec<JournalEntry> {
        self.journal(Secrets::Hidden)
    }

    /// As [`Space::requests`], with credentials, cookies and passwords.
    pub fn requests_with_secrets(&self) -> Vec<JournalEntry> {
        self.journal(Secrets::Shown)
    }

    fn journal(&self, secrets: Secrets) -> Vec<JournalEntry> {
        let entries = self.inner.journal.view().entries;
        let requests = entries
            .iter()
            .map(|entry| JournalEntry::new(self.name(), entry, secrets));
        requests.collect()
    }

    /// Makes sure that something happened: how often, after what, and within which time, which begins with the
    /// call.
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
    /// When it did not; the message tells the closest requests and what differs in them.
    #[track_caller]
    pub fn verify<V: Into<Verification>>(
        &self,
        verification: V,
    ) -> impl Future<Output = ()> + Send + use<V> {
        let caller = Location::caller();
        let verified = self.verified(verification.into());
        async move {
            if let Err(failure) = verified.await {
                panic!("{caller}: {failure}");
            }
        }
    }

    /// As [`Space::verify`], for a test that is not asynchronous.
    ///
    /// # Panics
    ///
    /// When it did not happen; the message tells the closest requests and what differs in them.
    #[track_caller]
    pub fn verify_blocking(&self, verification: impl Into<Verification>) {
        if let Err(failure) = self.try_verify_blocking(verification) {
            panic!("{failure}");
        }
    }

    /// As [`Space::verify`]; tells how many requests were found.
    ///
    /// # Errors
    ///
    /// When it did not happen.
    pub fn try_verify<V: Into<Verification>>(
        &self,
        verification: V,
    ) -> impl Future<Output = Result<u64, VerificationFailure>> + Send + use<V> {
        self.verified(verification.into())
    }

    fn verified(
        &self,
        verification: Verification,
    ) -> impl Future<Output = Result<u64, VerificationFailure>> + Send + use<> {
        let space = self.clone();
        // The threads of the server keep the time: the test's runtime need not.
        let verified = runtime().map(|runtime| {
            runtime.spawn(async move { verify(&space.inner.journal, &verification).await })
        });
        async move {
            let verified = verified.expect("the runtime that runs the server is there");
            verified.await.expect("to verify never panics")
        }
    }

    /// As [`Space::try_verify`], for a test that is not asynchronous.
    ///
    /// # Errors
    ///
    /// When it did not happen.
    pub fn try_verify_blocking(
        &self,
        verification: impl Into<Verification>,
    ) -> Result<u64, VerificationFailure> {
        let (space, verification) = (self.clone(), verification.into());
        let (tell, told) = mpsc::sync_channel(1);
        let runtime = runtime().expect("the runtime that runs the server is there");
        runtime.spawn(async move {
            let _ = tell.send(verify(&space.inner.journal, &verification).await);
        });
        told.recv().expect("to verify never panics")
    }

    /// Says at the beginning of a test what must have happened at its end: that is verified when the
    /// expectation is dropped, unless the test fails anyway.
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

/// What must have happened when this is dropped. Made by [`Space::expect`].
///
/// It waits for as long as the verification says, in the thread that drops it.
#[derive(Debug)]
#[must_use = "it is verified when it is dropped: bind it to a name that lives as long as the test"]
pub struct Expectation {
    space: Space,
    verification: Verification,
    caller: &'static Location<'static>,
}

impl Drop for Expectation {
    /// # Panics
    ///
    /// When what is expected did not happen, unless the thread panics already.
    fn drop(&mut self) {
        if thread::panicking() {
            return;
        }
        let verified = self.space.try_verify_blocking(self.verification.clone());
        if let Err(failure) = verified {
            panic!(
                "what was expected at {} did not happen: {failure}",
                self.caller
            );
        }
    }
}
