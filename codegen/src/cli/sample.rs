//! `peerc sample`: values that fit the contract, and values that miss it by one change.

use std::path::{Path, PathBuf};

use peer_contract_core::sample::{Miss, Sampler};
use peer_contract_core::suggest::did_you_mean;
use peer_contract_core::{Contract, ErrorCode, Pointer, Problem};
use serde_json::{Value, json};

use super::open::open;
use super::paint::Paint;
use super::{Console, Exit, Format};
use crate::sampling::{Part, Samples, Subject, names, subjects};
use crate::source::Notation;

/// Arguments of `peerc sample`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  peerc sample
  peerc sample ranker.rank --invalid
  peerc sample research.contract.yaml ranker --seed 7 --count 5 --format json
  peerc sample ranker.score --part input --lines --count 1 | peerc invoke ranker.score -

Each sample was checked before it is printed: valid ones fit, those of `--invalid` are refused and say by which rule and where.
The same seed gives the same samples everywhere.
Exit codes: 0 all was sampled, 1 nothing was found for some part, 2 something could not be read.")]
pub struct Args {
    /// The contract (without it, the one that `peerc.toml` names), then what to sample: operations, agents, `state`;
    /// without any, all of it.
    #[arg(value_name = "CONTRACT] [OPERATION")]
    subjects: Vec<String>,
    /// Where chance begins.
    #[arg(long, default_value_t = 0, value_name = "N")]
    seed: u64,
    /// Samples of each part.
    #[arg(long, default_value_t = 3, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1000))]
    count: u16,
    /// Nearly valid values instead: each one change away from a valid one, and refused.
    #[arg(long)]
    invalid: bool,
    /// Only this part of operations.
    #[arg(long, value_enum, value_name = "PART")]
    part: Option<Which>,
    /// Print the values alone, one a line, for other programs.
    #[arg(long)]
    lines: bool,
}

/// A part of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Which {
    /// What it accepts.
    Input,
    /// What it replies.
    Output,
    /// The data of its errors.
    Error,
}

impl Which {
    fn is(self, part: &Part) -> bool {
        match self {
            Self::Input => *part == Part::Input,
            Self::Output => *part == Part::Output,
            Self::Error => matches!(part, Part::Error(_)),
        }
    }
}

impl Args {
    /// Runs the command.
    pub fn run(self, console: &Console) -> Exit {
        let (path, wanted) = split(&self.subjects);
        let contract = match open(path, console) {
            Ok(opened) => opened.contract,
            Err(exit) => return exit,
        };
        let subjects = match self.chosen(&contract, wanted) {
            Ok(subjects) => subjects,
            Err(problem) => return console.fail(&problem),
        };
        let sampler = Sampler::new(&contract, self.seed);
        let sampled: Vec<_> = subjects
            .into_iter()
            .map(|subject| {
                let samples = subject.samples(&sampler, usize::from(self.count), self.invalid);
                Sampled { anything: accepts_anything(&contract, &subject), subject, samples }
            })
            .collect();
        match (console.format, self.lines) {
            (_, true) => lines(&sampled, console),
            (Format::Text, _) => console.print(text(&sampled, Paint::new(console.colors_stdout()))),
            (Format::Json, _) => console.json(&to_json(&sampled, self.seed)),
        }
        if sampled.iter().any(|sampled| sampled.is_missing()) { Exit::Findings } else { Exit::Clean }
    }

    fn chosen(&self, contract: &Contract, wanted: &[String]) -> Result<Vec<Subject>, Problem> {
        for name in wanted {
            if !names(contract).contains(name) {
                return Err(unknown(contract, name));
            }
        }
        let is_wanted = |subject: &Subject| {
            let is_named = wanted.is_empty() || wanted.iter().any(|name| subject.is_meant_by(name));
            is_named && self.part.is_none_or(|part| part.is(&subject.part))
        };
        Ok(subjects(contract).into_iter().filter(is_wanted).collect())
    }
}

/// The contract is what comes first and looks like a file; no operation does.
fn split(arguments: &[String]) -> (Option<PathBuf>, &[String]) {
    match arguments.split_first() {
        Some((first, rest))
            if Notation::of(Path::new(first)).is_some() || Path::new(first).exists() || first.contains('/') =>
        {
            (Some(PathBuf::from(first)), rest)
        }
        _ => (None, arguments),
    }
}

fn unknown(contract: &Contract, name: &str) -> Problem {
    let known = names(contract);
    let message = format!("`{}` has no agent or operation `{name}`", contract.name());
    let listed: Vec<_> = known.iter().map(|name| format!("`{name}`")).collect();
    let help = did_you_mean(name, known.iter().map(String::as_str));
    let help = if help.is_empty() { format!("there are {}", listed.join(", ")) } else { help };
    Problem::new(ErrorCode::OperationUnknown, Pointer::root(), message).with_help(help)
}

struct Sampled {
    subject: Subject,
    samples: Samples,
    /// Whether its schema has no rule that a value could break.
    anything: bool,
}

impl Sampled {
    fn is_empty(&self) -> bool {
        match &self.samples {
            Samples::Valid(values) => values.is_empty(),
            Samples::Nearly(misses) => misses.is_empty(),
        }
    }

    /// Whether something should have been found, and was not.
    fn is_missing(&self) -> bool {
        self.is_empty() && !(self.anything && matches!(self.samples, Samples::Nearly(_)))
    }

    fn reason(&self) -> &'static str {
        match (&self.samples, self.anything) {
            (Samples::Valid(_), _) => "no value was found that this schema accepts",
            (Samples::Nearly(_), true) => "this schema accepts every value",
            (Samples::Nearly(_), false) => "no change was found that this schema refuses",
        }
    }
}

fn accepts_anything(contract: &Contract, subject: &Subject) -> bool {
    contract.schema(&subject.schema).is_ok_and(|schema| {
        let rules = |ruling: &&peer_contract_core::schema::Ruling| {
            ruling.by != peer_contract_core::schema::Decider::Annotation && ruling.keyword != "$ref"
        };
        schema.rulings().iter().filter(rules).count() == 0
    })
}

fn text(sampled: &[Sampled], paint: Paint) -> String {
    let mut text = String::new();
    for one in sampled {
        text.push_str(&format!("{}  {}\n", paint.bold(&one.subject.label()), paint.dim(one.subject.schema.as_str())));
        if one.is_empty() {
            let reason = one.reason();
            let line = if one.is_missing() { paint.bad(reason) } else { paint.dim(reason) };
            text.push_str(&format!("  {line}\n"));
        }
        match &one.samples {
            Samples::Valid(values) => values.iter().for_each(|value| text.push_str(&format!("  {value}\n"))),
            Samples::Nearly(misses) => misses.iter().for_each(|miss| text.push_str(&miss_text(miss, paint))),
        }
    }
    text
}

fn miss_text(miss: &Miss, paint: Paint) -> String {
    let problem = miss.problems.first();
    let more = match miss.problems.as_slice().len() {
        1 => String::new(),
        all => format!(", and {} more", all - 1),
    };
    let rule = paint.bad(problem.code.as_str());
    let told = format!("{rule} at {}: {}{more}", place(&problem.at), problem.message);
    let changed = paint.dim(&format!("{}: {}", place(&miss.at), miss.change));
    format!("  {}\n    {changed}\n    {told}\n", miss.value)
}

fn place(at: &Pointer) -> String {
    if at.as_str().is_empty() { "the whole".to_owned() } else { format!("`{at}`") }
}

fn lines(sampled: &[Sampled], console: &Console) {
    for one in sampled {
        match &one.samples {
            Samples::Valid(values) => values.iter().for_each(|value| console.say(value.to_string())),
            Samples::Nearly(misses) => misses.iter().for_each(|miss| console.say(miss.value.to_string())),
        }
        if one.is_empty() {
            console.note(format!("{}: {} (at `{}`)", one.subject.label(), one.reason(), one.subject.schema));
        }
    }
}

fn to_json(sampled: &[Sampled], seed: u64) -> Value {
    let samples: Vec<Value> = sampled.iter().flat_map(objects).collect();
    let empty = sampled.iter().filter(|one| one.is_empty());
    let unsampled: Vec<Value> = empty
        .map(|one| {
            let mut object = about(&one.subject);
            object["reason"] = json!(one.reason());
            object
        })
        .collect();
    json!({ "seed": seed, "samples": samples, "unsampled": unsampled })
}

fn objects(one: &Sampled) -> Vec<Value> {
    match &one.samples {
        Samples::Valid(values) => values
            .iter()
            .map(|value| {
                let mut object = about(&one.subject);
                object["valid"] = json!(true);
                object["value"] = value.clone();
                object
            })
            .collect(),
        Samples::Nearly(misses) => misses.iter().map(|miss| miss_object(&one.subject, miss)).collect(),
    }
}

fn miss_object(subject: &Subject, miss: &Miss) -> Value {
    let problem = |problem: &Problem| json!({ "code": problem.code.as_str(), "at": problem.at.as_str(), "message": problem.message });
    let mut object = about(subject);
    object["valid"] = json!(false);
    object["value"] = miss.value.clone();
    object["changed"] = json!({ "at": miss.at.as_str(), "change": miss.change });
    object["breaks"] = miss.problems.as_slice().iter().map(problem).collect();
    object
}

fn about(subject: &Subject) -> Value {
    let mut object = json!({ "part": subject.part.word(), "schema": subject.schema.as_str() });
    if let Some(operation) = &subject.operation {
        object["operation"] = json!(operation);
    }
    if let Part::Error(name) = &subject.part {
        object["error"] = json!(name);
    }
    object
}
