//! Bounds that no message can reach.
//!
//! A message holds integers up to 2^53-1, and doubles from 10^21 on; nothing between. Schemas that are made from
//! 64-bit integers have their limits as bounds, whose digits a strict reader refuses. Here such a bound becomes
//! the one that says the same of every message, in as many bytes, so that places stay.

use std::borrow::Cow;

use peer_contract_core::limits::MAX_SAFE_INTEGER;

/// Keywords whose values are data, in which nothing is changed.
const DATA: &[&[u8]] = &[b"const", b"enum", b"default", b"examples", b"example"];
/// Keywords whose members are named by whoever writes the schema, so that `default` is no keyword there.
const NAMED: &[&[u8]] =
    &[b"properties", b"patternProperties", b"definitions", b"$defs", b"dependentSchemas", b"dependencies"];
/// From here on there are doubles again.
const DOUBLES_FROM: u128 = 1_000_000_000_000_000_000_000;

/// A JSON text with the bounds that say the same.
pub(super) fn tamed(text: &[u8]) -> Cow<'_, [u8]> {
    let mut scan =
        Scan { text, at: 0, key: b"", inside: Inside::default(), around: Vec::new(), found: Vec::new(), flags: false };
    while scan.at < text.len() {
        scan.step();
    }
    // Beside a flag of draft 4 the same bound would say something else.
    if scan.found.is_empty() || scan.flags {
        return Cow::Borrowed(text);
    }
    let mut tamed = text.to_vec();
    for (start, end, bound) in scan.found {
        tamed[start..end].fill(b' ');
        tamed[start..start + bound.len()].copy_from_slice(bound.as_bytes());
    }
    Cow::Owned(tamed)
}

/// What the members of an object are.
#[derive(Clone, Copy, Default)]
struct Inside {
    data: bool,
    names: bool,
}

struct Scan<'t> {
    text: &'t [u8],
    at: usize,
    key: &'t [u8],
    inside: Inside,
    around: Vec<Inside>,
    found: Vec<(usize, usize, &'static str)>,
    flags: bool,
}

impl<'t> Scan<'t> {
    fn step(&mut self) {
        match self.text[self.at] {
            b'"' => self.string(),
            b'{' | b'[' => {
                self.around.push(self.inside);
                self.inside = self.below();
                self.key = b"";
                self.at += 1;
            }
            b'}' | b']' => {
                self.inside = self.around.pop().unwrap_or_default();
                self.at += 1;
            }
            b'-' | b'0'..=b'9' => self.number(),
            byte => {
                self.flags |= byte == b't' && !self.inside.data && self.key.starts_with(b"exclusiveM");
                self.at += 1;
            }
        }
    }

    /// What the members are of an object or a list that begins here.
    fn below(&self) -> Inside {
        let Inside { data, names } = self.inside;
        let is_data = DATA.contains(&self.key) || self.key.starts_with(b"x-");
        Inside { data: data || (is_data && !names), names: !names && NAMED.contains(&self.key) }
    }

    fn string(&mut self) {
        let start = self.at + 1;
        let mut end = start;
        while end < self.text.len() && self.text[end] != b'"' {
            end += if self.text[end] == b'\\' { 2 } else { 1 };
        }
        self.at = (end + 1).min(self.text.len());
        let behind = self.text[self.at..].iter().find(|byte| !byte.is_ascii_whitespace());
        if behind == Some(&b':') {
            self.key = self.text.get(start..end).unwrap_or_default();
        }
    }

    fn number(&mut self) {
        let start = self.at;
        let inside = |byte: &u8| byte.is_ascii_digit() || b"+-.eE".contains(byte);
        self.at += self.text[start..].iter().take_while(|byte| inside(byte)).count();
        let number = std::str::from_utf8(&self.text[start..self.at]).unwrap_or_default();
        if let Some(bound) = same_bound(self.key, number).filter(|_| !self.inside.data) {
            self.found.push((start, self.at, bound));
        }
    }
}

/// What says the same as a bound that is an integer between those of messages and the doubles.
fn same_bound(keyword: &[u8], number: &str) -> Option<&'static str> {
    let (negative, digits) = number.strip_prefix('-').map_or((false, number), |digits| (true, digits));
    let magnitude: u128 = digits.parse().ok().filter(|_| !digits.starts_with(['+', '0']))?;
    if magnitude <= u128::from(MAX_SAFE_INTEGER) || magnitude >= DOUBLES_FROM {
        return None;
    }
    match (keyword, negative) {
        (b"maximum", false) => Some("9007199254740991"),
        (b"minimum", true) => Some("-9007199254740991"),
        (b"exclusiveMaximum", false) => Some("1e21"),
        (b"exclusiveMinimum", true) => Some("-1e21"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tame(text: &str) -> String {
        String::from_utf8(tamed(text.as_bytes()).into_owned()).unwrap()
    }

    #[test]
    fn limits_of_64_bits_become_bounds_that_say_the_same() {
        let text = r#"{"minimum":-9223372036854775808,"maximum":18446744073709551615,"a":1}"#;
        assert_eq!(tame(text), r#"{"minimum":-9007199254740991   ,"maximum":9007199254740991    ,"a":1}"#);
        let named = r#"{"properties":{"default":{"maximum":9223372036854775807}}}"#;
        assert_eq!(tame(named), named.replace("9223372036854775807", "9007199254740991   "));
        assert_eq!(tame(r#"{"exclusiveMaximum":9223372036854775808}"#), r#"{"exclusiveMaximum":1e21               }"#);
    }

    #[test]
    fn nothing_else_changes() {
        for text in [
            r#"{"maximum":9007199254740991}"#,
            r#"{"maximum":-9223372036854775808}"#,
            r#"{"const":{"maximum":9223372036854775807}}"#,
            r#"{"default":{"properties":{"a":{"maximum":9223372036854775807}}}}"#,
            r#"{"default":[{"maximum":9223372036854775807}]}"#,
            r#"{"maximum":9223372036854775807,"exclusiveMaximum":true}"#,
            r#"{"maximum":"9223372036854775807"}"#,
            r#"{"maximum":9223372036854775807.5}"#,
            r#"{"multipleOf":9223372036854775807}"#,
            r#"{"a\"maximum":9223372036854775807}"#,
            r#"{"a":"#,
            r#""\"#,
            r#"]}9"#,
        ] {
            assert_eq!(tame(text), text);
        }
    }
}
