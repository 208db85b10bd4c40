//! What a pass makes of the text it checks.

use std::borrow::Cow;

use super::escape::unescape;

/// A string that a schema spells out, by its place in [`super::Plan::words`]: a property's name, a
/// constant, a member of an enumeration. A sink makes its own form of each once.
pub type Word = u32;

/// The sink cannot go on: memory is out, the tape is full. The sink knows why; the pass ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Halt;

/// What a sink gives back.
pub type Built<T> = Result<T, Halt>;

/// A string of the text, valid, between its quotes.
#[derive(Debug, Clone, Copy)]
pub struct Text<'a> {
    /// UTF-8 as written, escapes included.
    pub raw: &'a [u8],
    /// Whether there are escapes in it; [`Text::unescaped`] resolves them.
    pub escaped: bool,
    /// Bytes from the beginning of the whole text to the first byte of `raw`.
    pub offset: usize,
}

impl<'a> Text<'a> {
    /// The string itself, in UTF-8.
    pub fn unescaped(&self) -> Cow<'a, [u8]> {
        if self.escaped { unescape(self.raw).into() } else { self.raw.into() }
    }
}

/// The key of a member.
#[derive(Debug, Clone, Copy)]
pub struct Key<'a> {
    /// Which word it is, where the plan knew it.
    pub word: Option<Word>,
    /// The key itself, escapes resolved.
    pub text: &'a [u8],
    /// Whether JSON writes it as it is, without escapes.
    pub plain: bool,
    /// Bytes from the beginning of the whole text to its opening quote.
    pub offset: usize,
}

/// Makes values of a host language, or a tape, or nothing, while a [`super::Plan`] checks a text.
///
/// The plan decides what is right; the sink decides what is made. A *shape* is where the sink stands
/// in the type it makes: the pass carries it down and never looks into it. So building works in the
/// same way below nodes that the plan knows and below those that something else decides.
///
/// A pass may try an alternative, give up, and try another: [`Sink::mark`] before, [`Sink::rollback`] after.
/// What it was given back until then, it drops.
pub trait Sink {
    /// What becomes of a JSON value.
    type Value;
    /// Where the sink stands in the type it makes.
    type Shape: Copy;
    /// An object that is being made; at first none.
    type Object: Default;
    /// An array that is being made.
    type Array;
    /// What [`Sink::rollback`] needs.
    type Mark: Copy;

    /// Whether anything is made at all. Without it the pass leaves out the work that only a sink needs.
    const BUILDS: bool = true;
    /// Whether the sink halts at an object with a key that comes twice, and sees itself whether keys are in order:
    /// then the pass keeps no account of keys that the schema does not name.
    const KEEPS_KEYS: bool = false;

    /// `null`.
    fn null(&mut self, shape: Self::Shape) -> Built<Self::Value>;
    /// `true` or `false`.
    fn boolean(&mut self, shape: Self::Shape, value: bool) -> Built<Self::Value>;
    /// A number whose value is an integer within ±(2^53-1), however it is written; never `-0.0`.
    fn integer(&mut self, shape: Self::Shape, value: i64) -> Built<Self::Value>;
    /// Any other number, `-0.0` included; finite.
    fn double(&mut self, shape: Self::Shape, value: f64) -> Built<Self::Value>;
    /// A string.
    fn text(&mut self, shape: Self::Shape, text: Text<'_>) -> Built<Self::Value>;
    /// A string that the schema spells out as a constant or in an enumeration.
    fn word(&mut self, shape: Self::Shape, word: Word, text: Text<'_>) -> Built<Self::Value>;

    /// `{`; `known` is how many properties the schema names (0 where it names none). The object is made where it stays: most
    /// are too large to be handed over in registers.
    fn open_object(&mut self, object: &mut Self::Object, shape: Self::Shape, known: usize) -> Built<()>;
    /// A key; the shape of its value. Of a text that is refused in the end, a sink may see a key twice.
    fn key(&mut self, object: &mut Self::Object, key: Key<'_>) -> Built<Self::Shape>;
    /// The value of a member or an item ends in front of this byte of the whole text. `odd` is larger than the last time
    /// where something between is not as RFC 8785 has it. Comes before [`Sink::put`] and [`Sink::push`].
    #[inline(always)]
    fn ended(&mut self, offset: usize, odd: u32) {
        let _ = (offset, odd);
    }
    /// The value of the key before.
    fn put(&mut self, object: &mut Self::Object, key: Key<'_>, value: Self::Value) -> Built<()>;
    /// `}`.
    fn close_object(&mut self, object: Self::Object) -> Built<Self::Value>;

    /// `[`.
    fn open_array(&mut self, shape: Self::Shape) -> Built<Self::Array>;
    /// The shape of the item at `index`.
    fn item(&mut self, array: &mut Self::Array, index: usize) -> Built<Self::Shape>;
    /// The next item.
    fn push(&mut self, array: &mut Self::Array, value: Self::Value) -> Built<()>;
    /// `]`.
    fn close_array(&mut self, array: Self::Array) -> Built<Self::Value>;

    /// Whether the shape leaves a choice that must be made before the value is read.
    fn is_union(&self, shape: Self::Shape) -> bool;
    /// Makes the choice, and gives a shape that is none. Asked only of shapes for which [`Sink::is_union`]
    /// holds. `tag` is the constant that the plan told the alternative by, if it did;
    /// `rest` is the text from the value's first byte on (to find a tag with [`super::member`], to check alternatives with
    /// [`super::value_span`] and their schemas).
    fn settle(&mut self, shape: Self::Shape, tag: Option<Word>, rest: &[u8]) -> Built<Self::Shape>;

    /// Whether arrays and objects of this shape, which is no union, are taken as text: the pass only checks them.
    fn takes_text(&self, _: Self::Shape) -> bool {
        false
    }
    /// Whether arrays and objects of this shape are stepped over: only their end is looked for, and what is in them may be
    /// anything. Whoever reads them must do so within the limits of the pass.
    fn steps_over(&self, _: Self::Shape) -> bool {
        false
    }
    /// An array or object of a shape for which [`Sink::takes_text`] or [`Sink::steps_over`] holds.
    fn whole(&mut self, _: Self::Shape, _: &[u8]) -> Built<Self::Value> {
        Err(Halt)
    }

    /// Where the sink stands now.
    fn mark(&self) -> Self::Mark;
    /// Goes back to a mark.
    fn rollback(&mut self, mark: Self::Mark);
}

/// Makes nothing: the pass only checks.
#[derive(Debug, Clone, Copy, Default)]
pub struct Nothing;

impl Sink for Nothing {
    type Value = ();
    type Shape = ();
    type Object = ();
    type Array = ();
    type Mark = ();
    const BUILDS: bool = false;

    #[inline(always)]
    fn null(&mut self, (): ()) -> Built<()> {
        Ok(())
    }
    #[inline(always)]
    fn boolean(&mut self, (): (), _: bool) -> Built<()> {
        Ok(())
    }
    #[inline(always)]
    fn integer(&mut self, (): (), _: i64) -> Built<()> {
        Ok(())
    }
    #[inline(always)]
    fn double(&mut self, (): (), _: f64) -> Built<()> {
        Ok(())
    }
    #[inline(always)]
    fn text(&mut self, (): (), _: Text<'_>) -> Built<()> {
        Ok(())
    }
    #[inline(always)]
    fn word(&mut self, (): (), _: Word, _: Text<'_>) -> Built<()> {
        Ok(())
    }
    #[inline(always)]
    fn open_object(&mut self, (): &mut (), (): (), _: usize) -> Built<()> {
        Ok(())
    }
    #[inline(always)]
    fn key(&mut self, (): &mut (), _: Key<'_>) -> Built<()> {
        Ok(())
    }
    #[inline(always)]
    fn put(&mut self, (): &mut (), _: Key<'_>, (): ()) -> Built<()> {
        Ok(())
    }
    #[inline(always)]
    fn close_object(&mut self, (): ()) -> Built<()> {
        Ok(())
    }
    #[inline(always)]
    fn open_array(&mut self, (): ()) -> Built<()> {
        Ok(())
    }
    #[inline(always)]
    fn item(&mut self, (): &mut (), _: usize) -> Built<()> {
        Ok(())
    }
    #[inline(always)]
    fn push(&mut self, (): &mut (), (): ()) -> Built<()> {
        Ok(())
    }
    #[inline(always)]
    fn close_array(&mut self, (): ()) -> Built<()> {
        Ok(())
    }
    #[inline(always)]
    fn is_union(&self, (): ()) -> bool {
        false
    }
    #[inline(always)]
    fn settle(&mut self, (): (), _: Option<Word>, _: &[u8]) -> Built<()> {
        Ok(())
    }
    #[inline(always)]
    fn mark(&self) {}
    #[inline(always)]
    fn rollback(&mut self, (): ()) {}
}
