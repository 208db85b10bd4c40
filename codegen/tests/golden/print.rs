//! A graph as text that one can read.

use std::fmt::Write;

use peerc::ir::{AgentNode, Extra, Field, Graph, NamedType, Record, Shape, Type, TypeId, Variant};

pub fn graph(graph: &Graph) -> String {
    let mut out = format!("contract {} {}\n", graph.contract.name, graph.contract.version);
    if let Some(state) = &graph.state {
        writeln!(out, "state {} from {:?}", ty(graph, state), graph.contract.initial_state).unwrap();
    }
    for named in &graph.types {
        push_type(&mut out, graph, named);
    }
    for agent in &graph.agents {
        push_agent(&mut out, graph, agent);
    }
    out
}

fn push_type(out: &mut String, graph: &Graph, named: &NamedType) {
    let (name, pointer) = (&named.name, &named.pointer);
    match &named.shape {
        Shape::Record(record) => push_record(out, graph, name, pointer, record),
        Shape::Enum(members) => {
            let members: Vec<String> =
                members.iter().map(|member| format!("{} = {:?}", member.name, member.value)).collect();
            writeln!(out, "\nenum {name} at {pointer}\n  {}", members.join("\n  ")).unwrap();
        }
        Shape::Union(union) => {
            writeln!(out, "\nunion {name} at {pointer} by {:?}", union.tag).unwrap();
            union.variants.iter().for_each(|variant| push_variant(out, graph, variant));
        }
        Shape::Alias(target) => writeln!(out, "\nalias {name} at {pointer} = {}", ty(graph, target)).unwrap(),
    }
}

fn push_record(out: &mut String, graph: &Graph, name: &str, pointer: &str, record: &Record) {
    let extra = match &record.extra {
        Extra::None => "closed".to_owned(),
        Extra::Of(of) => format!("others {}", ty(graph, of)),
    };
    writeln!(out, "\nrecord {name} at {pointer}, {extra}").unwrap();
    record.fields.iter().for_each(|field| push_field(out, graph, field));
}

fn push_field(out: &mut String, graph: &Graph, field: &Field) {
    let marks = [
        (!field.required).then_some("optional"),
        field.nullable.then_some("nullable"),
        field.boxed.then_some("boxed"),
        field.constant.is_some().then_some("constant"),
        field.deprecated.then_some("deprecated"),
    ];
    let marks: Vec<&str> = marks.into_iter().flatten().collect();
    let line = format!("  {} {:?}: {} {}", field.name, field.wire_name, ty(graph, &field.ty), marks.join(" "));
    writeln!(out, "{}", line.trim_end()).unwrap();
}

fn push_variant(out: &mut String, graph: &Graph, variant: &Variant) {
    let boxed = if variant.boxed { " boxed" } else { "" };
    let Variant { name, pointer, tag, .. } = variant;
    writeln!(out, "  {name}({}) at {pointer} tag {tag:?}{boxed}", ty(graph, &variant.ty)).unwrap();
}

fn push_agent(out: &mut String, graph: &Graph, agent: &AgentNode) {
    writeln!(out, "\nagent {}", agent.name).unwrap();
    for operation in &agent.operations {
        let kind = if operation.callable {
            "callable"
        } else if operation.entry {
            "entry"
        } else {
            "phased"
        };
        let output = operation.output.as_ref().map_or("-".to_owned(), |output| ty(graph, output));
        writeln!(out, "  {kind} {}({}) -> {output}", operation.target, ty(graph, &operation.input)).unwrap();
        for to in &operation.hands_to {
            writeln!(out, "    hands to {}.{} in {}", to.agent, to.operation, to.phase).unwrap();
        }
        if let Some(fan_out) = &operation.fans_out {
            let each: Vec<String> =
                fan_out.each.iter().map(|child| format!("{}.{}", child.agent, child.operation)).collect();
            writeln!(out, "    fans out to {each:?}, joined by {}", fan_out.join).unwrap();
        }
        writeln!(out, "    calls {:?} errors {:?}", operation.calls, operation.errors).unwrap();
    }
    for error in &agent.errors {
        let data = error.data.as_ref().map_or("-".to_owned(), |data| ty(graph, data));
        writeln!(out, "  error {} {data} retryable {}", error.name, error.retryable).unwrap();
    }
}

fn ty(graph: &Graph, of: &Type) -> String {
    match of {
        Type::Named(TypeId(id)) => graph.types[*id].name.clone(),
        Type::List(inner) => format!("[{}]", ty(graph, inner)),
        Type::Map(inner) => format!("{{{}}}", ty(graph, inner)),
        Type::Nullable(inner) => format!("{}?", ty(graph, inner)),
        Type::Constant(value) => format!("{value:?}"),
        Type::Constants(values) => format!("one of {values:?}"),
        Type::Either(types) => types.iter().map(|of| ty(graph, of)).collect::<Vec<_>>().join(" or "),
        Type::Tuple(tuple) => {
            let items: Vec<String> = tuple.items.iter().map(|of| ty(graph, of)).collect();
            let rest = tuple.rest.as_ref().map_or("nothing".to_owned(), |of| ty(graph, of));
            format!("[{}], {} required, then {rest}", items.join(", "), tuple.required)
        }
        other => format!("{other:?}").to_lowercase(),
    }
}
