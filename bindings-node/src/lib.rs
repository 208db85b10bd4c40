//! The native half of the npm package: values across the border, no decisions.
//!
//! Plain functions with handles, because a method of a native class costs ten times more, and
//! JSON bytes instead of objects, because building objects through Node-API is slower than
//! `JSON.parse`. `native.d.cts` declares what stands here; `js/` makes the idiom of it.

pub mod contract;
mod convert;
mod error;
pub mod host;
pub mod local;
mod peers;
pub mod rehearse;
pub mod tape;

/// Runs as the addon is loaded.
#[napi_derive::module_init]
fn loaded() {
    peer_contract::peers::look_beside_for_tls();
}
