//! The functions that JavaScript calls.

use std::cell::RefCell;
use std::sync::Arc;

use napi::bindgen_prelude::{External, Uint32ArraySlice};
use napi::{Env, Result};
use napi_derive::napi;
use peer_contract_core::Limits;
use peer_contract_core::json::Json;
use peer_contract_core::schema::{Schema, Unbuilt};

use super::bound::Bound;
use super::chunks::{Chunks, Strings};
use super::shapes::Shapes;
use super::sink::{Cell, Tape};
use crate::error::to_exception;

/// Open cells that memory is kept for: 256 KiB.
const KEPT_CELLS: usize = 1 << 15;

thread_local! {
    /// Memory that the next text uses again.
    static KEPT: RefCell<(Chunks, Vec<Cell>)> = RefCell::default();
}

/// Reads the shapes of a generated package, see [`super`].
#[napi]
pub fn parse_shapes(text: String) -> Result<External<Shapes>> {
    Shapes::parse(&text).map(External::new)
}

/// A type: the schema that decides, and the shape that the tape has.
#[napi]
pub fn bind_type(schema: &External<Arc<Schema>>, shapes: &External<Shapes>, root: u32) -> External<Bound> {
    External::new(Bound::new(Arc::clone(schema), shapes, root))
}

/// How many words the schema of a type spells out.
#[napi]
pub fn count_words(bound: &External<Bound>) -> u32 {
    bound.schema.words().len() as u32
}

/// A word of the schema of a type.
#[napi]
pub fn word_at(bound: &External<Bound>, index: u32) -> Option<&str> {
    bound.schema.words().get(index as usize).map(String::as_str)
}

/// Checks a text and fills the tape with what is in it. Gives the chunks; nothing when the tape is too small.
#[napi]
pub fn fill_tape<'env>(
    env: &'env Env,
    bound: &External<Bound>,
    text: &[u8],
    tape: Uint32ArraySlice<'_>,
) -> Result<Option<Strings<'env>>> {
    fill(env, bound, text, tape)
}

/// The same for a part of a message.
#[napi]
pub fn fill_tape_of<'env>(
    env: &'env Env,
    bound: &External<Bound>,
    json: &External<Json>,
    tape: Uint32ArraySlice<'_>,
) -> Result<Option<Strings<'env>>> {
    fill(env, bound, json.as_bytes(), tape)
}

/// `text` must not lie in `tape`.
fn fill<'env>(
    env: &'env Env,
    bound: &Bound,
    text: &[u8],
    mut tape: Uint32ArraySlice<'_>,
) -> Result<Option<Strings<'env>>> {
    // SAFETY: `js/tape.ts` keeps this memory to itself, so nothing else reads or writes it before we return,
    // and `text` never lies in it. JavaScript stands still meanwhile, so it is neither moved nor freed.
    let tape = unsafe { tape.as_mut() };
    KEPT.with_borrow_mut(|(chunks, open)| {
        let mut sink = Tape::new(bound, tape, chunks, open);
        let filled = match bound.schema.build(text, &Limits::default(), &mut sink, bound.root) {
            Ok(root) if sink.finish(root).is_ok() => chunks.strings(env).map(Some),
            Ok(_) | Err(Unbuilt::Halted) => Ok(None),
            Err(Unbuilt::Problems(problems)) => Err(to_exception(&problems)),
        };
        chunks.clear();
        open.clear();
        open.shrink_to(KEPT_CELLS);
        filled
    })
}
