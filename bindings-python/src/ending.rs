//! The end of the interpreter while other threads are at work.
//!
//! Before 3.14, a thread that wants the interpreter lock back once the interpreter is ending is ended on the spot: its
//! stack is unwound, and destructors of Rust touch objects that they have no lock for. Threads that gave the lock away in
//! Rust are kept asleep by pyo3, but not those that lose it in code of Python that frames of ours called. So such code
//! runs [`Inside`] a door: `atexit`, which comes before the end, closes it and waits until nobody is behind it.

use std::cell::Cell;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::thread;
use std::time::{Duration, Instant};

use pyo3::intern;
use pyo3::prelude::*;

/// How many threads run code of Python below frames of this module.
static INSIDE: AtomicUsize = AtomicUsize::new(0);
/// Whether the interpreter is about to end.
static ENDING: AtomicBool = AtomicBool::new(false);

/// How long the end waits. Who takes longer, a handler of a peer in this process perhaps, is ended as Python does it.
const PATIENCE: Duration = Duration::from_secs(2);
/// How often it looks.
const LOOK: Duration = Duration::from_millis(1);

thread_local! {
    /// How often this thread is behind the door.
    static DEPTH: Cell<usize> = const { Cell::new(0) };
    /// Whether it is the one that ends the interpreter, and may do whatever it likes.
    static ENDS: Cell<bool> = const { Cell::new(false) };
}

/// While it lives, the interpreter does not end.
pub(crate) struct Inside(());

impl Inside {
    /// Goes through the door, or sleeps for good in front of it: the thread is one of those that the end leaves behind.
    pub(crate) fn enter(py: Python<'_>) -> Self {
        match Self::try_enter() {
            Some(inside) => inside,
            None => loop {
                py.detach(thread::park);
            },
        }
    }

    /// The same for a thread that can do without; `None` when the door is closed.
    pub(crate) fn try_enter() -> Option<Self> {
        if DEPTH.get() == 0 {
            INSIDE.fetch_add(1, SeqCst);
            if ENDING.load(SeqCst) && !ENDS.get() {
                INSIDE.fetch_sub(1, SeqCst);
                return None;
            }
        }
        DEPTH.set(DEPTH.get() + 1);
        Some(Self(()))
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        DEPTH.set(DEPTH.get() - 1);
        if DEPTH.get() == 0 {
            INSIDE.fetch_sub(1, SeqCst);
        }
    }
}

/// Has the door closed before the interpreter ends.
pub(crate) fn watch(module: &Bound<'_, PyModule>) -> PyResult<()> {
    let close = wrap_pyfunction!(close, module)?;
    module.py().import(intern!(module.py(), "atexit"))?.call_method1(intern!(module.py(), "register"), (close,))?;
    Ok(())
}

#[pyfunction]
fn close(py: Python<'_>) {
    ENDS.set(true);
    ENDING.store(true, SeqCst);
    let own = usize::from(DEPTH.get() > 0);
    py.detach(|| {
        let until = Instant::now() + PATIENCE;
        while INSIDE.load(SeqCst) > own && Instant::now() < until {
            thread::sleep(LOOK);
        }
    });
}
