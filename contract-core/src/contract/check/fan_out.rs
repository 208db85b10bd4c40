//! Children of a fan-out are callable, and its join takes part in the phases.

use std::collections::BTreeMap;

use super::operations::{is_callable, unknown};
use crate::contract::{FanOutDocument, OperationDocument};
use crate::{ErrorCode, Pointer, Problem};

/// What stands at `at`, a `fansOut`. The phase its join starts in is looked at with the other phases.
pub(super) fn check(
    written: &FanOutDocument,
    at: &Pointer,
    known: &BTreeMap<String, &OperationDocument>,
    problems: &mut Vec<Problem>,
) {
    for (index, target) in written.each.targets() {
        let at = index.map_or_else(|| at.key("each"), |index| at.key("each").index(index));
        match known.get(target) {
            None => problems.push(unknown(target, at, known)),
            Some(child) if !is_callable(child) => {
                let message = format!("`{target}` has phases or handoffs; a child is an operation without");
                problems.push(Problem::new(ErrorCode::CallNotCallable, at, message));
            }
            Some(_) => {}
        }
    }
    match known.get(&written.join) {
        None => problems.push(unknown(&written.join, at.key("join"), known)),
        Some(join) if join.from.is_empty() => {
            let message = format!("`{}` starts from no phase; the join goes on with the work", written.join);
            problems.push(Problem::new(ErrorCode::FanOutInvalid, at.key("join"), message));
        }
        Some(join) if written.to.is_none() && join.from.len() > 1 => {
            let message =
                format!("`{}` starts from `{}`; say in `to` which it is", written.join, join.from.join("` and `"));
            problems.push(Problem::new(ErrorCode::FanOutInvalid, at.key("join"), message));
        }
        Some(_) => {}
    }
}
