//! Objects: their members in the order of RFC 8785, each held to what the schema says of its key.

use super::{Unwritten, Walk, Written, refuse, under};
use crate::plan::keys::Seen;
use crate::plan::node::{ANY, Id, Kind as NodeKind, Node, ObjectRules, Tagged, Test};
use crate::plan::order;
use crate::plan::source::{Kind, Member, Source};
use crate::sorting::{sort, sort_by};
use crate::{ErrorCode, Pointer};

impl<'t, S: Source<'t>> Walk<'_, '_, 't, S> {
    pub(super) fn object(&mut self, rules: &ObjectRules, value: S::Value) -> Written {
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
        self.out.byte(b'{');
        if self.find_all(rules, mark, &mut seen) {
            self.write_known(rules, mark, place)?;
        } else {
            seen = Seen::new(rules.properties.len());
            let order = |a: &Member<'_, _>, b: &Member<'_, _>| order::keys(a.key.as_bytes(), b.key.as_bytes());
            sort_by(&mut self.members[mark..], order);
            for index in mark..mark + count {
                self.separate(index > mark);
                self.write_member(rules, self.members[index], &mut seen)?;
            }
        }
        self.out.byte(b'}');
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
            arrange(&mut self.places[place..], seen);
        }
        all
    }

    fn write_known(&mut self, rules: &ObjectRules, mark: usize, place: usize) -> Written {
        for index in place..place + self.members.len() - mark {
            let (property, member) = self.places[index];
            let (property, member) = (&rules.properties[property], self.members[member]);
            self.separate(index > place);
            self.out.literal(&property.literal);
            self.node(property.node, member.value).map_err(|stop| under(stop, || Pointer::root().key(member.key)))?;
        }
        Ok(())
    }

    #[inline(always)]
    fn separate(&mut self, more: bool) {
        if more {
            self.out.byte(b',');
        }
    }

    /// A member of any key.
    fn write_member(&mut self, rules: &ObjectRules, member: Member<'t, S::Value>, seen: &mut Seen) -> Written {
        let begin = self.out.len();
        self.out.string(member.key.as_bytes());
        if rules.names != ANY {
            self.tests(&[Test::Is(rules.names)], begin)?;
        }
        self.out.byte(b':');
        let (node, more) = match rules.position(member.key.as_bytes()) {
            Some(property) => {
                seen.insert(property);
                (rules.properties[property].node, Vec::new())
            }
            None => rules.nodes_of(member.key.as_bytes()),
        };
        let start = self.out.len();
        self.node(node, member.value).map_err(|stop| under(stop, || Pointer::root().key(member.key)))?;
        let more: Vec<Test> = more.into_iter().map(Test::Is).collect();
        if more.is_empty() { Ok(()) } else { self.tests(&more, start) }
    }

    /// The members are read once; the tag among them says which alternative they are held to.
    pub(super) fn tagged(&mut self, tagged: &Tagged, value: S::Value) -> Written {
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
                let start = self.out.len();
                self.members_as(*main, mark)?;
                self.tests(more, start)
            }
            // An alternative that a tag tells is an object behind no more than these.
            _ => Err(Unwritten::No),
        }
    }
}

/// Puts properties in order, each with its member. All were seen, and none twice.
fn arrange(places: &mut [(usize, usize)], seen: &Seen) {
    let Some(mut rest) = seen.few() else { return sort(places) };
    let mut members = [0; u64::BITS as usize];
    for (property, member) in &*places {
        members[*property] = *member;
    }
    for place in places {
        let property = rest.trailing_zeros() as usize;
        *place = (property, members[property]);
        rest &= rest - 1;
    }
}
