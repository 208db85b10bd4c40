//! What is asked of a whole value, on the text of it: that no item comes twice, that it is one of a few.
//!
//! Equal values have one canonical form, so forms are compared. What most values are has it already.

use std::borrow::Cow;

use super::canonical::canonicalize;
use super::find;
use crate::Limits;

/// Up to this many items, comparing each with each is the quickest way.
const FEW: usize = 8;

/// Whether no item of an array, which is valid JSON, comes twice.
pub(super) fn has_unique_items(text: &[u8]) -> bool {
    let mut forms: Vec<Cow<'_, [u8]>> = find::items(text).map(|item| form(&text[item])).collect();
    if forms.len() <= FEW {
        return forms.iter().enumerate().all(|(index, form)| !forms[..index].contains(form));
    }
    crate::sorting::sort(&mut forms);
    forms.windows(2).all(|pair| pair[0] != pair[1])
}

/// Whether a value, which is valid JSON, has one of these canonical forms.
pub(super) fn is_one_of(forms: &[Box<[u8]>], text: &[u8]) -> bool {
    let found = form(text);
    forms.iter().any(|form| **form == *found)
}

/// The canonical form of a value that was read before.
fn form(text: &[u8]) -> Cow<'_, [u8]> {
    if is_plain(text) {
        return text.into();
    }
    canonicalize(text, &Limits::READ_BEFORE).unwrap_or(text.into())
}

/// Whether the text is canonical for certain: a string without escapes, an integer, a word.
fn is_plain(text: &[u8]) -> bool {
    match text {
        [b'"', ..] => !text.contains(&b'\\'),
        [b't' | b'f' | b'n', ..] => true,
        [b'-', b'0', ..] => false,
        [b'-' | b'0'..=b'9', ..] => text[1..].iter().all(u8::is_ascii_digit),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{has_unique_items, is_one_of};

    #[test]
    fn items_are_compared_by_what_they_mean() {
        let many = r#""a","b","c","d","e","f","g","h","i""#;
        for twice in
            [r#"1,1.0"#, r#"0,-0"#, r#""\u0061","a""#, r#"{"x":1,"y":2},{ "y":2e0,"x":1 }"#, "[0],[-0.0]", "null,null"]
        {
            assert!(!has_unique_items(format!("[{twice}]").as_bytes()), "{twice}");
            assert!(!has_unique_items(format!("[1234567,{many} , {twice}]").as_bytes()), "{twice}");
        }
        for once in [r#"1,"1",true,[1],{"1":1}"#, "0,false,null,\"\",[],{}", "[1,2],[2,1]", "", "10,1e2,1"] {
            assert!(has_unique_items(format!("[{once}]").as_bytes()), "{once}");
        }
    }

    #[test]
    fn a_listed_value_is_told_however_it_is_written() {
        let forms = [br#"{"a":[1,"x"]}"#.as_slice().into(), b"[]".as_slice().into()];
        for text in [r#"{"a":[1,"x"]}"#, r#"{ "\u0061": [1.0, "x"] }"#, "[ ]"] {
            assert!(is_one_of(&forms, text.as_bytes()), "{text}");
        }
        for text in [r#"{"a":["x",1]}"#, r#"{"a":[1,"x"],"b":1}"#, "[0]", "{}"] {
            assert!(!is_one_of(&forms, text.as_bytes()), "{text}");
        }
    }
}
