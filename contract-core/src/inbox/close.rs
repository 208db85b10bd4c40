//! An outcome of a handler, checked against the contract and made the message that carries it.

use super::parts::compact_bytes;
use super::{Delivery, next};
use crate::contract::{DeclaredError, Kind, Operation, Output};
use crate::envelope::{ErrorBody, Outgoing, Payload};
use crate::json::{Draft, Json};
use crate::{ErrorCode, Pointer, Problem, Problems};

/// How an operation ends.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// The output.
    Reply(Draft),
    /// The work goes on.
    Handoff {
        /// `agent.operation`.
        target: String,
        /// Its input.
        input: Draft,
    },
    /// The work is spread over children, and goes on with the join.
    FanOut {
        /// `agent.operation` and input of each.
        children: Vec<(String, Draft)>,
    },
    /// An error of the contract.
    Error {
        /// Name in the contract.
        code: String,
        /// For people.
        message: String,
        /// What it carries.
        data: Option<Draft>,
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
    pub fn close(&self, outcome: Outcome, state: Option<Draft>, now_ms: u64) -> Result<Outgoing, Problems> {
        match outcome {
            Outcome::Reply(output) => self.close_reply(output, state, now_ms),
            Outcome::Handoff { target, input } => self.close_handoff(&target, input, state, now_ms),
            Outcome::FanOut { children } => self.close_fan_out(children, state, now_ms),
            Outcome::Error { code, message, data } => self.close_error(&code, message, data, state, now_ms),
        }
    }

    /// The reply that refuses this message.
    pub fn refuse(&self, problem: &Problem, now_ms: u64) -> Outgoing {
        next::refusal(&self.own, &self.header, problem, now_ms)
    }

    fn close_reply(&self, output: Draft, state: Option<Draft>, now_ms: u64) -> Result<Outgoing, Problems> {
        let declared = self.declared_output()?;
        let mut problems = Vec::new();
        let output = self.accept(&declared.schema, output, "output", &mut problems)?;
        let state = self.new_state(state, &mut problems)?;
        Problems::result_of(problems)?;
        let mut outgoing = next::reply(&self.own, &self.header, now_ms);
        outgoing.header.phase.clone_from(&declared.to);
        Ok(self.carrying(state, Outgoing { output, ..outgoing }))
    }

    fn close_handoff(
        &self,
        target: &str,
        input: Draft,
        state: Option<Draft>,
        now_ms: u64,
    ) -> Result<Outgoing, Problems> {
        let (operation, phase) = self.declared_handoff(target)?;
        let mut problems = Vec::new();
        let input = self.accept(&operation.input, input, "input", &mut problems)?;
        let state = self.new_state(state, &mut problems)?;
        Problems::result_of(problems)?;
        let mut outgoing = next::handoff(&self.own, &self.header, operation, now_ms)?;
        outgoing.header.phase = Some(phase.to_owned());
        Ok(self.carrying(state, Outgoing { input, ..outgoing }))
    }

    fn close_error(
        &self,
        code: &str,
        message: String,
        data: Option<Draft>,
        state: Option<Draft>,
        now_ms: u64,
    ) -> Result<Outgoing, Problems> {
        let declared = self.declared_error(code)?;
        let mut problems = Vec::new();
        let data = self.accept_error_data(declared, data, &mut problems)?;
        let state = match &declared.to {
            Some(_) => self.new_state(state, &mut problems)?,
            None => None,
        };
        Problems::result_of(problems)?;
        let mut outgoing = next::reply(&self.own, &self.header, now_ms);
        outgoing.header.phase.clone_from(&declared.to);
        let (code, data, retryable) = (code.to_owned(), data.map(Payload::Json), declared.retryable);
        let error = Some(ErrorBody { code, at: None, message, data, retryable });
        Ok(self.carrying(state, Outgoing { error, ..outgoing }))
    }

    /// A state that goes on unchanged goes on in the form in which it came.
    pub(super) fn carrying(&self, state: Option<Json>, outgoing: Outgoing) -> Outgoing {
        let is_unchanged = state.as_ref().zip(self.state.as_ref()).is_some_and(|(new, old)| new.is(old));
        let state_form = self.state_form.as_ref().filter(|_| is_unchanged).cloned();
        Outgoing { state, state_form, ..outgoing }
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

    fn accept_error_data(
        &self,
        declared: &DeclaredError,
        data: Option<Draft>,
        problems: &mut Vec<Problem>,
    ) -> Result<Option<Json>, Problem> {
        let wrong = match (&declared.data, data) {
            (Some(schema), Some(data)) => return self.accept(schema, data, "data", problems),
            (None, None) => return Ok(None),
            (Some(_), None) => "carries data",
            (None, Some(_)) => "carries no data",
        };
        problems.push(invalid("data", format!("the error `{}` {wrong}", declared.name)));
        Ok(None)
    }

    /// The state that travels on; what is wrong with it goes to `problems`.
    pub(super) fn new_state(&self, state: Option<Draft>, problems: &mut Vec<Problem>) -> Result<Option<Json>, Problem> {
        let contract = &self.own.contract;
        let schema = contract.state().filter(|_| self.operation().kind != Kind::Callable);
        let Some(schema) = schema else {
            problems.extend(state.map(|_| invalid("state", "a callable operation has no state".to_owned())));
            return Ok(None);
        };
        let Some(state) = state.filter(|state| !self.state.as_ref().is_some_and(|old| state.is(old))) else {
            return Ok(self.state.clone());
        };
        let most = contract.max_state_bytes() as u64;
        let bytes = compact_bytes(state.as_bytes(), most);
        if bytes > most {
            let message = format!("the state has {bytes} bytes as JSON, the contract allows {most}");
            return Err(Problem::new(ErrorCode::StateTooLarge, Pointer::root().key("state"), message));
        }
        self.accept(&schema, state, "state", problems)
    }

    /// A part that fits its schema. The ways in which it does not go to `problems`, as mistakes of the handler.
    fn accept(
        &self,
        schema: &Pointer,
        draft: Draft,
        part: &str,
        problems: &mut Vec<Problem>,
    ) -> Result<Option<Json>, Problem> {
        self.accept_at(&Pointer::root().key(part), schema, draft, problems)
    }

    /// The same for a part at any place of the outcome.
    pub(super) fn accept_at(
        &self,
        under: &Pointer,
        schema: &Pointer,
        draft: Draft,
        problems: &mut Vec<Problem>,
    ) -> Result<Option<Json>, Problem> {
        let refused = match self.own.contract.schema(schema)?.accept(draft, &self.own.limits) {
            Ok(json) => return Ok(Some(json)),
            Err(refused) => refused,
        };
        problems.extend(refused.into_vec().into_iter().map(|problem| {
            let message = format!("{} ({})", problem.message, problem.code);
            Problem { code: ErrorCode::OutputInvalid, message, ..problem.under(under) }
        }));
        Ok(None)
    }
}

pub(super) fn refused(message: String) -> Problem {
    Problem::new(ErrorCode::OutcomeRefused, Pointer::root(), message)
}

fn invalid(part: &str, message: String) -> Problem {
    Problem::new(ErrorCode::OutputInvalid, Pointer::root().key(part), message)
}

/// What an operation may end with, for people.
pub(super) fn outcomes(operation: &Operation) -> String {
    let output = operation.output.as_ref().map(|_| "its output".to_owned());
    let handoffs = operation.hands_to.keys().map(|target| format!("`{target}`"));
    let fan_out = operation.fans_out.as_ref().map(|_| "a fan-out".to_owned());
    let errors = operation.errors.keys().map(|name| format!("the error `{name}`"));
    output.into_iter().chain(handoffs).chain(fan_out).chain(errors).collect::<Vec<_>>().join(", ")
}
