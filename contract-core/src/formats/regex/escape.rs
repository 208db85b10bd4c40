//! What a backslash begins, in classes and outside.

use super::reader::Reader;

/// One code point, a surrogate perhaps, or one of many.
#[derive(Clone, Copy)]
pub(super) enum Escaped {
    Code(u32),
    Class,
}

const LAST_CODE: u32 = 0x10_ffff;

/// Reads what follows a backslash, but for boundaries and references.
pub(super) fn read(from: &mut Reader<'_>) -> Option<Escaped> {
    let first = from.bump()?;
    Some(Escaped::Code(match first {
        'd' | 'D' | 's' | 'S' | 'w' | 'W' => return Some(Escaped::Class),
        'p' | 'P' => return property(from).map(|()| Escaped::Class),
        't' => 9,
        'n' => 10,
        'v' => 11,
        'f' => 12,
        'r' => 13,
        'c' => from.bump().filter(char::is_ascii_alphabetic).map(|letter| u32::from(letter) % 32)?,
        '0' if !from.peek().is_some_and(|next| next.is_ascii_digit()) => 0,
        'x' => from.hex(2)?,
        'u' => code_point(from)?,
        other if other.is_alphanumeric() => return None,
        plain => plain.into(),
    }))
}

/// What stands behind `\u`: four hex digits, twice for a pair of surrogates, or any number of them in braces.
pub(super) fn code_point(from: &mut Reader<'_>) -> Option<u32> {
    if from.eat("{") {
        let digits = from.run(u8::is_ascii_hexdigit);
        let significant = digits.trim_start_matches('0');
        let legal = !digits.is_empty() && from.eat("}") && significant.len() <= 6;
        let code = if significant.is_empty() { 0 } else { u32::from_str_radix(significant, 16).ok()? };
        return (legal && code <= LAST_CODE).then_some(code);
    }
    let first = from.hex(4)?;
    if !(0xd800..0xdc00).contains(&first) {
        return Some(first);
    }
    Some(second_half(from).map_or(first, |second| 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00)))
}

/// The low surrogate that may follow a high one.
fn second_half(from: &mut Reader<'_>) -> Option<u32> {
    let mut ahead = from.clone();
    let second = if ahead.eat("\\u") { ahead.hex(4)? } else { return None };
    if !(0xdc00..0xe000).contains(&second) {
        return None;
    }
    *from = ahead;
    Some(second)
}

/// `{Name}` or `{Name=Value}`.
fn property(from: &mut Reader<'_>) -> Option<()> {
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let legal = from.eat("{") && !from.run(is_name).is_empty() && (!from.eat("=") || !from.run(is_name).is_empty());
    (legal && from.eat("}")).then_some(())
}
