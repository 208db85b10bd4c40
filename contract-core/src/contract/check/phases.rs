//! The phases: every one that is named exists, can be reached, and reaches an end.

use std::collections::{BTreeMap, BTreeSet};

use super::operations_of;
use crate::contract::{Document, OperationDocument, PhasesDocument};
use crate::gather::Gather;
use crate::{ErrorCode, Pointer, Problem, suggest};

/// Every phase that an outcome names exists.
pub(super) fn check(document: &Document, problems: &mut Vec<Problem>) {
    let phased = operations_of(document).any(|(_, _, operation)| !operation.from.is_empty());
    if phased && document.state.is_none() {
        problems.push(missing("state", "the schema of the state that travels with the work"));
    }
    match Machine::of(document) {
        None if phased => problems.push(missing("phases", "where a work starts and ends")),
        None => {}
        Some(machine) => machine.check_names(problems),
    }
}

/// Every phase can be reached and reaches an end. For a document whose targets and phases all exist.
pub(super) fn check_paths(document: &Document, problems: &mut Vec<Problem>) {
    if let Some(machine) = Machine::of(document) {
        machine.check_paths(problems);
    }
}

fn missing(member: &str, what: &str) -> Problem {
    let message = format!("the member `{member}` is missing: operations with phases need {what}");
    Problem::new(ErrorCode::ContractShape, Pointer::root().key(member), message)
}

struct Phased<'a> {
    at: Pointer,
    operation: &'a OperationDocument,
}

struct Machine<'a> {
    phases: &'a PhasesDocument,
    operations: BTreeMap<String, Phased<'a>>,
}

/// An operation in one of the phases it starts from.
type Step<'a> = (&'a str, &'a str);

impl<'a> Machine<'a> {
    fn of(document: &'a Document) -> Option<Self> {
        let operations = operations_of(document).map(|(at, target, operation)| (target, Phased { at, operation }));
        Some(Self { phases: document.phases.as_ref()?, operations: operations.gather() })
    }

    fn is_end(&self, phase: &str) -> bool {
        self.phases.end.iter().any(|end| end == phase)
    }

    /// Phases that an operation starts from.
    fn starts(&self) -> BTreeSet<&'a str> {
        self.operations.values().flat_map(|one| &one.operation.from).map(String::as_str).gather()
    }

    fn check_names(&self, problems: &mut Vec<Problem>) {
        let at = Pointer::root().key("phases").key("start");
        if !self.starts().contains(self.phases.start.as_str()) {
            let message = format!("no operation starts from `{}`, so no work can begin", self.phases.start);
            let help = suggest::did_you_mean(&self.phases.start, self.starts());
            problems.push(Problem::new(ErrorCode::EntryMissing, at, message).with_help(help));
        }
        for one in self.operations.values() {
            for (target, phase) in &one.operation.hands_to {
                self.check_handoff(target, phase, one.at.key("handsTo").key(target), problems);
            }
            if let Some((written, to)) =
                one.operation.fans_out.as_ref().and_then(|written| Some((written, written.to.as_ref()?)))
            {
                self.check_handoff(&written.join, to, one.at.key("fansOut").key("to"), problems);
            }
            if let Some(to) = one.operation.output.as_ref().and_then(|output| output.to.as_deref()) {
                self.check_end("reply", to, one.at.key("output").key("to"), problems);
            }
            for (name, error) in &one.operation.errors {
                if let Some(to) = &error.to {
                    self.check_end("error", to, one.at.key("errors").key(name).key("to"), problems);
                }
            }
        }
    }

    fn check_handoff(&self, target: &str, phase: &str, at: Pointer, problems: &mut Vec<Problem>) {
        // An unknown target is told elsewhere.
        let Some(to) = self.operations.get(target) else { return };
        let from = &to.operation.from;
        if from.iter().any(|start| start == phase) {
            return;
        }
        let known = self.starts().contains(phase) || self.is_end(phase);
        let wanted = match from.as_slice() {
            [] => format!("`{target}` starts from no phase; it can only be called"),
            phases => format!("`{target}` starts from {}", listed(phases)),
        };
        let (code, message) = if known {
            (ErrorCode::TargetPhase, format!("the handoff leads to `{phase}`, but {wanted}"))
        } else {
            (ErrorCode::PhaseUnknown, format!("no operation starts from `{phase}`, and it is no end; {wanted}"))
        };
        let help = suggest::did_you_mean(phase, from.iter().map(String::as_str));
        problems.push(Problem::new(code, at, message).with_help(help));
    }

    fn check_end(&self, outcome: &str, phase: &str, at: Pointer, problems: &mut Vec<Problem>) {
        if self.is_end(phase) {
            return;
        }
        let help = suggest::did_you_mean(phase, self.phases.end.iter().map(String::as_str));
        let (code, message) = if self.starts().contains(phase) {
            let message =
                format!("the {outcome} ends the work in `{phase}`, which is no end; a work goes on by handoff");
            (ErrorCode::PhaseDeadEnd, message)
        } else {
            (ErrorCode::PhaseUnknown, format!("the {outcome} leads to `{phase}`, which is no end"))
        };
        problems.push(Problem::new(code, at, message).with_help(help));
    }

    fn check_paths(&self, problems: &mut Vec<Problem>) {
        let reached = self.reached();
        for (target, one) in &self.operations {
            for (index, phase) in one.operation.from.iter().enumerate() {
                if !reached.contains(&(target.as_str(), phase.as_str())) {
                    let message = format!("no outcome leads to `{target}` in the phase `{phase}`");
                    let at = one.at.key("from").index(index);
                    problems.push(Problem::new(ErrorCode::PhaseUnreachable, at, message));
                }
            }
        }
        let ends: BTreeSet<&str> = reached.iter().flat_map(|(target, _)| self.ends_of(target)).gather();
        for (index, end) in self.phases.end.iter().enumerate() {
            if !ends.contains(end.as_str()) {
                let at = Pointer::root().key("phases").key("end").index(index);
                let message = format!("no reply and no error leads to the end `{end}`");
                problems.push(Problem::new(ErrorCode::PhaseUnreachable, at, message));
            }
        }
        self.check_ways_out(&reached, problems);
    }

    /// Every step a work can come to.
    fn reached(&self) -> BTreeSet<Step<'_>> {
        let start = self.phases.start.as_str();
        let entries = self.operations.iter().filter(|(_, one)| one.operation.from.iter().any(|phase| phase == start));
        let mut open: Vec<Step<'_>> = entries.map(|(target, _)| (target.as_str(), start)).collect();
        let mut reached = BTreeSet::new();
        while let Some(step) = open.pop() {
            if reached.insert(step) {
                open.extend(self.next_of(self.operations[step.0].operation));
            }
        }
        reached
    }

    /// The steps that an operation leads to: its handoffs, and the join of its fan-out.
    fn next_of(&self, operation: &'a OperationDocument) -> Vec<Step<'_>> {
        let handoffs = operation.hands_to.iter().map(|(target, phase)| (target.as_str(), phase.as_str()));
        let join = operation.fans_out.iter().filter_map(|written| {
            let (target, join) = self.operations.get_key_value(&written.join)?;
            let phase = written.to.as_ref().or_else(|| join.operation.from.first())?;
            Some((target.as_str(), phase.as_str()))
        });
        handoffs.chain(join).collect()
    }

    fn ends_of(&self, target: &str) -> Vec<&str> {
        let operation = self.operations[target].operation;
        let reply = operation.output.as_ref().and_then(|output| output.to.as_deref());
        reply.into_iter().chain(operation.errors.values().filter_map(|error| error.to.as_deref())).collect()
    }

    /// Walks backward from the operations that end a work; what is left has no way out.
    fn check_ways_out(&self, reached: &BTreeSet<Step<'_>>, problems: &mut Vec<Problem>) {
        let mut ending: BTreeSet<&str> = BTreeSet::new();
        loop {
            let more = self.operations.iter().filter(|(target, one)| {
                let leads_on = self.next_of(one.operation).iter().any(|(next, _)| ending.contains(next));
                !ending.contains(target.as_str()) && (leads_on || !self.ends_of(target).is_empty())
            });
            let more: Vec<&str> = more.map(|(target, _)| target.as_str()).collect();
            if more.is_empty() {
                break;
            }
            ending.extend(more);
        }
        for (target, phase) in reached.iter().filter(|(target, _)| !ending.contains(target)) {
            let one = &self.operations[*target];
            let index = one.operation.from.iter().position(|start| start == phase).unwrap_or_default();
            let message = format!("from `{target}` in the phase `{phase}` no outcome ever leads to an end");
            problems.push(Problem::new(ErrorCode::PhaseDeadEnd, one.at.key("from").index(index), message));
        }
    }
}

fn listed(phases: &[String]) -> String {
    phases.iter().map(|phase| format!("`{phase}`")).collect::<Vec<_>>().join(" or ")
}
