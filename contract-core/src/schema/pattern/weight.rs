//! How large a pattern becomes once the engine has unrolled it.

use regex_syntax::hir::{Class, Hir, HirKind};

use super::{Refusal, invalid};

/// States, roughly. Keeps a compiled pattern under a few megabytes.
const HEAVIEST: u64 = 20_000;

/// Holds a translated pattern to the grammar of the engine and to the limit of its size.
pub(super) fn hold(translated: &str) -> Result<(), Refusal> {
    let parsed = regex_syntax::parse(translated);
    let hir = parsed.map_err(|_| invalid("found a pattern that the engine cannot read"))?;
    if of(&hir) > HEAVIEST {
        return Err(invalid("found a pattern whose repetitions unroll to too many states; use smaller counts"));
    }
    Ok(())
}

fn of(hir: &Hir) -> u64 {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => 1,
        HirKind::Literal(literal) => literal.0.len() as u64,
        HirKind::Class(Class::Unicode(class)) => 1 + class.ranges().len() as u64,
        HirKind::Class(Class::Bytes(class)) => 1 + class.ranges().len() as u64,
        HirKind::Capture(capture) => of(&capture.sub),
        HirKind::Repetition(repetition) => {
            let copies = u64::from(repetition.max.unwrap_or(repetition.min).max(1));
            copies.saturating_mul(of(&repetition.sub).saturating_add(1))
        }
        HirKind::Concat(parts) | HirKind::Alternation(parts) => {
            parts.iter().fold(1, |sum, part| sum.saturating_add(of(part)))
        }
    }
}
