//! From a schema to a plan.
//!
//! Schemas wait in a queue and get their number at once, so recursion ends and deep contracts need no
//! deep stack. Alternatives are told apart in a second round, when all nodes are there.

mod alternatives;
mod decider;
mod kinds;
mod listed;
mod object;
mod own;
mod unevaluated;

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::node::{ANY, Fallback, Id, NEVER, Node, ObjectRules, Test};
use super::write::Guess;
use super::{ArrayRules, Decider, Plan, Ruling, Word};
use crate::Pointer;
use crate::contract::reference;
use crate::schema::Engine;
use unevaluated::{Part, Rest};

/// Compiles the schema at a place of a contract.
pub(crate) fn compile(engine: &Engine, at: &Pointer) -> Plan {
    let mut compiler = Compiler::new(engine, at);
    let root = compiler.node_at(at);
    compiler.run();
    alternatives::resolve(&mut compiler.nodes);
    let mut rulings = compiler.rulings;
    crate::sorting::sort(&mut rulings);
    Plan { nodes: compiler.nodes, root, words: compiler.words, rulings, ..Plan::any() }
}

impl Plan {
    /// The plan that takes any JSON.
    pub(crate) fn any() -> Self {
        Self {
            nodes: vec![Node::Any, Node::Never],
            root: ANY,
            words: Vec::new(),
            rulings: Vec::new(),
            any_object: ObjectRules::new(Vec::new()),
            any_array: ArrayRules { prefix: Box::default(), items: ANY, min: 0, max: usize::MAX },
            written: Guess::default(),
        }
    }
}

struct Compiler<'e> {
    engine: &'e Engine,
    root: &'e Pointer,
    nodes: Vec<Node>,
    known: BTreeMap<Pointer, Id>,
    waiting: Vec<(Pointer, Id)>,
    words: Vec<String>,
    numbers: BTreeMap<String, Word>,
    rulings: Vec<Ruling>,
    /// What may still be looked at for `unevaluated…`.
    room: usize,
}

type Members = Map<String, Value>;

impl<'e> Compiler<'e> {
    fn new(engine: &'e Engine, root: &'e Pointer) -> Self {
        Self {
            engine,
            root,
            nodes: Plan::any().nodes,
            known: BTreeMap::new(),
            waiting: Vec::new(),
            words: Vec::new(),
            numbers: BTreeMap::new(),
            rulings: Vec::new(),
            room: unevaluated::ROOM,
        }
    }

    fn run(&mut self) {
        while let Some((at, id)) = self.waiting.pop() {
            let engine = self.engine;
            let Some(Value::Object(members)) = engine.schema(&at) else { continue };
            self.nodes[id as usize] = self.schema(&at, members);
        }
    }

    fn push(&mut self, node: Node) -> Id {
        self.nodes.push(node);
        Id::try_from(self.nodes.len() - 1).expect("a contract of a MiB has fewer schemas")
    }

    fn word(&mut self, text: &str) -> Word {
        if let Some(word) = self.numbers.get(text) {
            return *word;
        }
        let word = Word::try_from(self.words.len()).expect("a contract of a MiB has fewer words");
        self.words.push(text.to_owned());
        self.numbers.insert(text.to_owned(), word);
        word
    }

    fn rule(&mut self, at: &Pointer, keyword: &str, by: Decider) {
        self.rulings.push(Ruling { at: at.clone(), keyword: keyword.to_owned(), by });
    }

    /// The number of the schema at a place; it is compiled later.
    fn node_at(&mut self, at: &Pointer) -> Id {
        let engine = self.engine;
        let mut at = at.clone();
        let mut passed = Vec::new();
        let id = loop {
            if let Some(id) = self.known.get(&at) {
                break *id;
            }
            match engine.schema(&at) {
                Some(Value::Bool(true)) => break ANY,
                Some(Value::Object(members)) => match pure_reference(members).filter(|_| !passed.contains(&at)) {
                    Some(target) => {
                        self.rule(&at, "$ref", Decider::Plan);
                        passed.push(std::mem::replace(&mut at, target));
                    }
                    None => {
                        let id = self.push(Node::Never);
                        self.waiting.push((at.clone(), id));
                        self.known.insert(at.clone(), id);
                        break id;
                    }
                },
                _ => break NEVER,
            }
        };
        for at in passed {
            self.known.insert(at, id);
        }
        id
    }

    fn schema(&mut self, at: &Pointer, members: &Members) -> Node {
        let rests = [Part::Members, Part::Items].map(|part| self.rest(part, at, members));
        let own = self.own(at, members, &rests);
        let (mut nodes, mut tests) = self.applied(at, members);
        tests.extend(self.rests(at, &rests));
        let main = match nodes.is_empty() {
            true => own.into_node(self),
            // Where only kinds are asked for, another schema says what matters.
            false if own.is_free() => own.within(nodes.remove(0)),
            false => own.into_node(self),
        };
        tests.splice(0..0, nodes.into_iter().map(Test::Is));
        if tests.is_empty() { main } else { Node::Also { main: self.push(main), more: tests.into() } }
    }

    /// The schemas that apply to the same value, and what else is asked of it as a whole.
    fn applied(&mut self, at: &Pointer, members: &Members) -> (Vec<Id>, Vec<Test>) {
        let (mut nodes, mut tests) = (Vec::new(), Vec::new());
        for (keyword, value) in members {
            let by = match keyword.as_str() {
                "$ref" => {
                    let target = value.as_str().and_then(reference::target_of);
                    nodes.push(target.map_or(NEVER, |target| self.node_at(&target)));
                    Decider::Plan
                }
                "allOf" => {
                    nodes.extend(self.list(&at.key(keyword), value));
                    Decider::Plan
                }
                "anyOf" | "oneOf" => {
                    let alternatives = self.list(&at.key(keyword), value);
                    nodes.push(self.push(Node::Union { exactly_one: keyword == "oneOf", alternatives }));
                    Decider::Plan
                }
                "not" => {
                    tests.push(Test::Not(self.node_at(&at.key(keyword))));
                    Decider::Plan
                }
                "if" => {
                    let branch = |this: &mut Self, name: &str| match members.contains_key(name) {
                        true => this.node_at(&at.key(name)),
                        false => ANY,
                    };
                    let (then, otherwise) = (branch(self, "then"), branch(self, "else"));
                    tests.push(Test::If { test: self.node_at(&at.key(keyword)), then, otherwise });
                    Decider::Plan
                }
                "dependentSchemas" => {
                    for key in value.as_object().into_iter().flat_map(Map::keys) {
                        let node = self.node_at(&at.key(keyword).key(key));
                        tests.push(Test::When { key: key.as_bytes().into(), node });
                    }
                    Decider::Plan
                }
                _ => continue,
            };
            self.rule(at, keyword, by);
        }
        (nodes, tests)
    }

    /// What is asked of members and items that no other keyword looks at, once all else holds.
    fn rests(&mut self, at: &Pointer, rests: &[Rest; 2]) -> Vec<Test> {
        let mut tests = Vec::new();
        for (part, rest) in [Part::Members, Part::Items].into_iter().zip(rests) {
            if let Rest::Apart(looked) = rest {
                tests.push(Test::Is(self.apart(part, at, looked)));
            }
        }
        if rests.iter().any(|rest| matches!(rest, Rest::Unknown)) {
            tests.push(Test::Fallback(Fallback::new(self.root, at)));
        }
        tests
    }

    fn list(&mut self, at: &Pointer, value: &Value) -> Vec<Id> {
        let length = value.as_array().map_or(0, Vec::len);
        (0..length).map(|index| self.node_at(&at.index(index))).collect()
    }
}

/// Where a schema leads that is nothing but a reference.
fn pure_reference(members: &Members) -> Option<Pointer> {
    let target = members.get("$ref")?.as_str().and_then(reference::target_of)?;
    (members.len() == 1).then_some(target)
}

/// A count, which may be written `2.0`.
fn count(members: &Members, keyword: &str) -> Option<usize> {
    members.get(keyword)?.as_f64().map(|count| count as usize)
}
