//! `uri-template`: RFC 6570, all levels; the apostrophe is a literal, as erratum 6937 says.

use super::uri::{is_private, is_ucs};

/// Literals and expressions in braces.
pub(super) fn is_template(text: &str) -> bool {
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let after = match first {
            '{' => after_expression(&rest.as_bytes()[1..]).and_then(|left| rest.get(rest.len() - left..)),
            '%' => after_percent(rest.as_bytes()).map(|_| &rest[3..]),
            _ => is_literal(first).then(|| &rest[first.len_utf8()..]),
        };
        let Some(after) = after else { return false };
        rest = after;
    }
    true
}

fn is_literal(char: char) -> bool {
    match char {
        '"' | '<' | '>' | '\\' | '^' | '`' | '{' | '|' | '}' => false,
        '!'..='~' => true,
        _ => is_ucs(char) || is_private(char),
    }
}

/// How many bytes are left behind the `}` that ends an expression.
fn after_expression(text: &[u8]) -> Option<usize> {
    let mut rest = match text {
        [b'+' | b'#' | b'.' | b'/' | b';' | b'?' | b'&' | b'=' | b',' | b'!' | b'@' | b'|', rest @ ..] => rest,
        _ => text,
    };
    loop {
        rest = after_modifier(after_name(rest)?)?;
        match rest {
            [b',', more @ ..] => rest = more,
            [b'}', left @ ..] => return Some(left.len()),
            _ => return None,
        }
    }
}

/// Letters, digits, `_` and percent-encodings; single dots between them.
fn after_name(text: &[u8]) -> Option<&[u8]> {
    let mut rest = after_character(text)?;
    loop {
        let next = rest.strip_prefix(b".").unwrap_or(rest);
        match after_character(next) {
            Some(after) => rest = after,
            None if next.len() == rest.len() => return Some(rest),
            None => return None,
        }
    }
}

fn after_character(text: &[u8]) -> Option<&[u8]> {
    match text {
        [b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'_', rest @ ..] => Some(rest),
        _ => after_percent(text),
    }
}

fn after_percent(text: &[u8]) -> Option<&[u8]> {
    match text {
        [b'%', high, low, rest @ ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => Some(rest),
        _ => None,
    }
}

/// Behind `*`, or `:` and a length from 1 to 9999.
fn after_modifier(text: &[u8]) -> Option<&[u8]> {
    match text {
        [b'*', rest @ ..] => Some(rest),
        [b':', b'1'..=b'9', rest @ ..] => {
            let more = rest.iter().take(3).take_while(|byte| byte.is_ascii_digit()).count();
            Some(&rest[more..])
        }
        [b':', ..] => None,
        _ => Some(text),
    }
}

#[cfg(test)]
mod tests {
    use super::is_template;

    #[test]
    fn expressions_hold_names() {
        for text in ["", "a", "{a}", "{+a,b*}/x{?c:9999}", "{a.b%41_}", "{|x}", "é{a}\u{e000}", "it's", "%41"] {
            assert!(is_template(text), "{text}");
        }
        for text in
            ["{", "}", "{}", "{+}", "{a", "{a,}", "{a:0}", "{a:10000}", "{a:}", "{.}", "{a..b}", "{a.}", "{é}", "{a b}"]
        {
            assert!(!is_template(text), "{text}");
        }
    }

    #[test]
    fn literals_leave_out_what_no_uri_holds() {
        for text in ["a b", "\"", "<", "\\", "^", "`", "|", "%4", "%zz", "\u{7f}", "\u{80}", "\u{fdd0}", "\n"] {
            assert!(!is_template(text), "{text:?}");
        }
    }
}
