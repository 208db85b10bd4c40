//! Envelopes from bytes to a delivery and back, and the vectors that all languages share.

mod answers;
mod carrying;
mod compat_vectors;
mod differences;
mod fan_out;
mod kit;
mod large_parts;
mod mutation;
mod outcomes;
mod peers;
mod reading;
mod requests;
mod schemas;
mod soundness;
mod vectors;
