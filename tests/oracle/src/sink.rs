//! A sink that makes a tree, and watches over what the pass promises to sinks.

use std::collections::BTreeSet;

use peer_contract_core::plan::{Built, Halt, Key, Sink, Text, Word};
use peer_contract_core::{Limits, Value, json};
use serde_json::{Map, Number};

/// Makes a [`Value`] of a text. What it makes lies on a stack, as on a tape, so a pass that uses what
/// it has rolled back is found out.
#[derive(Debug)]
pub struct Tree<'t> {
    text: &'t [u8],
    words: &'t [String],
    made: Vec<Piece>,
    pieces: u64,
    /// Shapes given out; each is used for one value.
    shapes: u32,
    /// Every how many shapes is a union; 0 for none.
    unions: u32,
    /// Events after which to halt.
    patience: u64,
    faults: Vec<String>,
    twice: bool,
    /// Unions that were settled by a tag that the value does not have.
    misled: BTreeSet<u32>,
}

#[derive(Debug)]
struct Piece {
    stamp: u64,
    value: Option<Value>,
}

/// A value on the stack.
#[derive(Debug)]
pub struct Made {
    index: usize,
    stamp: u64,
    shape: u32,
}

/// Where the tree stands: a number of its own for each value.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    id: u32,
    union: bool,
    /// Whether an array or object is taken as text here.
    whole: bool,
}

/// An object that is being made.
#[derive(Debug, Default)]
pub struct Members {
    shape: u32,
    members: Map<String, Value>,
    next: Option<(Vec<u8>, u32)>,
}

/// An array that is being made.
#[derive(Debug)]
pub struct Items {
    shape: u32,
    items: Vec<Value>,
    next: Option<u32>,
}

impl<'t> Tree<'t> {
    /// For a pass over `text` by a schema that spells out `words`. Every `unions`-th shape is a choice to settle.
    pub fn new(text: &'t [u8], words: &'t [String], unions: u32) -> Self {
        Self {
            text,
            words,
            made: Vec::new(),
            pieces: 0,
            shapes: 0,
            unions,
            patience: u64::MAX,
            faults: Vec::new(),
            twice: false,
            misled: BTreeSet::new(),
        }
    }

    /// Halts after so many events.
    #[must_use]
    pub fn with_patience(mut self, events: u64) -> Self {
        self.patience = events;
        self
    }

    /// The shape of the whole.
    pub fn root(&mut self) -> Place {
        self.place()
    }

    /// The tree, when the pass kept its promises.
    ///
    /// # Errors
    /// The promises that it broke.
    pub fn finish(mut self, made: Made) -> Result<Value, Vec<String>> {
        let value = self.take(made, 0);
        // A guess at an alternative is taken back when it was wrong.
        if !self.misled.is_empty() {
            self.fault("a union was settled by a tag that its value does not have".to_owned());
        }
        if self.twice {
            self.fault("a key came twice".to_owned());
        }
        match self.faults.is_empty() {
            true => Ok(value),
            false => Err(self.faults),
        }
    }

    /// The promises that were broken on the way.
    pub fn faults(&self) -> &[String] {
        &self.faults
    }

    fn place(&mut self) -> Place {
        let id = self.shapes;
        self.shapes += 1;
        let union = self.unions > 0 && id % self.unions == self.unions - 1;
        Place { id, union, whole: !union && self.unions > 0 && id % 7 == 3 }
    }

    fn fault(&mut self, text: String) {
        self.faults.push(text);
    }

    fn event(&mut self) -> Built<()> {
        self.patience = self.patience.checked_sub(1).ok_or(Halt)?;
        Ok(())
    }

    fn settled(&mut self, shape: Place) {
        if shape.union {
            self.fault("a value was made for a union that was not settled".to_owned());
        }
    }

    fn make(&mut self, shape: Place, value: Value) -> Built<Made> {
        self.event()?;
        self.settled(shape);
        self.push_piece(shape.id, value)
    }

    fn push_piece(&mut self, shape: u32, value: Value) -> Built<Made> {
        self.pieces += 1;
        let made = Made { index: self.made.len(), stamp: self.pieces, shape };
        self.made.push(Piece { stamp: self.pieces, value: Some(value) });
        Ok(made)
    }

    /// Takes a value off the stack, which must have been made for `shape`.
    fn take(&mut self, made: Made, shape: u32) -> Value {
        if made.shape != shape {
            self.fault(format!("a value made for shape {} was put where shape {shape} was asked for", made.shape));
        }
        let piece = self.made.get_mut(made.index).filter(|piece| piece.stamp == made.stamp);
        let value = piece.and_then(|piece| piece.value.take());
        value.unwrap_or_else(|| {
            self.fault("a value was used that had been rolled back, or twice".to_owned());
            Value::Null
        })
    }

    /// The string between the quotes, after a look at what is said of it.
    fn string(&mut self, text: Text<'_>) -> String {
        let end = text.offset + text.raw.len();
        if self.text.get(text.offset..end) != Some(text.raw) {
            self.fault(format!("a string is not at its offset {}", text.offset));
        }
        if self.text.get(end) != Some(&b'"') || text.offset == 0 || self.text[text.offset - 1] != b'"' {
            self.fault(format!("the string at {} does not stand between quotes", text.offset));
        }
        if text.escaped != text.raw.contains(&b'\\') {
            self.fault(format!("the string at {} has escapes where it was said to have none, or none", text.offset));
        }
        let quoted = [b"\"", text.raw, b"\""].concat();
        let string: String = serde_json::from_slice(&quoted).unwrap_or_else(|error| {
            self.fault(format!("the string at {} is not JSON: {error}", text.offset));
            String::new()
        });
        string
    }

    fn same_word(&mut self, word: Option<Word>, text: &[u8]) {
        let Some(word) = word else { return };
        if self.words.get(word as usize).map(String::as_bytes) != Some(text) {
            self.fault(format!("the word {word} is not what stands in the text"));
        }
    }
}

impl Sink for Tree<'_> {
    type Value = Made;
    type Shape = Place;
    type Object = Members;
    type Array = Items;
    type Mark = usize;

    fn null(&mut self, shape: Place) -> Built<Made> {
        self.make(shape, Value::Null)
    }

    fn boolean(&mut self, shape: Place, value: bool) -> Built<Made> {
        self.make(shape, Value::Bool(value))
    }

    fn integer(&mut self, shape: Place, value: i64) -> Built<Made> {
        if value.unsigned_abs() > (1 << 53) - 1 {
            self.fault("an integer beyond ±(2^53-1)".to_owned());
        }
        self.make(shape, Value::from(value))
    }

    fn double(&mut self, shape: Place, value: f64) -> Built<Made> {
        let whole = value.fract() == 0.0 && value.abs() < 9_007_199_254_740_992.0;
        if whole && !(value == 0.0 && value.is_sign_negative()) {
            self.fault("a whole number came as a double".to_owned());
        }
        let number = Number::from_f64(value);
        if number.is_none() {
            self.fault("a double that is not finite".to_owned());
        }
        self.make(shape, number.map_or(Value::Null, Value::Number))
    }

    fn text(&mut self, shape: Place, text: Text<'_>) -> Built<Made> {
        let string = self.string(text);
        self.make(shape, Value::String(string))
    }

    fn word(&mut self, shape: Place, word: Word, text: Text<'_>) -> Built<Made> {
        let string = self.string(text);
        self.same_word(Some(word), string.as_bytes());
        self.make(shape, Value::String(string))
    }

    fn open_object(&mut self, object: &mut Members, shape: Place, _known: usize) -> Built<()> {
        self.event()?;
        self.settled(shape);
        object.shape = shape.id;
        Ok(())
    }

    fn key(&mut self, object: &mut Members, key: Key<'_>) -> Built<Place> {
        self.event()?;
        self.same_word(key.word, key.text);
        let place = self.place();
        if object.next.replace((key.text.to_vec(), place.id)).is_some() {
            self.fault("a key came before the value of the one before".to_owned());
        }
        Ok(place)
    }

    fn put(&mut self, object: &mut Members, key: Key<'_>, value: Made) -> Built<()> {
        self.event()?;
        let Some((name, shape)) = object.next.take() else {
            self.fault("a value came without a key".to_owned());
            return Ok(());
        };
        if name != key.text {
            self.fault("a value came with another key than was announced".to_owned());
        }
        let value = self.take(value, shape);
        let name = String::from_utf8_lossy(&name).into_owned();
        if object.members.insert(name, value).is_some() {
            // Of a text that is refused in the end this may be seen, of one that is taken never.
            self.twice = true;
        }
        Ok(())
    }

    fn close_object(&mut self, object: Members) -> Built<Made> {
        self.event()?;
        if object.next.is_some() {
            self.fault("an object ended behind a key".to_owned());
        }
        self.push_piece(object.shape, Value::Object(object.members))
    }

    fn open_array(&mut self, shape: Place) -> Built<Items> {
        self.event()?;
        self.settled(shape);
        Ok(Items { shape: shape.id, items: Vec::new(), next: None })
    }

    fn item(&mut self, array: &mut Items, index: usize) -> Built<Place> {
        self.event()?;
        if index != array.items.len() {
            self.fault(format!("the item {} was announced as {index}", array.items.len()));
        }
        let place = self.place();
        array.next = Some(place.id);
        Ok(place)
    }

    fn push(&mut self, array: &mut Items, value: Made) -> Built<()> {
        self.event()?;
        let Some(shape) = array.next.take() else {
            self.fault("an item came that was not announced".to_owned());
            return Ok(());
        };
        let value = self.take(value, shape);
        array.items.push(value);
        Ok(())
    }

    fn close_array(&mut self, array: Items) -> Built<Made> {
        self.event()?;
        self.push_piece(array.shape, Value::Array(array.items))
    }

    fn is_union(&self, shape: Place) -> bool {
        shape.union
    }

    fn settle(&mut self, shape: Place, tag: Option<Word>, rest: &[u8]) -> Built<Place> {
        self.event()?;
        if !shape.union {
            self.fault("a shape was settled that is no union".to_owned());
        }
        if rest.as_ptr_range().end != self.text.as_ptr_range().end || rest.first().is_none_or(u8::is_ascii_whitespace) {
            self.fault("what is left of the text does not begin with the value".to_owned());
        }
        if let Some(tag) = tag {
            let value = serde_json::Deserializer::from_slice(rest).into_iter::<Value>().next();
            let word = self.words.get(tag as usize);
            let holds = match value {
                Some(Ok(Value::Object(members))) => {
                    members.values().any(|member| member.as_str() == word.map(String::as_str))
                }
                // What is wrong with the text, the pass will find.
                _ => true,
            };
            if !holds {
                self.misled.insert(shape.id);
                return Ok(Place { union: false, ..shape });
            }
        }
        self.misled.remove(&shape.id);
        Ok(Place { union: false, ..shape })
    }

    fn takes_text(&self, shape: Place) -> bool {
        shape.whole
    }

    fn whole(&mut self, shape: Place, text: &[u8]) -> Built<Made> {
        if !shape.whole {
            self.fault("a value came as text where none was taken".to_owned());
        }
        // The pass has checked it, with limits that a part of the text keeps anyway.
        let value = json::parse(text, &Limits::default()).unwrap_or_else(|problem| {
            self.fault(format!("a value that came as text is no JSON: {problem}"));
            Value::Null
        });
        self.make(shape, value)
    }

    fn mark(&self) -> usize {
        self.made.len()
    }

    fn rollback(&mut self, mark: usize) {
        if mark > self.made.len() {
            self.fault("rolled back to where the sink has not been".to_owned());
        }
        self.made.truncate(mark);
    }
}
