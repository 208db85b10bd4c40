//! Durations within their ranges. Numbers are held to theirs by the meta-schema.

use crate::contract::{Document, duration};
use crate::{ErrorCode, Pointer, Problem};

/// What one invocation may last on Lambda.
const LONGEST_TIMEOUT_MS: u64 = 15 * 60_000;
const LONGEST_DEADLINE_MS: u64 = 24 * 3_600_000;

pub(super) fn check(document: &Document, problems: &mut Vec<Problem>) {
    let at = Pointer::root().key("constraints").key("deadline");
    hold(document.constraints.deadline.as_deref(), LONGEST_DEADLINE_MS, "PT24H", at, problems);
    for (at, _, operation) in super::operations_of(document) {
        let timeout = operation.constraints.as_ref().and_then(|constraints| constraints.timeout.as_deref());
        hold(timeout, LONGEST_TIMEOUT_MS, "PT15M", at.key("constraints").key("timeout"), problems);
    }
}

fn hold(written: Option<&str>, longest: u64, name: &str, at: Pointer, problems: &mut Vec<Problem>) {
    let Some(text) = written else { return };
    match duration::milliseconds(text) {
        Some(length) if (1..=longest).contains(&length) => {}
        Some(_) => {
            let message = format!("expected a duration above zero and up to `{name}`");
            problems.push(Problem::new(ErrorCode::ConstraintInvalid, at, message));
        }
        None => {
            let message = "expected a duration of hours, minutes and seconds, such as `PT1M30S`";
            problems.push(Problem::new(ErrorCode::ConstraintInvalid, at, message));
        }
    }
}
