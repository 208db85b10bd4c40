//! Stores: one suite that all of them pass, and what they do when things fail.
//!
//! S3 and DynamoDB are two implementations on this machine, which `tests/cloud.py` starts.

mod answers;
mod cloud;
mod conformance;
#[cfg(target_os = "linux")]
mod faults;
mod requests;
#[path = "../shop/mod.rs"]
mod shop;
mod upkeep;
mod writers;
