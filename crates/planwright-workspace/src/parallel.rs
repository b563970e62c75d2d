//! Work shared by a few threads.

use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How many threads are worth starting for `units` pieces of work of which one thread does
/// `enough` before another pays for its own start.
pub(crate) fn threads(units: usize, enough: usize) -> usize {
    let available = std::thread::available_parallelism()
        .map_or(1, NonZero::get)
        .min(16);
    available.min(units.div_ceil(enough)).max(1)
}

/// Runs `work` on the calling thread and on `threads - 1` more; what each returned.
pub(crate) fn run<T: Send>(threads: usize, work: impl Fn() -> T + Sync) -> Vec<T> {
    if threads <= 1 {
        return vec![work()];
    }
    std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(&work)).collect();
        let mut all = vec![work()];
        for other in others {
            match other.join() {
                Ok(result) => all.push(result),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        all
    })
}

/// Hands out the numbers `0..len` in portions, to whichever thread asks.
pub(crate) struct Portions {
    next: AtomicUsize,
    len: usize,
    portion: usize,
}

impl Portions {
    pub(crate) fn new(len: usize, portion: usize) -> Self {
        Self {
            next: AtomicUsize::new(0),
            len,
            portion,
        }
    }

    pub(crate) fn take(&self) -> Option<std::ops::Range<usize>> {
        let start = self.next.fetch_add(self.portion, Ordering::Relaxed);
        (start < self.len).then(|| start..self.len.min(start + self.portion))
    }
}
