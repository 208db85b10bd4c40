//! `peerc explain`: what decides each keyword of a contract's schemas, the one pass over the bytes or the slower
//! engine behind it, and why.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use peer_contract_core::plan::{Decider, Ruling};
use peer_contract_core::{Contract, ErrorCode, Pointer, Problem};
use serde_json::{Value, json};

use super::open::open;
use super::paint::Paint;
use super::{Console, Exit, Format};

/// Arguments of `peerc explain`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The contract; without it, the one that `peerc.toml` names.
    #[arg(value_name = "CONTRACT")]
    contract: Option<String>,
    /// Explain only what stands at or below this place, such as `/$defs/Plan` or `/agents/ranker`.
    #[arg(value_name = "POINTER")]
    pointer: Option<String>,
}

impl Args {
    /// Runs the command.
    pub fn run(self, console: &Console) -> Exit {
        let (contract, pointer) = self.split();
        let contract = match open(contract, console) {
            Ok(opened) => opened.contract,
            Err(exit) => return exit,
        };
        match rulings(&contract, pointer.as_deref()) {
            Ok(rulings) => print(console, &Explained::of(rulings)),
            Err(problem) => console.fail(&problem),
        }
    }

    /// A pointer alone is no contract: it begins with `/` or `#/`, and no file is called so.
    fn split(self) -> (Option<PathBuf>, Option<String>) {
        let looks_so = |text: &str| text.starts_with('/') || text.starts_with('#');
        match (self.contract, self.pointer) {
            (Some(only), None) if looks_so(&only) && !Path::new(&only).exists() => (None, Some(only)),
            (contract, pointer) => (contract.map(PathBuf::from), pointer),
        }
    }
}

/// The rulings on all schemas that were asked for, and on those they lead to.
fn rulings(contract: &Contract, pointer: Option<&str>) -> Result<BTreeSet<Ruling>, Problem> {
    let mut all = BTreeSet::new();
    for at in places(contract, pointer)? {
        all.extend(contract.schema(&at)?.rulings().iter().cloned());
    }
    Ok(all)
}

fn places(contract: &Contract, pointer: Option<&str>) -> Result<Vec<Pointer>, Problem> {
    let Some(text) = pointer else { return Ok(used(contract)) };
    let refuse = |message: String| Problem::new(ErrorCode::RefUnresolved, Pointer::root(), message);
    let parsed = text.strip_prefix('#').unwrap_or(text).parse::<Pointer>();
    let at = parsed.map_err(|error| refuse(format!("`{text}`: {error}")))?;
    if contract.schema(&at).is_ok() {
        return Ok(vec![at]);
    }
    let defs = contract.document().defs.keys().map(|name| Pointer::root().key("$defs").key(name));
    let below: Vec<Pointer> = used(contract).into_iter().chain(defs).filter(|place| is_below(place, &at)).collect();
    if below.is_empty() {
        let help = "places are such as `/$defs/Name`, `/state`, `/agents/name`, `/agents/name/operations/name/input`";
        return Err(refuse(format!("`{}` has no schema at or below `{text}`", contract.name())).with_help(help));
    }
    Ok(below)
}

fn is_below(place: &Pointer, at: &Pointer) -> bool {
    place.as_str().strip_prefix(at.as_str()).is_some_and(|rest| rest.starts_with('/'))
}

/// The state, the settings, and what operations accept, reply and fail with.
fn used(contract: &Contract) -> Vec<Pointer> {
    let configs = contract.agents().values().filter_map(|agent| agent.config.clone());
    let operations = contract.operations().flat_map(|operation| {
        let output = operation.output.iter().map(|output| output.schema.clone());
        let errors = operation.errors.values().filter_map(|error| error.data.clone());
        std::iter::once(operation.input.clone()).chain(output).chain(errors)
    });
    contract.state().into_iter().chain(configs).chain(operations).collect()
}

/// Why `unevaluated…` is left over, where it is.
const REASON: &str = "what other keywords look at differs from value to value";

/// The rulings by schema, with reasons.
struct Explained {
    schemas: BTreeMap<Pointer, Vec<Keyword>>,
}

struct Keyword {
    name: String,
    by: Decider,
    reason: &'static str,
}

impl Explained {
    fn of(rulings: BTreeSet<Ruling>) -> Self {
        let mut schemas: BTreeMap<Pointer, Vec<Keyword>> = BTreeMap::new();
        for Ruling { at, keyword, by } in rulings {
            let reason = if by == Decider::Fallback { REASON } else { "" };
            schemas.entry(at).or_default().push(Keyword { name: keyword, by, reason });
        }
        Self { schemas }
    }

    fn count(&self, by: Decider) -> usize {
        self.schemas.values().flatten().filter(|keyword| keyword.by == by).count()
    }
}

fn word(by: Decider) -> &'static str {
    match by {
        Decider::Plan => "plan",
        Decider::Fallback => "fallback",
        Decider::Annotation => "annotation",
    }
}

fn print(console: &Console, explained: &Explained) -> Exit {
    match console.format {
        Format::Text => console.print(text(explained, Paint::new(console.colors_stdout()))),
        Format::Json => console.json(&to_json(explained)),
    }
    Exit::Clean
}

fn to_json(explained: &Explained) -> Value {
    let keyword = |keyword: &Keyword| {
        let mut value = json!({ "keyword": keyword.name, "by": word(keyword.by) });
        if !keyword.reason.is_empty() {
            value["reason"] = json!(keyword.reason);
        }
        value
    };
    let schemas = explained.schemas.iter().map(
        |(at, keywords)| json!({ "at": at.as_str(), "keywords": keywords.iter().map(keyword).collect::<Vec<_>>() }),
    );
    json!({
        "schemas": schemas.collect::<Vec<_>>(),
        "plan": explained.count(Decider::Plan),
        "fallback": explained.count(Decider::Fallback),
        "annotation": explained.count(Decider::Annotation),
    })
}

/// A line for what the one pass decides of a schema, and one for each keyword that it does not.
fn text(explained: &Explained, paint: Paint) -> String {
    let width = explained.schemas.keys().map(|at| at.as_str().chars().count()).max().unwrap_or(0);
    let mut lines = String::new();
    for (at, keywords) in &explained.schemas {
        let place = format!("{:width$}", at.as_str());
        let mut place = Some(paint.bold(&place)).into_iter();
        for (label, text) in rows(keywords, paint) {
            let first = place.next().unwrap_or_else(|| " ".repeat(width));
            lines.push_str(&format!("{first}  {label}  {text}\n"));
        }
    }
    lines.push_str(&summary(explained));
    lines
}

fn rows(keywords: &[Keyword], paint: Paint) -> Vec<(String, String)> {
    let named = |by: Decider| {
        let names: Vec<&str> =
            keywords.iter().filter(|keyword| keyword.by == by).map(|keyword| keyword.name.as_str()).collect();
        (!names.is_empty()).then(|| names.join(", "))
    };
    let mut rows: Vec<(String, String)> = Vec::new();
    rows.extend(named(Decider::Plan).map(|names| (paint.good("one pass"), names)));
    for keyword in keywords.iter().filter(|keyword| keyword.by == Decider::Fallback) {
        rows.push((paint.cold("fallback"), format!("{}: {}", keyword.name, keyword.reason)));
    }
    rows.extend(named(Decider::Annotation).map(|names| (paint.dim("no check"), names)));
    rows
}

/// `41 keywords in 12 schemas: 40 in the one pass, 1 by the fallback`
fn summary(explained: &Explained) -> String {
    let (plan, fallback) = (explained.count(Decider::Plan), explained.count(Decider::Fallback));
    let counted = |count: usize, thing: &str| format!("{count} {thing}{}", if count == 1 { "" } else { "s" });
    let schemas = counted(explained.schemas.len(), "schema");
    format!(
        "{} in {schemas}: {plan} in the one pass, {fallback} by the fallback\n",
        counted(plan + fallback, "keyword")
    )
}
