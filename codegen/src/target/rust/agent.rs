//! One agent: its operations, its errors, the trait to implement, and how it is served.

use std::collections::BTreeSet;

use serde::Serialize;

use super::agent_names::{AgentNames, OperationNames};
use super::names::Taken;
use super::types::{Context, Scope};
use super::{layout, literal, names, part};
use crate::ir::{AgentNode, ChildNode, ErrorNode, Graph, OperationNode, Type, camel};
use crate::render::header;

/// What `agent.hbs` prints.
#[derive(Serialize)]
pub struct View {
    header: Vec<String>,
    title: String,
    docs: Vec<String>,
    imports: Vec<String>,
    operations: Vec<String>,
    errors: Vec<ErrorView>,
    methods: Vec<Vec<String>>,
    name: String,
    has_config: bool,
    config: String,
    serve_with: String,
    arms: Vec<Vec<String>>,
}

#[derive(Serialize)]
struct ErrorView {
    docs: Vec<String>,
    name: String,
    data: String,
}

/// The whole file.
pub fn view(graph: &Graph, node: &AgentNode) -> View {
    let context = Context::of(graph);
    let agent = AgentView { graph, context: &context, node, names: AgentNames::of(node) };
    View {
        header: header(&graph.contract),
        title: format!("The agent `{}`.", node.name),
        docs: literal::docs("//!", &node.docs),
        imports: agent.imports(),
        operations: node.operations.iter().map(|operation| agent.operation(operation)).collect(),
        errors: node.errors.iter().map(|error| agent.error(error)).collect(),
        methods: node.operations.iter().map(|operation| agent.method(operation)).collect(),
        name: literal::string(&node.name),
        has_config: node.config.is_some(),
        config: node.config.as_ref().map(|config| agent.ty(config)).unwrap_or_default(),
        serve_with: agent.serve_with(),
        arms: node.operations.iter().map(|operation| agent.arm(operation)).collect(),
    }
}

struct AgentView<'a> {
    graph: &'a Graph,
    context: &'a Context<'a>,
    node: &'a AgentNode,
    names: AgentNames,
}

/// An outcome: the variant, and the type it holds.
#[derive(Serialize)]
struct OutcomeView {
    variant: String,
    held: String,
    kind: OutcomeKind,
}

#[derive(Clone, Copy, Serialize)]
enum OutcomeKind {
    Reply,
    Handoff,
    FanOut,
}

impl OutcomeKind {
    /// What an arm calls the value, and what it makes of it.
    fn arm(self) -> (&'static str, &'static str) {
        match self {
            Self::Reply => ("output", "pc::Ended::reply(&work, &output)"),
            Self::Handoff => ("to", "pc::Ended::handoff(&work, &to)"),
            Self::FanOut => ("children", "pc::Ended::fan_out(&work, children)"),
        }
    }
}

#[derive(Serialize)]
struct OperationView {
    docs: Vec<String>,
    item: String,
    input: String,
    function: Vec<String>,
    target: String,
    output: String,
    fault: String,
    callable: bool,
    outcome: String,
    error: String,
    name: String,
    errors: Vec<DeclaredView>,
    has_errors: bool,
    outcomes: String,
    /// The operations that children of its fan-out may be.
    children: Vec<String>,
}

#[derive(Serialize)]
struct DeclaredView {
    name: String,
    arm: Vec<String>,
}

impl AgentView<'_> {
    /// The modules of the agents that this one hands work to, or has children at.
    fn imports(&self) -> Vec<String> {
        let operations = || self.node.operations.iter();
        let handoffs = operations().flat_map(|operation| &operation.hands_to).map(|to| &to.agent);
        let children = operations().flat_map(children).map(|child| &child.agent);
        let others: BTreeSet<String> = handoffs
            .chain(children)
            .filter(|agent| **agent != self.node.name)
            .map(|agent| names::module(agent))
            .collect();
        others.into_iter().collect()
    }

    /// It gives way to an operation of that name.
    fn serve_with(&self) -> String {
        let is_taken = self.node.operations.iter().any(|operation| names::function(&operation.name) == "serve_with");
        if is_taken { "serve_with_" } else { "serve_with" }.to_owned()
    }

    fn operation(&self, operation: &OperationNode) -> String {
        let names = &self.names.operations[&operation.name];
        let input = self.ty(&operation.input);
        let has_errors = !operation.errors.is_empty();
        let function = names::function(&operation.name);
        let mut lines = layout::signature(
            &format!("pub fn {function}"),
            &[format!("input: {input}")],
            &format!(" -> {} {{", names.item),
        );
        lines.extend([format!("    {}(input)", names.item), "}".to_owned()]);
        part(
            "operation",
            &OperationView {
                docs: operation_docs(operation),
                item: names.item.clone(),
                function: lines,
                target: literal::string(&operation.target),
                output: operation.output.as_ref().map_or_else(|| "pc::Never".to_owned(), |ty| self.ty(ty)),
                fault: if has_errors { names.fault.clone() } else { "pc::Never".to_owned() },
                callable: operation.callable,
                outcome: names.outcome.clone(),
                error: names.error.clone(),
                name: operation.name.clone(),
                errors: operation.errors.iter().map(|error| self.declared(error)).collect(),
                has_errors,
                outcomes: self.outcomes_text(operation),
                children: children(operation).map(|child| self.item(&child.agent, &child.operation)).collect(),
                input,
            },
        )
    }

    fn declared(&self, name: &str) -> DeclaredView {
        let item = self.names.errors[name].clone();
        let value = if self.has_data(name) { format!("{item}(pc::codec::data(data)?)") } else { item.clone() };
        DeclaredView {
            arm: layout::arm(12, &literal::string(name), &format!("Some(Self::{item}({value}))")),
            name: item,
        }
    }

    fn has_data(&self, name: &str) -> bool {
        self.node.errors.iter().any(|error| error.name == name && error.data.is_some())
    }

    fn outcomes(&self, operation: &OperationNode) -> Vec<OutcomeView> {
        let mut taken = Taken::default();
        let reply = operation.output.as_ref().map(|ty| OutcomeView {
            variant: taken.give("Reply"),
            held: self.ty(ty),
            kind: OutcomeKind::Reply,
        });
        let mut outcomes: Vec<OutcomeView> = reply.into_iter().collect();
        for to in &operation.hands_to {
            let is_only =
                operation.hands_to.iter().filter(|other| camel(&other.operation) == camel(&to.operation)).count() == 1;
            let variant = if is_only { camel(&to.operation) } else { camel(&to.agent) + &camel(&to.operation) };
            outcomes.push(OutcomeView {
                variant: taken.give(&names::variant(&variant)),
                held: self.item(&to.agent, &to.operation),
                kind: OutcomeKind::Handoff,
            });
        }
        if operation.fans_out.is_some() {
            let held = format!("pc::FanOut<{}>", self.names.operations[&operation.name].item);
            outcomes.push(OutcomeView { variant: taken.give("FanOut"), held, kind: OutcomeKind::FanOut });
        }
        outcomes
    }

    /// The type of an operation that work is handed to, or that is a child.
    fn item(&self, agent: &str, operation: &str) -> String {
        if agent == self.node.name {
            return self.names.operations[operation].item.clone();
        }
        let node = self.graph.agents.iter().find(|node| node.name == agent).expect("the checker found the target");
        format!("{}::{}", names::module(agent), AgentNames::of(node).operations[operation].item)
    }

    /// An alias where there is one outcome, an enum where there are several.
    fn outcomes_text(&self, operation: &OperationNode) -> String {
        #[derive(Serialize)]
        struct View<'a> {
            name: &'a str,
            operation: &'a str,
            alias: String,
            is_alias: bool,
            variants: Vec<OutcomeView>,
        }
        let variants = self.outcomes(operation);
        let alias = match variants.as_slice() {
            [] => "pc::Never".to_owned(),
            [only] => only.held.clone(),
            _ => String::new(),
        };
        let name = &self.names.operations[&operation.name].outcome;
        part("outcome", &View { name, operation: &operation.name, is_alias: !alias.is_empty(), alias, variants })
    }

    fn error(&self, error: &ErrorNode) -> ErrorView {
        let mut docs = literal::docs("///", &error.docs);
        if docs.is_empty() {
            docs.push(format!("/// The error `{}`.", error.name));
        }
        let data = error.data.as_ref().map(|ty| format!("(pub {})", self.ty(ty))).unwrap_or_default();
        ErrorView { docs, name: self.names.errors[&error.name].clone(), data }
    }

    fn method(&self, operation: &OperationNode) -> Vec<String> {
        let names = &self.names.operations[&operation.name];
        let mut lines: Vec<String> =
            literal::docs("///", &operation.docs).into_iter().map(|line| format!("    {line}")).collect();
        if lines.is_empty() {
            lines.push(format!("    /// `{}`.", operation.target));
        }
        let parameters = [
            "&self".to_owned(),
            format!("work: &mut pc::Work<{}>", self.state(operation)),
            format!("input: {}", self.ty(&operation.input)),
        ];
        let result = format!("Result<{}, {}>", names.outcome, names.error);
        lines.extend(layout::signature(
            &format!("    fn {}", names::function(&operation.name)),
            &parameters,
            &format!(" -> impl std::future::Future<Output = {result}> + Send;"),
        ));
        lines
    }

    fn state(&self, operation: &OperationNode) -> String {
        let state = self.graph.state.as_ref().filter(|_| !operation.callable);
        state.map_or_else(|| "()".to_owned(), |ty| self.ty(ty))
    }

    /// The arm of `serve` that runs one operation.
    fn arm(&self, operation: &OperationNode) -> Vec<String> {
        let names = &self.names.operations[&operation.name];
        let function = names::function(&operation.name);
        let open = if operation.callable { "open_call" } else { "open" };
        let mut lines = vec![
            format!("                {} => {{", literal::string(&operation.name)),
            format!("                    let (mut work, input) = task.{open}()?;"),
            format!("                    match self.0.{function}(&mut work, input).await {{"),
        ];
        lines.extend(self.ends(operation, names));
        for name in &operation.errors {
            lines.extend(self.fails(name, &names.error));
        }
        lines.extend(layout::arm(24, &format!("Err({}::Failed(error))", names.error), "Err(pc::Error::thrown(error))"));
        lines.extend(["                    }".to_owned(), "                }".to_owned()]);
        lines
    }

    fn ends(&self, operation: &OperationNode, names: &OperationNames) -> Vec<String> {
        let outcomes = self.outcomes(operation);
        match outcomes.as_slice() {
            [] => layout::arm(24, "Ok(never)", "match never {}"),
            [only] => {
                let (bound, body) = only.kind.arm();
                layout::arm(24, &format!("Ok({bound})"), body)
            }
            several => several
                .iter()
                .flat_map(|outcome| {
                    let (bound, body) = outcome.kind.arm();
                    layout::arm(24, &format!("Ok({}::{}({bound}))", names.outcome, outcome.variant), body)
                })
                .collect(),
        }
    }

    fn fails(&self, name: &str, error: &str) -> Vec<String> {
        let item = &self.names.errors[name];
        let node = self
            .node
            .errors
            .iter()
            .find(|error| error.name == name)
            .expect("errors of operations are errors of the agent");
        let message = node.docs.first().cloned().unwrap_or_else(|| format!("`{name}`"));
        let (code, message) = (literal::string(name), literal::string(&message));
        let (bound, function, mut arguments) = match node.data {
            Some(_) => ("error", "declared_with", vec!["&error.0".to_owned()]),
            None => ("_", "declared", Vec::new()),
        };
        arguments.splice(0..0, ["&work".to_owned(), code, message]);
        layout::call_arm(24, &format!("Err({error}::{item}({bound}))"), &format!("pc::Ended::{function}"), &arguments)
    }

    fn ty(&self, ty: &Type) -> String {
        self.context.ty(ty, Scope::Agent)
    }
}

/// The operations that children may be.
fn children(operation: &OperationNode) -> impl Iterator<Item = &ChildNode> {
    operation.fans_out.iter().flat_map(|fan_out| &fan_out.each)
}

fn operation_docs(operation: &OperationNode) -> Vec<String> {
    let use_it = if operation.callable { "give it to `work.call`" } else { "return it to hand the work over" };
    let mut docs = vec![format!("/// `{}` with its input: {use_it}.", operation.target)];
    if !operation.docs.is_empty() {
        docs.push("///".to_owned());
        docs.extend(literal::docs("///", &operation.docs));
    }
    docs
}
