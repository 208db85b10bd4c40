//! The first message of a work.

use serde_json::{Map, Value};

use super::{inline_within, reply_to};
use crate::contract::{Kind, Operation};
use crate::envelope::{Header, Outgoing, Recipient, TraceContext, Travel, id};
use crate::json::{Draft, Json};
use crate::replies::RESULT_RECORD;
use crate::{Contract, ErrorCode, Limits, Pointer, Problem, Problems};

/// How the first message of a work is made.
#[derive(Debug, Clone)]
pub struct Start<'a> {
    /// The entry, `agent.operation`. The agent alone is enough where it has one entry, and nothing
    /// at all where the contract has one.
    pub entry: &'a str,
    /// Its input.
    pub input: Draft,
    /// Milliseconds since 1970.
    pub now_ms: u64,
    /// For the work's id.
    pub random: [u8; 10],
    /// How handoffs travel.
    pub travel: Travel,
    /// W3C trace context to go on with. The work begins a trace of its own where there is none.
    pub trace: Option<TraceContext>,
    /// Who gets the reply that ends the work, if it travels by `event`: an entry of the contract, `agent.operation`, or an address
    /// that its agents reply to. The result lies in the shared store in any case.
    pub reply_to: Option<String>,
}

/// The first message of a new work.
///
/// # Errors
/// `operation_unknown`, `phase_refused` for an operation that is no entry, `entry_ambiguous`, `address_refused` at `/replyto`, and
/// the problems of the input, at `/…` of the input.
pub fn start(contract: &Contract, start: Start<'_>) -> Result<Outgoing, Problems> {
    let entry = find_entry(contract, start.entry)?;
    let reply_to = reply_to::asked(contract, entry, start.travel, start.reply_to)?;
    let input = contract.schema(&entry.input)?.accept(start.input, &Limits::default())?;
    let work = id::first(start.now_ms, start.random);
    let header = first_header(contract, entry, start.now_ms, work, start.travel);
    let header = Header { trace: start.trace, reply_to, ..header };
    let mut outgoing = Outgoing::new(header, Recipient::Agent(entry.agent.clone()));
    outgoing.contract = inline_within(contract, &Limits::default());
    Ok(Outgoing { input: Some(input), state: Some(first_state(contract)), ..outgoing })
}

/// The header of a work that begins; its source is an entry client, which is no agent.
pub(crate) fn first_header(
    contract: &Contract,
    entry: &Operation,
    now_ms: u64,
    work: String,
    travel: Travel,
) -> Header {
    Header {
        id: work.clone(),
        source: format!("/{}", contract.name()),
        contract_name: contract.name().to_owned(),
        target: entry.target.clone(),
        reply: false,
        work,
        time_ms: now_ms,
        contract: contract.hash(),
        operation: entry.hash(),
        phase: contract.start_phase().map(str::to_owned),
        hop: 1,
        travel,
        expiry_ms: Some(now_ms.saturating_add(contract.deadline_ms())),
        causation: None,
        trace: None,
        reply_to: (travel == Travel::Event).then(|| RESULT_RECORD.to_owned()),
    }
}

/// The state a work begins with.
pub(crate) fn first_state(contract: &Contract) -> Json {
    Json::of_strict(&contract.initial_state().unwrap_or_else(|| Value::Object(Map::new())))
}

fn find_entry<'a>(contract: &'a Contract, entry: &str) -> Result<&'a Operation, Problem> {
    if entry.is_empty() || contract.agents().contains_key(entry) {
        return single_entry(contract, Some(entry).filter(|entry| !entry.is_empty()));
    }
    let operation = contract.operation(entry).ok_or_else(|| {
        let message = format!("the contract `{}` has no `{entry}`", contract.name());
        let entries: Vec<_> = entries(contract, None).map(|entry| format!("`{}`", entry.target)).collect();
        problem(ErrorCode::OperationUnknown, message).with_help(format!("its entries are {}", entries.join(", ")))
    })?;
    match operation.kind {
        Kind::Entry => Ok(operation),
        _ => Err(problem(ErrorCode::PhaseRefused, format!("`{entry}` is no entry: it does not start from the start"))),
    }
}

/// The only entry of the agent, or of the whole contract.
pub(super) fn single_entry<'a>(contract: &'a Contract, agent: Option<&str>) -> Result<&'a Operation, Problem> {
    let entries: Vec<_> = entries(contract, agent).collect();
    match entries[..] {
        [entry] => Ok(entry),
        _ => {
            let whose = agent.map_or_else(|| format!("the contract `{}`", contract.name()), |name| format!("`{name}`"));
            let message = match entries.len() {
                0 => format!("{whose} has no entry; only an envelope is taken, as others hand it over"),
                many => format!("{whose} has {many} entries; say which one is meant, in an envelope"),
            };
            let names: Vec<&str> = entries.iter().map(|entry| entry.target.as_str()).collect();
            let help = if names.is_empty() { String::new() } else { format!("they are {}", names.join(", ")) };
            Err(problem(ErrorCode::EntryAmbiguous, message).with_help(help))
        }
    }
}

fn entries<'a>(contract: &'a Contract, agent: Option<&str>) -> impl Iterator<Item = &'a Operation> {
    let of_agent = move |operation: &&Operation| agent.is_none_or(|agent| operation.agent == agent);
    contract.operations().filter(|operation| operation.kind == Kind::Entry).filter(of_agent)
}

fn problem(code: ErrorCode, message: String) -> Problem {
    Problem::new(code, Pointer::root(), message)
}
