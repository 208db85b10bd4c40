//! Writes the tape during the pass.

use peer_contract_core::plan::{Built, Halt, Key, Sink, Text, Word};

use super::bound::{Bound, Layout, Slots};
use super::chunks::{Chunks, Place};
use super::shapes::{PLAIN, ShapeId};

/// Kinds of cells, see the table in [`super`]. `js/tape.ts` has the same. 0 is `ABSENT`, as fresh memory has it.
mod kind {
    pub(super) const NULL: u32 = 1;
    pub(super) const FALSE: u32 = 2;
    pub(super) const TRUE: u32 = 3;
    pub(super) const INTEGER: u32 = 4;
    pub(super) const DOUBLE: u32 = 5;
    pub(super) const TEXT: u32 = 6;
    pub(super) const WORD: u32 = 7;
    pub(super) const LIST: u32 = 8;
    pub(super) const MAP: u32 = 9;
    pub(super) const RECORD: u32 = 10;
    pub(super) const JSON: u32 = 11;
}

/// One value.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cell {
    place: u32,
    kind: u32,
}

impl Cell {
    const fn of(kind: u32) -> Self {
        Self { place: 0, kind }
    }

    #[inline(always)]
    fn with(place: usize, extent: usize, kind: u32) -> Self {
        Self { place: place as u32, kind: (extent as u32) << 4 | kind }
    }

    #[inline(always)]
    fn string(Place { at, units }: Place, kind: u32) -> Self {
        Self { place: at, kind: units << 4 | kind }
    }
}

/// The tape of one text.
pub(super) struct Tape<'a> {
    bound: &'a Bound,
    /// Memory of JavaScript, two words a cell.
    words: &'a mut [u32],
    /// Words in use.
    end: usize,
    chunks: &'a mut Chunks,
    /// Items and members of what is open.
    open: &'a mut Vec<Cell>,
}

/// An object that is being read.
pub(super) enum Object<'a> {
    Record { slots: &'a Slots, shape: ShapeId, at: usize, mark: usize, slot: usize, previous: usize },
    Map { values: ShapeId, mark: usize },
}

impl Default for Object<'_> {
    fn default() -> Self {
        Self::Map { values: PLAIN, mark: 0 }
    }
}

/// An array that is being read.
pub(super) struct Array {
    items: ShapeId,
    mark: usize,
}

impl<'a> Tape<'a> {
    /// An empty tape; its first cell is for the whole text.
    pub(super) fn new(bound: &'a Bound, words: &'a mut [u32], chunks: &'a mut Chunks, open: &'a mut Vec<Cell>) -> Self {
        Self { bound, words, end: 2, chunks, open }
    }

    /// Writes the cell of the whole text.
    pub(super) fn finish(self, root: Cell) -> Built<()> {
        let [place, kind, ..] = self.words else { return Err(Halt) };
        (*place, *kind) = (root.place, root.kind);
        Ok(())
    }

    /// Makes room for cells, and gives the index of the first.
    #[inline(always)]
    fn take(&mut self, cells: usize) -> Built<usize> {
        let at = self.end;
        let end = at + 2 * cells;
        if end > self.words.len() {
            return Err(Halt);
        }
        self.end = end;
        Ok(at)
    }

    #[inline(always)]
    fn set(&mut self, at: usize, cell: Cell) {
        self.words[at] = cell.place;
        self.words[at + 1] = cell.kind;
    }

    /// Moves what was opened since `mark` to the tape.
    #[inline]
    fn settle_open(&mut self, mark: usize) -> Built<usize> {
        let at = self.take(self.open.len() - mark)?;
        let words = self.words[at..].chunks_exact_mut(2);
        for (words, cell) in words.zip(&self.open[mark..]) {
            (words[0], words[1]) = (cell.place, cell.kind);
        }
        self.open.truncate(mark);
        Ok(at)
    }

    fn map(&mut self, mark: usize) -> Built<Cell> {
        let members = (self.open.len() - mark) / 2;
        let at = self.settle_open(mark)?;
        Ok(Cell::with(at, members, kind::MAP))
    }

    #[inline]
    fn string(&mut self, text: Text<'_>) -> Built<Cell> {
        // By its parts: so it stays in registers on the way here.
        let Text { raw, escaped, .. } = text;
        let place = self.chunks.string(&Text { raw, escaped, offset: 0 })?;
        Ok(Cell::string(place, kind::TEXT))
    }

    fn key_cell(&mut self, key: Key<'_>) -> Built<Cell> {
        if let Some(word) = key.word {
            return Ok(Cell::with(word as usize, 0, kind::WORD));
        }
        let text = std::str::from_utf8(key.text).map_err(|_| Halt)?;
        Ok(Cell::string(self.chunks.text(text)?, kind::TEXT))
    }
}

impl<'a> Sink for Tape<'a> {
    type Value = Cell;
    type Shape = ShapeId;
    type Object = Object<'a>;
    type Array = Array;
    /// Words and open cells. Strings of what is given up stay in their chunks, unread.
    type Mark = (usize, usize);

    #[inline]
    fn null(&mut self, _: ShapeId) -> Built<Cell> {
        Ok(Cell::of(kind::NULL))
    }

    #[inline]
    fn boolean(&mut self, _: ShapeId, value: bool) -> Built<Cell> {
        Ok(Cell::of(if value { kind::TRUE } else { kind::FALSE }))
    }

    #[inline]
    fn integer(&mut self, shape: ShapeId, value: i64) -> Built<Cell> {
        match i32::try_from(value) {
            Ok(small) => Ok(Cell { place: small as u32, kind: kind::INTEGER }),
            Err(_) => self.double(shape, value as f64),
        }
    }

    #[inline]
    fn double(&mut self, _: ShapeId, value: f64) -> Built<Cell> {
        let at = self.take(1)?;
        let [a, b, c, d, e, f, g, h] = value.to_ne_bytes();
        self.words[at] = u32::from_ne_bytes([a, b, c, d]);
        self.words[at + 1] = u32::from_ne_bytes([e, f, g, h]);
        Ok(Cell::with(at / 2, 0, kind::DOUBLE))
    }

    #[inline]
    fn text(&mut self, _: ShapeId, text: Text<'_>) -> Built<Cell> {
        self.string(text)
    }

    #[inline]
    fn word(&mut self, _: ShapeId, word: Word, _: Text<'_>) -> Built<Cell> {
        Ok(Cell::with(word as usize, 0, kind::WORD))
    }

    #[inline]
    fn open_object(&mut self, object: &mut Object<'a>, shape: ShapeId, _: usize) -> Built<()> {
        let bound = self.bound;
        let mark = self.open.len();
        let (shape, layout) = match bound.layout(shape) {
            Layout::Either { object, .. } => (*object, bound.layout(*object)),
            layout => (shape, layout),
        };
        *object = match layout {
            Layout::Record(slots) => {
                let at = self.take(1 + slots.len())?;
                self.words[at..self.end].fill(0);
                Object::Record { slots, shape, at, mark, slot: 0, previous: 0 }
            }
            Layout::Map(values) => Object::Map { values: *values, mark },
            _ => Object::Map { values: PLAIN, mark },
        };
        Ok(())
    }

    #[inline]
    fn key(&mut self, object: &mut Object<'a>, key: Key<'_>) -> Built<ShapeId> {
        let values = match object {
            Object::Record { slots, slot, previous, .. } => match slots.find(key, *previous) {
                Some(found) => {
                    (*slot, *previous) = (found + 1, found + 1);
                    return Ok(slots.shape(found));
                }
                None => {
                    *slot = 0;
                    slots.rest
                }
            },
            Object::Map { values, .. } => *values,
        };
        let cell = self.key_cell(key)?;
        self.open.push(cell);
        Ok(values)
    }

    #[inline]
    fn put(&mut self, object: &mut Object<'a>, _: Key<'_>, value: Cell) -> Built<()> {
        match object {
            Object::Record { at, slot, .. } if *slot > 0 => self.set(*at + 2 * *slot, value),
            _ => self.open.push(value),
        }
        Ok(())
    }

    #[inline]
    fn close_object(&mut self, object: Object<'a>) -> Built<Cell> {
        match object {
            Object::Record { shape, at, mark, .. } => {
                if self.open.len() > mark {
                    let rest = self.map(mark)?;
                    self.set(at, rest);
                }
                Ok(Cell::with(at, shape as usize, kind::RECORD))
            }
            Object::Map { mark, .. } => self.map(mark),
        }
    }

    #[inline]
    fn open_array(&mut self, shape: ShapeId) -> Built<Array> {
        let mark = self.open.len();
        let list = match self.bound.layout(shape) {
            Layout::Either { list, .. } => self.bound.layout(*list),
            layout => layout,
        };
        Ok(Array { items: if let Layout::List(items) = list { *items } else { PLAIN }, mark })
    }

    #[inline]
    fn item(&mut self, array: &mut Array, _: usize) -> Built<ShapeId> {
        Ok(array.items)
    }

    #[inline]
    fn push(&mut self, _: &mut Array, value: Cell) -> Built<()> {
        self.open.push(value);
        Ok(())
    }

    #[inline]
    fn close_array(&mut self, array: Array) -> Built<Cell> {
        let items = self.open.len() - array.mark;
        let at = self.settle_open(array.mark)?;
        Ok(Cell::with(at, items, kind::LIST))
    }

    #[inline]
    fn is_union(&self, shape: ShapeId) -> bool {
        matches!(self.bound.layout(shape), Layout::Union(_))
    }

    fn settle(&mut self, shape: ShapeId, tag: Option<Word>, rest: &[u8]) -> Built<ShapeId> {
        Ok(match self.bound.layout(shape) {
            Layout::Union(tags) if rest.first() == Some(&b'{') => self.bound.alternative(tags, tag, rest),
            _ => PLAIN,
        })
    }

    #[inline]
    fn takes_text(&self, shape: ShapeId) -> bool {
        shape == PLAIN
    }

    fn whole(&mut self, _: ShapeId, text: &[u8]) -> Built<Cell> {
        let text = std::str::from_utf8(text).map_err(|_| Halt)?;
        Ok(Cell::string(self.chunks.text(text)?, kind::JSON))
    }

    fn mark(&self) -> (usize, usize) {
        (self.end, self.open.len())
    }

    fn rollback(&mut self, (end, open): (usize, usize)) {
        self.end = end;
        self.open.truncate(open);
    }
}
