//! Durations within their ranges. Numbers are held to theirs by the meta-schema.

use crate::contract::{Document, duration};
use crate::{ErrorCode, Pointer, Problem};

/// What one invocation may last on Lambda.
const LONGEST_TIMEOUT_MS: u64 = 15 * 60_000;
const LONGEST_DEADLINE_MS: u64 = 24 * 3_600_000;
/// After a week `peerc store gc` removes what is remembered, too.
const LONGEST_LIFETIME_MS: u64 = 7 * 24 * 3_600_000;

pub(super) fn check(document: &Document, problems: &mut Vec<Problem>) {
    let at = Pointer::root().key("constraints").key("deadline");
    hold(document.constraints.deadline.as_deref(), LONGEST_DEADLINE_MS, "PT24H", at, problems);
    for (at, _, operation) in super::operations_of(document) {
        let Some(constraints) = &operation.constraints else { continue };
        let at = at.key("constraints");
        hold(constraints.timeout.as_deref(), LONGEST_TIMEOUT_MS, "PT15M", at.key("timeout"), problems);
        let lifetime = constraints.key_lifetime.as_deref();
        hold(lifetime, LONGEST_LIFETIME_MS, "PT168H", at.key("keyLifetime"), problems);
        if lifetime.is_some() && operation.idempotency_key.is_none() {
            let message = "there is no key to remember: the operation has no `idempotencyKey`";
            problems.push(Problem::new(ErrorCode::ConstraintInvalid, at.key("keyLifetime"), message));
        }
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
