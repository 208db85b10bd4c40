//! Patterns that surprise.

use peer_contract_core::{Pointer, Value};

use crate::lint::Hit;
use crate::lint::context::Context;

pub(super) fn dialect(context: &Context<'_>, hits: &mut Vec<Hit>) {
    for (pattern, at) in patterns(context) {
        if let Some(surprise) = surprise(pattern) {
            hits.push(Hit::new(at, surprise));
        }
    }
}

pub(super) fn unanchored(context: &Context<'_>, hits: &mut Vec<Hit>) {
    for (pattern, at) in patterns(context) {
        if !is_anchored(pattern) {
            hits.push(Hit::new(at, "the pattern may match within a longer text"));
        }
    }
}

fn patterns<'a>(context: &Context<'a>) -> Vec<(&'a str, Pointer)> {
    let of = |(at, schema): (&Pointer, &&'a Value)| Some((schema.get("pattern")?.as_str()?, at.key("pattern")));
    context.schemas.iter().filter_map(of).collect()
}

/// One step of a pattern: a character, escaped or not, within a class or outside.
struct Step {
    c: char,
    escaped: bool,
    in_class: bool,
    depth: usize,
}

fn steps(pattern: &str) -> Vec<Step> {
    let (mut in_class, mut depth, mut escaped) = (false, 0_usize, false);
    let mut steps = Vec::new();
    for c in pattern.chars() {
        if c == '\\' && !escaped {
            escaped = true;
            continue;
        }
        match c {
            _ if escaped => {}
            ']' if in_class => in_class = false,
            '[' if !in_class => in_class = true,
            ')' if !in_class => depth = depth.saturating_sub(1),
            _ => {}
        }
        steps.push(Step { c, escaped, in_class, depth });
        if c == '(' && !escaped && !in_class {
            depth += 1;
        }
        escaped = false;
    }
    steps
}

/// What another engine would read differently.
fn surprise(pattern: &str) -> Option<String> {
    let steps = steps(pattern);
    let doubled = |pair: &[Step]| {
        let plain = pair.iter().all(|step| step.in_class && !step.escaped);
        (plain && pair[0].c == pair[1].c && matches!(pair[0].c, '&' | '-' | '~')).then_some(pair[0].c)
    };
    if let Some(c) = steps.windows(2).find_map(doubled) {
        return Some(format!(
            "`{c}{c}` in a class stands for the character `{c}`; other engines combine classes with it"
        ));
    }
    let beyond_ascii = !pattern.is_ascii();
    let short = steps.iter().find(|step| step.escaped && matches!(step.c, 'w' | 'W' | 'd' | 'D' | 'b' | 'B'));
    let short = short.filter(|_| beyond_ascii)?;
    Some(format!("`\\{}` knows ASCII only, and the pattern speaks of other characters, too", short.c))
}

/// Whether it begins with `^` and ends with `$`, and has no alternatives outside of groups.
fn is_anchored(pattern: &str) -> bool {
    let steps = steps(pattern);
    let plain = |step: &Step, c: char| step.c == c && !step.escaped && !step.in_class && step.depth == 0;
    let ends = steps.first().is_some_and(|step| plain(step, '^')) && steps.last().is_some_and(|step| plain(step, '$'));
    ends && !steps.iter().any(|step| plain(step, '|'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_is_anchored_when_both_ends_are_for_all_of_it() {
        for whole in ["^a$", "^(?:a|b)$", "^[|$]$", "^\\|$"] {
            assert!(is_anchored(whole), "{whole}");
        }
        for part in ["a", "^a", "a$", "^a|b$", "^a\\$", "", "[^a$]"] {
            assert!(!is_anchored(part), "{part}");
        }
    }

    #[test]
    fn what_other_engines_read_differently_is_seen() {
        for surprising in ["[a-z&&b]", "[a--b]", "^[ä\\w]+$", "\\bstraße\\b"] {
            assert!(surprise(surprising).is_some(), "{surprising}");
        }
        for plain in ["^\\w+$", "a&&b", "[a\\-\\-b]", "^[ä-ü]+$", "--"] {
            assert!(surprise(plain).is_none(), "{plain}: {:?}", surprise(plain));
        }
    }
}
