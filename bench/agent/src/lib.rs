//! The Rust agent of the benchmark.

mod parcels;

use peer_contract::{Serve, Work};
use rustix::time::{ClockId, clock_gettime};

use parcels::{Landing, Parcel, Trip, node, python, rust};

struct Rust;

/// The agent, ready to be served.
pub fn agent() -> impl Serve {
    rust::serve(Rust)
}

impl rust::Agent for Rust {
    async fn to_rust(&self, work: &mut Work<Trip>, parcel: Parcel) -> Result<rust::Land, rust::ToRustError> {
        work.state.handed_ns = now_ns();
        Ok(rust::land(parcel))
    }

    async fn to_python(&self, work: &mut Work<Trip>, parcel: Parcel) -> Result<python::Land, rust::ToPythonError> {
        work.state.handed_ns = now_ns();
        Ok(python::land(parcel))
    }

    async fn to_node(&self, work: &mut Work<Trip>, parcel: Parcel) -> Result<node::Land, rust::ToNodeError> {
        work.state.handed_ns = now_ns();
        Ok(node::land(parcel))
    }

    async fn land(&self, work: &mut Work<Trip>, _: Parcel) -> Result<Landing, rust::LandError> {
        Ok(Landing::new(now_ns() - work.state.handed_ns))
    }

    async fn relay(&self, work: &mut Work<Trip>, mut parcel: Parcel) -> Result<rust::RelayOutcome, rust::RelayError> {
        if work.state.handed_ns == 0 {
            work.state.handed_ns = now_ns();
        }
        if parcel.hops == 0 {
            return Ok(Landing::new(now_ns() - work.state.handed_ns).into());
        }
        parcel.hops -= 1;
        Ok(python::relay(parcel).into())
    }
}

/// The monotonic clock of the machine, which all processes on it share; below 2^53 for 104 days after boot.
fn now_ns() -> i64 {
    let now = clock_gettime(ClockId::Monotonic);
    now.tv_sec * 1_000_000_000 + now.tv_nsec
}
