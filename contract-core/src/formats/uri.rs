//! `uri`, `uri-reference` (RFC 3986), `iri` and `iri-reference` (RFC 3987).

use std::ops::Range;

use super::network::is_ipv6;

/// `unreserved` and `sub-delims`: what a name of a host may hold.
const NAME: u8 = 1;
const COLON: u8 = 2;
const AT: u8 = 4;
const SLASH: u8 = 8;
const QUESTION: u8 = 16;
/// Bytes of code points beyond ASCII.
const BEYOND: u8 = 32;
const PERCENT: u8 = 64;

const SEGMENT: u8 = NAME | COLON | AT;
const PATH: u8 = SEGMENT | SLASH;
/// Also the fragment.
const QUERY: u8 = PATH | QUESTION;

/// For each byte what it is.
static CLASSES: [u8; 256] = classes();

const fn classes() -> [u8; 256] {
    let mut classes = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = match byte as u8 {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => NAME,
            b'-' | b'.' | b'_' | b'~' | b'!' | b'$' | b'&' | b'\'' | b'(' | b')' | b'*' | b'+' | b',' | b';' | b'=' => {
                NAME
            }
            b':' => COLON,
            b'@' => AT,
            b'/' => SLASH,
            b'?' => QUESTION,
            b'%' => PERCENT,
            0x80.. => BEYOND,
            _ => 0,
        };
        byte += 1;
    }
    classes
}

/// With a scheme.
pub(super) fn is_uri(text: &[u8]) -> bool {
    Reference::read(text, 0).is_some_and(|reference| reference.has_scheme)
}

/// With a scheme, or to be resolved against one.
pub(super) fn is_uri_reference(text: &[u8]) -> bool {
    Reference::read(text, 0).is_some()
}

/// With a scheme; may hold characters beyond ASCII.
pub(super) fn is_iri(text: &str) -> bool {
    international(text).is_some_and(|reference| reference.has_scheme)
}

/// With a scheme, or to be resolved against one; may hold characters beyond ASCII.
pub(super) fn is_iri_reference(text: &str) -> bool {
    international(text).is_some()
}

/// A reference whose characters beyond ASCII are allowed where they stand.
fn international(text: &str) -> Option<Reference> {
    let reference = Reference::read(text.as_bytes(), BEYOND)?;
    let fits = |(at, char): (usize, char)| {
        char.is_ascii() || is_ucs(char) || is_private(char) && reference.query.contains(&at)
    };
    (text.is_ascii() || text.char_indices().all(fits)).then_some(reference)
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
    /// Reads a whole text; `more` are the classes that count as letters.
    fn read(text: &[u8], more: u8) -> Option<Self> {
        let scheme = scheme(text);
        let mut at = scheme.unwrap_or(0);
        if text[at..].starts_with(b"//") {
            at = authority(text, at + 2, more)?;
        } else if scheme.is_none() && text.get(run(text, 0, NAME | AT | more)?) == Some(&b':') {
            // What stands before a colon in the first segment would be a scheme, and is none.
            return None;
        }
        at = run(text, at, PATH | more)?;
        let start = at;
        if text.get(at) == Some(&b'?') {
            at = run(text, at + 1, QUERY | more)?;
        }
        let query = start..at;
        if text.get(at) == Some(&b'#') {
            at = run(text, at + 1, QUERY | more)?;
        }
        (at == text.len()).then_some(Self { has_scheme: scheme.is_some(), query })
    }
}

/// Where the scheme and its colon end.
#[inline]
fn scheme(text: &[u8]) -> Option<usize> {
    let (true, more) = (text.first()?.is_ascii_alphabetic(), &text[1..]) else { return None };
    let is_end = |byte: &u8| !(byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'));
    let end = more.iter().position(is_end)?;
    (more[end] == b':').then_some(end + 2)
}

/// Where a run of these classes ends; `None` when a percent sign in it encodes nothing.
#[inline]
fn run(text: &[u8], mut at: usize, classes: u8) -> Option<usize> {
    while let Some(byte) = text.get(at) {
        let class = CLASSES[usize::from(*byte)];
        if class & classes != 0 {
            at += 1;
        } else if class == PERCENT {
            let [high, low] = text.get(at + 1..at + 3)? else { return None };
            if !(high.is_ascii_hexdigit() && low.is_ascii_hexdigit()) {
                return None;
            }
            at += 3;
        } else {
            break;
        }
    }
    Some(at)
}

/// Where `[ userinfo "@" ] host [ ":" port ]` ends, which is where a path, a query or a fragment begins.
#[inline]
fn authority(text: &[u8], start: usize, more: u8) -> Option<usize> {
    let user = run(text, start, NAME | COLON | more)?;
    let host = if text.get(user) == Some(&b'@') { user + 1 } else { start };
    let end = match text.get(host) {
        Some(b'[') => literal(text, host + 1)?,
        _ => run(text, host, NAME | more)?,
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
    !address.is_empty() && address.iter().all(|byte| CLASSES[usize::from(*byte)] & (NAME | COLON) != 0)
}

#[cfg(test)]
mod tests {
    use super::{is_iri, is_iri_reference};

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
