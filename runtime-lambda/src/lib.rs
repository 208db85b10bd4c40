//! Agents under one contract, on AWS Lambda and on one laptop.
//!
//! `host` takes an invocation from bytes to a handler and back, for Rust and for the Python and
//! Node modules alike; `lambda` runs a Rust agent over `lambda_runtime`; `peers` reaches other
//! agents; `store` keeps what is too large or must outlive an invocation; `local` is the Lambda of
//! a laptop.

pub mod host;
pub mod peers;
pub mod store;
// written next: agent (Agent façade types), lambda, run, local
