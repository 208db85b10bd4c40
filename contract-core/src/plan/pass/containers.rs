//! Arrays and objects.

use super::{Pass, Passed, Stop};
use crate::plan::keys::Seen;
use crate::plan::node::{ANY, ArrayRules, Id, ObjectRules, Property};
use crate::plan::order;
use crate::plan::sink::{Key, Sink, Text};

impl<'a, S: Sink> Pass<'_, 'a, '_, S> {
    pub(super) fn array(&mut self, rules: &ArrayRules, shape: S::Shape) -> Passed<S::Value> {
        self.count()?;
        let start = self.tokens.at;
        self.descend(b'[')?;
        let shape = self.settled(shape, start)?;
        let mut array = self.sink.open_array(shape)?;
        let mut length = 0;
        if self.tokens.next() == b']' {
            self.tokens.bump();
        } else {
            loop {
                let node = rules.prefix.get(length).copied().unwrap_or(rules.items);
                let shape = self.sink.item(&mut array, length)?;
                let item = self.value(node, shape)?;
                self.sink.ended(self.tokens.at, self.tokens.odd);
                self.sink.push(&mut array, item)?;
                length += 1;
                if self.ends(b']')? {
                    break;
                }
            }
        }
        self.depth += 1;
        if length < rules.min || length > rules.max {
            return Err(Stop::No);
        }
        Ok(self.sink.close_array(array)?)
    }

    #[inline(always)]
    fn descend(&mut self, open: u8) -> Passed<()> {
        self.depth = self.depth.checked_sub(1).ok_or(Stop::No)?;
        Ok(self.tokens.expect(open)?)
    }

    /// After an item: whether the container ends here. Otherwise the next item begins here, behind white space, perhaps.
    #[inline(always)]
    fn ends(&mut self, close: u8) -> Passed<bool> {
        let next = self.tokens.next();
        self.tokens.bump();
        if next == b',' {
            return Ok(false);
        }
        if next == close { Ok(true) } else { Err(Stop::No) }
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) fn object(&mut self, rules: &ObjectRules, shape: S::Shape) -> Passed<S::Value> {
        self.count()?;
        let start = self.tokens.at;
        self.descend(b'{')?;
        let shape = self.settled(shape, start)?;
        let mut object = S::Object::default();
        self.sink.open_object(&mut object, shape, rules.properties.len())?;
        let mut members = Members::new(rules, self.others.mark());
        if self.tokens.next() == b'}' {
            self.tokens.bump();
        } else {
            loop {
                self.member(rules, &mut members, &mut object)?;
                if self.ends(b'}')? {
                    break;
                }
            }
        }
        self.depth += 1;
        self.close(rules, &members)?;
        Ok(self.sink.close_object(object)?)
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn member(&mut self, rules: &ObjectRules, members: &mut Members, object: &mut S::Object) -> Passed<()> {
        members.count += 1;
        let start = self.tokens.at;
        match self.guessed(rules, members.previous) {
            Some((index, property)) => self.known(property, index, start, members, object),
            None if rules.has_no_names() => self.free(rules, members, object),
            None => self.other(rules, members, object),
        }
    }

    /// Steps over the whole `"key":` of the member that came next the last time, if it comes next: one comparison.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn guessed<'r>(&mut self, rules: &'r ObjectRules, previous: usize) -> Option<(usize, &'r Property)> {
        let (index, property) = rules.guess(previous)?;
        (rules.names == ANY && self.tokens.eat_literal(&property.literal)).then_some((index, property))
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn known(
        &mut self,
        property: &Property,
        index: usize,
        start: usize,
        members: &mut Members,
        object: &mut S::Object,
    ) -> Passed<()> {
        if !members.seen.insert(index) {
            return Err(Stop::No);
        }
        match members.last_other {
            _ if S::KEEPS_KEYS => {}
            // The properties are in canonical order themselves.
            false => self.tokens.odd += u32::from(index < members.previous),
            true => self.tokens.odd += u32::from(!self.others.are_before(&property.key)),
        }
        members.previous = index + 1;
        members.last_other = false;
        let (text, plain) = (&*property.key, !property.literal.has_escapes());
        self.put(Key { word: Some(property.word), text, plain, offset: start }, property.node, object)
    }

    /// A member of an object for which the schema has no names.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn free(&mut self, rules: &ObjectRules, members: &mut Members, object: &mut S::Object) -> Passed<()> {
        let begin = self.tokens;
        if self.tokens.next() == b'"' && members.count <= self.most_keys {
            self.tokens.bump();
            let key = self.tokens.string_inside()?;
            if !key.escaped {
                self.tokens.space();
                self.tokens.expect(b':')?;
                self.place(rules, members, &key, key.raw);
                let key = Key { word: None, text: key.raw, plain: true, offset: key.offset - 1 };
                return self.put(key, rules.additional, object);
            }
        }
        self.tokens = begin;
        self.other(rules, members, object)
    }

    /// A member that was not guessed at first sight.
    #[inline(never)]
    fn other(&mut self, rules: &ObjectRules, members: &mut Members, object: &mut S::Object) -> Passed<()> {
        self.tokens.space();
        let start = self.tokens.at;
        let index = match self.guessed(rules, members.previous) {
            Some((index, _)) => index,
            None => {
                let spelled = self.key(rules)?;
                let key = spelled.unescaped();
                let Some(index) = rules.position(&key) else {
                    return self.unknown(rules, &spelled, &key, members, object);
                };
                rules.learn(members.previous, index);
                index
            }
        };
        self.known(&rules.properties[index], index, start, members, object)
    }

    /// A key, and its colon.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn key(&mut self, rules: &ObjectRules) -> Passed<Text<'a>> {
        let spelled = self.tokens.string()?;
        if rules.names != ANY && !self.fits(rules.names, spelled.offset - 1, self.tokens.at) {
            return Err(Stop::No);
        }
        self.tokens.space();
        self.tokens.expect(b':')?;
        Ok(spelled)
    }

    /// A member that the schema does not name.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn unknown(
        &mut self,
        rules: &ObjectRules,
        spelled: &Text<'a>,
        key: &[u8],
        members: &mut Members,
        object: &mut S::Object,
    ) -> Passed<()> {
        if members.count > self.most_keys {
            return Err(Stop::No);
        }
        self.place(rules, members, spelled, key);
        self.tokens.space();
        let start = self.tokens.at;
        let (node, more) = rules.nodes_of(key);
        let (plain, offset) = (!spelled.escaped, spelled.offset - 1);
        self.put(Key { word: None, text: key, plain, offset }, node, object)?;
        let end = self.tokens.at;
        if more.iter().all(|node| self.fits(*node, start, end)) { Ok(()) } else { Err(Stop::No) }
    }

    /// Notes a key that the schema does not name, and whether it stands in order.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn place(&mut self, rules: &ObjectRules, members: &mut Members, key: &Text<'a>, spelled: &[u8]) {
        if S::KEEPS_KEYS {
            return;
        }
        let behind_others = self.others.push(key, spelled, members.mark);
        members.others_sorted &= behind_others;
        let before = match members.previous.checked_sub(1) {
            Some(known) if !members.last_other => order::keys(&rules.properties[known].key, spelled).is_lt(),
            _ => behind_others,
        };
        self.tokens.odd += u32::from(!before);
        members.last_other = true;
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn put(&mut self, key: Key<'_>, node: Id, object: &mut S::Object) -> Passed<()> {
        let shape = self.sink.key(object, key)?;
        let value = self.value(node, shape)?;
        self.sink.ended(self.tokens.at, self.tokens.odd);
        Ok(self.sink.put(object, key, value)?)
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn close(&mut self, rules: &ObjectRules, members: &Members) -> Passed<()> {
        if !rules.has_members(&members.seen, members.count) || members.count > self.most_keys {
            return Err(Stop::No);
        }
        if self.others.mark() > members.mark {
            let unique = members.others_sorted || self.others.are_unique(members.mark);
            self.others.back_to(members.mark);
            if !unique {
                return Err(Stop::No);
            }
        }
        Ok(())
    }
}

/// The members of an object that is open.
struct Members {
    seen: Seen,
    /// The property that came last, counted from 1; 0 at the beginning.
    previous: usize,
    count: usize,
    /// Where the other keys of this object begin.
    mark: usize,
    /// Whether the last member is none that the schema names.
    last_other: bool,
    others_sorted: bool,
}

impl Members {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn new(rules: &ObjectRules, mark: usize) -> Self {
        let seen = Seen::new(rules.properties.len());
        Self { seen, previous: 0, count: 0, mark, last_other: false, others_sorted: true }
    }
}
