//! Arrays and objects.

use super::{Pass, Passed, Stop};
use crate::plan::keys::Seen;
use crate::plan::node::{ANY, ArrayRules, Id, ObjectRules};
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
        self.tokens.space();
        if self.tokens.peek() == b']' {
            self.tokens.bump();
        } else {
            loop {
                let node = rules.prefix.get(length).copied().unwrap_or(rules.items);
                let shape = self.sink.item(&mut array, length)?;
                let item = self.value(node, shape)?;
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

    /// After an item: whether the container ends here. Otherwise the next item begins here.
    #[inline(always)]
    fn ends(&mut self, close: u8) -> Passed<bool> {
        self.tokens.space();
        let next = self.tokens.peek();
        self.tokens.bump();
        if next == b',' {
            self.tokens.space();
            return Ok(false);
        }
        if next == close { Ok(true) } else { Err(Stop::No) }
    }

    #[inline(always)]
    pub(super) fn object(&mut self, rules: &ObjectRules, shape: S::Shape) -> Passed<S::Value> {
        self.count()?;
        let start = self.tokens.at;
        self.descend(b'{')?;
        let shape = self.settled(shape, start)?;
        let mut object = self.sink.open_object(shape, rules.properties.len())?;
        let mut members = Members::new(rules, self.others.mark());
        self.tokens.space();
        if self.tokens.peek() == b'}' {
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

    #[inline(always)]
    fn member(&mut self, rules: &ObjectRules, members: &mut Members, object: &mut S::Object) -> Passed<()> {
        members.count += 1;
        // The whole `"key":` of the member that came next the last time, in one comparison.
        if let Some((index, property)) = rules.guess(members.previous)
            && rules.names == ANY
            && self.tokens.eat_literal(&property.literal)
        {
            return self.known(rules, index, members, object);
        }
        self.other(rules, members, object)
    }

    #[inline(always)]
    fn known(
        &mut self,
        rules: &ObjectRules,
        index: usize,
        members: &mut Members,
        object: &mut S::Object,
    ) -> Passed<()> {
        let property = &rules.properties[index];
        if !members.seen.insert(index) {
            return Err(Stop::No);
        }
        match members.last_other {
            // The properties are in canonical order themselves.
            false => self.tokens.canonical &= index >= members.previous,
            true => self.tokens.canonical = self.tokens.canonical && self.others.are_before(&property.key),
        }
        members.previous = index + 1;
        members.last_other = false;
        self.tokens.space();
        self.put(
            Key { word: Some(property.word), text: &property.key, plain: !property.literal.has_escapes() },
            property.node,
            object,
        )
    }

    /// A member that was not guessed.
    fn other(&mut self, rules: &ObjectRules, members: &mut Members, object: &mut S::Object) -> Passed<()> {
        let spelled = self.tokens.string()?;
        if rules.names != ANY && !self.fits(rules.names, spelled.offset - 1, self.tokens.at) {
            return Err(Stop::No);
        }
        self.tokens.space();
        self.tokens.expect(b':')?;
        self.tokens.space();
        let key = spelled.unescaped();
        if let Some(index) = rules.position(&key) {
            rules.learn(members.previous, index);
            return self.known(rules, index, members, object);
        }
        if members.count > self.most_keys {
            return Err(Stop::No);
        }
        self.place(rules, members, &spelled, &key);
        let start = self.tokens.at;
        let (node, more) = rules.nodes_of(&key);
        self.put(Key { word: None, text: &key, plain: !spelled.escaped }, node, object)?;
        let end = self.tokens.at;
        if more.iter().all(|node| self.fits(*node, start, end)) { Ok(()) } else { Err(Stop::No) }
    }

    /// Notes a key that the schema does not name, and whether it stands in order.
    #[inline(always)]
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
        self.tokens.canonical &= before;
        members.last_other = true;
    }

    #[inline(always)]
    fn put(&mut self, key: Key<'_>, node: Id, object: &mut S::Object) -> Passed<()> {
        let shape = self.sink.key(object, key)?;
        let value = self.value(node, shape)?;
        self.sink.ended(self.tokens.at);
        Ok(self.sink.put(object, key, value)?)
    }

    #[inline(always)]
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
    #[inline(always)]
    fn new(rules: &ObjectRules, mark: usize) -> Self {
        let seen = Seen::new(rules.properties.len());
        Self { seen, previous: 0, count: 0, mark, last_other: false, others_sorted: true }
    }
}
