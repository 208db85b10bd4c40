//! A graph made to break generated code: every name and text in it wants out of its place.

use super::*;
use crate::ir::{
    AgentNode, ContractFacts, EnumMember, ErrorNode, Extra, Field, HandoffNode, NamedType, OperationNode, Record,
    Shape, Type, TypeId, Union, Variant,
};

fn facts() -> ContractFacts {
    ContractFacts {
        name: "hostile".to_owned(),
        version: "1.0.0".to_owned(),
        docs: vec!["*/ import 'evil'; /*".to_owned()],
        hash: format!("sha256:{}", "0".repeat(64)),
        canonical: r#"{"name":"it's \\ \u2028"}"#.to_owned(),
        compiler: "0.1.0".to_owned(),
        initial_state: None,
    }
}

fn field(wire_name: &str, ty: Type) -> Field {
    Field {
        wire_name: wire_name.to_owned(),
        name: String::new(),
        docs: Vec::new(),
        ty,
        required: true,
        nullable: false,
        boxed: false,
        constant: None,
        deprecated: false,
    }
}

fn named(name: &str, shape: Shape) -> NamedType {
    let (name, pointer) = (name.to_owned(), format!("/$defs/{name}"));
    NamedType { name, pointer, alternative: None, docs: Vec::new(), deprecated: false, shape }
}

fn record(fields: Vec<Field>) -> Shape {
    Shape::Record(Record { fields, extra: Extra::None })
}

fn variant(name: &str, id: usize) -> Variant {
    Variant { name: name.to_owned(), ty: Type::Named(TypeId(id)), pointer: String::new(), tag: None, boxed: false }
}

fn operation(agent: &str, name: &str) -> OperationNode {
    OperationNode {
        name: name.to_owned(),
        target: format!("{agent}.{name}"),
        docs: vec!["@returns nothing".to_owned(), "*/".to_owned()],
        input: Type::Named(TypeId(0)),
        output: Some(Type::Named(TypeId(1))),
        callable: true,
        entry: false,
        hands_to: Vec::new(),
        fans_out: None,
        calls: Vec::new(),
        errors: vec!["promise".to_owned()],
    }
}

fn agent(name: &str, operations: Vec<OperationNode>) -> AgentNode {
    let error = ErrorNode { name: "promise".to_owned(), docs: Vec::new(), data: None, retryable: false };
    AgentNode { name: name.to_owned(), docs: Vec::new(), config: None, operations, errors: vec![error] }
}

fn graph() -> Graph {
    let tag = Field { constant: Some("it's".into()), ..field("kind", Type::String) };
    let optional = Field { required: false, nullable: true, deprecated: true, ..field("first name", Type::Json) };
    let types = vec![
        named(
            "Array",
            record(vec![
                tag,
                optional,
                field("__proto__", Type::List(Box::new(Type::Nullable(Box::new(Type::String))))),
            ]),
        ),
        named("Codec", Shape::Alias(Type::Map(Box::new(Type::Named(TypeId(2)))))),
        named("Choice", Shape::Enum(vec![EnumMember { name: "A".to_owned(), value: "a'\n".to_owned() }])),
        named("Either", Shape::Union(Union { variants: vec![variant("A", 0), variant("C", 2)], tag: None })),
        named("Nothing", record(Vec::new())),
    ];
    let mut passes = operation("index", "work");
    passes.callable = false;
    passes.output = None;
    passes.hands_to = vec![
        HandoffNode { agent: "Either".to_owned(), operation: "delete".to_owned(), phase: "x".to_owned() },
        HandoffNode { agent: "index".to_owned(), operation: "t".to_owned(), phase: "y".to_owned() },
    ];
    let names = ["constructor", "new", "operation", "t", "workOutcome"];
    let mut operations: Vec<OperationNode> = names.map(|name| operation("index", name)).into();
    operations.push(passes);
    let agents = vec![agent("Either", vec![operation("Either", "delete")]), agent("index", operations)];
    Graph { contract: facts(), types, state: Some(Type::Named(TypeId(3))), agents, places: Default::default() }
}

fn text(path: &str) -> String {
    generate(&graph()).into_iter().find(|file| file.path == path).unwrap_or_else(|| panic!("no {path}")).text
}

#[test]
fn the_same_graph_gives_the_same_files() {
    assert_eq!(generate(&graph()), generate(&graph()));
}

#[test]
fn an_agent_called_index_does_not_overwrite_the_root() {
    assert!(text("index.mjs").contains("export * as index from './index_.mjs';"));
    assert!(text("index_.mjs").contains("handler($contract, 'index', agent)"));
}

#[test]
fn an_agent_gives_way_to_a_type_of_its_name() {
    let root = text("index.d.mts");
    assert!(root.contains("export * as Either_ from './Either.mjs';"), "{root}");
    assert!(root.contains("export type Either = Array | Choice;"), "{root}");
}

#[test]
fn a_type_that_hides_a_name_of_the_runtime_keeps_its_own() {
    let root = text("index.d.mts");
    assert!(root.contains("import type { Codec as Codec$, Contract, Json } from 'peer-contract';"), "{root}");
    assert!(root.contains("export const Codec: Codec$<Codec>;"), "{root}");
}

#[test]
fn an_error_called_promise_does_not_hide_the_promise() {
    let agent = text("index_.d.mts");
    assert!(agent.contains("export class Promise extends DeclaredError<undefined>"), "{agent}");
    assert!(agent.contains("ConstructorOutcome | globalThis.Promise<ConstructorOutcome>;"), "{agent}");
}

#[test]
fn reserved_words_are_functions_with_an_underscore_and_methods_without() {
    assert!(text("Either.mjs").contains("export function delete_(input)"));
    let agent = text("index_.d.mts");
    assert!(agent.contains("  'new'(work: Work$<undefined>, input: t$.Array)"), "{agent}");
}

#[test]
fn an_outcome_does_not_take_the_name_of_an_operation() {
    let agent = text("index_.d.mts");
    assert!(agent.contains("export type WorkOutcome = Callable<"), "{agent}");
    assert!(agent.contains("export type WorkOutcome_ = $Either.Delete | T;"), "{agent}");
}

#[test]
fn descriptions_stay_in_their_comments() {
    assert!(text("index.d.mts").contains("/** *\\/ import 'evil'; /* */"));
    let agent = text("index_.d.mts");
    assert!(agent.contains(" * \\@returns nothing\n"), "{agent}");
    assert!(!agent.contains("* @returns"), "{agent}");
}

#[test]
fn properties_keep_their_wire_names() {
    let root = text("index.d.mts");
    assert!(root.contains("  kind: \"it's\";"), "{root}");
    assert!(root.contains("  'first name'?: Json | null;"), "{root}");
    assert!(root.contains("  __proto__: (string | null)[];"), "{root}");
}

#[test]
fn a_closed_object_without_properties_takes_none() {
    assert!(text("index.d.mts").contains("export type Nothing = { [key: string]: never };"));
}

#[test]
fn the_contract_is_one_string_with_the_hash_it_had_when_it_was_checked() {
    let contract = text("_contract.cjs");
    assert!(contract.contains(r#"  '{"name":"it\'s \\\\ \\u2028"}',"#), "{contract}");
    assert!(contract.contains("  'sha256:0000"), "{contract}");
    assert!(contract.contains("  readers,\n);"), "{contract}");
}

#[test]
fn a_property_called_proto_is_a_property() {
    let read = text("_contract.cjs");
    assert!(read.contains("['__proto__']: list(at + 2, text),"), "{read}");
    assert!(!read.contains(".__proto__"), "{read}");
}

#[test]
fn a_record_has_a_place_for_each_property_and_is_read_from_there() {
    let read = text("_contract.cjs");
    assert!(read.contains("['record', 0, '__proto__', 2, 'first name', 'kind'],"), "{read}");
    assert!(read.contains("if (has(at + 4)) {"), "{read}");
    assert!(read.contains("'first name': any(at + 4),"), "{read}");
    assert!(read.contains("kind: text(at + 6),"), "{read}");
}

#[test]
fn a_union_without_a_tag_is_read_as_what_it_is() {
    assert!(!text("_contract.cjs").contains("readEither"));
}

#[test]
fn no_file_has_a_line_that_its_formatter_would_change() {
    for file in generate(&graph()) {
        for line in file.text.lines() {
            assert_eq!(line, line.trim_end(), "{}", file.path);
        }
        assert!(
            file.text.ends_with('\n') && !file.text.contains("\n\n\n") && !file.text.ends_with("\n\n"),
            "{}",
            file.path
        );
    }
}
