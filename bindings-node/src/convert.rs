//! Bytes to values and back, and the choice between now and later.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use napi::bindgen_prelude::{Either, External, PromiseRaw, within_runtime_if_available};
use napi::{Env, JsString, Result};
use peer_contract_core::json::{Draft, Json};
use peer_contract_core::{Limits, Problem};

/// Bytes up to which work is done where it was asked for. Opening a message of 256 KiB takes about a millisecond; going
/// to another thread and back takes a tenth of that, and the event loop has nothing better to do in most sandboxes.
const SMALL: usize = 256 << 10;

/// A result that is there already, or the promise of one.
pub(crate) type Soon<'env, T> = Either<T, PromiseRaw<'env, T>>;

/// Reads strict JSON.
pub(crate) fn to_json(text: Vec<u8>) -> std::result::Result<Json, Problem> {
    Json::read(text, &Limits::default())
}

/// A part of a message for JavaScript: it reads the bytes where they are.
pub(crate) fn to_handle(json: &Json) -> External<Json> {
    External::new(json.clone())
}

/// What a handler gives. Where that is the very text that came, it is checked already.
pub(crate) fn to_draft(text: JsString<'_>, came: Option<&Json>) -> Result<Draft> {
    let text = to_utf8(text)?;
    Ok(match came {
        Some(json) if json.as_bytes() == text => json.clone().into(),
        _ => text.into(),
    })
}

/// A string of JavaScript as UTF-8. The engine gives UTF-16 about three times as fast as UTF-8, and making the one of
/// the other costs little where most of it is ASCII.
pub(crate) fn to_utf8(text: JsString<'_>) -> Result<Vec<u8>> {
    let text = text.into_utf16()?;
    // The engine ends it with a zero.
    Ok(utf8_of(text.as_slice().split_last().map_or(&[], |(_, units)| units)))
}

/// Half of a surrogate pair becomes U+FFFD; what `JSON.stringify` wrote holds none.
fn utf8_of(units: &[u16]) -> Vec<u8> {
    let mut utf8 = Vec::with_capacity(units.len() + units.len() / 8);
    let mut rest = units;
    while let Some((block, behind)) = rest.split_first_chunk::<BLOCK>() {
        if block.iter().fold(0, |all, unit| all | unit) < 0x80 {
            utf8.extend_from_slice(&block.map(|unit| unit as u8));
            rest = behind;
        } else {
            // A pair may cross the end of the block.
            let ends_in_pair = block.last().is_some_and(|unit| (0xd800..0xdc00).contains(unit));
            let (odd, behind) = rest.split_at(if ends_in_pair { BLOCK - 1 } else { BLOCK });
            push_any(&mut utf8, odd);
            rest = behind;
        }
    }
    push_any(&mut utf8, rest);
    utf8
}

/// Units that are looked at together.
const BLOCK: usize = 16;

/// Adds a block or less.
fn push_any(utf8: &mut Vec<u8>, units: &[u16]) {
    if units.iter().fold(false, |any, unit| any | (unit & 0xf800 == 0xd800)) {
        return push_pairs(utf8, units);
    }
    let (mut bytes, mut end) = ([0; 3 * BLOCK], 0);
    for unit in units {
        let (first, low) = (*unit >> 6, 0x80 | (*unit & 0x3f) as u8);
        let (written, length) = match unit {
            0..0x80 => ([*unit as u8, 0, 0], 1),
            0x80..0x800 => ([0xc0 | first as u8, low, 0], 2),
            _ => ([0xe0 | (*unit >> 12) as u8, 0x80 | (first & 0x3f) as u8, low], 3),
        };
        bytes[end..end + 3].copy_from_slice(&written);
        end += length;
    }
    utf8.extend_from_slice(&bytes[..end]);
}

/// The same where two units make a character.
#[cold]
fn push_pairs(utf8: &mut Vec<u8>, units: &[u16]) {
    for unit in char::decode_utf16(units.iter().copied()) {
        let unit = unit.unwrap_or(char::REPLACEMENT_CHARACTER);
        utf8.extend_from_slice(unit.encode_utf8(&mut [0; 4]).as_bytes());
    }
}

/// UTF-8 as a string of JavaScript.
pub(crate) fn to_string<'env>(env: &'env Env, text: &[u8]) -> Result<JsString<'env>> {
    if text.is_ascii() {
        return env.create_string_latin1(text);
    }
    env.create_string(std::str::from_utf8(text).map_err(|error| napi::Error::from_reason(error.to_string()))?)
}

/// Runs small work to its end here when it waits for nothing; everything else leaves the event loop.
pub(crate) fn soon<'env, T, F>(env: &'env Env, size: usize, work: F) -> Result<Soon<'env, T>>
where
    T: napi::bindgen_prelude::ToNapiValue + Send + 'static,
    F: Future<Output = Result<T>> + Send + 'static,
{
    // One type for all work that gives the same: what a promise needs of the addon is 25 KB for each type of future.
    let mut work: Pin<Box<dyn Future<Output = Result<T>> + Send>> = Box::pin(work);
    if size <= SMALL {
        let mut context = Context::from_waker(Waker::noop());
        if let Poll::Ready(done) = within_runtime_if_available(|| work.as_mut().poll(&mut context)) {
            return done.map(Either::A);
        }
    }
    env.spawn_future(work).map(Either::B)
}
