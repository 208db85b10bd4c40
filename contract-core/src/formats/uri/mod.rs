//! `uri`, `uri-reference` (RFC 3986), `iri` and `iri-reference` (RFC 3987).

mod common;

use std::ops::Range;

use super::bytes::{ASCII, INTERNATIONAL, Set, Table, run};
use super::network::is_ipv6;

/// With a scheme.
pub(super) fn is_uri(text: &[u8]) -> bool {
    has_scheme(text) == Some(true)
}

/// With a scheme, or to be resolved against one.
pub(super) fn is_uri_reference(text: &[u8]) -> bool {
    has_scheme(text).is_some()
}

/// With a scheme; may hold characters beyond ASCII.
pub(super) fn is_iri(text: &str) -> bool {
    if text.is_ascii() {
        return is_uri(text.as_bytes());
    }
    international(text).is_some_and(|reference| reference.has_scheme)
}

/// With a scheme, or to be resolved against one; may hold characters beyond ASCII.
pub(super) fn is_iri_reference(text: &str) -> bool {
    if text.is_ascii() {
        return is_uri_reference(text.as_bytes());
    }
    international(text).is_some()
}

/// Whether a reference has a scheme; `None` for what is no reference.
fn has_scheme(text: &[u8]) -> Option<bool> {
    common::has_scheme(text).or_else(|| Some(Reference::read(text, &ASCII)?.has_scheme))
}

/// A reference whose characters beyond ASCII are allowed where they stand.
fn international(text: &str) -> Option<Reference> {
    let reference = Reference::read(text.as_bytes(), &INTERNATIONAL)?;
    let fits = |(at, char): (usize, char)| {
        char.is_ascii() || is_ucs(char) || is_private(char) && reference.query.contains(&at)
    };
    text.char_indices().all(fits).then_some(reference)
}

/// `ucschar` of RFC 3987.
pub(super) fn is_ucs(char: char) -> bool {
    match char {
        '\u{a0}'..='\u{d7ff}' | '\u{f900}'..='\u{fdcf}' | '\u{fdf0}'..='\u{ffef}' => true,
        '\u{e0000}'..='\u{e0fff}' => false,
        // The last two code points of each plane are none.
        '\u{10000}'..='\u{effff}' => u32::from(char) & 0xffff < 0xfffe,
        _ => false,
    }
}

/// `iprivate` of RFC 3987, which only a query may hold.
pub(super) fn is_private(char: char) -> bool {
    match char {
        '\u{e000}'..='\u{f8ff}' => true,
        '\u{f0000}'.. => u32::from(char) & 0xffff < 0xfffe,
        _ => false,
    }
}

/// What is known of a reference once it is read.
struct Reference {
    has_scheme: bool,
    query: Range<usize>,
}

impl Reference {
    /// Reads a whole text; the table says what may stand where.
    fn read(text: &[u8], table: &Table) -> Option<Self> {
        let scheme = scheme(text);
        let mut at = scheme.unwrap_or(0);
        if text[at..].starts_with(b"//") {
            at = authority(text, at + 2, table)?;
        } else if scheme.is_none() && text.get(encoded(text, 0, Set::PLAIN_SEGMENT, table)?) == Some(&b':') {
            // What stands before a colon in the first segment would be a scheme, and is none.
            return None;
        }
        at = encoded(text, at, Set::PATH, table)?;
        let start = at;
        if text.get(at) == Some(&b'?') {
            at = encoded(text, at + 1, Set::QUERY, table)?;
        }
        let query = start..at;
        if text.get(at) == Some(&b'#') {
            at = encoded(text, at + 1, Set::QUERY, table)?;
        }
        (at == text.len()).then_some(Self { has_scheme: scheme.is_some(), query })
    }
}

/// Where the scheme and its colon end.
#[inline]
fn scheme(text: &[u8]) -> Option<usize> {
    if !text.first()?.is_ascii_alphabetic() {
        return None;
    }
    let end = run(text, 1, Set::SCHEME, &ASCII);
    (text.get(end) == Some(&b':')).then_some(end + 1)
}

/// Where a run of a set with percent-encodings in it ends; `None` when a percent sign encodes nothing.
#[inline]
fn encoded(text: &[u8], at: usize, set: Set, table: &Table) -> Option<usize> {
    let mut end = run(text, at, set, table);
    while text.get(end) == Some(&b'%') {
        let [high, low] = text.get(end + 1..end + 3)? else { return None };
        if !(high.is_ascii_hexdigit() && low.is_ascii_hexdigit()) {
            return None;
        }
        end = run(text, end + 3, set, table);
    }
    Some(end)
}

/// Where `[ userinfo "@" ] host [ ":" port ]` ends, which is where a path, a query or a fragment begins.
#[inline]
fn authority(text: &[u8], start: usize, table: &Table) -> Option<usize> {
    let user = encoded(text, start, Set::USER, table)?;
    let host = if text.get(user) == Some(&b'@') { user + 1 } else { start };
    let end = match text.get(host) {
        Some(b'[') => literal(text, host + 1)?,
        _ => encoded(text, host, Set::NAME, table)?,
    };
    match text.get(end) {
        Some(b':') => {
            let digits = text[end + 1..].iter().take_while(|byte| byte.is_ascii_digit()).count();
            is_boundary(text.get(end + 1 + digits)).then_some(end + 1 + digits)
        }
        next => is_boundary(next).then_some(end),
    }
}

fn is_boundary(byte: Option<&u8>) -> bool {
    matches!(byte, None | Some(b'/' | b'?' | b'#'))
}

/// Where an address in brackets ends.
fn literal(text: &[u8], start: usize) -> Option<usize> {
    let length = text[start..].iter().position(|byte| *byte == b']')?;
    let address = &text[start..start + length];
    let is_address = std::str::from_utf8(address).is_ok_and(is_ipv6) || is_future(address);
    is_address.then_some(start + length + 1)
}

/// `IPvFuture`: a version in hex digits, and an address that nobody can read yet.
fn is_future(text: &[u8]) -> bool {
    let [b'v' | b'V', rest @ ..] = text else { return false };
    let version = rest.iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
    let (true, [b'.', address @ ..]) = (version > 0, &rest[version..]) else { return false };
    !address.is_empty() && run(address, 0, Set::USER, &ASCII) == address.len()
}

#[cfg(test)]
mod tests {
    use super::{ASCII, Reference, common, is_iri, is_iri_reference};

    fn is_uri(text: &str) -> bool {
        super::is_uri(text.as_bytes())
    }

    fn is_uri_reference(text: &str) -> bool {
        super::is_uri_reference(text.as_bytes())
    }

    #[test]
    fn a_uri_has_a_scheme() {
        for text in
            ["a:", "a:b", "a+1-2.3:/b", "http://", "http://a", "file:///x", "urn:a:b", "a:?#", "a:#/?", "mailto:a@b"]
        {
            assert!(is_uri(text) && is_uri_reference(text), "{text}");
        }
        for text in ["", "/", "//a", "b", "?a", "#a", "a/b:c", "./a:b", ";a", "a@b/c:d"] {
            assert!(!is_uri(text) && is_uri_reference(text), "{text}");
        }
        for text in
            [":", "1:", "a,b:c", "%41:", "a%zz", "%4", "a b", "a:\\", "[", "a:[b]", "a:b#c#d", "é", "a:é", "a:\n"]
        {
            assert!(!is_uri_reference(text), "{text}");
        }
    }

    #[test]
    fn what_is_told_quickly_is_what_is_read() {
        for good in ["ab+c://d.e:8/f?g/h#i/j", "//a/b?c", "/a//b", "a:b", "?a#b"] {
            for at in 0..good.len() {
                for byte in 0..128 {
                    let mut text = good.as_bytes().to_vec();
                    text[at] = byte;
                    let read = Reference::read(&text, &ASCII).map(|reference| reference.has_scheme);
                    let quick = common::has_scheme(&text);
                    assert!(quick.is_none() || quick == read, "{}", text.escape_ascii());
                }
            }
        }
    }

    #[test]
    fn an_authority_is_user_host_and_port() {
        for text in [
            "//u:p@h:1",
            "//@h",
            "//:",
            "//h:",
            "//u@:8/",
            "//[::1]:2",
            "//u@[v1f.a:b]",
            "//%41",
            "//1.2.3.4?a",
            "//h#",
            "//:@:",
        ] {
            assert!(is_uri_reference(text), "{text}");
        }
        for text in [
            "//a@b@c",
            "//h:a",
            "//h:1:2",
            "//[::1",
            "//[::1]a",
            "//[v1.]",
            "//[v.a]",
            "//[::g]",
            "//[1.2.3.4]",
            "//h:1@",
            "//[é]",
        ] {
            let is_user = text == "//h:1@";
            assert_eq!(is_uri_reference(text), is_user, "{text}");
        }
    }

    #[test]
    fn an_iri_holds_more_and_its_query_most() {
        for text in ["http://ƒøø.ßår/∂é?πîx#ü", "a:?\u{e000}", "a:/\u{e1000}"] {
            assert!(is_iri(text) && !is_uri(text), "{text}");
        }
        for text in
            ["a:\u{e000}", "a:#\u{e000}", "a:\u{80}", "a:\u{fdd0}", "a:\u{1fffe}", "a:\u{e0001}", "a:\u{fffd}", "é:b"]
        {
            assert!(!is_iri(text), "{text:?}");
        }
        assert!(is_iri_reference("é/b:c") && !is_iri_reference("é:b"));
    }
}
