//! Work on several processors.

use std::{
    num::NonZero,
    panic::resume_unwind,
    thread::{self, Builder},
};

use parking_lot::Mutex;

/// The number of threads that share large work, and the size from which on work is large.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Parallelism {
    /// The number of threads, including the one that begins the work. `None` for one for each processor, which are counted
    /// only if there is large work.
    pub(crate) threads: Option<usize>,
    /// The smallest part of a document in bytes that a thread reads.
    pub(crate) min_bytes: usize,
    /// The smallest number of records that a thread works on.
    pub(crate) min_records: usize,
}

impl Parallelism {
    /// Uses all processors. Starting a thread takes less time than the smallest part of the work.
    pub(crate) fn of_machine() -> Self {
        Self {
            threads: None,
            min_bytes: 1024 * 1024,
            min_records: 1024,
        }
    }

    /// True if all work is done on one thread.
    pub(crate) fn is_sequential(self) -> bool {
        self.threads == Some(1)
    }

    /// Returns the results of `work` for each task, in the order of the tasks. If the operating system allows no more
    /// threads, fewer of them do the work.
    pub(crate) fn map<T: Send, R: Send>(
        self,
        tasks: Vec<T>,
        work: impl Fn(T) -> R + Sync,
    ) -> Vec<R> {
        let threads = match tasks.len() {
            0 | 1 => 1,
            tasks => self.threads.unwrap_or_else(processors).min(tasks),
        };
        let results = Mutex::new(Vec::with_capacity(tasks.len()));
        let queue = Mutex::new(tasks.into_iter().enumerate());
        run_on(threads, &|| {
            loop {
                let next = queue.lock().next();
                let Some((number, task)) = next else {
                    return;
                };
                let result = work(task);
                results.lock().push((number, result));
            }
        });
        let mut results = results.into_inner();
        results.sort_unstable_by_key(|(number, _)| *number);
        results.into_iter().map(|(_, result)| result).collect()
    }
}

/// Runs `work` on this thread and on others, which are fewer if the operating system allows no more. Compiled once, and not
/// for each type of work.
fn run_on(threads: usize, work: &(dyn Fn() + Sync)) {
    thread::scope(|scope| {
        let others: Vec<_> = (1..threads)
            .map_while(|_| Builder::new().spawn_scoped(scope, work).ok())
            .collect();
        work();
        for other in others {
            other.join().unwrap_or_else(|panic| resume_unwind(panic));
        }
    });
}

fn processors() -> usize {
    thread::available_parallelism().map_or(1, NonZero::get)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_in_the_order_of_the_tasks() {
        for threads in [None, Some(0), Some(1), Some(3), Some(64)] {
            let parallelism = Parallelism {
                threads,
                ..Parallelism::of_machine()
            };
            let squares = parallelism.map((0..100).collect(), |number: usize| number * number);
            assert!(
                squares
                    .into_iter()
                    .eq((0..100).map(|number| number * number))
            );
        }
    }
}
