//! The module of the types, as its template prints it.

use std::collections::BTreeSet;

use serde::Serialize;

use super::annotation::{Scope, admits_null, shape, shape_or_none};
use super::literal::{Display, bytes_lines, docstring, quoted_source, scalar, string, without_strings};
use super::names::{codec_names, field_name, hides_builtin, type_name};
use crate::ir::{Extra, Field, Graph, NamedType, Record, Shape, Type, Union};
use crate::render::header;

/// All that `templates/python/types.hbs` prints.
#[derive(Serialize)]
pub(super) struct TypesView {
    header: Vec<String>,
    docs: Vec<String>,
    imports: Vec<String>,
    has_typing: bool,
    typing_imports: Vec<String>,
    has_records: bool,
    exports: Vec<String>,
    types: Vec<TypeView>,
    contract: Vec<String>,
    hash: String,
    table: Vec<String>,
}

#[derive(Serialize)]
struct TypeView {
    name: String,
    docs: Vec<String>,
    is_record: bool,
    is_empty: bool,
    has_gap: bool,
    fields: Vec<FieldView>,
    alias: String,
    name_literal: String,
    read: String,
    write: String,
}

#[derive(Serialize)]
struct FieldView {
    line: String,
    docs: Vec<String>,
}

/// What the annotations of all types need imported.
#[derive(Default)]
struct Needs {
    annotated: bool,
    builtins: bool,
    json: bool,
    literal: bool,
    field: bool,
    unset: bool,
    records: bool,
    aliases: bool,
}

/// The view of the module of the types.
pub(super) fn types_view(graph: &Graph) -> TypesView {
    let mut needs = Needs::default();
    let types: Vec<_> = graph.types.iter().map(|named| type_view(graph, named, &mut needs)).collect();
    let facts = &graph.contract;
    let mut docs = facts.docs.clone();
    if !docs.is_empty() {
        docs.push(String::new());
    }
    docs.push(format!(
        "The types of the contract `{}` {}. Its agents are modules of this package.",
        facts.name, facts.version
    ));
    let typing_imports = typing_imports(&needs);
    TypesView {
        header: header(facts),
        docs: docstring(&docs, 0),
        imports: imports(&needs),
        has_typing: !typing_imports.is_empty(),
        typing_imports,
        has_records: needs.records,
        exports: exports(&types),
        types,
        contract: bytes_lines(&facts.canonical, 110),
        hash: string(&facts.hash),
        table: table(graph).lines_between("", ",", 4),
    }
}

fn imports(needs: &Needs) -> Vec<String> {
    let from = |condition: bool, what: &str| condition.then(|| format!("from peer_contract import {what}"));
    let lines =
        [from(needs.unset, "UNSET, Unset"), from(needs.records, "Record as _Record"), from(true, "Types as _Types")];
    lines.into_iter().flatten().collect()
}

fn typing_imports(needs: &Needs) -> Vec<String> {
    let mut lines = Vec::new();
    if needs.builtins {
        lines.push("import builtins".to_owned());
    }
    if needs.records {
        let field = if needs.field { ", field" } else { "" };
        lines.push(format!("from dataclasses import dataclass{field}"));
    }
    let typing = [(needs.annotated, "Annotated"), (needs.literal, "Literal"), (needs.aliases, "TypeAlias")];
    let typing: Vec<_> = typing.iter().filter(|(needed, _)| *needed).map(|(_, name)| *name).collect();
    if !typing.is_empty() {
        lines.push(format!("from typing import {}", typing.join(", ")));
    }
    if needs.json {
        if !lines.is_empty() {
            lines.push(String::new());
        }
        lines.push("from peer_contract import Json".to_owned());
    }
    lines
}

fn exports(types: &[TypeView]) -> Vec<String> {
    let names = types.iter().flat_map(|ty| match ty.is_record {
        true => vec![&ty.name],
        false => vec![&ty.name, &ty.read, &ty.write],
    });
    let names: BTreeSet<&String> = names.collect();
    Display::List(names.into_iter().map(|name| Display::Atom(string(name))).collect()).lines_between(
        "__all__ = ",
        "",
        0,
    )
}

fn type_view(graph: &Graph, named: &NamedType, needs: &mut Needs) -> TypeView {
    let name = type_name(&named.name);
    let (read, write) = codec_names(&named.name);
    let docs = with_deprecation(&named.docs, named.deprecated);
    let mut view = TypeView {
        name_literal: string(&name),
        name,
        docs: Vec::new(),
        is_record: false,
        is_empty: false,
        has_gap: false,
        fields: Vec::new(),
        alias: String::new(),
        read,
        write,
    };
    let source = match &named.shape {
        Shape::Record(record) => {
            view.is_record = true;
            view.docs = docstring(&docs, 4);
            view.fields = fields(graph, record, needs);
            view.is_empty = view.fields.is_empty() && view.docs.is_empty();
            view.has_gap = !view.fields.is_empty() && !view.docs.is_empty();
            needs.records = true;
            return view;
        }
        other => alias(graph, other),
    };
    needs.aliases = true;
    needs.see(&source);
    view.docs = docstring(&docs, 0);
    view.alias = quoted_source(&source);
    view
}

/// What an alias stands for; of a record, nothing.
pub(super) fn alias(graph: &Graph, shape: &Shape) -> String {
    match shape {
        Shape::Record(_) => String::new(),
        Shape::Enum(members) => {
            let values: Vec<_> = members.iter().map(|member| string(&member.value)).collect();
            format!("Literal[{}]", values.join(", "))
        }
        Shape::Union(union) => scope(graph, "").union(union.variants.iter().map(|variant| &variant.ty)),
        Shape::Alias(ty) => scope(graph, "").annotation(ty),
    }
}

pub(super) fn scope<'a>(graph: &'a Graph, builtins: &'static str) -> Scope<'a> {
    Scope { graph, builtins, types: "", json: "", typing: "", used: BTreeSet::new() }
}

fn with_deprecation(docs: &[String], deprecated: bool) -> Vec<String> {
    let mut docs = docs.to_vec();
    if deprecated {
        docs.push("Deprecated.".to_owned());
    }
    docs
}

impl Needs {
    /// Notes what stands in an annotation.
    fn see(&mut self, annotation: &str) {
        let annotation = without_strings(annotation);
        let has =
            |word: &str| annotation.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').any(|found| found == word);
        self.annotated |= has("Annotated");
        self.json |= has("Json");
        self.literal |= has("Literal");
        self.unset |= has("Unset");
        self.builtins |= has("builtins");
    }
}

fn fields(graph: &Graph, record: &Record, needs: &mut Needs) -> Vec<FieldView> {
    let names = field_names(record);
    let builtins = if names.iter().any(|name| hides_builtin(name)) { "builtins." } else { "" };
    let mut scope = scope(graph, builtins);
    let mut views = Vec::new();
    for (field, name) in record.fields.iter().zip(&names) {
        let annotated = annotated(&mut scope, field);
        needs.see(&annotated);
        let docs = docstring(&with_deprecation(&field.docs, field.deprecated), 4);
        views.push(FieldView { line: format!("{name}: {annotated}"), docs });
    }
    if let Extra::Of(ty) = &record.extra {
        needs.field = true;
        let annotated = format!("{builtins}dict[{builtins}str, {}]", scope.annotation(ty));
        needs.see(&annotated);
        views.push(FieldView { line: format!("extra: {annotated} = field(default_factory=dict)"), docs: vec![] });
    }
    views
}

/// The attributes of a record, in the order of its fields.
fn field_names(record: &Record) -> Vec<String> {
    let mut taken = BTreeSet::new();
    let mut names = Vec::new();
    for field in &record.fields {
        let name = field_name(&field.name, &taken);
        taken.insert(name.clone());
        names.push(name);
    }
    names
}

/// Annotation and default: four states of optional and nullable, and constants.
fn annotated(scope: &mut Scope<'_>, field: &Field) -> String {
    let constant = field.constant.as_ref().filter(|value| value.is_string() || value.is_i64() || value.is_boolean());
    let (ty, default) = match constant {
        Some(value) => (scope.annotation(&Type::Constant(value.clone())), scalar(value)),
        None => (scope.annotation(&field.ty), String::new()),
    };
    let null_inside = constant.is_none() && admits_null(scope.graph, &field.ty);
    let null = if field.nullable && !null_inside { " | None" } else { "" };
    match (field.required, field.nullable || null_inside) {
        (true, false) if !default.is_empty() => format!("{ty} = {default}"),
        (true, _) => format!("{ty}{null}"),
        (false, true) => format!("{ty}{null} | Unset = UNSET"),
        (false, false) => format!("{ty} | None = None"),
    }
}

/// What the runtime needs to know of each type.
fn table(graph: &Graph) -> Display {
    Display::Dict(graph.types.iter().map(|named| (string(&type_name(&named.name)), row(graph, named))).collect())
}

fn row(graph: &Graph, named: &NamedType) -> Display {
    let mut row = vec![Display::Atom(string(&named.pointer))];
    match &named.shape {
        Shape::Record(record) => {
            row.extend(record_row(graph, record));
            row.extend(named.alternative.as_deref().map(|at| Display::Atom(string(at))));
        }
        Shape::Enum(_) => row.push(Display::Atom("None".into())),
        Shape::Union(union) => row.push(union_shape(graph, union)),
        Shape::Alias(ty) => row.push(shape_or_none(graph, ty, "")),
    }
    Display::Tuple(row)
}

fn record_row(graph: &Graph, record: &Record) -> [Display; 2] {
    let names = field_names(record);
    let named = || record.fields.iter().zip(&names);
    let shapes = named().filter_map(|(field, name)| Some((string(name), shape(graph, &field.ty, "")?)));
    let extra = match &record.extra {
        Extra::Of(ty) => shape(graph, ty, "").map(|shape| ("\"extra\"".to_owned(), shape)),
        Extra::None => None,
    };
    let renamed = named().filter(|(field, name)| field.wire_name != **name);
    let renamed = renamed.map(|(field, name)| (string(name), Display::Atom(string(&field.wire_name))));
    [Display::Dict(shapes.chain(extra).collect()), Display::Dict(renamed.collect())]
}

fn union_shape(graph: &Graph, union: &Union) -> Display {
    let tagged = union.tag.as_ref().filter(|_| union.variants.iter().all(|variant| variant.tag.is_some()));
    let (kind, variants) = match tagged {
        Some(tag) => {
            let variants = union
                .variants
                .iter()
                .filter_map(|variant| Some((string(variant.tag.as_ref()?), shape_or_none(graph, &variant.ty, ""))));
            (vec!["\"tagged\"".to_owned(), string(tag)], Display::Dict(variants.collect()))
        }
        None => {
            let variants = union.variants.iter().map(|variant| {
                Display::Tuple(vec![Display::Atom(string(&variant.pointer)), shape_or_none(graph, &variant.ty, "")])
            });
            (vec!["\"untagged\"".to_owned()], Display::List(variants.collect()))
        }
    };
    Display::Tuple(kind.into_iter().map(Display::Atom).chain([variants]).collect())
}
