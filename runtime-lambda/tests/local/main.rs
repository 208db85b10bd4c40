//! The local Lambda, with functions in Python that speak the Runtime API by hand.
#![cfg(feature = "local")]

mod harness;
mod invoke;
