//! An outcome of a handler, checked against the contract and made the message that carries it.

use super::{Delivery, Own, next};
use crate::contract::{DeclaredError, Kind, Operation, Output};
use crate::envelope::{ErrorBody, Outgoing, Payload};
use crate::json::Json;
use crate::{ErrorCode, Pointer, Problem, Problems};

/// How an operation ends.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// The output.
    Reply(Json),
    /// The work goes on.
    Handoff {
        /// `agent.operation`.
        target: String,
        /// Its input.
        input: Json,
    },
    /// An error of the contract.
    Error {
        /// Name in the contract.
        code: String,
        /// For people.
        message: String,
        /// What it carries.
        data: Option<Json>,
    },
}

impl Delivery {
    /// Checks an outcome against the contract and makes the message that carries it.
    ///
    /// `state` is the new state; `None` leaves it as it was received. An error that moves no phase
    /// commits no state either.
    ///
    /// # Errors
    /// `outcome_refused`, `output_invalid` (at `/output/…`, `/input/…`, `/state/…`, `/data/…`), `state_too_large`, `hop_limit`.
    pub fn close(&self, outcome: Outcome, state: Option<Json>, now_ms: u64) -> Result<Outgoing, Problems> {
        match outcome {
            Outcome::Reply(output) => self.close_reply(output, state, now_ms),
            Outcome::Handoff { target, input } => self.close_handoff(&target, input, state, now_ms),
            Outcome::Error { code, message, data } => self.close_error(&code, message, data, state, now_ms),
        }
    }

    /// The reply that refuses this message.
    pub fn refuse(&self, problem: &Problem, now_ms: u64) -> Outgoing {
        next::refusal(&self.own, &self.header, problem, now_ms)
    }

    fn close_reply(&self, output: Json, state: Option<Json>, now_ms: u64) -> Result<Outgoing, Problems> {
        let declared = self.declared_output()?;
        let mut problems = check(&self.own, &declared.schema, &output, "output")?;
        let state = self.new_state(state, &mut problems)?;
        Problems::result_of(problems)?;
        let mut outgoing = next::reply(&self.own, &self.header, now_ms);
        outgoing.header.phase.clone_from(&declared.to);
        Ok(Outgoing { output: Some(output), state, ..outgoing })
    }

    fn close_handoff(&self, target: &str, input: Json, state: Option<Json>, now_ms: u64) -> Result<Outgoing, Problems> {
        let (operation, phase) = self.declared_handoff(target)?;
        let mut problems = check(&self.own, &operation.input, &input, "input")?;
        let state = self.new_state(state, &mut problems)?;
        Problems::result_of(problems)?;
        let mut outgoing = next::handoff(&self.own, &self.header, operation, now_ms)?;
        outgoing.header.phase = Some(phase.to_owned());
        Ok(Outgoing { input: Some(input), state, ..outgoing })
    }

    fn close_error(
        &self,
        code: &str,
        message: String,
        data: Option<Json>,
        state: Option<Json>,
        now_ms: u64,
    ) -> Result<Outgoing, Problems> {
        let declared = self.declared_error(code)?;
        let mut problems = self.check_error_data(declared, data.as_ref())?;
        let state = match &declared.to {
            Some(_) => self.new_state(state, &mut problems)?,
            None => None,
        };
        Problems::result_of(problems)?;
        let mut outgoing = next::reply(&self.own, &self.header, now_ms);
        outgoing.header.phase.clone_from(&declared.to);
        let (code, data, retryable) = (code.to_owned(), data.map(Payload::Json), declared.retryable);
        Ok(Outgoing { error: Some(ErrorBody { code, at: None, message, data, retryable }), state, ..outgoing })
    }

    fn declared_output(&self) -> Result<&Output, Problem> {
        let operation = self.operation();
        operation.output.as_ref().ok_or_else(|| {
            refused(format!("`{}` has no output; it ends with {}", operation.target, outcomes(operation)))
        })
    }

    fn declared_handoff(&self, target: &str) -> Result<(&Operation, &str), Problem> {
        let operation = self.operation();
        let phase = operation.hands_to.get(target);
        let next = self.own.contract.operation(target);
        phase.zip(next).map(|(phase, next)| (next, phase.as_str())).ok_or_else(|| {
            let (from, outcomes) = (&operation.target, outcomes(operation));
            refused(format!("`{from}` may not hand over to `{target}`; it ends with {outcomes}"))
        })
    }

    fn declared_error(&self, code: &str) -> Result<&DeclaredError, Problem> {
        let operation = self.operation();
        operation.errors.get(code).ok_or_else(|| {
            let (target, outcomes) = (&operation.target, outcomes(operation));
            refused(format!("`{target}` has no error `{code}`; it ends with {outcomes}"))
        })
    }

    fn check_error_data(&self, declared: &DeclaredError, data: Option<&Json>) -> Result<Vec<Problem>, Problem> {
        match (&declared.data, data) {
            (Some(schema), Some(data)) => check(&self.own, schema, data, "data"),
            (None, None) => Ok(Vec::new()),
            (Some(_), None) => Ok(vec![invalid("data", format!("the error `{}` carries data", declared.name))]),
            (None, Some(_)) => Ok(vec![invalid("data", format!("the error `{}` carries no data", declared.name))]),
        }
    }

    /// The state that travels on, and what is wrong with it.
    fn new_state(&self, state: Option<Json>, problems: &mut Vec<Problem>) -> Result<Option<Json>, Problem> {
        let contract = &self.own.contract;
        let schema = contract.state().filter(|_| self.operation().kind != Kind::Callable);
        let Some(schema) = schema else {
            problems.extend(state.map(|_| invalid("state", "a callable operation has no state".to_owned())));
            return Ok(None);
        };
        let Some(state) = state else { return Ok(self.state.clone()) };
        let (bytes, most) = (state.as_bytes().len(), contract.max_state_bytes());
        if bytes > most {
            let message = format!("the state has {bytes} bytes as JSON, the contract allows {most}");
            return Err(Problem::new(ErrorCode::StateTooLarge, Pointer::root().key("state"), message));
        }
        problems.extend(check(&self.own, &schema, &state, "state")?);
        Ok(Some(state))
    }
}

/// The ways in which a part does not fit, as mistakes of the handler.
fn check(own: &Own, schema: &Pointer, json: &Json, part: &str) -> Result<Vec<Problem>, Problem> {
    let problems = own
        .contract
        .schema(schema)?
        .read(json.as_bytes(), &own.limits)
        .err()
        .map(Problems::into_vec)
        .unwrap_or_default();
    let under = Pointer::root().key(part);
    let as_output = |problem: Problem| {
        let message = format!("{} ({})", problem.message, problem.code);
        Problem { code: ErrorCode::OutputInvalid, message, ..problem.under(&under) }
    };
    Ok(problems.into_iter().map(as_output).collect())
}

fn refused(message: String) -> Problem {
    Problem::new(ErrorCode::OutcomeRefused, Pointer::root(), message)
}

fn invalid(part: &str, message: String) -> Problem {
    Problem::new(ErrorCode::OutputInvalid, Pointer::root().key(part), message)
}

/// What an operation may end with, for people.
fn outcomes(operation: &Operation) -> String {
    let output = operation.output.as_ref().map(|_| "its output".to_owned());
    let handoffs = operation.hands_to.keys().map(|target| format!("`{target}`"));
    let errors = operation.errors.keys().map(|name| format!("the error `{name}`"));
    output.into_iter().chain(handoffs).chain(errors).collect::<Vec<_>>().join(", ")
}
