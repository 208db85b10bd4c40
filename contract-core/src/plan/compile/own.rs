//! The keywords of a schema that look at one kind of value.

use serde_json::Value;

use super::decider::decider;
use super::listed::Listed;
use super::unevaluated::{Part, Rest};
use super::{Compiler, Members, count};
use crate::Pointer;
use crate::formats;
use crate::limits::MAX_SAFE_INTEGER;
use crate::plan::literal::Literal;
use crate::plan::node::{
    ANY, ArrayRules, Id, Kind, Kinds, Multiple, NEVER, Node, NumberRules, ObjectRules, Test, TextRules,
};
use crate::schema::{Divisor, Matcher};

/// What a schema itself asks of each kind: anything goes, nothing does, or a node.
pub(super) struct Own([Asked; 6]);

#[derive(Default)]
pub(super) enum Asked {
    #[default]
    Nothing,
    Refused,
    Node(Id),
}

impl Own {
    /// Whether every value fits.
    pub(super) fn is_any(&self) -> bool {
        self.0.iter().all(|asked| matches!(asked, Asked::Nothing))
    }

    /// Whether nothing is asked of the kinds that are allowed.
    pub(super) fn is_free(&self) -> bool {
        self.0.iter().all(|asked| !matches!(asked, Asked::Node(_)))
    }

    /// The allowed kinds of another node.
    pub(super) fn within(self, node: Id) -> Node {
        if self.is_any() {
            return Node::Also { main: node, more: Box::default() };
        }
        Node::Kinds(Box::new(Kinds(self.0.map(|asked| if matches!(asked, Asked::Refused) { NEVER } else { node }))))
    }

    pub(super) fn into_node(self, compiler: &mut Compiler<'_>) -> Node {
        if self.is_any() {
            return Node::Any;
        }
        let refused = self.0.iter().filter(|asked| matches!(asked, Asked::Refused)).count();
        if refused == 5 {
            // A node of one kind refuses the others by itself.
            return match self.0.into_iter().zip(Kind::ALL).find(|(asked, _)| !matches!(asked, Asked::Refused)) {
                Some((Asked::Node(id), _)) => std::mem::replace(&mut compiler.nodes[id as usize], Node::Never),
                Some((_, kind)) => compiler.free(kind),
                None => Node::Never,
            };
        }
        let id = |asked| match asked {
            Asked::Nothing => ANY,
            Asked::Refused => NEVER,
            Asked::Node(id) => id,
        };
        Node::Kinds(Box::new(Kinds(self.0.map(id))))
    }
}

impl Compiler<'_> {
    /// What the keywords of the schema itself ask for, without those that apply other schemas to the same value.
    /// The rests are those of members and of items.
    pub(super) fn own(&mut self, at: &Pointer, members: &Members, rests: &[Rest; 2]) -> Own {
        let listed = Listed::of(members);
        for keyword in members.keys() {
            if let Some(by) = decider(keyword, members, rests) {
                self.rule(at, keyword, by);
            }
        }
        let allowed = allowed_kinds(members);
        Own(Kind::ALL.map(|kind| {
            if allowed & kind.bit() == 0 || listed.as_ref().is_some_and(|listed| !listed.has(kind)) {
                return Asked::Refused;
            }
            match kind {
                Kind::Null => Asked::Nothing,
                Kind::Bool => self.bool_rules(listed.as_ref()),
                Kind::Number => self.number_rules(members, listed.as_ref()),
                Kind::Text => self.text_rules(members, listed.as_ref()),
                Kind::Array => self.array_rules(at, members, &rests[1], listed.as_ref()),
                Kind::Object => self.object_rules(at, members, &rests[0], listed.as_ref()),
            }
        }))
    }

    pub(super) fn asked(&mut self, node: Node) -> Asked {
        Asked::Node(self.push(node))
    }
}

impl Compiler<'_> {
    /// A node that takes every value of one kind.
    fn free(&self, kind: Kind) -> Node {
        match kind {
            Kind::Null => Node::Null,
            Kind::Bool => Node::Bool { falsy: true, truthy: true },
            Kind::Number => Node::Number(NumberRules { is_plain: true, ..NumberRules::default() }),
            Kind::Text => Node::Text(Box::new(TextRules::free())),
            Kind::Array => Node::Array(ArrayRules { prefix: Box::default(), items: ANY, min: 0, max: usize::MAX }),
            Kind::Object => Node::Object(Box::new(ObjectRules::new(Vec::new()))),
        }
    }

    fn bool_rules(&mut self, listed: Option<&Listed<'_>>) -> Asked {
        let Some(listed) = listed else { return Asked::Nothing };
        let has = |flag| listed.values.iter().any(|value| value.as_bool() == Some(flag));
        self.asked(Node::Bool { falsy: has(false), truthy: has(true) })
    }

    fn number_rules(&mut self, members: &Members, listed: Option<&Listed<'_>>) -> Asked {
        let number = |keyword: &str| members.get(keyword).and_then(Value::as_f64);
        let mut rules = NumberRules {
            integer: integers_only(members),
            minimum: number("minimum"),
            maximum: number("maximum"),
            above: number("exclusiveMinimum"),
            below: number("exclusiveMaximum"),
            multiple_of: number("multipleOf").map(multiple),
            values: listed.map(|listed| listed.values.iter().filter_map(|value| value.as_f64()).collect()),
            is_plain: true,
        };
        rules.is_plain =
            rules.above.is_none() && rules.below.is_none() && rules.multiple_of.is_none() && rules.values.is_none();
        match rules == (NumberRules { is_plain: true, ..NumberRules::default() }) {
            true => Asked::Nothing,
            false => self.asked(Node::Number(rules)),
        }
    }

    fn text_rules(&mut self, members: &Members, listed: Option<&Listed<'_>>) -> Asked {
        let words = listed.map(|listed| {
            let words = listed.values.iter().filter_map(|value| value.as_str());
            words.map(|word| (Literal::new(Value::from(word).to_string().as_bytes()), self.word(word))).collect()
        });
        let mut rules = TextRules {
            min: count(members, "minLength").unwrap_or(0),
            max: count(members, "maxLength").unwrap_or(usize::MAX),
            matcher: members.get("pattern").and_then(Value::as_str).map(Matcher::new),
            format: members.get("format").and_then(Value::as_str).and_then(formats::check),
            words,
            only_words: false,
        };
        rules.only_words = rules.asks_no_more();
        if rules.is_free() { Asked::Nothing } else { self.asked(Node::Text(Box::new(rules))) }
    }

    fn array_rules(&mut self, at: &Pointer, members: &Members, rest: &Rest, listed: Option<&Listed<'_>>) -> Asked {
        let prefix = members.get("prefixItems").map(|list| self.list(&at.key("prefixItems"), list)).unwrap_or_default();
        let items = match rest {
            Rest::Beside(_) => self.node_at(&at.key(Part::Items.keyword())),
            _ if members.contains_key("items") => self.node_at(&at.key("items")),
            _ => ANY,
        };
        let (min, max) = (count(members, "minItems").unwrap_or(0), count(members, "maxItems").unwrap_or(usize::MAX));
        let mut tests = Vec::new();
        if members.contains_key("contains") {
            let min = count(members, "minContains").unwrap_or(1);
            let max = count(members, "maxContains").unwrap_or(usize::MAX);
            tests.push(Test::Contains { node: self.node_at(&at.key("contains")), min, max });
        }
        if members.get("uniqueItems") == Some(&Value::Bool(true)) {
            tests.push(Test::Unique);
        }
        tests.extend(listed.map(|listed| listed.test(Kind::Array)));
        if prefix.is_empty() && items == ANY && (min, max) == (0, usize::MAX) && tests.is_empty() {
            return Asked::Nothing;
        }
        let node = self.asked(Node::Array(ArrayRules { prefix: prefix.into(), items, min, max }));
        self.with_tests(node, tests)
    }

    pub(super) fn with_tests(&mut self, asked: Asked, tests: Vec<Test>) -> Asked {
        match asked {
            Asked::Node(main) if !tests.is_empty() => self.asked(Node::Also { main, more: tests.into() }),
            asked => asked,
        }
    }
}

/// The names in `type`.
fn type_names(members: &Members) -> Option<Vec<&str>> {
    match members.get("type")? {
        Value::String(one) => Some(vec![one]),
        Value::Array(several) => Some(several.iter().filter_map(Value::as_str).collect()),
        _ => None,
    }
}

fn allowed_kinds(members: &Members) -> u8 {
    let Some(names) = type_names(members) else { return u8::MAX };
    let kind = |name| match name {
        "null" => Kind::Null.bit(),
        "boolean" => Kind::Bool.bit(),
        "integer" | "number" => Kind::Number.bit(),
        "string" => Kind::Text.bit(),
        "array" => Kind::Array.bit(),
        "object" => Kind::Object.bit(),
        _ => 0,
    };
    names.into_iter().map(kind).fold(0, |kinds, kind| kinds | kind)
}

fn integers_only(members: &Members) -> bool {
    type_names(members).is_some_and(|names| names.contains(&"integer") && !names.contains(&"number"))
}

fn multiple(divisor: f64) -> Multiple {
    match divisor.fract() == 0.0 && (1.0..=MAX_SAFE_INTEGER as f64).contains(&divisor) {
        true => Multiple::Safe(divisor as i64),
        false => Multiple::Other(Divisor::new(divisor)),
    }
}
