//! The local Lambda, with functions in Python that speak the Runtime API by hand.
#![cfg(feature = "local")]

mod destinations;
mod ending;
mod harness;
mod invoke;
mod lifetimes;
mod logs;
mod queue;
mod real;
mod sandboxes;
