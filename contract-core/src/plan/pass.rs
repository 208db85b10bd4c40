//! One pass over a text: grammar, schema, canonical form, and whatever the sink makes of it.

use std::borrow::Cow;

use super::keys::{Others, Seen};
use super::node::{ANY, ArrayRules, Id, Kind, NEVER, Node, NumberRules, ObjectRules, Tagged, Test};
use super::sink::{Halt, Key, Nothing, Sink, Text};
use super::token::{No, Number, Tokens, same};
use super::verdicts::Verdicts;
use super::{Plan, find, keys, order};
use crate::Limits;
use crate::schema::Engine;

/// Why a pass ends early.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stop {
    /// The text is refused; a slower pass says why.
    No,
    /// The sink cannot go on.
    Halted,
}

impl From<No> for Stop {
    #[inline(always)]
    fn from(_: No) -> Self {
        Self::No
    }
}

impl From<Halt> for Stop {
    #[inline(always)]
    fn from(_: Halt) -> Self {
        Self::Halted
    }
}

pub(crate) type Passed<T> = Result<T, Stop>;

/// Nesting that no setting goes beyond: the pass recurses, and its stack is finite.
pub(super) const DEEPEST: usize = 256;

/// Guesses at an alternative that may turn out wrong in one pass, before guessing stops.
const WRONG_GUESSES: u8 = 16;

pub(super) struct Pass<'p, 'a, 's, S: Sink> {
    plan: &'p Plan,
    engine: &'p Engine,
    pub(super) tokens: Tokens<'a>,
    sink: &'s mut S,
    /// Values that may still come.
    values: usize,
    most_keys: usize,
    /// Arrays and objects that may still nest.
    depth: usize,
    others: Others<'a>,
    guesses: u8,
    /// What earlier tests found out, where this pass is part of a test itself.
    verdicts: Option<&'p Verdicts>,
}

impl<'p, 'a, 's, S: Sink> Pass<'p, 'a, 's, S> {
    pub(super) fn new(plan: &'p Plan, engine: &'p Engine, text: &'a [u8], limits: &Limits, sink: &'s mut S) -> Self {
        Self {
            plan,
            engine,
            tokens: Tokens::new(text),
            sink,
            values: limits.json_values,
            most_keys: limits.json_keys,
            depth: limits.json_depth.min(DEEPEST),
            others: Others::default(),
            guesses: WRONG_GUESSES,
            verdicts: None,
        }
    }

    /// The whole text as one value.
    pub(super) fn document(&mut self, node: Id, shape: S::Shape) -> Passed<S::Value> {
        self.tokens.space();
        let value = self.value(node, shape)?;
        self.tokens.space();
        if self.tokens.at == self.tokens.text.len() { Ok(value) } else { Err(Stop::No) }
    }

    /// The value that begins here.
    fn value(&mut self, node: Id, shape: S::Shape) -> Passed<S::Value> {
        if S::BUILDS && matches!(self.tokens.peek(), b'{' | b'[') && self.sink.takes_text(shape) {
            return self.whole(node, shape);
        }
        match &self.plan.nodes[node as usize] {
            Node::Text(rules) => {
                self.count()?;
                let text = self.tokens.string()?;
                if rules.is_free() {
                    return self.text(shape, text);
                }
                match rules.check(&text, self.engine)? {
                    Some(word) if S::BUILDS => {
                        let shape = self.settled(shape, text.offset - 1)?;
                        Ok(self.sink.word(shape, word, text)?)
                    }
                    _ => self.text(shape, text),
                }
            }
            Node::Number(rules) => {
                self.count()?;
                let start = self.tokens.at;
                let number = self.tokens.number()?;
                check_number(rules, number)?;
                self.number(shape, number, start)
            }
            Node::Object(rules) => self.object(rules, shape),
            Node::Array(rules) => self.array(rules, shape),
            Node::Tagged(tagged) => self.tagged(tagged, shape),
            Node::Kinds(kinds) => self.value(kinds.of(self.kind()?), shape),
            Node::Bool { falsy, truthy } => {
                self.count()?;
                let start = self.tokens.at;
                let flag = self.tokens.peek() == b't';
                self.tokens.word(if flag { b"true" } else { b"false" })?;
                if if flag { *truthy } else { *falsy } { self.boolean(shape, flag, start) } else { Err(Stop::No) }
            }
            Node::Null => {
                self.count()?;
                let start = self.tokens.at;
                self.tokens.word(b"null")?;
                self.null(shape, start)
            }
            Node::Any => self.any(shape),
            Node::Also { main, more } => {
                let start = self.tokens.at;
                let value = self.value(*main, shape)?;
                self.tests(more, start)?;
                Ok(value)
            }
            Node::Never | Node::Union { .. } => Err(Stop::No),
        }
    }

    /// An array or object that the sink takes as text.
    fn whole(&mut self, node: Id, shape: S::Shape) -> Passed<S::Value> {
        let start = self.tokens.at;
        let mut pass = Pass {
            plan: self.plan,
            engine: self.engine,
            tokens: self.tokens,
            sink: &mut Nothing,
            values: self.values,
            most_keys: self.most_keys,
            depth: self.depth,
            others: std::mem::take(&mut self.others),
            guesses: self.guesses,
            verdicts: self.verdicts,
        };
        let outcome = pass.value(node, ());
        (self.tokens, self.values, self.guesses) = (pass.tokens, pass.values, pass.guesses);
        // Also after a no: who guessed at an alternative goes on with the keys of the objects around it.
        self.others = pass.others;
        outcome?;
        Ok(self.sink.whole(shape, &self.tokens.text[start..self.tokens.at])?)
    }

    /// A value of which nothing is asked.
    fn any(&mut self, shape: S::Shape) -> Passed<S::Value> {
        match self.kind()? {
            Kind::Text => {
                self.count()?;
                let text = self.tokens.string()?;
                self.text(shape, text)
            }
            Kind::Number => {
                self.count()?;
                let start = self.tokens.at;
                let number = self.tokens.number()?;
                self.number(shape, number, start)
            }
            Kind::Object => self.object(&self.plan.any_object, shape),
            Kind::Array => self.array(&self.plan.any_array, shape),
            Kind::Bool | Kind::Null => {
                self.count()?;
                let start = self.tokens.at;
                match self.tokens.peek() {
                    b't' => {
                        self.tokens.word(b"true").map_err(Stop::from).and_then(|()| self.boolean(shape, true, start))
                    }
                    b'f' => {
                        self.tokens.word(b"false").map_err(Stop::from).and_then(|()| self.boolean(shape, false, start))
                    }
                    _ => self.tokens.word(b"null").map_err(Stop::from).and_then(|()| self.null(shape, start)),
                }
            }
        }
    }

    #[inline(always)]
    fn count(&mut self) -> Passed<()> {
        self.values = self.values.checked_sub(1).ok_or(Stop::No)?;
        Ok(())
    }

    #[inline(always)]
    fn kind(&self) -> Passed<Kind> {
        Ok(match self.tokens.peek() {
            b'"' => Kind::Text,
            b'{' => Kind::Object,
            b'[' => Kind::Array,
            b't' | b'f' => Kind::Bool,
            b'n' => Kind::Null,
            b'-' | b'0'..=b'9' => Kind::Number,
            _ => return Err(Stop::No),
        })
    }

    /// A shape that leaves no choice, for the value that begins at `start`.
    #[inline(always)]
    fn settled(&mut self, shape: S::Shape, start: usize) -> Passed<S::Shape> {
        if S::BUILDS && self.sink.is_union(shape) {
            return Ok(self.sink.settle(shape, None, &self.tokens.text[start..])?);
        }
        Ok(shape)
    }

    #[inline(always)]
    fn text(&mut self, shape: S::Shape, text: Text<'_>) -> Passed<S::Value> {
        let shape = self.settled(shape, text.offset - 1)?;
        Ok(self.sink.text(shape, text)?)
    }

    #[inline(always)]
    fn number(&mut self, shape: S::Shape, number: Number, start: usize) -> Passed<S::Value> {
        let shape = self.settled(shape, start)?;
        Ok(match number {
            Number::Integer(integer) => self.sink.integer(shape, integer)?,
            Number::Double(double) => self.sink.double(shape, double)?,
        })
    }

    #[inline(always)]
    fn boolean(&mut self, shape: S::Shape, flag: bool, start: usize) -> Passed<S::Value> {
        let shape = self.settled(shape, start)?;
        Ok(self.sink.boolean(shape, flag)?)
    }

    #[inline(always)]
    fn null(&mut self, shape: S::Shape, start: usize) -> Passed<S::Value> {
        let shape = self.settled(shape, start)?;
        Ok(self.sink.null(shape)?)
    }

    fn array(&mut self, rules: &ArrayRules, shape: S::Shape) -> Passed<S::Value> {
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
    fn object(&mut self, rules: &ObjectRules, shape: S::Shape) -> Passed<S::Value> {
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
        if let Some((index, property)) = rules.guess(members.previous) {
            if rules.names == ANY && self.tokens.eat(&property.literal) {
                return self.known(rules, index, members, object);
            }
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
        self.put(Key { word: Some(property.word), text: &property.key }, property.node, object)
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
        let key = keys::spelled(&spelled);
        if let Some(index) = rules.position(&key) {
            rules.learn(members.previous, index);
            return self.known(rules, index, members, object);
        }
        if members.count > self.most_keys {
            return Err(Stop::No);
        }
        self.place(rules, members, &key);
        let start = self.tokens.at;
        let (node, more) = rules.nodes_of(&key);
        self.put(Key { word: None, text: &key }, node, object)?;
        let end = self.tokens.at;
        if more.iter().all(|node| self.fits(*node, start, end)) { Ok(()) } else { Err(Stop::No) }
    }

    /// Notes a key that the schema does not name, and whether it stands in order.
    fn place(&mut self, rules: &ObjectRules, members: &mut Members, key: &Cow<'a, [u8]>) {
        let behind_others = self.others.push(key.clone(), members.mark);
        members.others_sorted &= behind_others;
        let before = match members.last_other {
            true => behind_others,
            false => members
                .previous
                .checked_sub(1)
                .is_none_or(|known| order::keys(&rules.properties[known].key, key).is_lt()),
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

    /// Objects that a property tells apart: the tag decides, wherever it stands.
    fn tagged(&mut self, tagged: &Tagged, shape: S::Shape) -> Passed<S::Value> {
        let begin = self.tokens;
        let guess = match self.first_key(tagged)? {
            First::Tag(index) => {
                self.tokens = begin;
                return self.alternative(tagged, index, shape);
            }
            First::Hint(index) if self.guesses > 0 => Some(index),
            First::Hint(_) | First::Other => None,
        };
        self.tokens = begin;
        if let Some(index) = guess {
            let (mark, others, values, depth) = (self.sink.mark(), self.others.mark(), self.values, self.depth);
            match self.alternative(tagged, index, shape) {
                Err(Stop::No) => {}
                done => return done,
            }
            self.sink.rollback(mark);
            self.others.back_to(others);
            (self.values, self.depth, self.tokens) = (values, depth, begin);
            self.guesses -= 1;
        }
        let index = find::tag(&begin, tagged).ok_or(Stop::No)?;
        if guess == Some(index) { Err(Stop::No) } else { self.alternative(tagged, index, shape) }
    }

    /// What the first key of an object says about its alternative.
    #[inline(always)]
    fn first_key(&mut self, tagged: &Tagged) -> Passed<First> {
        self.tokens.expect(b'{')?;
        self.tokens.space();
        let key = self.tokens.string()?;
        if same(key.raw, &tagged.key) {
            self.tokens.space();
            self.tokens.expect(b':')?;
            self.tokens.space();
            let tag = self.tokens.string()?;
            return tagged.alternative(&keys::spelled(&tag)).map(First::Tag).ok_or(Stop::No);
        }
        let hint = tagged.hints.iter().find(|(hint, _)| same(key.raw, hint));
        Ok(hint.map_or(First::Other, |(_, index)| First::Hint(usize::from(*index))))
    }

    #[inline(always)]
    fn alternative(&mut self, tagged: &Tagged, index: usize, shape: S::Shape) -> Passed<S::Value> {
        let (_, word, node) = &tagged.alternatives[index];
        let shape = match S::BUILDS && self.sink.is_union(shape) {
            true => self.sink.settle(shape, Some(*word), &self.tokens.text[self.tokens.at..])?,
            false => shape,
        };
        self.value(*node, shape)
    }

    /// What must hold of the value from `start` to here beside its main node.
    fn tests(&self, tests: &[Test], start: usize) -> Passed<()> {
        let written = &self.tokens.text[start..self.tokens.at];
        let holds = match self.verdicts {
            None => tests_hold(self.plan, self.engine, tests, written),
            Some(_) => all_hold(self.engine, tests, written, |node, value| self.span_fits(node, value)),
        };
        if holds { Ok(()) } else { Err(Stop::No) }
    }

    /// Whether the value between the two places, which was read before, fits a node, too.
    fn fits(&self, node: Id, start: usize, end: usize) -> bool {
        self.span_fits(node, &self.tokens.text[start..end])
    }

    fn span_fits(&self, node: Id, value: &[u8]) -> bool {
        match self.verdicts {
            None => fits_span(self.plan, self.engine, node, value),
            Some(verdicts) => {
                verdicts.of(node, value, || fits_within(self.plan, self.engine, verdicts, node, value))
            }
        }
    }
}

/// Whether a value, which is valid JSON, passes tests.
pub(super) fn tests_hold(plan: &Plan, engine: &Engine, tests: &[Test], text: &[u8]) -> bool {
    let verdicts = Verdicts::default();
    all_hold(engine, tests, text, |node, value| fits_within(plan, engine, &verdicts, node, value))
}

/// Whether a value, which is valid JSON, fits a node.
pub(super) fn fits_span(plan: &Plan, engine: &Engine, node: Id, text: &[u8]) -> bool {
    fits_within(plan, engine, &Verdicts::default(), node, text)
}

fn all_hold(engine: &Engine, tests: &[Test], text: &[u8], fits_span: impl Fn(Id, &[u8]) -> bool) -> bool {
    let fits = |node: &Id| fits_span(*node, text);
    tests.iter().all(|test| match test {
        Test::Is(node) => fits(node),
        Test::Not(node) => !fits(node),
        Test::AnyOf(nodes) => nodes.iter().any(fits),
        Test::OneOf(nodes) => nodes.iter().filter(|node| fits(node)).take(2).count() == 1,
        Test::If { test, then, otherwise } => fits(if fits(test) { then } else { otherwise }),
        Test::When { key, node } => find::member_of(text, key).is_none() || fits(node),
        Test::Contains { node, min, max } => {
            let items = find::items(text).filter(|item| fits_span(*node, &text[item.clone()]));
            (*min..=*max).contains(&items.count())
        }
        Test::Fallback(fallback) => fallback.fits(engine, text),
    })
}

fn fits_within(plan: &Plan, engine: &Engine, verdicts: &Verdicts, node: Id, text: &[u8]) -> bool {
    match node {
        ANY => return true,
        NEVER => return false,
        _ => {}
    }
    let limits = Limits { json_values: usize::MAX, json_keys: usize::MAX, json_depth: DEEPEST, ..Limits::default() };
    let mut nothing = Nothing;
    let mut pass = Pass::new(plan, engine, text, &limits, &mut nothing);
    pass.verdicts = Some(verdicts);
    pass.value(node, ()).is_ok()
}

/// What the first key of a tagged object says.
enum First {
    /// It is the tag, of this alternative.
    Tag(usize),
    /// Only this alternative knows the key.
    Hint(usize),
    Other,
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

#[inline(always)]
fn check_number(rules: &NumberRules, number: Number) -> Passed<()> {
    if rules.fits(number) { Ok(()) } else { Err(Stop::No) }
}
