//! Each operation is callable or part of the phases, and names targets that exist.

use std::collections::BTreeMap;

use super::{fan_out, operations_of};
use crate::contract::{Document, OperationDocument};
use crate::gather::Gather;
use crate::{ErrorCode, Pointer, Problem, suggest};

pub(super) fn check(document: &Document, problems: &mut Vec<Problem>) {
    let known: BTreeMap<String, &OperationDocument> =
        operations_of(document).map(|(_, target, operation)| (target, operation)).gather();
    for (at, _, operation) in operations_of(document) {
        check_shape(operation, &at, problems);
        for target in operation.hands_to.keys() {
            if !known.contains_key(target) {
                problems.push(unknown(target, at.key("handsTo").key(target), &known));
            }
        }
        if let Some(written) = &operation.fans_out {
            fan_out::check(written, &at.key("fansOut"), &known, problems);
        }
        for (index, target) in operation.calls.iter().enumerate() {
            let at = at.key("calls").index(index);
            match known.get(target) {
                None => problems.push(unknown(target, at, &known)),
                Some(callee) if !is_callable(callee) => {
                    let message = format!("`{target}` has phases or handoffs; only an operation without can be called");
                    problems.push(Problem::new(ErrorCode::CallNotCallable, at, message));
                }
                Some(_) => {}
            }
        }
    }
}

pub(super) fn is_callable(operation: &OperationDocument) -> bool {
    operation.from.is_empty() && operation.hands_to.is_empty() && operation.fans_out.is_none()
}

pub(super) fn unknown(target: &str, at: Pointer, known: &BTreeMap<String, &OperationDocument>) -> Problem {
    let message = format!("the contract has no operation `{target}`; a target is `agent.operation`");
    let help = suggest::did_you_mean(target, known.keys().map(String::as_str));
    Problem::new(ErrorCode::TargetUnknown, at, message).with_help(help)
}

fn check_shape(operation: &OperationDocument, at: &Pointer, problems: &mut Vec<Problem>) {
    let mut refuse = |at: Pointer, message: &str| problems.push(Problem::new(ErrorCode::OperationShape, at, message));
    let replies = operation.output.is_some();
    let hands_over = !operation.hands_to.is_empty() || operation.fans_out.is_some();
    if operation.from.is_empty() {
        if operation.fans_out.is_some() {
            refuse(at.key("fansOut"), "an operation without `from` has no phase to fan out from; it can use `calls`");
        } else if hands_over {
            refuse(at.key("handsTo"), "an operation without `from` has no phase to hand over from");
        } else if !replies {
            refuse(at.clone(), "the operation neither replies (`output`) nor starts from a phase (`from`)");
        }
    } else if !hands_over && !replies {
        refuse(at.clone(), "the operation has no outcome: neither `handsTo` nor `fansOut` nor `output`");
    }
    let leads = operation.output.as_ref().map(|output| output.to.is_some());
    match leads {
        Some(true) if operation.from.is_empty() => {
            refuse(at.key("output").key("to"), "the reply of a callable operation leads to no phase");
        }
        Some(false) if !operation.from.is_empty() => {
            refuse(at.key("output"), "the reply of an operation with phases must say which end it leads to (`to`)");
        }
        _ => {}
    }
    for (name, error) in &operation.errors {
        if operation.from.is_empty() && error.to.is_some() {
            refuse(at.key("errors").key(name).key("to"), "an error of a callable operation leads to no phase");
        }
    }
}
