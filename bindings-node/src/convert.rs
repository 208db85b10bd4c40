//! Bytes to values and back, and the choice between now and later.

use std::future::Future;
use std::task::{Context, Poll, Waker};

use napi::bindgen_prelude::{Buffer, Either, PromiseRaw, within_runtime_if_available};
use napi::{Env, Result};
use peer_contract_core::json::Json;
use peer_contract_core::{Limits, Problem};

/// Bytes up to which work is done where it was asked for. Checking 64 KiB takes about half a
/// millisecond; going to another thread and back would cost more than it saves.
const SMALL: usize = 64 << 10;

/// A result that is there already, or the promise of one.
pub(crate) type Soon<'env, T> = Either<T, PromiseRaw<'env, T>>;

/// Reads strict JSON.
pub(crate) fn to_json(text: Vec<u8>) -> std::result::Result<Json, Problem> {
    Json::read(text, &Limits::default())
}

/// JSON for `JSON.parse`.
pub(crate) fn to_buffer(json: &Json) -> Buffer {
    json.as_bytes().to_vec().into()
}

/// Runs small work to its end here when it waits for nothing; everything else leaves the event loop.
pub(crate) fn soon<'env, T, F>(env: &'env Env, size: usize, work: F) -> Result<Soon<'env, T>>
where
    T: napi::bindgen_prelude::ToNapiValue + Send + 'static,
    F: Future<Output = Result<T>> + Send + 'static,
{
    let mut work = Box::pin(work);
    if size <= SMALL {
        let mut context = Context::from_waker(Waker::noop());
        if let Poll::Ready(done) = within_runtime_if_available(|| work.as_mut().poll(&mut context)) {
            return done.map(Either::A);
        }
    }
    env.spawn_future(work).map(Either::B)
}
