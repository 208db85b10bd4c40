//! `peerc invoke`: one message to one operation, and its answer.

use std::path::PathBuf;
use std::time::Duration;

use peer_contract::peers::{Answer, Invoke, Mode, Request};
use peer_contract::store::Location;
use peer_contract_core::contract::Operation;
use peer_contract_core::envelope::{Envelope, Unpacked};
use peer_contract_core::{Contract, ErrorCode, Limits, Pointer, Problem, Value};
use serde_json::json;

use super::input::{Input, InputArgs};
use super::interrupt::{asked_to_end, runtime};
use super::prepare::Prepared;
use super::{Console, Exit, Format};
use crate::project::suggestion;
use crate::report::Report;
use crate::running::{Agents, message};

/// Arguments of `peerc invoke`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The operation: `agent.operation`.
    target: String,
    #[command(flatten)]
    input: InputArgs,
    /// The phase the work is in; needed where the operation starts from several.
    #[arg(long)]
    phase: Option<String>,
    /// File with the state that travels along; the contract's initial state by default.
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,
    /// The shared store: a folder, or `s3://bucket/prefix?table=name`; `.peerc/store` by default.
    #[arg(long, value_name = "STORE", value_parser = super::store::location)]
    store: Option<Location>,
    /// Print the whole envelope.
    #[arg(long)]
    raw: bool,
}

/// Beyond the operation's own timeout: a process may have to start first.
const START: Duration = Duration::from_secs(15);

impl Args {
    /// Runs the command.
    pub fn run(self, console: &Console) -> Exit {
        self.begin(console).unwrap_or_else(|exit| exit)
    }

    fn begin(&self, console: &Console) -> Result<Exit, Exit> {
        let prepared = Prepared::open(console)?;
        let operation = self.operation(&prepared.contract).map_err(|problem| console.fail(&problem))?;
        let input = self.input.read(console)?;
        check(&prepared.contract, operation, &input, console)?;
        let state = self.state_file(console)?;
        let phase = self.phase.as_deref();
        let envelope = message(&prepared.contract, operation, input.value.clone(), phase, state)
            .map_err(|problem| console.fail(&problem))?;
        runtime().block_on(self.send(&prepared, operation, &envelope, console))
    }

    fn operation<'a>(&self, contract: &'a Contract) -> Result<&'a Operation, Problem> {
        contract.operation(&self.target).ok_or_else(|| {
            let message = format!("the contract `{}` has no operation `{}`", contract.name(), self.target);
            let known: Vec<_> = contract.operations().map(|operation| operation.target.as_str()).collect();
            Problem::new(ErrorCode::OperationUnknown, Pointer::root(), message)
                .with_help(suggestion(&self.target, known))
        })
    }

    fn state_file(&self, console: &Console) -> Result<Option<Value>, Exit> {
        let read = |path: &PathBuf| InputArgs::of_file(path.clone()).read(console).map(|input| input.value);
        self.state.as_ref().map(read).transpose()
    }

    async fn send(
        &self,
        prepared: &Prepared,
        operation: &Operation,
        envelope: &Value,
        console: &Console,
    ) -> Result<Exit, Exit> {
        let agents = prepared.agents(self.store.as_ref(), console).await?;
        let exit = tokio::select! {
            exit = self.ask(prepared, operation, envelope, &agents, console) => exit,
            () = asked_to_end() => Exit::Interrupted,
        };
        agents.end().await;
        Ok(exit)
    }

    async fn ask(
        &self,
        prepared: &Prepared,
        operation: &Operation,
        envelope: &Value,
        agents: &Agents,
        console: &Console,
    ) -> Exit {
        let peers = match agents.client(&prepared.contract) {
            Ok(peers) => peers,
            Err(problem) => return console.fail(&problem),
        };
        let request = Request {
            agent: &operation.agent,
            payload: envelope.to_string().into(),
            mode: Mode::Wait,
            trace_id: None,
            timeout: Duration::from_millis(operation.constraints.timeout_ms) + START,
        };
        match peers.invoke(request).await.map(|invoked| invoked.answer) {
            Ok(Answer::Payload(answer)) => self.show(&answer, console),
            Ok(Answer::Fault(fault)) => {
                let object = json!({"type": "fault", "code": fault.code, "message": fault.message, "at": fault.at});
                match console.format {
                    Format::Json => console.say(object.to_string()),
                    Format::Text => {
                        console.note(format!("`{}` failed: {}: {}", operation.target, fault.code, fault.message))
                    }
                }
                Exit::Findings
            }
            Err(unreached) => {
                console.report(&Report::without_source(&[unreached.problem]));
                Exit::Findings
            }
        }
    }

    fn show(&self, answer: &[u8], console: &Console) -> Exit {
        let Ok(whole) = serde_json::from_slice::<Value>(answer) else {
            console.note("the answer is not JSON");
            return Exit::Findings;
        };
        if self.raw {
            console.json(&whole);
        }
        let envelope = match Envelope::unpack(answer.to_vec(), &Limits::default()) {
            Ok(Unpacked::Envelope(envelope)) => envelope,
            Ok(Unpacked::Plain(_)) | Err(_) => {
                console.note("the answer is no envelope");
                return Exit::Findings;
            }
        };
        if !self.raw {
            show_parts(&envelope, &whole, console);
        }
        if envelope.error.is_some() { Exit::Findings } else { Exit::Clean }
    }
}

/// What an operation answers is its output, its error, or the message it hands on.
fn show_parts(envelope: &Envelope, whole: &Value, console: &Console) {
    let header = &envelope.header;
    let part =
        |name: &str| whole.pointer(&format!("/data/{name}")).or_else(|| whole.pointer(&format!("/data/{name}Ref")));
    let (kind, value) = match (&envelope.error, header.reply) {
        (Some(_), _) => ("error", part("error")),
        (None, true) => ("output", part("output")),
        (None, false) => ("handoff", part("input")),
    };
    if console.format == Format::Json {
        let to = (kind == "handoff").then_some(&header.target);
        let state = part("state");
        console.say(json!({"type": kind, kind: value, "to": to, "phase": header.phase, "state": state}).to_string());
        return;
    }
    if kind == "handoff" {
        console.note(format!("handed to {} ({})", header.target, header.phase.as_deref().unwrap_or("–")));
    }
    console.json(value.unwrap_or(&Value::Null));
}

/// Checked here as well, so that a slip is shown in the file it stands in.
fn check(contract: &Contract, operation: &Operation, input: &Input, console: &Console) -> Result<(), Exit> {
    let schema = contract.schema(&operation.input).map_err(|problem| console.fail(&problem))?;
    schema.validate(&input.value).map_err(|problems| input.report(problems.first(), console))
}
