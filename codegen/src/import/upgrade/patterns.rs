//! Patterns that are written as other engines read them, in words that contracts have.
//!
//! A lone `}` or `]`, or a `{` that counts nothing, is the character itself wherever it is read at all. A look-ahead
//! behind the first `^` looks at the whole text, so it is a pattern of its own, which must hold, or must not. Whatever
//! would not take the very same texts stays as it is, and is refused by the rules of contracts.

use std::collections::BTreeMap;

use peer_contract_core::Pointer;
use peer_contract_core::schema::is_pattern;
use serde_json::{Value, json};

use super::{Form, Slot, Upgraded, Upgrader};

/// Patterns that take together what one takes.
#[derive(Debug, PartialEq, Eq)]
struct Parts {
    /// All of these must match.
    holds: Vec<String>,
    /// None of these may.
    never: Vec<String>,
}

impl Upgrader<'_> {
    pub(super) fn pattern(&mut self, value: &Value) {
        let Some(Parts { mut holds, never }) = value.as_str().and_then(parts) else {
            return self.put("pattern", Slot::Data(value.clone()));
        };
        if let Some(last) = holds.pop() {
            self.put("pattern", Slot::Data(last.into()));
        }
        let others = holds.into_iter().map(|pattern| ("pattern", pattern.into()));
        // A pattern says nothing about what is no string, and neither may its contrary.
        let never = never.into_iter().map(|pattern| ("not", json!({ "type": "string", "pattern": pattern })));
        for (keyword, value) in others.chain(never) {
            let mut beside = Upgraded::default();
            beside.members.insert(keyword.to_owned(), Slot::Data(value));
            self.to.beside.push(beside);
        }
    }

    /// Two patterns that become the same would be one property; then all stay.
    pub(super) fn by_pattern(&mut self, value: &Value) {
        let Value::Object(schemas) = value else {
            return self.put("patternProperties", Slot::Data(value.clone()));
        };
        let at = Pointer::root().key("patternProperties");
        let said: BTreeMap<String, Pointer> = schemas.keys().map(|key| (of_names(key), at.key(key))).collect();
        if said.len() == schemas.len() {
            self.put("patternProperties", Slot::Map(said.into_iter().collect()));
        } else {
            self.same("patternProperties", value, Form::Map);
        }
    }
}

/// The pattern as contracts read it, where that is one pattern, too.
fn of_names(pattern: &str) -> String {
    match parts(pattern) {
        Some(Parts { mut holds, never }) if holds.len() == 1 && never.is_empty() => holds.remove(0),
        _ => pattern.to_owned(),
    }
}

/// None where contracts take the pattern as it is, and where nothing else is known to say the same.
fn parts(pattern: &str) -> Option<Parts> {
    if is_pattern(pattern) {
        return None;
    }
    let escaped = escaped(pattern);
    if is_pattern(&escaped) {
        return Some(Parts { holds: vec![escaped], never: Vec::new() });
    }
    let parts = looking_ahead(&escaped)?;
    parts.holds.iter().chain(&parts.never).all(|part| is_pattern(part)).then_some(parts)
}

/// `^(?!A)(?=B)C` with one alternative: `^C` and `^(?:B)` match, and `^(?:A)` does not.
fn looking_ahead(pattern: &str) -> Option<Parts> {
    let mut rest = pattern.strip_prefix('^')?;
    let (mut holds, mut never) = (Vec::new(), Vec::new());
    while let Some((kind, looking)) = rest.split_at_checked(3).filter(|(kind, _)| matches!(*kind, "(?!" | "(?=")) {
        let end = closing(looking)?;
        let part = format!("^(?:{})", &looking[..end]);
        if kind == "(?!" {
            never.push(part)
        } else {
            holds.push(part)
        }
        rest = &looking[end + 1..];
    }
    if rest.starts_with(['*', '+', '?', '{']) || has_alternatives(rest) {
        return None;
    }
    if !rest.is_empty() {
        holds.push(format!("^{rest}"));
    }
    Some(Parts { holds, never })
}

/// Where the group ends that has just begun.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, sign) in signs(text) {
        match sign {
            '(' => depth += 1,
            ')' if depth == 0 => return Some(at),
            ')' => depth -= 1,
            _ => {}
        }
    }
    None
}

fn has_alternatives(text: &str) -> bool {
    let mut depth = 0_usize;
    signs(text).into_iter().any(|(_, sign)| {
        match sign {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        sign == '|' && depth == 0
    })
}

/// The signs that open, close or divide something, with their places: outside of classes, of `\p{…}` and of `\u{…}`,
/// and with no backslash before them. So each `]` among them is a lone one.
fn signs(text: &str) -> Vec<(usize, char)> {
    let mut signs = Vec::new();
    let mut rest = text.char_indices().peekable();
    while let Some((at, c)) = rest.next() {
        match c {
            '\\' => {
                let has_name = rest.next().is_some_and(|(_, kind)| matches!(kind, 'u' | 'p' | 'P'));
                if has_name && rest.next_if(|(_, c)| *c == '{').is_some() {
                    rest.by_ref().find(|(_, c)| *c == '}');
                }
            }
            '[' => {
                let mut escaped = false;
                rest.by_ref().find(|(_, c)| {
                    let ends = !escaped && *c == ']';
                    escaped = !escaped && *c == '\\';
                    ends
                });
            }
            '(' | ')' | '{' | '}' | ']' | '|' => signs.push((at, c)),
            _ => {}
        }
    }
    signs
}

/// The pattern with a backslash before each brace and bracket that neither opens nor closes anything.
fn escaped(pattern: &str) -> String {
    let mut escaped = String::with_capacity(pattern.len());
    let (mut from, mut counted) = (0, 0);
    for (at, sign) in signs(pattern) {
        let is_lone = match (sign, &pattern[at + 1..]) {
            ('{', rest) => {
                let length = counts(rest);
                counted = length.map_or(counted, |length| at + 1 + length);
                length.is_none()
            }
            ('}', _) => at >= counted,
            (sign, _) => sign == ']',
        };
        if is_lone {
            escaped.extend([&pattern[from..at], "\\"]);
            from = at;
        }
    }
    escaped + &pattern[from..]
}

/// The length of `2}`, `2,}` or `2,3}` at the front.
fn counts(text: &str) -> Option<usize> {
    let inner = &text[..text.bytes().position(|byte| !byte.is_ascii_digit() && byte != b',')?];
    let (least, most) = inner.split_once(',').unwrap_or((inner, ""));
    let is_count = !least.is_empty() && !most.contains(',') && text[inner.len()..].starts_with('}');
    is_count.then_some(inner.len() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(pattern: &str) -> Option<(Vec<String>, Vec<String>)> {
        parts(pattern).map(|Parts { holds, never }| (holds, never))
    }

    fn owned(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    #[test]
    fn a_lone_sign_is_the_character() {
        for (pattern, same) in [
            ("^{a}$", r"^\{a\}$"),
            ("a]", r"a\]"),
            (r"\$\{.*}", r"\$\{.*\}"),
            ("[}]}", r"[}]\}"),
            (r"[\]]]{2,3}}", r"[\]]\]{2,3}\}"),
            (r"\p{L}}\u{41}{2}", r"\p{L}\}\u{41}{2}"),
            ("a{,2}", r"a\{,2\}"),
        ] {
            assert_eq!(said(pattern), Some((owned(&[same]), Vec::new())), "{pattern}");
        }
    }

    #[test]
    fn a_look_ahead_at_the_start_is_a_pattern_of_its_own() {
        assert_eq!(said("^(?!a|b$)c+$"), Some((owned(&["^c+$"]), owned(&["^(?:a|b$)"]))));
        assert_eq!(
            said(r"^(?!\.)(?=[)a])(?!(x)).+"),
            Some((owned(&["^(?:[)a])", "^.+"]), owned(&[r"^(?:\.)", "^(?:(x))"])))
        );
        assert_eq!(said("^(?!a)"), Some((Vec::new(), owned(&["^(?:a)"]))));
    }

    #[test]
    fn what_would_take_other_texts_stays() {
        for pattern in [
            "^a$",
            "(?!a)b",
            "^(?!a)b|c",
            "^(?!a)*b",
            "^a(?!b)",
            "^(?!(?!a)b)c",
            "^(?<!a)b",
            r"^(?!(a)\1)b",
            "^(?!a",
            "(a",
            "[a",
            "a{2,1}",
        ] {
            assert_eq!(said(pattern), None, "{pattern}");
        }
    }
}
