//! What a value is known to be: schemas that hold together, split into cases where there are alternatives.

use std::collections::BTreeSet;

use serde_json::Value;

use super::node::{Node, Side};
use crate::Pointer;
use crate::gather::Gather;
use crate::schema::equal;

/// Cases of one schema beyond which nothing is decided.
const MOST_CASES: usize = 64;

/// References and combinators that are opened one inside the other.
const MOST_STEPS: usize = 64;

/// Schemas that all hold. None of them has a combinator left that says more than its other keywords.
#[derive(Clone, Default)]
pub(super) struct Case<'a> {
    pub(super) facts: Vec<Node<'a>>,
}

/// All cases of schemas that hold together; `None` when there are too many.
pub(super) fn cases<'a>(side: &'a Side<'_>, schemas: &[Node<'a>]) -> Option<Vec<Case<'a>>> {
    let mut cases = vec![Case::default()];
    for schema in schemas {
        cases = product(&cases, &of_one(side, schema, 0)?)?;
    }
    Some(cases)
}

fn of_one<'a>(side: &'a Side<'_>, schema: &Node<'a>, step: usize) -> Option<Vec<Case<'a>>> {
    if step > MOST_STEPS {
        return None;
    }
    let mut cases = vec![Case { facts: vec![schema.clone()] }];
    if let Some(target) = schema.get("$ref") {
        cases = product(&cases, &of_one(side, &side.follow(target)?, step + 1)?)?;
    }
    for part in schema.list("allOf") {
        cases = product(&cases, &of_one(side, &part, step + 1)?)?;
    }
    for keyword in ["anyOf", "oneOf"] {
        let branches = schema.list(keyword);
        if !branches.is_empty() {
            cases = product(&cases, &either(side, &branches, step)?)?;
        }
    }
    Some(cases)
}

fn either<'a>(side: &'a Side<'_>, branches: &[Node<'a>], step: usize) -> Option<Vec<Case<'a>>> {
    let mut all = Vec::new();
    for branch in branches {
        all.extend(of_one(side, branch, step + 1)?);
    }
    (all.len() <= MOST_CASES).then_some(all)
}

fn product<'a>(left: &[Case<'a>], right: &[Case<'a>]) -> Option<Vec<Case<'a>>> {
    let both = |one: &Case<'a>, other: &Case<'a>| Case { facts: [&one.facts[..], &other.facts[..]].concat() };
    let pairs = left.iter().flat_map(|one| right.iter().map(move |other| both(one, other)));
    let live: Vec<_> = pairs.filter(|case| !case.is_empty()).take(MOST_CASES + 1).collect();
    (live.len() <= MOST_CASES).then_some(live)
}

/// The types of JSON; an integer is a number, too.
const TYPES: [&str; 7] = ["null", "boolean", "object", "array", "string", "integer", "number"];

impl<'a> Case<'a> {
    /// No value is of this case, as far as that is seen at once.
    fn is_empty(&self) -> bool {
        self.facts.iter().any(|fact| fact.value == &Value::Bool(false)) || self.types().is_empty()
    }

    /// The types its values may have.
    pub(super) fn types(&self) -> BTreeSet<&'static str> {
        let mut left: BTreeSet<_> = TYPES.into_iter().gather();
        for fact in &self.facts {
            let declared = declared_types(fact);
            if !declared.is_empty() {
                left.retain(|kind| admits(&declared, kind));
            }
            if let Some(values) = listed(fact) {
                left.retain(|kind| values.iter().any(|value| is_of(value, kind)));
            }
        }
        left
    }

    /// Its values, where there are few enough to be listed.
    pub(super) fn values(&self) -> Option<Vec<Value>> {
        let lists: Vec<_> = self.facts.iter().filter_map(listed).collect();
        if let Some((first, others)) = lists.split_first() {
            let in_all = |value: &&&Value| others.iter().all(|list| list.iter().any(|one| equal(one, value)));
            return Some(first.iter().filter(in_all).map(|value| (*value).clone()).collect());
        }
        let types = self.types();
        let few = types.iter().all(|kind| matches!(*kind, "null" | "boolean"));
        few.then(|| types.iter().flat_map(|kind| of_few(kind)).collect())
    }

    /// The facts' values of a keyword.
    pub(super) fn all(&self, keyword: &str) -> impl Iterator<Item = &'a Value> {
        self.facts.iter().filter_map(move |fact| fact.get(keyword))
    }

    /// The facts' numbers of a keyword.
    pub(super) fn numbers(&self, keyword: &str) -> impl Iterator<Item = f64> {
        self.all(keyword).filter_map(Value::as_f64)
    }

    /// Whether its objects always have the property.
    pub(super) fn requires(&self, name: &str) -> bool {
        self.facts.iter().any(|fact| fact.texts("required").contains(&name))
    }
}

fn of_few(kind: &str) -> Vec<Value> {
    if kind == "null" { vec![Value::Null] } else { vec![Value::Bool(false), Value::Bool(true)] }
}

/// The types that a `type` keyword lists.
pub(crate) fn declared_types<'a>(schema: &Node<'a>) -> Vec<&'a str> {
    match schema.get("type") {
        Some(Value::String(kind)) => vec![kind],
        Some(Value::Array(_)) => schema.texts("type"),
        _ => Vec::new(),
    }
}

/// Whether a list of types has this one, or one that holds it.
pub(crate) fn admits(types: &[&str], kind: &str) -> bool {
    types.contains(&kind) || kind == "integer" && types.contains(&"number")
}

/// The values that `const` or `enum` lists.
pub(crate) fn listed<'a>(schema: &Node<'a>) -> Option<Vec<&'a Value>> {
    let single = schema.get("const").map(|value| vec![value]);
    single.or_else(|| Some(schema.get("enum")?.as_array()?.iter().collect()))
}

fn is_of(value: &Value, kind: &str) -> bool {
    match value {
        Value::Null => kind == "null",
        Value::Bool(_) => kind == "boolean",
        Value::String(_) => kind == "string",
        Value::Array(_) => kind == "array",
        Value::Object(_) => kind == "object",
        Value::Number(number) => {
            let whole = number.as_f64().is_some_and(|number| number.fract() == 0.0);
            kind == "number" && !whole || kind == "integer" && whole
        }
    }
}

/// `{"type": …}` for each type, to split a case by.
static BY_TYPE: std::sync::LazyLock<Vec<Value>> =
    std::sync::LazyLock::new(|| TYPES.iter().map(|kind| serde_json::json!({ "type": kind })).collect());

impl<'a> Case<'a> {
    /// The case once for each type it may have; `None` when there is only one.
    pub(super) fn by_type(&self) -> Option<Vec<Self>> {
        let types = self.types();
        // `number` holds the integers already.
        let split = types.iter().filter(|kind| !(**kind == "integer" && types.contains("number")));
        let cases: Vec<_> = split.map(|kind| self.only(kind)).collect();
        (cases.len() > 1).then_some(cases)
    }

    /// All values of one type.
    pub(super) fn of_type(kind: &str) -> Self {
        Self::default().only(kind)
    }

    /// The case with one more schema that holds, which is no place of the contract.
    pub(super) fn with(&self, fact: &'a Value) -> Self {
        let mut facts = self.facts.clone();
        facts.push(Node { value: fact, at: Pointer::root().key("assumed").key(&fact.to_string()) });
        Self { facts }
    }

    fn only(&self, kind: &str) -> Self {
        let index = TYPES.iter().position(|known| *known == kind).expect("types come from this list");
        let mut facts = self.facts.clone();
        facts.push(Node { value: &BY_TYPE[index], at: Pointer::root().key("type").key(kind) });
        Self { facts }
    }
}
