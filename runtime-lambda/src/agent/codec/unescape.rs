//! Escapes of JSON strings.

use super::Misfit;

/// The text between the quotes of a string, with its escapes resolved.
pub(super) fn unescape(raw: &str) -> Result<String, Misfit> {
    let mut text = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find('\\') {
        text.push_str(&rest[..at]);
        let (c, length) = escape(&rest[at + 1..]).ok_or_else(|| Misfit::new("has a string with a broken escape"))?;
        text.push(c);
        rest = &rest[at + 1 + length..];
    }
    text.push_str(rest);
    Ok(text)
}

/// The character that an escape stands for, and its length behind the backslash.
fn escape(rest: &str) -> Option<(char, usize)> {
    let c = match rest.as_bytes().first()? {
        b'n' => '\n',
        b't' => '\t',
        b'r' => '\r',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'u' => return unicode(rest),
        byte @ (b'"' | b'\\' | b'/') => char::from(*byte),
        _ => return None,
    };
    Some((c, 1))
}

/// `uXXXX`, or a pair of them with a backslash between.
fn unicode(rest: &str) -> Option<(char, usize)> {
    let unit = |from: usize| u32::from_str_radix(rest.get(from..from + 4)?, 16).ok();
    let first = unit(1)?;
    if let Some(c) = char::from_u32(first) {
        return Some((c, 5));
    }
    let second = unit(7).filter(|low| rest.get(5..7) == Some("\\u") && (0xdc00..0xe000).contains(low))?;
    let high = first.checked_sub(0xd800).filter(|high| *high < 0x400)?;
    char::from_u32(0x10000 + (high << 10) + (second - 0xdc00)).map(|c| (c, 11))
}
