//! What a backslash begins.

use super::translate::Translator;
use super::{Refusal, invalid, not_linear, properties};

pub(super) const DIGIT: &str = "[0-9]";
const NOT_DIGIT: &str = "[^0-9]";
const WORD: &str = "[0-9A-Z_a-z]";
const NOT_WORD: &str = "[^0-9A-Z_a-z]";
/// White space and line ends of ECMAScript.
const SPACE: &str = r"[\t-\r \x{A0}\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000}\x{FEFF}]";
const NOT_SPACE: &str = r"[^\t-\r \x{A0}\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000}\x{FEFF}]";

const SCRIPT_PREFIXES: &[&str] = &["Script=", "sc="];
const CATEGORY_PREFIXES: &[&str] = &["General_Category=", "gc="];

/// What stands behind a backslash.
pub(super) enum Escape {
    Char(char),
    /// A class of the engine, in brackets.
    Class(String),
    Boundary {
        negated: bool,
    },
}

impl Escape {
    /// Reads what follows a backslash outside of a class.
    pub(super) fn read(from: &mut Translator<'_>) -> Result<Self, Refusal> {
        match from.peek() {
            Some(boundary @ ('b' | 'B')) => {
                from.bump();
                Ok(Self::Boundary { negated: boundary == 'B' })
            }
            _ => Self::read_in_class(from),
        }
    }

    /// Reads what follows a backslash; in a class `\b` is the backspace.
    pub(super) fn read_in_class(from: &mut Translator<'_>) -> Result<Self, Refusal> {
        let first = from.bump().ok_or_else(|| invalid("found a backslash at the end"))?;
        let char = match first {
            'd' => return Ok(Self::Class(DIGIT.into())),
            'D' => return Ok(Self::Class(NOT_DIGIT.into())),
            'w' => return Ok(Self::Class(WORD.into())),
            'W' => return Ok(Self::Class(NOT_WORD.into())),
            's' => return Ok(Self::Class(SPACE.into())),
            'S' => return Ok(Self::Class(NOT_SPACE.into())),
            'p' | 'P' => return property(from, first).map(Self::Class),
            'b' => '\u{8}',
            't' => '\t',
            'n' => '\n',
            'v' => '\u{b}',
            'f' => '\u{c}',
            'r' => '\r',
            'c' => control(from)?,
            '0' if !from.peek().is_some_and(|next| next.is_ascii_digit()) => '\0',
            'x' => byte(from)?,
            'u' => unicode(from)?,
            '0'..='9' | 'k' => return Err(not_linear("found a back-reference")),
            other if other.is_alphanumeric() => {
                return Err(not_linear(format!("found `\\{other}`, which is not part of ECMAScript")));
            }
            plain => plain,
        };
        Ok(Self::Char(char))
    }
}

fn control(from: &mut Translator<'_>) -> Result<char, Refusal> {
    let letter = from.bump().filter(char::is_ascii_alphabetic);
    let letter = letter.ok_or_else(|| invalid("found `\\c` without a letter"))?;
    Ok(char::from((letter as u8) % 32))
}

fn byte(from: &mut Translator<'_>) -> Result<char, Refusal> {
    let code = from.hex(2).ok_or_else(|| invalid("found `\\x` without two hex digits"))?;
    char::from_u32(code).ok_or_else(|| invalid("found `\\x` without two hex digits"))
}

fn unicode(from: &mut Translator<'_>) -> Result<char, Refusal> {
    let refused = || invalid("found `\\u` that names no character");
    if from.eat("{") {
        let digits = from.until('}').filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let code = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        return code.and_then(char::from_u32).ok_or_else(refused);
    }
    let first = from.hex(4).ok_or_else(refused)?;
    if !(0xd800..0xdc00).contains(&first) {
        return char::from_u32(first).ok_or_else(refused);
    }
    let second = if from.eat("\\u") { from.hex(4) } else { None };
    let second = second.filter(|second| (0xdc00..0xe000).contains(second)).ok_or_else(refused)?;
    char::from_u32(0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00)).ok_or_else(refused)
}

/// `\p{…}` and `\P{…}`, by the exact names of ECMAScript.
fn property(from: &mut Translator<'_>, letter: char) -> Result<String, Refusal> {
    let name = if from.eat("{") { from.until('}') } else { None };
    let name = name.ok_or_else(|| invalid(format!("found `\\{letter}` without a name in braces")))?;
    let after = |prefixes: &[&str]| prefixes.iter().find_map(|prefix| name.strip_prefix(prefix));
    let characters = match (after(SCRIPT_PREFIXES), after(CATEGORY_PREFIXES)) {
        (Some(script), _) => properties::script(script),
        (_, Some(category)) => properties::category(category),
        _ => properties::category(name).or_else(|| properties::basic(name)),
    };
    let characters = characters.ok_or_else(|| unknown(letter))?;
    Ok(if letter == 'P' { format!("[^{characters}]") } else { format!("[{characters}]") })
}

fn unknown(letter: char) -> Refusal {
    not_linear(format!(
        "found `\\{letter}{{…}}` with a name other than a general category, a script or a basic property"
    ))
}

/// One character for the engine, with no meaning of its own.
pub(super) fn character(char: char) -> String {
    if char.is_ascii_alphanumeric() { char.to_string() } else { format!("\\x{{{:X}}}", u32::from(char)) }
}
