//! RFC 5892: which code points may stand in a label.

use icu_properties::props::{
    ChangesWhenNfkcCasefolded, DefaultIgnorableCodePoint, GeneralCategory, HangulSyllableType, NoncharacterCodePoint,
    WhiteSpace,
};
use icu_properties::{CodePointMapData, CodePointSetData};

/// RFC 5892, section 2.6: exceptions that are allowed.
const ALLOWED: &[char] = &['ß', 'ς', '\u{6fd}', '\u{6fe}', '\u{f0b}', '\u{3007}'];
/// The same: exceptions that depend on what stands around them.
const IN_CONTEXT: &[char] = &['\u{b7}', '\u{375}', '\u{5f3}', '\u{5f4}', '\u{30fb}'];
/// The same: exceptions that are not allowed.
const REFUSED: &[char] = &[
    '\u{640}', '\u{7fa}', '\u{302e}', '\u{302f}', '\u{3031}', '\u{3032}', '\u{3033}', '\u{3034}', '\u{3035}',
    '\u{303b}',
];

/// The derived property of RFC 5892.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rule {
    Refused,
    Allowed,
    InContext,
}

/// The rules of section 3, in their order.
pub(super) fn rule(char: char) -> Rule {
    let arabic_digit = matches!(char, '\u{660}'..='\u{669}' | '\u{6f0}'..='\u{6f9}');
    if ALLOWED.contains(&char) {
        return Rule::Allowed;
    }
    if IN_CONTEXT.contains(&char) || arabic_digit || matches!(char, '\u{200c}' | '\u{200d}') {
        return Rule::InContext;
    }
    if char.is_ascii() {
        let allowed = matches!(char, 'a'..='z' | '0'..='9' | '-');
        return if allowed { Rule::Allowed } else { Rule::Refused };
    }
    if REFUSED.contains(&char) || is_unstable(char) || is_ignorable(char) || is_old_hangul(char) {
        return Rule::Refused;
    }
    if is_letter_or_digit(char) { Rule::Allowed } else { Rule::Refused }
}

/// `NFKC(casefold(NFKC(char)))` is another text. The property of Unicode removes ignorable code points besides,
/// which are refused in any case.
fn is_unstable(char: char) -> bool {
    CodePointSetData::new::<ChangesWhenNfkcCasefolded>().contains(char)
}

/// `IgnorableProperties` and `IgnorableBlocks`.
fn is_ignorable(char: char) -> bool {
    let blocks = matches!(char, '\u{20d0}'..='\u{20ff}' | '\u{1d100}'..='\u{1d1ff}' | '\u{1d200}'..='\u{1d24f}');
    blocks
        || CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(char)
        || CodePointSetData::new::<WhiteSpace>().contains(char)
        || CodePointSetData::new::<NoncharacterCodePoint>().contains(char)
}

fn is_old_hangul(char: char) -> bool {
    use HangulSyllableType as Type;
    let kind = CodePointMapData::<HangulSyllableType>::new().get(char);
    [Type::LeadingJamo, Type::VowelJamo, Type::TrailingJamo].contains(&kind)
}

/// `LetterDigits`; what no version of Unicode has assigned yet is none of them.
fn is_letter_or_digit(char: char) -> bool {
    use GeneralCategory as Category;
    matches!(
        CodePointMapData::<GeneralCategory>::new().get(char),
        Category::LowercaseLetter
            | Category::UppercaseLetter
            | Category::OtherLetter
            | Category::DecimalNumber
            | Category::ModifierLetter
            | Category::NonspacingMark
            | Category::SpacingMark
    )
}
