//! Writing canonical JSON, and putting members in order where they are not.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::escape::{escape, one_escape, unescape};
use super::sink::{Built, Halt};
use super::special::next_special;
use super::{keys, order};

/// Writes canonical JSON.
#[derive(Default)]
pub(super) struct Writer {
    pub(super) text: Vec<u8>,
    /// The members of all objects that are open.
    pub(super) members: Vec<Member>,
    spare: Vec<u8>,
    /// Whether an object was put in order.
    pub(super) reordered: bool,
}

/// A member as written: `"key":value`, without the comma before it.
#[derive(Clone, Copy)]
pub(super) struct Member {
    /// The head of the key, see [`keys::head`].
    pub(super) head: u64,
    pub(super) start: u32,
    /// Where the closing quote of the key stands.
    pub(super) key_end: u32,
    pub(super) end: u32,
}

/// An object that is being written.
pub(super) struct Open {
    /// Where its members begin among all.
    pub(super) mark: usize,
    pub(super) sorted: bool,
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
            self.text.extend_from_slice(escape(*byte).as_slice());
            rest = after;
        }
    }

    /// A string that needs no escapes.
    #[inline(always)]
    pub(super) fn plain(&mut self, text: &[u8]) {
        self.text.reserve(text.len() + 2);
        self.text.push(b'"');
        self.text.extend_from_slice(text);
        self.text.push(b'"');
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
    pub(super) fn compare(&self, a: &Member, b: &Member) -> Ordering {
        keys::by_heads(a.head, b.head).unwrap_or_else(|| order::keys(&self.key_of(a), &self.key_of(b)))
    }

    /// Where the text ends: `1e20` may become longer, but no text that is read becomes one of 4 GiB.
    pub(super) fn end(&self) -> u32 {
        self.text.len() as u32
    }

    /// Puts the members from `mark` on in order. They fill the text up to its end. Halts when a key comes twice.
    pub(super) fn sort(&mut self, mark: usize) -> Built<()> {
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
    pub(super) fn escaped(&mut self, raw: &[u8]) {
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
