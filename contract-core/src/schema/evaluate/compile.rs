//! From schemas to a program.
//!
//! Schemas wait in a queue and get their number at once, so recursion ends and deep contracts need no
//! deep stack.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{Applicator, Assertion, Id, Members, Node, Program, Rule, order};
use crate::Pointer;
use crate::contract::reference;
use crate::gather::Gather;
use crate::schema::pattern::Matcher;

pub(super) fn compile<'v>(roots: &[Pointer], find: impl Fn(&Pointer) -> Option<&'v Value>) -> Program {
    let mut compiler =
        Compiler { find, nodes: Vec::new(), asked: Vec::new(), places: BTreeMap::new(), waiting: Vec::new() };
    for root in roots {
        compiler.at(root);
    }
    while let Some((schema, id)) = compiler.waiting.pop() {
        let at = compiler.nodes[id as usize].at.clone();
        compiler.nodes[id as usize].rules = compiler.rules(&at, schema).into();
    }
    let mut nodes = compiler.nodes;
    for (node, asked) in nodes.iter_mut().zip(compiler.asked) {
        node.remembered = asked > 1 || node.asks_again();
    }
    let program = Program { nodes, places: compiler.places };
    if order::ends(&program) { program } else { Program::alone(&Value::Bool(false)) }
}

struct Compiler<'v, F> {
    find: F,
    nodes: Vec<Node>,
    /// How many rules ask each node.
    asked: Vec<usize>,
    places: BTreeMap<Pointer, Id>,
    waiting: Vec<(Option<&'v Value>, Id)>,
}

impl<'v, F: Fn(&Pointer) -> Option<&'v Value>> Compiler<'v, F> {
    /// The number of the schema at a place. Where none stands, nothing fits.
    fn at(&mut self, at: &Pointer) -> Id {
        let schema = (self.find)(at);
        self.schema(at, schema)
    }

    fn schema(&mut self, at: &Pointer, schema: Option<&'v Value>) -> Id {
        if let Some(id) = self.places.get(at) {
            self.asked[*id as usize] += 1;
            return *id;
        }
        let id = Id::try_from(self.nodes.len()).expect("a contract of a MiB has fewer schemas");
        self.nodes.push(Node { at: at.clone(), rules: Box::default(), remembered: false });
        self.asked.push(1);
        self.places.insert(at.clone(), id);
        self.waiting.push((schema, id));
        id
    }

    fn rules(&mut self, at: &Pointer, schema: Option<&'v Value>) -> Vec<Rule> {
        match schema {
            Some(Value::Bool(true)) => Vec::new(),
            Some(Value::Object(schema)) => {
                let mut rules = assertions(schema);
                rules.extend(self.applicators(at, schema).into_iter().map(Rule::Applies));
                rules
            }
            _ => vec![Rule::Never],
        }
    }

    /// The keywords that apply schemas; last those that need to know what the others have looked at.
    fn applicators(&mut self, at: &Pointer, schema: &'v Map<String, Value>) -> Vec<Applicator> {
        let mut all = self.parts(at, schema);
        let mut last = Vec::new();
        for (keyword, value) in schema {
            let at = at.key(keyword);
            match (keyword.as_str(), value) {
                ("$ref", _) => {
                    // Where a reference leads nowhere it stands for itself, which is no schema: nothing fits.
                    let target = value.as_str().and_then(reference::target_of).unwrap_or(at);
                    all.push(Applicator::All([self.at(&target)].into()));
                }
                ("allOf", _) => all.push(Applicator::All(self.list(&at, value))),
                ("anyOf", _) => all.push(Applicator::AnyOf(self.list(&at, value))),
                ("oneOf", _) => all.push(Applicator::OneOf(self.list(&at, value))),
                ("not", _) => all.push(Applicator::Not(self.schema(&at, Some(value)))),
                ("if", _) => all.push(self.condition(&at, value, schema)),
                ("dependentSchemas", Value::Object(schemas)) => {
                    let schemas = schemas.iter().map(|(key, one)| (key.clone(), self.schema(&at.key(key), Some(one))));
                    all.push(Applicator::DependentSchemas(schemas.collect()));
                }
                ("unevaluatedProperties", _) => {
                    last.push(Applicator::UnevaluatedProperties(self.schema(&at, Some(value))));
                }
                ("unevaluatedItems", _) => last.push(Applicator::UnevaluatedItems(self.schema(&at, Some(value)))),
                _ => {}
            }
        }
        all.extend(last);
        all
    }

    fn condition(&mut self, at: &Pointer, test: &'v Value, schema: &'v Map<String, Value>) -> Applicator {
        let beside = at.parent().map(|(beside, _)| beside).unwrap_or_default();
        let mut branch = |name: &str| schema.get(name).map(|branch| self.schema(&beside.key(name), Some(branch)));
        let (then, otherwise) = (branch("then"), branch("else"));
        Applicator::If { test: self.schema(at, Some(test)), then, otherwise }
    }

    /// The keywords that apply schemas to members and items.
    fn parts(&mut self, at: &Pointer, schema: &'v Map<String, Value>) -> Vec<Applicator> {
        let mut all = Vec::new();
        let mut one = |keyword: &str| schema.get(keyword).map(|value| self.schema(&at.key(keyword), Some(value)));
        let (additional, names) = (one("additionalProperties"), one("propertyNames"));
        let (rest, contained) = (one("items"), one("contains"));
        let members = self.members(at, schema, additional);
        if !members.properties.is_empty() || !members.patterns.is_empty() || additional.is_some() {
            all.push(Applicator::Members(members));
        }
        all.extend(names.map(Applicator::PropertyNames));
        let prefix = schema.get("prefixItems").map(|list| self.list(&at.key("prefixItems"), list));
        if prefix.is_some() || rest.is_some() {
            all.push(Applicator::Items { prefix: prefix.unwrap_or_default(), rest });
        }
        // Counts are numbers that may be written `2.0`.
        let count = |keyword: &str| schema.get(keyword).and_then(Value::as_f64).map(|count| count as usize);
        let (min, max) = (count("minContains").unwrap_or(1), count("maxContains").unwrap_or(usize::MAX));
        all.extend(contained.map(|schema| Applicator::Contains { schema, min, max }));
        all
    }

    fn members(&mut self, at: &Pointer, schema: &'v Map<String, Value>, additional: Option<Id>) -> Members {
        let mut schemas = |keyword: &str| {
            let at = at.key(keyword);
            let schemas = schema.get(keyword).and_then(Value::as_object).into_iter().flatten();
            schemas.map(|(key, one)| (key, self.schema(&at.key(key), Some(one)))).collect::<Vec<_>>()
        };
        let patterns =
            schemas("patternProperties").into_iter().map(|(text, id)| (Matcher::of_written(text), id)).collect();
        let properties = schemas("properties").into_iter().map(|(key, id)| (key.clone(), id)).gather();
        Members { properties, patterns, additional }
    }

    fn list(&mut self, at: &Pointer, value: &'v Value) -> Box<[Id]> {
        let schemas = value.as_array().into_iter().flatten().enumerate();
        schemas.map(|(index, schema)| self.schema(&at.index(index), Some(schema))).collect()
    }
}

impl Node {
    /// Whether the schemas beside this one are asked a second time, for what they have looked at.
    fn asks_again(&self) -> bool {
        self.rules.iter().any(Rule::is_unevaluated)
    }
}

/// The keywords that apply no schema, the quickest first.
fn assertions(schema: &Map<String, Value>) -> Vec<Rule> {
    let (types, others): (Vec<_>, Vec<_>) = schema.iter().partition(|(keyword, _)| *keyword == "type");
    let ordered = types.into_iter().chain(others);
    ordered.filter_map(|(keyword, value)| Assertion::of(keyword, value, schema)).map(Rule::Asserts).collect()
}
