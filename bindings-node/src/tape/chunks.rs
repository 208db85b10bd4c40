//! Strings, gathered into a few long ones.

use napi::bindgen_prelude::Either;
use napi::{Env, JsString, Result};
use peer_contract_core::plan::{Built, Extent, Halt, Text};

/// Units that a chunk may have, unless it is a single string.
const ROOM: usize = 1 << 16;

/// Chunks that a place on the tape can name.
const MOST: usize = 1 << 16;

/// What a length must fit in, see the table of cells.
const EXTENT_BITS: u32 = 28;

/// Where a string lies: chunk and first unit, and its length in units.
pub(super) struct Place {
    pub(super) at: u32,
    pub(super) units: u32,
}

/// The chunks of a text: the only one, or all by number.
pub(super) type Strings<'env> = Either<JsString<'env>, Vec<JsString<'env>>>;

/// A chunk that is full.
enum Chunk {
    /// Characters up to U+00FF.
    Narrow(Vec<u8>),
    /// UTF-16.
    Wide(Vec<u16>),
}

/// The chunks of one text.
#[derive(Default)]
pub(super) struct Chunks {
    /// One for each number given out; those being filled are empty here.
    full: Vec<Chunk>,
    narrow: Vec<u8>,
    narrow_number: Option<usize>,
    wide: Vec<u16>,
    wide_number: Option<usize>,
}

impl Chunks {
    /// Forgets everything, but keeps memory for the next text.
    pub(super) fn clear(&mut self) {
        self.full.clear();
        self.narrow.clear();
        self.narrow.shrink_to(ROOM);
        self.narrow_number = None;
        self.wide = Vec::new();
        self.wide_number = None;
    }

    /// Adds ASCII as it is.
    #[inline]
    pub(super) fn ascii(&mut self, text: &[u8]) -> Built<Place> {
        if text.is_empty() {
            return Ok(Place { at: 0, units: 0 });
        }
        let number = self.narrow(text.len())?;
        let first = self.narrow.len();
        self.narrow.extend_from_slice(text);
        place(number, first, text.len())
    }

    /// Adds a string of a text, its escapes resolved.
    pub(super) fn string(&mut self, text: &Text<'_>) -> Built<Place> {
        if !text.escaped && text.raw.is_ascii() {
            return self.ascii(text.raw);
        }
        let Extent { characters, highest } = text.extent();
        match highest {
            0..0x100 => {
                let number = self.narrow(characters)?;
                let first = self.narrow.len();
                self.narrow.resize(first + characters, 0);
                text.fill(&mut self.narrow[first..]);
                place(number, first, characters)
            }
            0x100..0x1_0000 => {
                let number = self.wide(characters)?;
                let first = self.wide.len();
                self.wide.resize(first + characters, 0);
                text.fill(&mut self.wide[first..]);
                place(number, first, characters)
            }
            _ => self.text(std::str::from_utf8(&text.unescaped()).map_err(|_| Halt)?),
        }
    }

    /// Adds any text as it is.
    #[inline(never)]
    pub(super) fn text(&mut self, text: &str) -> Built<Place> {
        if text.is_ascii() {
            return self.ascii(text.as_bytes());
        }
        if text.chars().all(|c| u32::from(c) <= 0xff) {
            let number = self.narrow(text.len())?;
            let first = self.narrow.len();
            self.narrow.extend(text.chars().map(|c| u32::from(c) as u8));
            return place(number, first, self.narrow.len() - first);
        }
        let number = self.wide(text.len())?;
        let first = self.wide.len();
        self.wide.extend(text.encode_utf16());
        place(number, first, self.wide.len() - first)
    }

    /// The number of a narrow chunk that takes `units` more.
    #[inline]
    fn narrow(&mut self, units: usize) -> Built<usize> {
        match self.narrow_number {
            Some(number) if self.narrow.is_empty() || self.narrow.len() + units <= ROOM => Ok(number),
            last => self.next_narrow(last, units),
        }
    }

    #[cold]
    fn next_narrow(&mut self, last: Option<usize>, units: usize) -> Built<usize> {
        if let Some(last) = last {
            self.full[last] = Chunk::Narrow(std::mem::take(&mut self.narrow));
            self.narrow.reserve_exact(ROOM.max(units));
        }
        let number = self.next(Chunk::Narrow(Vec::new()))?;
        self.narrow_number = Some(number);
        Ok(number)
    }

    fn wide(&mut self, units: usize) -> Built<usize> {
        if let Some(number) = self.wide_number {
            if self.wide.is_empty() || self.wide.len() + units <= ROOM {
                return Ok(number);
            }
            self.full[number] = Chunk::Wide(std::mem::take(&mut self.wide));
        }
        let number = self.next(Chunk::Wide(Vec::new()))?;
        self.wide_number = Some(number);
        Ok(number)
    }

    fn next(&mut self, chunk: Chunk) -> Built<usize> {
        if self.full.len() == MOST {
            return Err(Halt);
        }
        self.full.push(chunk);
        Ok(self.full.len() - 1)
    }

    /// The chunks as strings of JavaScript: the only one, or all by number.
    pub(super) fn strings<'env>(&self, env: &'env Env) -> Result<Strings<'env>> {
        if self.full.len() <= 1 && self.wide_number.is_none() {
            return env.create_string_latin1(&self.narrow).map(Either::A);
        }
        let string = |(number, chunk): (usize, &Chunk)| match chunk {
            Chunk::Narrow(_) if self.narrow_number == Some(number) => env.create_string_latin1(&self.narrow),
            Chunk::Narrow(full) => env.create_string_latin1(full),
            Chunk::Wide(_) if self.wide_number == Some(number) => env.create_string_utf16(&self.wide),
            Chunk::Wide(full) => env.create_string_utf16(full),
        };
        self.full.iter().enumerate().map(string).collect::<Result<_>>().map(Either::B)
    }
}

#[inline]
fn place(number: usize, first: usize, units: usize) -> Built<Place> {
    // A string begins within the room of its chunk; both numbers have 16 bits.
    let at = (number << 16 | first) as u32;
    if units >> EXTENT_BITS == 0 { Ok(Place { at, units: units as u32 }) } else { Err(Halt) }
}
