//! RFC 8785 from text to text: a sink that writes what it is given, and puts members in order where they are not.

use std::borrow::Cow;

use super::keys;
use super::sink::{Built, Key, Sink, Text, Word};
use super::writer::{Member, Open, Writer};
use super::{any, run};
use crate::{Limits, Problem};

/// The canonical form of a JSON text; the text itself where it is canonical already.
///
/// # Errors
/// One of the `json_*` codes.
pub(crate) fn canonicalize<'a>(text: &'a [u8], limits: &Limits) -> Result<Cow<'a, [u8]>, Problem> {
    let (plan, engine) = any();
    let mut writer = Writer::default();
    writer.text.reserve(text.len());
    match run(plan, engine, text, limits, &mut writer, ()) {
        Ok((_, true)) if !writer.reordered => Ok(text.into()),
        Ok(_) => Ok(writer.text.into()),
        Err(_) => Err(crate::json::parse(text, limits).err().unwrap_or_else(super::mistake)),
    }
}

impl Sink for Writer {
    type Value = ();
    type Shape = ();
    type Object = Open;
    /// Whether it is the first item.
    type Array = bool;
    type Mark = (usize, usize);
    const KEEPS_KEYS: bool = true;

    fn null(&mut self, (): ()) -> Built<()> {
        self.text.extend_from_slice(b"null");
        Ok(())
    }

    fn boolean(&mut self, (): (), value: bool) -> Built<()> {
        self.text.extend_from_slice(if value { b"true" } else { b"false" });
        Ok(())
    }

    #[inline]
    fn integer(&mut self, (): (), value: i64) -> Built<()> {
        Self::integer(self, value);
        Ok(())
    }

    #[inline]
    fn double(&mut self, (): (), value: f64) -> Built<()> {
        Self::double(self, value);
        Ok(())
    }

    #[inline]
    fn text(&mut self, (): (), text: Text<'_>) -> Built<()> {
        if text.escaped {
            self.escaped(text.raw);
        } else {
            self.plain(text.raw);
        }
        Ok(())
    }

    fn word(&mut self, (): (), _: Word, text: Text<'_>) -> Built<()> {
        Sink::text(self, (), text)
    }

    #[inline]
    fn open_object(&mut self, (): (), _: usize) -> Built<Open> {
        self.text.push(b'{');
        Ok(Open { mark: self.members.len(), sorted: true })
    }

    #[inline]
    fn key(&mut self, object: &mut Open, key: Key<'_>) -> Built<()> {
        let previous = self.members[object.mark..].last().copied();
        if previous.is_some() {
            self.text.push(b',');
        }
        let start = self.end();
        if key.plain {
            self.plain(key.text)
        } else {
            self.string(key.text)
        }
        let member = Member { head: keys::head(key.text), start, key_end: self.end() - 1, end: 0 };
        self.members.push(member);
        self.text.push(b':');
        if let Some(previous) = previous.filter(|_| object.sorted) {
            object.sorted = self.compare(&previous, &member).is_lt();
        }
        Ok(())
    }

    #[inline]
    fn put(&mut self, _: &mut Open, _: Key<'_>, (): ()) -> Built<()> {
        if let Some(member) = self.members.last_mut() {
            member.end = self.text.len() as u32;
        }
        Ok(())
    }

    #[inline]
    fn close_object(&mut self, object: Open) -> Built<()> {
        if !object.sorted {
            self.sort(object.mark)?;
        }
        self.members.truncate(object.mark);
        self.text.push(b'}');
        Ok(())
    }

    #[inline]
    fn open_array(&mut self, (): ()) -> Built<bool> {
        self.text.push(b'[');
        Ok(true)
    }

    #[inline]
    fn item(&mut self, first: &mut bool, _: usize) -> Built<()> {
        if !std::mem::replace(first, false) {
            self.text.push(b',');
        }
        Ok(())
    }

    #[inline]
    fn push(&mut self, _: &mut bool, (): ()) -> Built<()> {
        Ok(())
    }

    #[inline]
    fn close_array(&mut self, _: bool) -> Built<()> {
        self.text.push(b']');
        Ok(())
    }

    fn is_union(&self, (): ()) -> bool {
        false
    }

    fn settle(&mut self, (): (), _: Option<Word>, _: &[u8]) -> Built<()> {
        Ok(())
    }

    fn mark(&self) -> (usize, usize) {
        (self.text.len(), self.members.len())
    }

    fn rollback(&mut self, (text, members): (usize, usize)) {
        self.text.truncate(text);
        self.members.truncate(members);
    }
}
