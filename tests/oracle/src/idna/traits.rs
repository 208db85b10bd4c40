//! All that a label asks of one code point, as it is written in Rust.

use icu_normalizer::properties::CanonicalCombiningClassMapBorrowed;
use icu_properties::CodePointMapData;
use icu_properties::props::{BidiClass, GeneralCategory, JoiningType, Script};

use super::derived::{Rule, rule};

/// The fields of `Traits` in the core.
pub(super) fn of(char: char) -> String {
    let rule = rule(char);
    if rule == Rule::Refused {
        return REFUSED.into();
    }
    let class = CanonicalCombiningClassMapBorrowed::new().get_u8(char);
    format!(
        "Rule::{rule:?}, Direction::{}, Joining::{}, Script::{}, {}, {class}",
        direction(char),
        joining(char),
        script(char),
        is_mark(char)
    )
}

/// What is refused is asked nothing else.
pub(super) const REFUSED: &str = "Rule::Refused, Direction::Other, Joining::None, Script::Other, false, 0";

fn direction(char: char) -> &'static str {
    match CodePointMapData::<BidiClass>::new().get(char) {
        BidiClass::LeftToRight => "Left",
        BidiClass::RightToLeft | BidiClass::ArabicLetter => "Right",
        BidiClass::EuropeanNumber => "Number",
        BidiClass::ArabicNumber => "ArabicNumber",
        BidiClass::NonspacingMark => "Mark",
        BidiClass::EuropeanSeparator
        | BidiClass::CommonSeparator
        | BidiClass::EuropeanTerminator
        | BidiClass::OtherNeutral
        | BidiClass::BoundaryNeutral => "Neutral",
        _ => "Other",
    }
}

fn joining(char: char) -> &'static str {
    match CodePointMapData::<JoiningType>::new().get(char) {
        JoiningType::DualJoining => "Both",
        JoiningType::LeftJoining => "Left",
        JoiningType::RightJoining => "Right",
        JoiningType::Transparent => "Transparent",
        _ => "None",
    }
}

/// The scripts that the rules of contexts name.
fn script(char: char) -> &'static str {
    match CodePointMapData::<Script>::new().get(char) {
        Script::Greek => "Greek",
        Script::Hebrew => "Hebrew",
        Script::Hiragana | Script::Katakana | Script::Han => "Japanese",
        _ => "Other",
    }
}

fn is_mark(char: char) -> bool {
    use GeneralCategory as Category;
    let category = CodePointMapData::<GeneralCategory>::new().get(char);
    [Category::NonspacingMark, Category::SpacingMark, Category::EnclosingMark].contains(&category)
}
