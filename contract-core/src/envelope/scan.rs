//! One pass over a message that finds its members and where its parts lie, and makes no tree.
//!
//! It is strict, parts included, or steps over the parts: then whoever takes one must read it, and a message that turns out
//! not to be right must be scanned strictly before anything is said of it.

use std::ops::Range;

use bytes::Bytes;

use crate::json::{self, Json};
use crate::plan::{Built, Key, Sink, Text, Word};
use crate::schema::Unbuilt;
use crate::{Limits, Problem};

/// A member as far as an envelope cares.
#[derive(Debug, PartialEq)]
pub(super) enum Found {
    Null,
    Flag(bool),
    /// A whole number, however it is written: `2` and `2.0` are one number.
    Whole(i64),
    /// A string as it lies in the message, between its quotes.
    Text(Range<usize>),
    /// A string that was written with escapes.
    Unescaped(Box<str>),
    Members(Box<Members>),
    /// Where the text of a part lies.
    Part(Range<usize>),
    /// A part of so many bytes, which was stepped over.
    Unread(usize),
    /// What no envelope has here.
    Other,
}

/// The members of an object that the format knows, and the first of the others.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Members {
    found: Vec<(&'static str, Found)>,
    /// The least key, in the order of bytes, of those that the format does not know and that are not `null`.
    stranger: Option<Box<str>>,
}

impl Found {
    /// The string that was found in `message`.
    pub(super) fn text<'a>(&'a self, message: &'a Json) -> Option<&'a str> {
        match self {
            Self::Text(range) => Some(message.str(range.clone())),
            Self::Unescaped(text) => Some(text),
            _ => None,
        }
    }
}

impl Members {
    pub(super) fn get(&self, name: &str) -> Option<&Found> {
        self.found.iter().find(|(found, _)| *found == name).map(|(_, found)| found)
    }

    pub(super) fn take(&mut self, name: &str) -> Option<Found> {
        let index = self.found.iter().position(|(found, _)| *found == name)?;
        Some(self.found.swap_remove(index).1)
    }

    /// The least key of what is left and not `null`.
    pub(super) fn least(&self) -> Option<&str> {
        let left = self.found.iter().filter(|(_, found)| *found != Found::Null).map(|(name, _)| *name);
        left.chain(self.stranger.as_deref()).min()
    }

    fn meet(&mut self, key: &[u8]) {
        if self.stranger.as_ref().is_none_or(|least| key < least.as_bytes()) {
            self.stranger = Some(text_of(key));
        }
    }
}

/// What a message is made of.
pub(super) fn scan(message: &Bytes, limits: &Limits) -> Result<Found, Problem> {
    let mut scan = Scan::new(message, Parts::Read);
    json::build(message, limits, &mut scan, Place::Message).map_err(|unbuilt| match unbuilt {
        Unbuilt::Problems(problems) => problems.first().clone(),
        Unbuilt::Halted => unreachable!("a scan never halts"),
    })
}

/// The same without reading arrays and objects that are parts. Nothing where the message breaks a rule.
pub(super) fn glance(message: &Bytes, limits: &Limits) -> Option<Glanced> {
    let mut scan = Scan::new(message, Parts::SteppedOver { any: false });
    let found = json::attempt(message, limits, &mut scan, Place::Message)?;
    Some(Glanced { found, is_read: !matches!(scan.parts, Parts::SteppedOver { any: true }) })
}

/// What a glance at a message found.
pub(super) struct Glanced {
    pub(super) found: Found,
    /// Whether all of the message was read after all.
    pub(super) is_read: bool,
}

fn text_of(bytes: &[u8]) -> Box<str> {
    String::from_utf8_lossy(bytes).into()
}

struct Scan {
    length: usize,
    parts: Parts,
    /// First byte of the part that was entered last. Parts do not nest.
    part: usize,
    /// Behind the last byte of the value that ended last.
    end: usize,
}

/// What becomes of arrays and objects that are parts.
enum Parts {
    Read,
    SteppedOver {
        /// Whether there were any.
        any: bool,
    },
}

impl Scan {
    fn new(message: &Bytes, parts: Parts) -> Self {
        Self { length: message.len(), parts, part: 0, end: 0 }
    }
}

/// Where in a message a value stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Message,
    Data,
    Error,
    Reference,
    /// An attribute, or another small value.
    Small,
    /// By value.
    Part,
    /// In a part, or in something that no envelope has.
    Inside,
}

impl Place {
    /// The member of an object here.
    fn member(self, key: &[u8]) -> Option<(&'static str, Self)> {
        let names: &[(&str, Self)] = match self {
            Self::Message => MESSAGE,
            Self::Data => DATA,
            Self::Error => ERROR,
            Self::Reference => REFERENCE,
            Self::Small | Self::Part | Self::Inside => &[],
        };
        names.iter().find(|(name, _)| name.as_bytes() == key).copied()
    }
}

const MESSAGE: &[(&str, Place)] = &[
    ("DurableExecutionArn", Place::Small),
    ("causationid", Place::Small),
    ("data", Place::Data),
    ("datacontenttype", Place::Small),
    ("dataschema", Place::Small),
    ("delivery", Place::Small),
    ("expirytime", Place::Small),
    ("hop", Place::Small),
    ("id", Place::Small),
    ("operation", Place::Small),
    ("phase", Place::Small),
    ("replyto", Place::Small),
    ("source", Place::Small),
    ("specversion", Place::Small),
    ("subject", Place::Small),
    ("time", Place::Small),
    ("traceparent", Place::Small),
    ("tracestate", Place::Small),
    ("type", Place::Small),
];

const DATA: &[(&str, Place)] = &[
    ("contract", Place::Small),
    ("error", Place::Error),
    ("errorDataRef", Place::Reference),
    ("fanOut", Place::Part),
    ("fanOutRef", Place::Reference),
    ("input", Place::Part),
    ("inputRef", Place::Reference),
    ("output", Place::Part),
    ("outputRef", Place::Reference),
    ("state", Place::Part),
    ("stateRef", Place::Reference),
];

const ERROR: &[(&str, Place)] = &[
    ("at", Place::Small),
    ("code", Place::Small),
    ("data", Place::Part),
    ("message", Place::Small),
    ("retryable", Place::Small),
];

const REFERENCE: &[(&str, Place)] =
    &[("bytes", Place::Small), ("encoding", Place::Small), ("inline", Place::Small), ("sha256", Place::Small)];

/// An object that is open.
#[derive(Default)]
enum Open {
    /// One of the envelope's own: with the member that is being read.
    Known { place: Place, member: Option<(&'static str, Place)>, members: Box<Members> },
    /// One inside a part.
    #[default]
    Inside,
}

impl Sink for Scan {
    type Value = Found;
    type Shape = Place;
    type Object = Open;
    type Array = ();
    type Mark = ();

    fn null(&mut self, _: Place) -> Built<Found> {
        Ok(Found::Null)
    }

    fn boolean(&mut self, _: Place, value: bool) -> Built<Found> {
        Ok(Found::Flag(value))
    }

    fn integer(&mut self, _: Place, value: i64) -> Built<Found> {
        Ok(Found::Whole(value))
    }

    fn double(&mut self, _: Place, _: f64) -> Built<Found> {
        Ok(Found::Other)
    }

    fn text(&mut self, place: Place, text: Text<'_>) -> Built<Found> {
        Ok(match (place, text.escaped) {
            (Place::Inside, _) => Found::Other,
            (_, false) => Found::Text(text.offset..text.offset + text.raw.len()),
            (_, true) => Found::Unescaped(text_of(&text.unescaped())),
        })
    }

    fn word(&mut self, place: Place, _: Word, text: Text<'_>) -> Built<Found> {
        self.text(place, text)
    }

    fn open_object(&mut self, open: &mut Open, place: Place, _: usize) -> Built<()> {
        *open = match place {
            Place::Inside | Place::Small | Place::Part => Open::Inside,
            _ => Open::Known { place, member: None, members: Box::default() },
        };
        Ok(())
    }

    fn key(&mut self, open: &mut Open, key: Key<'_>) -> Built<Place> {
        let Open::Known { place, member, .. } = open else { return Ok(Place::Inside) };
        *member = place.member(key.text);
        Ok(member.map_or(Place::Inside, |(_, place)| place))
    }

    fn ended(&mut self, offset: usize, _: u32) {
        self.end = offset;
    }

    fn put(&mut self, open: &mut Open, key: Key<'_>, found: Found) -> Built<()> {
        let Open::Known { member, members, .. } = open else { return Ok(()) };
        match member {
            Some((name, Place::Part)) => {
                // Of a part that was stepped over, the length alone was told.
                let start = if let Found::Unread(length) = found { self.end - length } else { self.part };
                members.found.push((name, Found::Part(start..self.end)));
            }
            Some((name, _)) => members.found.push((name, found)),
            None if found != Found::Null => members.meet(key.text),
            None => {}
        }
        Ok(())
    }

    fn close_object(&mut self, open: Open) -> Built<Found> {
        Ok(match open {
            Open::Known { members, .. } => Found::Members(members),
            Open::Inside => Found::Other,
        })
    }

    fn open_array(&mut self, _: Place) -> Built<()> {
        Ok(())
    }

    fn item(&mut self, (): &mut (), _: usize) -> Built<Place> {
        Ok(Place::Inside)
    }

    fn push(&mut self, (): &mut (), _: Found) -> Built<()> {
        Ok(())
    }

    fn close_array(&mut self, (): ()) -> Built<Found> {
        Ok(Found::Other)
    }

    fn is_union(&self, place: Place) -> bool {
        place == Place::Part
    }

    fn settle(&mut self, _: Place, _: Option<Word>, rest: &[u8]) -> Built<Place> {
        self.part = self.length - rest.len();
        Ok(Place::Inside)
    }

    fn steps_over(&self, place: Place) -> bool {
        place == Place::Part && matches!(self.parts, Parts::SteppedOver { .. })
    }

    fn whole(&mut self, _: Place, text: &[u8]) -> Built<Found> {
        self.parts = Parts::SteppedOver { any: true };
        Ok(Found::Unread(text.len()))
    }

    fn mark(&self) {}

    fn rollback(&mut self, (): ()) {}
}
