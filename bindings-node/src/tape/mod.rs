//! The tape: what one pass over a text leaves for generated JavaScript to make objects of.
//!
//! ```text
//! bytes ─Schema::build→ tape (a Uint32Array of JavaScript) + chunks (a few long strings) ─generated readers→ objects
//! ```
//!
//! Building objects through Node-API costs more than `JSON.parse` does; numbers in a typed array cost almost
//! nothing. So the pass writes where things are, in one call, and JavaScript reads it back into object literals.
//! `js/tape.ts` is the reader.
//!
//! # Cells
//!
//! The tape is a `Uint32Array`; two words at an even index are a *cell*, one value. The low four bits of the second word
//! say what it is, the rest of that word is its *extent*, the first word its *place*. The cell of the whole text has index 0.
//!
//! | kind | place | extent |
//! | --- | --- | --- |
//! | `ABSENT` (0) | | |
//! | `NULL`, `FALSE`, `TRUE` | | |
//! | `INTEGER` | the number, of 32 bits | |
//! | `DOUBLE` | index in the same memory as a `Float64Array` | |
//! | `TEXT` | chunk (high 16 bits), first unit in it | length in UTF-16 units |
//! | `WORD` | index into the words of the schema | |
//! | `LIST` | index of the first item's cell | items |
//! | `MAP` | index of the first key's cell; keys and values take turns | members |
//! | `RECORD` | index of the record's first cell | its shape |
//! | `JSON` | as `TEXT`: JSON that `JSON.parse` reads | |
//!
//! A record is a `MAP` cell with the members that its shape does not name (`ABSENT` when there are none), then **one cell for
//! each property of the shape**, in the shape's order. So members may come in any order, and a property that is not there
//! is `ABSENT`. Cells describe themselves: a reader that expects a text and finds a list reads a list.
//!
//! # Chunks
//!
//! Strings are gathered, escapes resolved, in chunks of at most 64 Ki units (a longer string has one of its own), which become
//! strings of JavaScript; a value is a substring. V8 keeps the whole of a string alive for a substring of it: a chunk bounds
//! what one kept value can hold. Characters up to U+00FF take a byte each, chunks with others take two.
//!
//! # Shapes
//!
//! Generated code describes its types in a list (`_contract.cjs`); a shape is an index into it. Shape 0 is *plain*: nothing is
//! known. The others are arrays in JSON:
//!
//! | shape | of |
//! | --- | --- |
//! | `["record", rest, name, shape, …]` | an object with named properties; members with other names have the shape `rest`; a name without a shape behind it is plain |
//! | `["list", items]` | an array |
//! | `["map", values]` | an object with any keys |
//! | `["union", tag, constant, shape, …]` | records that the member `tag` tells apart |
//! | `["either", object, list]` | what an object is, what an array is |
//!
//! A shape never decides validity: the schema did. A value that does not fit its shape is put on the tape as what it is.

mod bound;
mod chunks;
pub mod read;
mod shapes;
mod sink;
