//! RFC 8785 from text to text: a sink that writes what it is given, and puts members in order where they are not.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::escape::{one_escape, unescape};
use super::keys;
use super::order;
use super::sink::{Built, Halt, Key, Sink, Text, Word};
use super::special::next_special;
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

/// Writes canonical JSON.
#[derive(Default)]
pub(super) struct Writer {
    pub(super) text: Vec<u8>,
    /// The members of all objects that are open.
    members: Vec<Member>,
    spare: Vec<u8>,
    /// Whether an object was put in order.
    reordered: bool,
}

/// A member as written: `"key":value`, without the comma before it.
#[derive(Clone, Copy)]
struct Member {
    /// The head of the key, see [`keys::head`].
    head: u64,
    start: u32,
    /// Where the closing quote of the key stands.
    key_end: u32,
    end: u32,
}

/// An object that is being written.
pub(super) struct Open {
    /// Where its members begin among all.
    mark: usize,
    sorted: bool,
}

impl Writer {
    pub(super) fn string(&mut self, text: &[u8]) {
        self.text.push(b'"');
        self.inside(text);
        self.text.push(b'"');
    }

    /// What stands between the quotes.
    fn inside(&mut self, text: &[u8]) {
        let mut rest = text;
        loop {
            let (plain, special) = rest.split_at(next_special(rest, 0));
            self.text.extend_from_slice(plain);
            let Some((byte, after)) = special.split_first() else { break };
            self.escape(*byte);
            rest = after;
        }
    }

    /// A string that needs no escapes.
    #[inline(always)]
    fn plain(&mut self, text: &[u8]) {
        self.text.reserve(text.len() + 2);
        self.text.push(b'"');
        self.text.extend_from_slice(text);
        self.text.push(b'"');
    }

    fn escape(&mut self, byte: u8) {
        let short = match byte {
            b'"' | b'\\' => byte,
            8 => b'b',
            12 => b'f',
            b'\n' => b'n',
            b'\r' => b'r',
            b'\t' => b't',
            _ => {
                const DIGITS: &[u8; 16] = b"0123456789abcdef";
                let digits = [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]];
                self.text.extend_from_slice(b"\\u00");
                return self.text.extend_from_slice(&digits);
            }
        };
        self.text.extend_from_slice(&[b'\\', short]);
    }

    pub(super) fn integer(&mut self, integer: i64) {
        self.text.extend_from_slice(itoa::Buffer::new().format(integer).as_bytes());
    }

    pub(super) fn double(&mut self, double: f64) {
        self.text.extend_from_slice(ryu_js::Buffer::new().format_finite(double).as_bytes());
    }

    fn key_of(&self, member: &Member) -> Cow<'_, [u8]> {
        let key = &self.text[member.start as usize + 1..member.key_end as usize];
        if key.contains(&b'\\') { unescape(key).into() } else { key.into() }
    }

    #[inline]
    fn compare(&self, a: &Member, b: &Member) -> Ordering {
        keys::by_heads(a.head, b.head).unwrap_or_else(|| order::keys(&self.key_of(a), &self.key_of(b)))
    }

    /// Where the text ends: `1e20` may become longer, but no text that is read becomes one of 4 GiB.
    fn end(&self) -> u32 {
        self.text.len() as u32
    }

    /// Puts the members from `mark` on in order. They fill the text up to its end. Halts when a key comes twice.
    fn sort(&mut self, mark: usize) -> Built<()> {
        self.reordered = true;
        let mut members = std::mem::take(&mut self.members);
        let own = &mut members[mark..];
        let begin = own.first().map_or(self.text.len(), |member| member.start as usize);
        let mut repeated = false;
        if !sort_by_heads(own) {
            own.sort_unstable_by(|a, b| self.compare(a, b));
            repeated = own.windows(2).any(|two| self.compare(&two[0], &two[1]).is_eq());
        }
        self.spare.clear();
        for member in own {
            if !self.spare.is_empty() {
                self.spare.push(b',');
            }
            self.spare.extend_from_slice(&self.text[member.start as usize..member.end as usize]);
        }
        self.text.truncate(begin);
        self.text.extend_from_slice(&self.spare);
        self.members = members;
        if repeated { Err(Halt) } else { Ok(()) }
    }

    /// A string with escapes: those that RFC 8785 writes, too, stay; the others are resolved.
    fn escaped(&mut self, raw: &[u8]) {
        self.text.push(b'"');
        let mut rest = raw;
        loop {
            let (run, special) = rest.split_at(next_special(rest, 0));
            self.text.extend_from_slice(run);
            rest = match special {
                [] => break,
                [_, b'"' | b'\\' | b'b' | b'f' | b'n' | b'r' | b't', after @ ..] => {
                    self.text.extend_from_slice(&special[..2]);
                    after
                }
                [_, escape @ ..] => {
                    let mut plain = Vec::new();
                    let after = one_escape(escape, &mut plain);
                    self.inside(&plain);
                    after
                }
            };
        }
        self.text.push(b'"');
    }
}

/// Up to this many members, moving each to its place is the quickest way.
const FEW: usize = 32;

/// Sorts a few members whose heads tell their order. `false`, and any order, where they do not.
fn sort_by_heads(members: &mut [Member]) -> bool {
    if members.len() > FEW || !members.iter().all(|member| keys::is_ascii(member.head)) {
        return false;
    }
    for index in 1..members.len() {
        let member = members[index];
        let mut place = index;
        while place > 0 && members[place - 1].head > member.head {
            members[place] = members[place - 1];
            place -= 1;
        }
        members[place] = member;
    }
    members.windows(2).all(|two| two[0].head != two[1].head)
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
