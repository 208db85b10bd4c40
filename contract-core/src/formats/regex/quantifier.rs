//! Repetitions.

use super::reader::Reader;

/// Reads the repetition of an atom, if there is one.
pub(super) fn read(from: &mut Reader<'_>) -> Option<()> {
    match from.peek() {
        Some('*' | '+' | '?') => {
            from.bump();
        }
        Some('{') => counts(from)?,
        _ => return Some(()),
    }
    // Lazy or greedy.
    from.eat("?");
    Some(())
}

fn counts(from: &mut Reader<'_>) -> Option<()> {
    from.eat("{");
    let least = from.digits();
    let most = if from.eat(",") { from.digits() } else { least };
    let legal = !least.is_empty() && from.eat("}") && (most.is_empty() || is_at_most(least, most));
    legal.then_some(())
}

/// Compares numbers of any length.
fn is_at_most(least: &str, most: &str) -> bool {
    let (least, most) = (least.trim_start_matches('0'), most.trim_start_matches('0'));
    (least.len(), least) <= (most.len(), most)
}
