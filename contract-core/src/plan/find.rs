//! Finding parts of a JSON text without reading all of it.
//!
//! The text need not be valid: what is found in one that is not is of no use, but nothing breaks.

use std::borrow::Cow;
use std::ops::Range;

use super::node::Tagged;
use super::token::{No, Token, Tokens};

/// The text of the member `key` of the object that `text` begins with.
pub fn member<'a>(text: &'a [u8], key: &str) -> Option<&'a [u8]> {
    member_of(text, key.as_bytes())
}

/// The text of the value that `text` begins with.
pub fn value_span(text: &[u8]) -> &[u8] {
    let mut tokens = Tokens::new(text);
    match skip(&mut tokens) {
        Ok(()) => &text[..tokens.at],
        Err(No) => text,
    }
}

/// The members of the object that `text` begins with: keys without their escapes, and where the values lie.
pub(crate) fn members(text: &[u8]) -> impl Iterator<Item = (Cow<'_, [u8]>, Range<usize>)> {
    let mut tokens = Tokens::new(text);
    tokens.space();
    let mut open = tokens.expect(b'{').is_ok();
    std::iter::from_fn(move || {
        tokens.space();
        if !open || tokens.peek() == b'}' {
            return None;
        }
        let key = tokens.string().ok()?.unescaped();
        tokens.space();
        tokens.expect(b':').ok()?;
        tokens.space();
        let start = tokens.at;
        skip(&mut tokens).ok()?;
        let value = start..tokens.at;
        tokens.space();
        open = tokens.expect(b',').is_ok();
        Some((key, value))
    })
}

/// The string that `text` is, without its escapes.
pub(crate) fn string(text: &[u8]) -> Option<Cow<'_, [u8]>> {
    Tokens::new(text).string().ok().map(|text| text.unescaped())
}

pub(super) fn member_of<'a>(text: &'a [u8], key: &[u8]) -> Option<&'a [u8]> {
    let mut tokens = Tokens::new(text);
    go_to(&mut tokens, key).ok()?;
    let start = tokens.at;
    skip(&mut tokens).ok()?;
    Some(&text[start..tokens.at])
}

/// The alternative that the tag of the object here names.
pub(super) fn tag(tokens: &Tokens<'_>, tagged: &Tagged) -> Option<usize> {
    let mut tokens = *tokens;
    go_to(&mut tokens, &tagged.key).ok()?;
    let tag = tokens.string().ok()?;
    tagged.alternative(&tag.unescaped())
}

/// Where the items of the array that `text` begins with lie; nothing for anything else.
pub(crate) fn items(text: &[u8]) -> impl Iterator<Item = Range<usize>> {
    let mut tokens = Tokens::new(text);
    let mut open = tokens.expect(b'[').is_ok();
    std::iter::from_fn(move || {
        tokens.space();
        if !open || tokens.peek() == b']' {
            return None;
        }
        let start = tokens.at;
        skip(&mut tokens).ok()?;
        let item = start..tokens.at;
        tokens.space();
        open = tokens.expect(b',').is_ok();
        Some(item)
    })
}

/// To the first byte of the value of a member.
fn go_to(tokens: &mut Tokens<'_>, key: &[u8]) -> Token<()> {
    tokens.expect(b'{')?;
    loop {
        tokens.space();
        let found = tokens.string()?.unescaped();
        tokens.space();
        tokens.expect(b':')?;
        tokens.space();
        if *found == *key {
            return Ok(());
        }
        skip(tokens)?;
        tokens.space();
        tokens.expect(b',')?;
    }
}

/// Over one value.
fn skip(tokens: &mut Tokens<'_>) -> Token<()> {
    let mut open = 0usize;
    loop {
        match tokens.peek() {
            b'"' => {
                tokens.string()?;
                if open == 0 {
                    return Ok(());
                }
                continue;
            }
            b'{' | b'[' => open += 1,
            b'}' | b']' => {
                open = open.checked_sub(1).ok_or(No)?;
                if open == 0 {
                    tokens.bump();
                    return Ok(());
                }
            }
            0 => return Err(No),
            _ if open == 0 => return scalar(tokens),
            _ => {}
        }
        tokens.bump();
    }
}

fn scalar(tokens: &mut Tokens<'_>) -> Token<()> {
    let start = tokens.at;
    while matches!(tokens.peek(), b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'+' | b'-' | b'.') {
        tokens.bump();
    }
    if tokens.at > start { Ok(()) } else { Err(No) }
}
