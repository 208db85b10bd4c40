//! Two versions of a contract, in both directions: every break, and every change that breaks nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::difference::{Cause, Comparison, Difference, Direction, Version, Witness};
use super::edits;
use super::gaps::{Budget, Gap, gaps};
use super::groups::Spread;
use super::messages::Exchange;
use super::node::Side;
use super::parts::{self, Crossing, Giver, Held, Part, Readers};
use super::told::{lone, of_gap, stated, uneven};
use super::witness::{End, example};
use crate::contract::{Agent, Operation};
use crate::gather::Gather;
use crate::{Contract, ErrorCode, Pointer};

/// Compares two versions of a contract.
///
/// Beside what [`super::fits`] looks at when a message comes, this holds the final output and the errors of
/// operations with phases to what who began the work reads, the settings of agents, and limits that messages are
/// refused by.
pub fn compare(old: &Contract, new: &Contract) -> Comparison {
    let (one, other) = (Side::of(old), Side::of(new));
    let mut walk = Walk { old: &one, new: &other, found: Vec::new(), known: BTreeMap::new(), budget: Budget::new() };
    walk.contract();
    walk.agents();
    walk.groups();
    let differences = walk.found;
    let broken: Vec<_> = differences.iter().flat_map(|one| one.old.iter().chain(&one.new)).cloned().collect();
    Comparison { edits: edits::between(&one, &other, &broken), differences }
}

/// The gaps between two schemas that were compared before.
type Known = BTreeMap<(Version, Pointer, Pointer), Rc<Vec<Gap>>>;

struct Walk<'a> {
    old: &'a Side<'a>,
    new: &'a Side<'a>,
    found: Vec<Difference>,
    known: Known,
    budget: Budget,
}

impl<'a> Walk<'a> {
    fn side(&self, version: Version) -> &'a Side<'a> {
        if version == Version::Old { self.old } else { self.new }
    }

    fn contract(&mut self) {
        let (old, new) = (self.old.contract, self.new.contract);
        if old.name() != new.name() {
            let message = format!("the contract was `{}`, is `{}`; messages name it", old.name(), new.name());
            let at = Pointer::root().key("name");
            for direction in [Direction::Backward, Direction::Forward] {
                let witness = self.exchange(direction).name();
                let places = (Some(at.clone()), Some(at.clone()));
                let difference = stated(Cause::ContractName, "contract", direction, places, message.clone());
                self.keep(Difference { witness, ..difference });
            }
        }
        self.limit("maxHops", "hops", (old.max_hops().into(), new.max_hops().into()), |work, hop| work.hop(hop));
        if old.state().is_some() && new.state().is_some() {
            let bytes = |contract: &Contract| contract.max_state_bytes() as u64;
            self.limit("maxStateBytes", "bytes of state", (bytes(old), bytes(new)), |work, bytes| work.state(bytes));
        }
    }

    /// A limit that receivers hold messages to: a lower one refuses what the other version may send.
    fn limit(
        &mut self,
        name: &str,
        what: &str,
        (old, new): (u64, u64),
        beyond: impl Fn(&mut Exchange<'_, '_>, u64) -> Option<Witness>,
    ) {
        let (direction, most) = match new.cmp(&old) {
            std::cmp::Ordering::Equal => return,
            std::cmp::Ordering::Less => (Direction::Backward, new),
            std::cmp::Ordering::Greater => (Direction::Forward, old),
        };
        let at = Pointer::root().key("constraints").key(name);
        let place = |side: &Side<'_>| side.node(&at).map(|node| node.at);
        let places = (place(self.old), place(self.new));
        let message = format!("`{name}` was {old}, is {new}; messages with more than {most} {what} are refused");
        let witness = beyond(&mut self.exchange(direction), most + 1);
        let difference = stated(Cause::Limit, "constraints", direction, places, message);
        self.keep(Difference { witness, ..difference });
    }

    fn exchange(&mut self, direction: Direction) -> Exchange<'a, '_> {
        let (sender, receiver) = in_order(direction, self.old, self.new);
        Exchange { sender, receiver, weight: &mut self.budget.weight }
    }

    fn agents(&mut self) {
        let (old, new) = (self.old.contract.agents(), self.new.contract.agents());
        let names: BTreeSet<&String> = old.keys().chain(new.keys()).gather();
        for name in names {
            match (old.get(name), new.get(name)) {
                (Some(old), Some(new)) => self.agent(old, new),
                (Some(agent), None) => self.lone_agent(agent, Direction::Backward),
                (None, agent) => agent.into_iter().for_each(|agent| self.lone_agent(agent, Direction::Forward)),
            }
        }
    }

    /// Works that one version has spread over children, and the other goes on with.
    fn groups(&mut self) {
        for direction in [Direction::Backward, Direction::Forward] {
            let (sender, receiver) = in_order(direction, self.old, self.new);
            for operation in sender.contract.operations() {
                let Some(fan_out) = &operation.fans_out else { continue };
                let spread = Spread { sender, receiver, direction, operation, fan_out };
                spread.differences(&mut self.budget).into_iter().for_each(|difference| self.keep(difference));
            }
        }
    }

    fn agent(&mut self, old: &Agent, new: &Agent) {
        let config = |agent: &Agent| agent.config.clone().map_or(Held::Nothing, Held::Schema);
        for direction in [Direction::Backward, Direction::Forward] {
            let (sends, accepts) = in_order(direction, old, new);
            let (gives, reads) = (config(sends), config(accepts));
            if let (Held::Schema(given), Held::Schema(read)) = (gives, reads) {
                self.schemas(
                    Cause::Config,
                    &format!("{} config", old.name),
                    direction,
                    direction.sender(),
                    given,
                    read,
                );
            }
        }
        let names: BTreeSet<&String> = old.operations.keys().chain(new.operations.keys()).gather();
        for name in names {
            match (old.operations.get(name), new.operations.get(name)) {
                (Some(old), Some(new)) => self.operation(old, new),
                (Some(operation), None) => self.lone_operation(operation, Direction::Backward),
                (None, operation) => {
                    operation.into_iter().for_each(|operation| self.lone_operation(operation, Direction::Forward));
                }
            }
        }
    }

    fn lone_agent(&mut self, agent: &Agent, direction: Direction) {
        let at = Pointer::root().key("agents").key(&agent.name);
        let message = match direction {
            Direction::Backward => format!("the agent `{}` is gone", agent.name),
            Direction::Forward => format!("the agent `{}` is new; there is none of the old version", agent.name),
        };
        let witness = agent.operations.values().next().and_then(|operation| self.message_of(operation, direction));
        let lone = lone(Cause::Agent, &agent.name, direction, at, message);
        self.keep(Difference { witness, ..lone });
    }

    fn lone_operation(&mut self, operation: &Operation, direction: Direction) {
        let at = place_of(operation);
        let message = match direction {
            Direction::Backward => format!("the operation `{}` is gone", operation.target),
            Direction::Forward => format!("the operation `{}` is new; old agents do not have it", operation.target),
        };
        let witness = self.message_of(operation, direction);
        let lone = lone(Cause::Operation, &operation.target, direction, at, message);
        self.keep(Difference { witness, ..lone });
    }

    /// An input of an operation that only the sender has: every one of them is refused.
    fn message_of(&mut self, operation: &Operation, direction: Direction) -> Option<Witness> {
        let end = End { side: self.side(direction.sender()), at: operation.input.clone() };
        let value = example(&end, &mut self.budget.weight)?;
        Some(Witness { part: operation.target.clone(), value, code: ErrorCode::OperationUnknown, at: Pointer::root() })
    }

    fn operation(&mut self, old: &Operation, new: &Operation) {
        if old.hash() == new.hash() {
            return;
        }
        for direction in [Direction::Backward, Direction::Forward] {
            let (sent, accepted) = in_order(direction, old, new);
            self.phases(sent, accepted, direction);
            if sent.from.is_empty() != accepted.from.is_empty() {
                continue;
            }
            let (sender, receiver) = in_order(direction, self.old.contract, self.new.contract);
            for crossing in parts::crossings((sender, sent), (receiver, accepted), Readers::All) {
                self.crossing(crossing, &old.target, direction);
            }
        }
    }

    fn phases(&mut self, sent: &Operation, accepted: &Operation, direction: Direction) {
        let (old, new) = in_order(direction, sent, accepted);
        let subject = format!("{} from", sent.target);
        let at = place_of(sent);
        let from = |operation: &Operation| if operation.from.is_empty() { at.clone() } else { at.key("from") };
        let places = (from(old), from(new));
        let mut add = |phase: Option<&str>, message: String| {
            let witness = self.exchange(direction).phase(sent, phase);
            let places = (Some(places.0.clone()), Some(places.1.clone()));
            let difference = stated(Cause::Phase, &subject, direction, places, message);
            self.keep(Difference { witness, ..difference });
        };
        let first = sent.from.first().map(String::as_str);
        let target = &sent.target;
        match (old.from.is_empty(), new.from.is_empty()) {
            (true, true) => {}
            (true, false) => add(first, format!("`{target}` was callable, is part of the phases")),
            (false, true) => add(first, format!("`{target}` was part of the phases, is callable")),
            (false, false) => {
                for phase in sent.from.iter().filter(|phase| !accepted.from.contains(phase)) {
                    let message = match direction {
                        Direction::Backward => format!("`{target}` does not start from `{phase}` any more"),
                        Direction::Forward => format!("`{target}` starts from `{phase}` now; old agents refuse it"),
                    };
                    add(Some(phase), message);
                }
            }
        }
    }

    fn crossing(&mut self, crossing: Crossing, target: &str, direction: Direction) {
        let giver = match crossing.by {
            Giver::Sender => direction.sender(),
            Giver::Receiver => direction.sender().other(),
        };
        let (cause, subject) = match &crossing.part {
            Part::Input => (Cause::Input, format!("{target} input")),
            Part::Output => (Cause::Output, format!("{target} output")),
            Part::Error(_) => (Cause::Error, format!("{target} {}", crossing.part.label())),
            Part::State => (Cause::State, "state".to_owned()),
        };
        match (crossing.gives, crossing.reads) {
            (Held::Schema(given), Held::Schema(read)) => self.schemas(cause, &subject, direction, giver, given, read),
            (Held::Nothing, Held::Nothing) => {}
            (gives, reads) => {
                let message = uneven(&crossing.part, &gives, &reads, giver);
                self.uneven(&crossing.part, (cause, &subject), target, (direction, giver), message);
            }
        }
    }

    /// A reply or an error that only one of the two sides has, or that only one gives data.
    fn uneven(
        &mut self,
        part: &Part,
        (cause, subject): (Cause, &str),
        target: &str,
        (direction, giver): (Direction, Version),
        message: String,
    ) {
        let at = |side: &Side<'_>| {
            let operation = place_of(side.contract.operation(target)?);
            let at = match part {
                Part::Error(name) => operation.key("errors").key(name),
                _ => operation.key("output"),
            };
            side.node(&at).map(|node| node.at)
        };
        let (old, new) = (at(self.old), at(self.new));
        let (sender, receiver) = (self.side(giver), self.side(giver.other()));
        let mut replies = Exchange { sender, receiver, weight: &mut self.budget.weight };
        let given = sender.contract.operation(target);
        let witness = given.and_then(|operation| replies.reply(operation, part, subject));
        let difference = stated(cause, subject, direction, (old, new), message);
        self.keep(Difference { sender: giver, witness, ..difference });
    }

    fn schemas(
        &mut self,
        cause: Cause,
        subject: &str,
        direction: Direction,
        giver: Version,
        given: Pointer,
        read: Pointer,
    ) {
        let gives = End { at: self.side(giver).resolved(given), side: self.side(giver) };
        let reads = End { at: self.side(giver.other()).resolved(read), side: self.side(giver.other()) };
        let key = (giver, gives.at.clone(), reads.at.clone());
        let gaps = match self.known.get(&key) {
            Some(known) => known.clone(),
            None => {
                let fresh = Rc::new(gaps(&gives, &reads, &mut self.budget));
                self.known.insert(key, fresh.clone());
                fresh
            }
        };
        for gap in gaps.iter() {
            let difference = of_gap(gap, cause, subject, direction, (&gives, &reads), giver);
            self.keep(difference);
        }
    }

    /// Keeps a difference, within an equal one that was found in another part, or in the other direction.
    fn keep(&mut self, mut difference: Difference) {
        // Who sends matters where a value of the sender is shown.
        let sender = |one: &Difference| (one.witness.is_some() || !one.certain).then_some(one.sender);
        let same = |one: &&mut Difference| {
            (one.cause, sender(one), &one.old, &one.new, &one.message)
                == (difference.cause, sender(&difference), &difference.old, &difference.new, &difference.message)
        };
        match self.found.iter_mut().find(same) {
            Some(equal) => {
                equal.parts.append(&mut difference.parts);
                equal.breaks.append(&mut difference.breaks);
            }
            None => self.found.push(difference),
        }
    }
}

/// What is sent first, what receives it second.
fn in_order<T>(direction: Direction, old: T, new: T) -> (T, T) {
    if direction == Direction::Backward { (old, new) } else { (new, old) }
}

pub(super) fn place_of(operation: &Operation) -> Pointer {
    Pointer::root().key("agents").key(&operation.agent).key("operations").key(&operation.name)
}
