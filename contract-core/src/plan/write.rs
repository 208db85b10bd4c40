//! Objects of a host language to canonical JSON, checked in the same walk.
//!
//! What a node asks of one value, and of the members of an object, is checked on the object. What else
//! must hold of a whole value is checked on the text that was just written of it.

use super::canonical::Writer;
use super::keys::Seen;
use super::node::{ANY, ArrayRules, Id, Kind as NodeKind, Node, ObjectRules, Tagged, Test};
use super::pass::{DEEPEST, Stop, Trial, Verdicts};
use super::sink::Text;
use super::source::{Kind, Member, Number, Source};
use super::{Plan, number};
use crate::schema::Engine;
use crate::{ErrorCode, Limits, Pointer, Problem};

/// Why a walk ends early.
pub(crate) enum Unwritten {
    /// The value does not fit; what was written without checks says why.
    No,
    /// The value has no JSON form, or breaks a limit, at this place.
    Problem(Problem),
}

impl From<Problem> for Unwritten {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl From<Stop> for Unwritten {
    fn from(_: Stop) -> Self {
        Self::No
    }
}

type Written = Result<(), Unwritten>;

/// Walks over one value.
pub(crate) struct Walk<'p, 's, 't, S: Source<'t>> {
    plan: &'p Plan,
    engine: &'p Engine,
    source: &'s mut S,
    limits: &'p Limits,
    values: usize,
    depth: usize,
    out: Writer,
    members: Vec<Member<'t, S::Value>>,
    items: Vec<S::Value>,
    /// Property and member, for the objects that are open.
    places: Vec<(usize, usize)>,
}

/// Checks a host value and writes it in canonical form.
pub(crate) fn write<'t, S: Source<'t>>(
    plan: &Plan,
    engine: &Engine,
    source: &mut S,
    value: S::Value,
    limits: &Limits,
) -> Result<Vec<u8>, Unwritten> {
    let (values, depth) = (limits.json_values, limits.json_depth.min(DEEPEST));
    let (out, members, items, places) = (Writer::default(), Vec::new(), Vec::new(), Vec::new());
    let mut walk = Walk { plan, engine, source, limits, values, depth, out, members, items, places };
    walk.node(plan.root, value)?;
    if walk.out.text.len() > limits.json_bytes {
        let message = format!("found {} bytes; at most {} are read", walk.out.text.len(), limits.json_bytes);
        return Err(refuse(ErrorCode::JsonTooLarge, message));
    }
    Ok(walk.out.text)
}

impl<'t, S: Source<'t>> Walk<'_, '_, 't, S> {
    fn node(&mut self, node: Id, value: S::Value) -> Written {
        let kind = self.source.kind(value)?;
        self.value(node, value, kind)
    }

    fn value(&mut self, node: Id, value: S::Value, kind: Kind) -> Written {
        match (&self.plan.nodes[node as usize], kind) {
            (Node::Any, _) => self.any(value, kind),
            (Node::Text(rules), Kind::Text) => {
                self.count()?;
                let text = self.source.text(value)?;
                let plain = Text { raw: text.as_bytes(), escaped: false, offset: 0 };
                if rules.words.is_some() && rules.word(&plain).is_none() || !rules.fits(&plain, self.engine) {
                    return Err(Unwritten::No);
                }
                self.out.string(text.as_bytes());
                Ok(())
            }
            (Node::Number(rules), Kind::Number) => {
                self.count()?;
                let number = self.number(value)?;
                if !rules.fits(number) {
                    return Err(Unwritten::No);
                }
                self.write_number(number);
                Ok(())
            }
            (Node::Bool { falsy, truthy }, Kind::Boolean(flag)) if if flag { *truthy } else { *falsy } => {
                self.scalar(value, kind)
            }
            (Node::Null, Kind::Null) => self.scalar(value, kind),
            (Node::Array(rules), Kind::Array) => self.array(rules, value),
            (Node::Object(rules), Kind::Object) => self.object(rules, value),
            (Node::Tagged(tagged), Kind::Object) => self.tagged(tagged, value),
            (Node::Kinds(kinds), kind) => self.value(kinds.of(node_kind(kind)), value, kind),
            (Node::Also { main, more }, _) => {
                let start = self.out.text.len();
                self.value(*main, value, kind)?;
                self.tests(more, start)
            }
            _ => Err(Unwritten::No),
        }
    }

    fn any(&mut self, value: S::Value, kind: Kind) -> Written {
        let plan = self.plan;
        match kind {
            Kind::Array => self.array(&plan.any_array, value),
            Kind::Object => self.object(&plan.any_object, value),
            _ => self.scalar(value, kind),
        }
    }

    fn scalar(&mut self, value: S::Value, kind: Kind) -> Written {
        self.count()?;
        match kind {
            Kind::Null => self.out.text.extend_from_slice(b"null"),
            Kind::Boolean(flag) => self.out.text.extend_from_slice(if flag { b"true" } else { b"false" }),
            Kind::Number => {
                let number = self.number(value)?;
                self.write_number(number);
            }
            Kind::Text => {
                let text = self.source.text(value)?;
                self.out.string(text.as_bytes());
            }
            Kind::Array | Kind::Object => {}
        }
        Ok(())
    }

    #[inline]
    fn count(&mut self) -> Written {
        self.values = self.values.checked_sub(1).ok_or_else(|| {
            let message = format!("found more than {} values in one text", self.limits.json_values);
            refuse(ErrorCode::JsonTooManyValues, message)
        })?;
        Ok(())
    }

    fn number(&mut self, value: S::Value) -> Result<number::Number, Unwritten> {
        Ok(match self.source.number(value)? {
            Number::Integer(integer) => number::Number::Integer(integer),
            Number::Double(double) => number::whole(double).map_err(|_| {
                let message = "found an integer beyond ±(2^53-1), which not every reader keeps exactly";
                refuse(ErrorCode::JsonNumber, message.to_owned())
            })?,
        })
    }

    fn write_number(&mut self, number: number::Number) {
        match number {
            number::Number::Integer(integer) => self.out.integer(integer),
            number::Number::Double(double) => self.out.double(double),
        }
    }

    fn descend(&mut self) -> Written {
        self.count()?;
        self.depth = self.depth.checked_sub(1).ok_or_else(|| {
            let message =
                format!("found arrays and objects nested more than {} deep", self.limits.json_depth.min(DEEPEST));
            refuse(ErrorCode::JsonDepth, message)
        })?;
        Ok(())
    }

    fn array(&mut self, rules: &ArrayRules, value: S::Value) -> Written {
        self.descend()?;
        let mark = self.items.len();
        self.source.items(value, &mut self.items)?;
        let length = self.items.len() - mark;
        self.out.text.push(b'[');
        for index in 0..length {
            if index > 0 {
                self.out.text.push(b',');
            }
            let node = rules.prefix.get(index).copied().unwrap_or(rules.items);
            self.node(node, self.items[mark + index]).map_err(|stop| under(stop, || Pointer::root().index(index)))?;
        }
        self.out.text.push(b']');
        self.items.truncate(mark);
        self.depth += 1;
        if (rules.min..=rules.max).contains(&length) { Ok(()) } else { Err(Unwritten::No) }
    }

    fn object(&mut self, rules: &ObjectRules, value: S::Value) -> Written {
        let mark = self.read_members(value)?;
        self.write_members(rules, mark)
    }

    /// Reads the members of an object; says where they begin among all.
    fn read_members(&mut self, value: S::Value) -> Result<usize, Unwritten> {
        self.descend()?;
        let mark = self.members.len();
        self.source.members(value, &mut self.members)?;
        if self.members.len() - mark > self.limits.json_keys {
            let message = format!("found more than {} keys in one object", self.limits.json_keys);
            return Err(refuse(ErrorCode::JsonTooManyKeys, message));
        }
        Ok(mark)
    }

    /// Writes the members from `mark` on in the order of RFC 8785.
    fn write_members(&mut self, rules: &ObjectRules, mark: usize) -> Written {
        let place = self.places.len();
        let count = self.members.len() - mark;
        let mut seen = Seen::new(rules.properties.len());
        self.out.text.push(b'{');
        if self.find_all(rules, mark, &mut seen) {
            self.write_known(rules, mark, place)?;
        } else {
            seen = Seen::new(rules.properties.len());
            let order = |a: &Member<'_, _>, b: &Member<'_, _>| super::order::keys(a.key.as_bytes(), b.key.as_bytes());
            self.members[mark..].sort_unstable_by(order);
            for index in mark..mark + count {
                self.separate(index > mark);
                self.write_member(rules, self.members[index], &mut seen)?;
            }
        }
        self.out.text.push(b'}');
        self.places.truncate(place);
        self.members.truncate(mark);
        self.depth += 1;
        if rules.has_members(&seen, count) { Ok(()) } else { Err(Unwritten::No) }
    }

    /// Finds the property of each member, and with that its place: properties are in order themselves.
    /// `false` where a key is none of them.
    fn find_all(&mut self, rules: &ObjectRules, mark: usize, seen: &mut Seen) -> bool {
        if rules.names != ANY {
            return false;
        }
        let (place, mut previous, mut sorted) = (self.places.len(), 0, true);
        for (index, member) in self.members[mark..].iter().enumerate() {
            let Some(property) = rules.after(previous, member) else { break };
            if !seen.insert(property) {
                break;
            }
            sorted &= property >= previous;
            previous = property + 1;
            self.places.push((property, mark + index));
        }
        let all = self.places.len() - place == self.members.len() - mark;
        if !all {
            self.places.truncate(place);
        } else if !sorted {
            self.places[place..].sort_unstable();
        }
        all
    }

    fn write_known(&mut self, rules: &ObjectRules, mark: usize, place: usize) -> Written {
        for index in place..place + self.members.len() - mark {
            let (property, member) = self.places[index];
            let (property, member) = (&rules.properties[property], self.members[member]);
            self.separate(index > place);
            self.out.text.extend_from_slice(property.literal.as_bytes());
            self.node(property.node, member.value).map_err(|stop| under(stop, || Pointer::root().key(member.key)))?;
        }
        Ok(())
    }

    #[inline(always)]
    fn separate(&mut self, more: bool) {
        if more {
            self.out.text.push(b',');
        }
    }

    /// A member of any key.
    fn write_member(&mut self, rules: &ObjectRules, member: Member<'t, S::Value>, seen: &mut Seen) -> Written {
        let begin = self.out.text.len();
        self.out.string(member.key.as_bytes());
        if rules.names != ANY {
            self.tests(&[Test::Is(rules.names)], begin)?;
        }
        self.out.text.push(b':');
        let (node, more) = match rules.position(member.key.as_bytes()) {
            Some(property) => {
                seen.insert(property);
                (rules.properties[property].node, Vec::new())
            }
            None => rules.nodes_of(member.key.as_bytes()),
        };
        let start = self.out.text.len();
        self.node(node, member.value).map_err(|stop| under(stop, || Pointer::root().key(member.key)))?;
        let more: Vec<Test> = more.into_iter().map(Test::Is).collect();
        if more.is_empty() { Ok(()) } else { self.tests(&more, start) }
    }

    /// The members are read once; the tag among them says which alternative they are held to.
    fn tagged(&mut self, tagged: &Tagged, value: S::Value) -> Written {
        let mark = self.read_members(value)?;
        let tag = self.members[mark..].iter().find(|member| member.key.as_bytes() == &*tagged.key);
        let tag = tag.ok_or(Unwritten::No)?.value;
        if self.source.kind(tag)? != Kind::Text {
            return Err(Unwritten::No);
        }
        let index = tagged.alternative(self.source.text(tag)?.as_bytes()).ok_or(Unwritten::No)?;
        self.members_as(tagged.alternatives[index].2, mark)
    }

    /// The members from `mark` on, held to a node that takes objects.
    fn members_as(&mut self, node: Id, mark: usize) -> Written {
        match &self.plan.nodes[node as usize] {
            Node::Object(rules) => self.write_members(rules, mark),
            Node::Kinds(kinds) => self.members_as(kinds.of(NodeKind::Object), mark),
            Node::Also { main, more } => {
                let start = self.out.text.len();
                self.members_as(*main, mark)?;
                self.tests(more, start)
            }
            // An alternative that a tag tells is an object behind no more than these.
            _ => Err(Unwritten::No),
        }
    }

    fn tests(&self, tests: &[Test], start: usize) -> Written {
        let written = &self.out.text[start..];
        let verdicts = Verdicts::default();
        if Trial::new(self.plan, self.engine, &verdicts).passes(tests, written) { Ok(()) } else { Err(Unwritten::No) }
    }
}

fn node_kind(kind: Kind) -> NodeKind {
    match kind {
        Kind::Null => NodeKind::Null,
        Kind::Boolean(_) => NodeKind::Bool,
        Kind::Number => NodeKind::Number,
        Kind::Text => NodeKind::Text,
        Kind::Array => NodeKind::Array,
        Kind::Object => NodeKind::Object,
    }
}

#[cold]
fn refuse(code: ErrorCode, message: String) -> Unwritten {
    Unwritten::Problem(Problem::new(code, Pointer::root(), message))
}

#[cold]
fn under(stop: Unwritten, step: impl FnOnce() -> Pointer) -> Unwritten {
    match stop {
        Unwritten::No => Unwritten::No,
        Unwritten::Problem(problem) => Unwritten::Problem(problem.under(&step())),
    }
}
