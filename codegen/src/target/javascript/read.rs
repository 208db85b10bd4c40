//! Functions that make values of what a text left on the tape; they stand in `_contract.cjs`.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::shapes::{PLAIN, Shapes, records, slots};
use super::{layout, literal, names};
use crate::ir::{Extra, Field, Graph, NamedType, Record, Shape, Type, TypeId, Union};

/// Optional properties up to which there is a literal for all of them being there.
const FEW: usize = 4;

/// Names that every object inherits: an assignment could be somebody else's setter.
const INHERITED: &[&str] = &[
    "__defineGetter__",
    "__defineSetter__",
    "__lookupGetter__",
    "__lookupSetter__",
    "__proto__",
    "constructor",
    "hasOwnProperty",
    "isPrototypeOf",
    "propertyIsEnumerable",
    "toJSON",
    "toLocaleString",
    "toString",
    "valueOf",
];

/// All that `contract.cjs.hbs` prints of them.
#[derive(Serialize)]
pub struct ReadersView {
    #[serde(skip)]
    used: BTreeSet<&'static str>,
    shapes: Vec<String>,
    /// Functions by the numbers of the records' shapes.
    records: Vec<String>,
    types: Vec<String>,
    functions: Vec<FunctionView>,
}

/// One function.
#[derive(Serialize)]
struct FunctionView {
    name: String,
    body: Vec<String>,
}

impl ReadersView {
    pub fn of(graph: &Graph) -> Self {
        let mut readers = Readers { graph, shapes: Shapes::of(graph), used: BTreeSet::new() };
        let ids = (0..graph.types.len()).map(TypeId);
        let functions: Vec<FunctionView> = ids.filter_map(|id| readers.function(id)).collect();
        let types = readers.types();
        let items = |items: &Vec<String>| layout::list(6, "[", items, "],");
        let shapes = readers.shapes.lines().iter().flat_map(items).collect();
        let records = layout::list(4, "records: [", &functions_of_records(graph), "],");
        Self { used: readers.used, shapes, records, types, functions }
    }

    /// Whether a type of the graph lies on the tape in a way of its own.
    pub fn is_used(&self) -> bool {
        !self.types.is_empty()
    }

    /// The functions of `peer-contract` that these are made of, and another one.
    pub fn imports_with(&self, other: &'static str) -> Vec<String> {
        let used = self.used.iter().filter(|_| self.is_used()).copied();
        let names: BTreeSet<&str> = used.chain([other]).collect();
        names.into_iter().map(str::to_owned).collect()
    }
}

fn functions_of_records(graph: &Graph) -> Vec<String> {
    records(graph).map(|(id, _)| function_name(&graph.types[id])).collect()
}

fn indented(line: String) -> String {
    format!("  {line}")
}

fn function_name(ty: &NamedType) -> String {
    format!("read{}", ty.name)
}

/// Writes the functions, and notes what of `generated` in `peer-contract` they use.
struct Readers<'a> {
    graph: &'a Graph,
    shapes: Shapes<'a>,
    used: BTreeSet<&'static str>,
}

impl Readers<'_> {
    /// The function of a record or of a union with a tag.
    fn function(&mut self, id: TypeId) -> Option<FunctionView> {
        let number = self.shapes.number(&Type::Named(id));
        let ty = &self.graph.types[id.0];
        let body = match &ty.shape {
            Shape::Record(record) if !record.fields.is_empty() => self.record(number, record),
            Shape::Union(union) if union.tag.is_some() => self.union(union),
            _ => return None,
        };
        Some(FunctionView { name: function_name(ty), body })
    }

    fn record(&mut self, number: usize, record: &Record) -> Vec<String> {
        let slots: Vec<(usize, &Field)> = slots(record).into_iter().enumerate().collect();
        let optional: Vec<(usize, &Field)> = slots.iter().copied().filter(|(_, field)| !field.required).collect();
        let (record_, any, has) = (self.use_("record"), self.use_("any"), self.use_("has"));
        let mut lines = vec![format!("const at = {record_}(p, {number});"), format!("if (at === 0) return {any}(p);")];
        if optional.is_empty() {
            lines.extend(self.literal("const value = ", &slots));
        } else if optional.len() <= FEW {
            let all: Vec<String> = optional.iter().map(|(slot, _)| format!("{has}({})", place(*slot))).collect();
            lines.push("let value;".to_owned());
            lines.push(format!("if ({}) {{", all.join(" && ")));
            lines.extend(self.literal("value = ", &slots).into_iter().map(indented));
            lines.push("} else {".to_owned());
            lines.extend(self.in_parts("value = ", &slots, &optional).into_iter().map(indented));
            lines.push("}".to_owned());
        } else {
            lines.extend(self.in_parts("const value = ", &slots, &optional));
        }
        lines.extend(self.rest(record));
        lines
    }

    /// The required properties, then those of the others that are there.
    fn in_parts(&mut self, open: &str, slots: &[(usize, &Field)], optional: &[(usize, &Field)]) -> Vec<String> {
        let required: Vec<_> = slots.iter().copied().filter(|(_, field)| field.required).collect();
        let mut lines = self.literal(open, &required);
        if let [_] = optional {
            // It is not there, or the other literal would have been taken.
            return lines;
        }
        for (slot, field) in optional {
            let has = self.use_("has");
            let value = self.expression(field, *slot);
            let set = match INHERITED.contains(&field.wire_name.as_str()) {
                true => format!("{}(value, {}, {value});", self.use_("put"), literal::string(&field.wire_name)),
                false => format!("value{} = {value};", names::access(&field.wire_name)),
            };
            lines.push(format!("if ({has}({})) {set}", place(*slot)));
        }
        lines
    }

    fn literal(&mut self, open: &str, slots: &[(usize, &Field)]) -> Vec<String> {
        if slots.is_empty() {
            return vec![format!("{open}{{}};")];
        }
        let mut lines = vec![format!("{open}{{")];
        for (slot, field) in slots {
            // `__proto__: …` would set the prototype.
            let name = match field.wire_name.as_str() {
                "__proto__" => "['__proto__']".to_owned(),
                name => names::property(name),
            };
            lines.push(format!("  {name}: {},", self.expression(field, *slot)));
        }
        lines.push("};".to_owned());
        lines
    }

    fn rest(&mut self, record: &Record) -> Vec<String> {
        let (has, rest) = (self.use_("has"), self.use_("rest"));
        let reader = match &record.extra {
            Extra::Of(ty) if *ty != Type::Json => format!(", {}", self.reader(ty)),
            Extra::Of(_) | Extra::None => String::new(),
        };
        vec![format!("return {has}(at) ? {rest}(value, at{reader}) : value;")]
    }

    fn union(&mut self, union: &Union) -> Vec<String> {
        let mut lines = vec![format!("switch ({}(p)) {{", self.use_("shape"))];
        let mut seen = BTreeSet::new();
        for variant in &union.variants {
            let number = self.shapes.number(&variant.ty);
            if self.is_record(&variant.ty) && seen.insert(number) {
                lines.push(format!("  case {number}:"));
                lines.push(format!("    return {}(p);", self.reader(&variant.ty)));
            }
        }
        lines.extend(["  default:".to_owned(), format!("    return {}(p);", self.use_("any")), "}".to_owned()]);
        lines
    }

    fn is_record(&self, ty: &Type) -> bool {
        let Type::Named(id) = ty else { return false };
        match &self.graph.types[id.0].shape {
            Shape::Record(record) => !record.fields.is_empty(),
            Shape::Alias(ty) => self.is_record(ty),
            Shape::Enum(_) | Shape::Union(_) => false,
        }
    }

    fn expression(&mut self, field: &Field, slot: usize) -> String {
        self.call(&field.ty, &place(slot))
    }

    /// The value whose cell is at `p`.
    fn call(&mut self, ty: &Type, p: &str) -> String {
        match ty {
            Type::Nullable(inner) => self.call(inner, p),
            Type::Named(id) => match &self.graph.types[id.0].shape {
                Shape::Alias(ty) => self.call(&ty.clone(), p),
                Shape::Record(Record { fields, extra: Extra::Of(values) }) if fields.is_empty() => {
                    self.call(&Type::Map(Box::new(values.clone())), p)
                }
                _ => format!("{}({p})", self.reader(ty)),
            },
            Type::List(items) if self.shapes.number(ty) != PLAIN => {
                format!("{}({p}, {})", self.use_("list"), self.reader(items))
            }
            Type::Map(values) if self.shapes.number(ty) != PLAIN => {
                format!("{}({p}, {})", self.use_("map"), self.reader(values))
            }
            ty => format!("{}({p})", self.reader(ty)),
        }
    }

    /// A function from the index of a cell to the value.
    fn reader(&mut self, ty: &Type) -> String {
        let name = match ty {
            Type::String | Type::Text(_) => "text",
            Type::Integer | Type::Number => "number",
            Type::Boolean => "flag",
            Type::Constant(serde_json::Value::String(_)) => "word",
            Type::Null | Type::Json | Type::Constant(_) | Type::Constants(_) | Type::Tuple(_) | Type::Either(_) => {
                "any"
            }
            Type::Nullable(inner) => return self.reader(inner),
            Type::List(_) | Type::Map(_) if self.shapes.number(ty) == PLAIN => "any",
            Type::List(_) | Type::Map(_) => return format!("(p) => {}", self.call(ty, "p")),
            Type::Named(id) => match &self.graph.types[id.0].shape {
                Shape::Record(record) if !record.fields.is_empty() => return function_name(&self.graph.types[id.0]),
                Shape::Union(union) if union.tag.is_some() => return function_name(&self.graph.types[id.0]),
                Shape::Alias(ty) => return self.reader(&ty.clone()),
                Shape::Record(Record { extra: Extra::Of(values), .. }) => {
                    return self.reader(&Type::Map(Box::new(values.clone())));
                }
                Shape::Enum(_) => "word",
                Shape::Record(_) | Shape::Union(_) => "any",
            },
        };
        self.use_(name).to_owned()
    }

    fn use_(&mut self, name: &'static str) -> &'static str {
        self.used.insert(name);
        name
    }

    /// What is read in the package, by the place of its schema.
    fn types(&mut self) -> Vec<String> {
        let graph = self.graph;
        let named = (0..).zip(&graph.types).map(|(id, ty)| (ty.pointer.clone(), Type::Named(TypeId(id))));
        let state = graph.state.iter().map(|ty| ("/state".to_owned(), ty.clone()));
        let bodies = graph.agents.iter().flat_map(|agent| {
            agent.operations.iter().flat_map(|operation| {
                let at = format!("/agents/{}/operations/{}", agent.name, operation.name);
                let output = operation.output.iter().map(|ty| (format!("{at}/output/schema"), ty.clone()));
                std::iter::once((format!("{at}/input"), operation.input.clone())).chain(output).collect::<Vec<_>>()
            })
        });
        let mut types: BTreeMap<String, Type> = BTreeMap::new();
        for (at, ty) in named.chain(state).chain(bodies) {
            types.entry(at).or_insert(ty);
        }
        types.iter().filter_map(|(at, ty)| self.root(at, ty)).collect()
    }

    fn root(&mut self, at: &str, ty: &Type) -> Option<String> {
        let number = self.shapes.number(ty);
        (number != PLAIN).then(|| format!("[{}, [{number}, {}]],", literal::string(at), self.reader(ty)))
    }
}

/// Where the cell of a property lies; the one before all properties is for the rest.
fn place(slot: usize) -> String {
    format!("at + {}", 2 * (slot + 1))
}
