//! A contract to the pages of its manual.

use peer_contract_core::contract::{Agent, Complete, Kind, Operation, target_of};
use peer_contract_core::sample::Sampler;
use peer_contract_core::{Contract, Pointer};
use serde_json::Value;

use super::page::{Block, Chapter, Inline, Page, code, text};
use super::words::{fields, kind, rules, type_id};
use crate::chart::Chart;

/// Characters of an example, beyond which it is left out.
const LONGEST_EXAMPLE: usize = 4_000;

/// The manual of a contract. Examples are samples of `seed`, each one checked.
pub fn page(contract: &Contract, seed: u64) -> Page {
    let book = Book { contract, sampler: Sampler::new(contract, seed) };
    let mut chapters = Vec::new();
    for agent in contract.agents().values() {
        chapters.push(book.agent(agent));
        chapters.extend(agent.operations.values().map(|operation| book.operation(operation)));
    }
    chapters.extend(book.state());
    chapters.extend(book.types());
    Page {
        title: format!("{} {}", contract.name(), contract.version()),
        opening: book.opening(),
        chart: Chart::of(contract),
        chapters,
    }
}

struct Book<'a> {
    contract: &'a Contract,
    sampler: Sampler<'a>,
}

impl Book<'_> {
    fn at(&self, at: &Pointer) -> &Value {
        self.contract.value().pointer(at.as_str()).unwrap_or(&Value::Null)
    }

    fn opening(&self) -> Vec<Block> {
        let contract = self.contract;
        let document = contract.document();
        let mut blocks: Vec<Block> =
            document.title.iter().chain(&document.description).map(|about| Block::Text(about.clone())).collect();
        let mut rows = vec![
            vec![vec![text("Version")], vec![code(contract.version())]],
            vec![vec![text("Hash")], vec![code(contract.hash().to_string())]],
        ];
        if let Some(phases) = &document.phases {
            rows.push(vec![vec![text("Works start in")], vec![code(&phases.start)]]);
            rows.push(vec![vec![text("Works end in")], listed(phases.end.iter().map(code))]);
        }
        rows.push(vec![vec![text("Time of a work")], vec![text(seconds(contract.deadline_ms()))]]);
        rows.push(vec![vec![text("Hops of a work")], vec![text(format!("up to {}", contract.max_hops()))]]);
        if contract.state().is_some() {
            rows.push(vec![
                vec![text("State")],
                vec![text(format!("up to {} bytes", grouped(contract.max_state_bytes())))],
            ]);
        }
        blocks.push(Block::Table { heads: vec!["", ""], rows });
        blocks
    }

    fn agent(&self, agent: &Agent) -> Chapter {
        let written = self.contract.document().agents.get(&agent.name);
        let mut blocks: Vec<Block> =
            written.iter().filter_map(|agent| agent.description.clone()).map(Block::Text).collect();
        if let Some(config) = &agent.config {
            blocks.push(Block::Heading("Settings".into()));
            self.schema(config, &mut blocks);
        }
        Chapter { level: 2, id: format!("agent-{}", agent.name), title: agent.name.clone(), mark: "agent", blocks }
    }

    fn operation(&self, operation: &Operation) -> Chapter {
        let mut blocks = Vec::new();
        let written = self.contract.document().agents.get(&operation.agent);
        let written = written.and_then(|agent| agent.operations.get(&operation.name));
        blocks.extend(written.and_then(|operation| operation.description.clone()).map(Block::Text));
        blocks.push(Block::Table { heads: vec!["", ""], rows: self.facts(operation) });
        blocks.push(Block::Heading("Input".into()));
        self.schema(&operation.input, &mut blocks);
        if let Some(output) = &operation.output {
            blocks.push(Block::Heading("Output".into()));
            self.schema(&output.schema, &mut blocks);
        }
        if !operation.errors.is_empty() {
            blocks.push(Block::Heading("Errors".into()));
            blocks.push(self.errors(operation));
            for error in operation.errors.values() {
                if let Some(data) = &error.data {
                    blocks.push(Block::Line(vec![text("Data of "), code(&error.name), text(":")]));
                    self.schema(data, &mut blocks);
                }
            }
        }
        let mark = match operation.kind {
            Kind::Entry => "entry",
            Kind::Callable => "callable",
            Kind::Phased => "",
        };
        Chapter { level: 3, id: operation_id(&operation.target), title: operation.target.clone(), mark, blocks }
    }

    /// Where an operation stands among the others, and its limits.
    fn facts(&self, operation: &Operation) -> Vec<Vec<Vec<Inline>>> {
        let mut rows: Vec<Vec<Vec<Inline>>> = Vec::new();
        let mut row = |name: &str, value: Vec<Inline>| rows.push(vec![vec![text(name)], value]);
        if !operation.from.is_empty() {
            row("Starts from", listed(operation.from.iter().map(code)));
        }
        for (target, phase) in &operation.hands_to {
            row("Hands over to", vec![to_operation(target), text(", which leads to "), code(phase)]);
        }
        if let Some(fan_out) = &operation.fans_out {
            let mut value = listed(fan_out.each.iter().map(|target| to_operation(target)));
            value.push(text(format!(", {} at once; ", fan_out.concurrency)));
            value.extend([to_operation(&fan_out.join), text(" goes on, which leads to "), code(&fan_out.to)]);
            value.push(text(format!(", {}", enough(fan_out.complete))));
            row("Fans out to", value);
        }
        if let Some(phase) = operation.output.as_ref().and_then(|output| output.to.as_ref()) {
            row("Replies", vec![text("which leads to "), code(phase)]);
        }
        if !operation.calls.is_empty() {
            row("May call", listed(operation.calls.iter().map(|target| to_operation(target))));
        }
        let limits = operation.constraints;
        let attempts =
            if limits.attempts == 1 { "1 attempt".to_owned() } else { format!("{} attempts", limits.attempts) };
        row("Limits", vec![text(format!("{}, {attempts}, {} MB", seconds(limits.timeout_ms), limits.memory_mb))]);
        if let Some(key) = &operation.idempotency_key {
            let remembered = format!(" of the input is the same, within {}", seconds(limits.key_lifetime_ms));
            row("Same request", vec![text("when "), code(key.as_str()), text(remembered)]);
        }
        row("Hash", vec![code(operation.hash().to_string())]);
        rows
    }

    fn errors(&self, operation: &Operation) -> Block {
        let written = self.contract.document().agents.get(&operation.agent);
        let written = written.and_then(|agent| agent.operations.get(&operation.name));
        let rows = operation.errors.values().map(|error| {
            let about = written.and_then(|operation| operation.errors.get(&error.name)?.description.clone());
            let leads = error.to.as_ref().map_or_else(|| vec![text("the work fails")], |phase| vec![code(phase)]);
            let again = if error.retryable { "yes" } else { "no" };
            vec![vec![code(&error.name)], vec![text(about.unwrap_or_default())], leads, vec![text(again)]]
        });
        Block::Table { heads: vec!["Error", "When", "Leads to", "Try again"], rows: rows.collect() }
    }

    /// A schema in words, and an example of it.
    fn schema(&self, at: &Pointer, blocks: &mut Vec<Block>) {
        let schema = self.at(at);
        let target = schema.get("$ref").and_then(Value::as_str).and_then(target_of);
        let meant = target.and_then(|target| self.contract.value().pointer(target.as_str()));
        if meant.is_some() {
            blocks.push(Block::Line(kind(schema, 0)));
        }
        blocks.push(table(meant.unwrap_or(schema)));
        let sample = self.sampler.valid(at, 1).into_iter().next();
        let example = sample.and_then(|sample| serde_json::to_string_pretty(&sample).ok());
        match example.filter(|example| example.len() <= LONGEST_EXAMPLE) {
            Some(example) => blocks.push(Block::Example(example)),
            None => blocks.push(Block::Line(vec![text("No example was found that is short enough.")])),
        }
    }

    fn state(&self) -> Option<Chapter> {
        let at = self.contract.state()?;
        let mut blocks = vec![Block::Text("The state travels with the work, from agent to agent.".into())];
        self.schema(&at, &mut blocks);
        if let Some(initial) = self.contract.initial_state() {
            blocks.push(Block::Line(vec![text("A work begins with "), code(initial.to_string()), text(".")]));
        }
        Some(Chapter { level: 2, id: "state".into(), title: "State".into(), mark: "", blocks })
    }

    fn types(&self) -> Vec<Chapter> {
        let defs = &self.contract.document().defs;
        if defs.is_empty() {
            return Vec::new();
        }
        let about = Block::Text("The types that inputs, outputs, errors and the state are made of.".into());
        let mut chapters =
            vec![Chapter { level: 2, id: "types".into(), title: "Types".into(), mark: "", blocks: vec![about] }];
        chapters.extend(defs.iter().map(|(name, schema)| {
            let about = schema.0.get("description").or_else(|| schema.0.get("title")).and_then(Value::as_str);
            let mut blocks: Vec<Block> = about.map(|about| Block::Text(about.to_owned())).into_iter().collect();
            blocks.push(table(&schema.0));
            let rules = rules(&schema.0);
            let is_object = schema.0.get("properties").is_some();
            if is_object && !rules.is_empty() {
                blocks.push(Block::Line(std::iter::once(text("As a whole: ")).chain(rules).collect()));
            }
            Chapter { level: 3, id: type_id(name), title: name.clone(), mark: "", blocks }
        }));
        chapters
    }
}

/// The members of an object, or the rules of another value.
fn table(schema: &Value) -> Block {
    let fields = fields(schema);
    let is_object = fields.iter().any(|field| !field.name.is_empty());
    let rows = fields.into_iter().map(|field| {
        let mut row = Vec::new();
        if is_object {
            row.push(vec![code(field.name)]);
        }
        row.push(field.kind);
        if is_object {
            row.push(vec![text(if field.needed { "yes" } else { "no" })]);
        }
        row.push(field.rules);
        row.push(vec![text(field.about)]);
        row
    });
    let rows = rows.collect();
    let heads = match is_object {
        true => vec!["Member", "Type", "Required", "Rules", "About"],
        false => vec!["Type", "Rules", "About"],
    };
    Block::Table { heads, rows }
}

fn to_operation(target: &str) -> Inline {
    Inline::Link { text: target.to_owned(), id: operation_id(target) }
}

fn operation_id(target: &str) -> String {
    format!("operation-{}", target.replace('.', "-"))
}

fn listed(items: impl Iterator<Item = Inline>) -> Vec<Inline> {
    let mut all = Vec::new();
    for item in items {
        if !all.is_empty() {
            all.push(text(", "));
        }
        all.push(item);
    }
    all
}

/// `30 s`, `5 min`
/// When a fan-out has enough, as the end of a sentence.
fn enough(complete: Complete) -> String {
    match complete {
        Complete::All => "once each gave an output".to_owned(),
        Complete::First => "with the first output".to_owned(),
        Complete::Settled => "once each has ended".to_owned(),
        Complete::Outputs(outputs) => format!("with the first {outputs} outputs"),
        Complete::ToleratedFailures(failures) => format!("once each has ended, if at most {failures} failed"),
        Complete::ToleratedFailurePercent(percent) => format!("once each has ended, if at most {percent} % failed"),
    }
}

fn seconds(ms: u64) -> String {
    match ms {
        ms if ms % 3_600_000 == 0 => format!("{} h", ms / 3_600_000),
        ms if ms % 60_000 == 0 => format!("{} min", ms / 60_000),
        ms if ms % 1_000 == 0 => format!("{} s", ms / 1_000),
        ms => format!("{ms} ms"),
    }
}

/// `8,388,608`
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
