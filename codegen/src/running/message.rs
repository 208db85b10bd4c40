//! A single message to any operation, as an invoker would send it: what `peerc invoke` needs.

use std::time::{SystemTime, UNIX_EPOCH};

use peer_contract_core::contract::{Kind, Operation};
use peer_contract_core::envelope::{id, to_rfc3339};
use peer_contract_core::{Contract, ErrorCode, Pointer, Problem, Value};
use serde_json::json;

/// An envelope for `operation`. A phased one gets the state, and the phase it starts from if there is one only.
///
/// # Errors
/// `phase_refused` when the phase must be said or is not one of the operation's; `configuration_invalid` for a
/// state where there is none.
pub fn message(
    contract: &Contract,
    operation: &Operation,
    input: Value,
    phase: Option<&str>,
    state: Option<Value>,
) -> Result<Value, Problem> {
    let now = u64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis()).unwrap_or(0);
    let mut random = [0; 10];
    getrandom::fill(&mut random).expect("the operating system gives random bytes");
    let work = id::first(now, random);
    let mut envelope = json!({
        "specversion": "1.0",
        "id": work,
        "source": format!("/{}", contract.name()),
        "type": format!("{}.{}", contract.name(), operation.target),
        "subject": work,
        "time": to_rfc3339(now),
        "datacontenttype": "application/json",
        "dataschema": format!("urn:peer-contract:{}", contract.hash()),
        "operation": operation.hash().to_string(),
        "hop": 1,
        "delivery": "return",
        "expirytime": to_rfc3339(now.saturating_add(contract.deadline_ms())),
        "data": { "input": input },
    });
    if operation.kind == Kind::Callable {
        return if state.is_none() && phase.is_none() { Ok(envelope) } else { Err(stateless(operation)) };
    }
    envelope["phase"] = phase_of(operation, phase)?.into();
    envelope["data"]["state"] = state.or_else(|| contract.initial_state()).unwrap_or_else(|| json!({}));
    Ok(envelope)
}

fn phase_of(operation: &Operation, wanted: Option<&str>) -> Result<String, Problem> {
    match (wanted, operation.from.as_slice()) {
        (Some(phase), _) => Ok(phase.to_owned()),
        (None, [only]) => Ok(only.clone()),
        (None, several) => {
            let message = format!("`{}` starts from {}", operation.target, several.join(", "));
            let problem = Problem::new(ErrorCode::PhaseRefused, Pointer::root().key("phase"), message);
            Err(problem.with_help("say which one with `--phase`"))
        }
    }
}

fn stateless(operation: &Operation) -> Problem {
    let message = format!("`{}` is called: it has no phase and no state", operation.target);
    Problem::new(ErrorCode::ConfigurationInvalid, Pointer::root(), message)
}
