//! What a backslash begins.

use super::translate::Translator;
use super::{Refusal, invalid, not_linear};

pub(super) const DIGIT: &str = "[0-9]";
const NOT_DIGIT: &str = "[^0-9]";
const WORD: &str = "[0-9A-Z_a-z]";
const NOT_WORD: &str = "[^0-9A-Z_a-z]";
/// White space and line ends of ECMAScript.
const SPACE: &str = r"[\t-\r \x{A0}\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000}\x{FEFF}]";
const NOT_SPACE: &str = r"[^\t-\r \x{A0}\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000}\x{FEFF}]";

/// General categories, by the names that ECMAScript gives them.
const CATEGORIES: &[&str] = &[
    "L",
    "Letter",
    "LC",
    "Cased_Letter",
    "Lu",
    "Uppercase_Letter",
    "Ll",
    "Lowercase_Letter",
    "Lt",
    "Titlecase_Letter",
    "Lm",
    "Modifier_Letter",
    "Lo",
    "Other_Letter",
    "M",
    "Mark",
    "Mn",
    "Nonspacing_Mark",
    "Mc",
    "Spacing_Mark",
    "Me",
    "Enclosing_Mark",
    "N",
    "Number",
    "Nd",
    "Decimal_Number",
    "Nl",
    "Letter_Number",
    "No",
    "Other_Number",
    "P",
    "Punctuation",
    "Pc",
    "Connector_Punctuation",
    "Pd",
    "Dash_Punctuation",
    "Ps",
    "Open_Punctuation",
    "Pe",
    "Close_Punctuation",
    "Pi",
    "Initial_Punctuation",
    "Pf",
    "Final_Punctuation",
    "Po",
    "Other_Punctuation",
    "S",
    "Symbol",
    "Sm",
    "Math_Symbol",
    "Sc",
    "Currency_Symbol",
    "Sk",
    "Modifier_Symbol",
    "So",
    "Other_Symbol",
    "Z",
    "Separator",
    "Zs",
    "Space_Separator",
    "Zl",
    "Line_Separator",
    "Zp",
    "Paragraph_Separator",
    "Cc",
    "Control",
    "Cf",
    "Format",
];

/// Scripts and properties of Unicode that both sides know by the same name.
const PROPERTIES: &[&str] = &["ASCII", "Alphabetic", "Any", "Lowercase", "Uppercase", "White_Space"];
const SCRIPT_PREFIXES: &[&str] = &["Script=", "sc="];
const CATEGORY_PREFIXES: &[&str] = &["General_Category=", "gc="];

/// What stands behind a backslash.
pub(super) enum Escape {
    Char(char),
    /// A class of the engine, in brackets or as `\p{…}`.
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
    if let Some(script) = after(SCRIPT_PREFIXES) {
        let known = script.starts_with(|first: char| first.is_ascii_uppercase())
            && script.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_');
        return if known { Ok(format!("\\{letter}{{Script={script}}}")) } else { Err(unknown(letter)) };
    }
    let category = after(CATEGORY_PREFIXES);
    let known = match category {
        Some(category) => CATEGORIES.contains(&category),
        None => CATEGORIES.contains(&name) || PROPERTIES.contains(&name),
    };
    if known { Ok(format!("\\{letter}{{{}}}", category.unwrap_or(name))) } else { Err(unknown(letter)) }
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
