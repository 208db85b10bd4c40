//! A sink that notes which objects have their members out of order.

use std::borrow::Cow;
use std::cmp::Ordering;

use crate::plan::sink::{Built, Halt, Key, Sink, Text, Word};
use crate::plan::token::Tokens;
use crate::plan::{keys, order};

/// Bytes that a member takes in texts with many small ones: room for so many is made at once.
const BYTES_OF_MEMBER: usize = 16;

/// A range of the text, and which of the noted objects lie in it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Piece {
    pub(super) start: u32,
    pub(super) end: u32,
    /// The first noted object that begins in it, and the first that begins behind it.
    pub(super) first: u32,
    pub(super) until: u32,
    /// Whether there is no white space in it, and all strings and numbers are as RFC 8785 has them.
    pub(super) spelled: bool,
}

/// An object whose members are out of order; without members, one that is in order but for what lies in it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Shuffled {
    /// From the first byte of its first member to behind the last byte of its last.
    pub(super) start: u32,
    pub(super) end: u32,
    /// Its members in order, among all pieces.
    pub(super) from: u32,
    pub(super) to: u32,
    /// The first noted object that begins behind it.
    pub(super) next: u32,
}

/// What must be moved to put a text in order.
#[derive(Debug, Default)]
pub(super) struct Noted {
    /// In the order in which they begin.
    pub(super) objects: Vec<Shuffled>,
    pub(super) pieces: Vec<Piece>,
}

impl Noted {
    pub(super) fn is_empty(&self) -> bool {
        self.objects.is_empty()
    }
}

/// A member as it stands: `"key":value`.
#[derive(Debug, Clone, Copy)]
struct Member {
    /// The head of the key, see [`keys::head`].
    head: u64,
    piece: Piece,
    /// What was odd in front of it.
    odd: u32,
}

/// Notes what must be moved. Places are 32 bits: a pass begins only when its whole text is short enough.
pub(super) struct Order<'a> {
    text: &'a [u8],
    /// The members of all objects that are open.
    members: Vec<Member>,
    noted: Noted,
    /// Behind the last byte of the value that ended last, and what was odd up to there.
    end: u32,
    odd: u32,
}

/// An object that is open.
#[derive(Default)]
pub(super) struct Open {
    /// Where its members begin among all.
    mark: usize,
    /// Its place among the noted objects.
    place: usize,
    sorted: bool,
}

/// Where the notes stood.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark {
    members: usize,
    objects: usize,
    pieces: usize,
    odd: u32,
}

impl<'a> Order<'a> {
    pub(super) fn of(text: &'a [u8]) -> Self {
        Self { text, members: Vec::new(), noted: Noted::default(), end: 0, odd: 0 }
    }

    pub(super) fn into_noted(self) -> Noted {
        self.noted
    }

    /// The key of a member; it is looked at only where heads do not tell.
    #[cold]
    fn key_of(&self, member: &Member) -> Cow<'a, [u8]> {
        let mut tokens = Tokens::new(self.text);
        tokens.at = member.piece.start as usize;
        tokens.string().expect("a member that was read begins with its key").unescaped()
    }

    #[inline(always)]
    fn compare(&self, a: &Member, b: &Member) -> Ordering {
        keys::by_heads(a.head, b.head).unwrap_or_else(|| order::keys(&self.key_of(a), &self.key_of(b)))
    }

    /// Notes an object that is out of order. Halts when a key comes twice.
    #[inline(never)]
    fn note(&mut self, object: &Open) -> Built<()> {
        let mut members = std::mem::take(&mut self.members);
        let own = &mut members[object.mark..];
        let (start, end) = match own {
            [first, .., last] => (first.piece.start, last.piece.end),
            _ => return Err(Halt),
        };
        if !sort_by_heads(own) {
            crate::sorting::sort_by(own, |a, b| self.compare(a, b));
            if own.windows(2).any(|two| self.compare(&two[0], &two[1]).is_eq()) {
                return Err(Halt);
            }
        }
        let Noted { objects, pieces } = &mut self.noted;
        if pieces.capacity() == 0 {
            pieces.reserve(self.text.len() / BYTES_OF_MEMBER);
        }
        let from = pieces.len() as u32;
        pieces.extend(own.iter().map(|member| member.piece));
        let (to, next) = (pieces.len() as u32, objects.len() as u32);
        objects[object.place] = Shuffled { start, end, from, to, next };
        self.members = members;
        Ok(())
    }
}

impl Sink for Order<'_> {
    type Value = ();
    type Shape = ();
    type Object = Open;
    type Array = ();
    type Mark = Mark;
    const BUILDS: bool = false;
    const KEEPS_KEYS: bool = true;

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
    fn open_object(&mut self, object: &mut Open, (): (), _: usize) -> Built<()> {
        let (mark, place) = (self.members.len(), self.noted.objects.len());
        self.noted.objects.push(Shuffled::default());
        *object = Open { mark, place, sorted: true };
        Ok(())
    }

    #[inline(always)]
    fn key(&mut self, object: &mut Open, key: Key<'_>) -> Built<()> {
        let piece = Piece { start: key.offset as u32, first: self.noted.objects.len() as u32, ..Piece::default() };
        let member = Member { head: keys::head(key.text), piece, odd: self.odd };
        if object.sorted
            && let Some(previous) = self.members[object.mark..].last()
        {
            object.sorted = self.compare(previous, &member).is_lt();
        }
        self.members.push(member);
        Ok(())
    }

    #[inline(always)]
    fn ended(&mut self, offset: usize, odd: u32) {
        (self.end, self.odd) = (offset as u32, odd);
    }

    #[inline(always)]
    fn put(&mut self, _: &mut Open, _: Key<'_>, (): ()) -> Built<()> {
        let (end, until) = (self.end, self.noted.objects.len() as u32);
        if let Some(Member { piece, odd, .. }) = self.members.last_mut() {
            *piece = Piece { end, until, spelled: *odd == self.odd, ..*piece };
        }
        Ok(())
    }

    #[inline(always)]
    fn close_object(&mut self, object: Open) -> Built<()> {
        if !object.sorted {
            self.note(&object)?;
        } else if self.noted.objects.len() == object.place + 1 {
            self.noted.objects.pop();
        }
        self.members.truncate(object.mark);
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
    fn mark(&self) -> Mark {
        let (objects, pieces) = (self.noted.objects.len(), self.noted.pieces.len());
        Mark { members: self.members.len(), objects, pieces, odd: self.odd }
    }

    fn rollback(&mut self, mark: Mark) {
        self.members.truncate(mark.members);
        self.noted.objects.truncate(mark.objects);
        self.noted.pieces.truncate(mark.pieces);
        // Or a later member could seem to have as much in front of it as behind.
        self.odd = mark.odd;
    }
}

/// Up to this many members, moving each to its place is the quickest way.
const FEW: usize = 32;

/// Sorts a few members whose heads tell their order. `false`, and any order, where they do not.
#[inline(always)]
fn sort_by_heads(members: &mut [Member]) -> bool {
    if members.len() > FEW || !keys::is_ascii(members.iter().fold(0, |heads, member| heads | member.head)) {
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
