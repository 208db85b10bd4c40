//! `email` (a mailbox of RFC 5321) and `idn-email` (RFC 6531).

use super::bytes::{ASCII, Set, run};
use super::hostname::{common, is_hostname, is_idn_hostname};
use super::network::{is_ipv4, is_ipv6};

/// Bytes before the `@`.
const LONGEST_LOCAL_PART: usize = 64;

/// In ASCII.
pub(super) fn is_email(text: &[u8]) -> bool {
    let is_mailbox = |(local, domain): (&[u8], &[u8])| local.is_ascii() && is_domain(domain, is_hostname);
    common::is_email(text) || split(text).is_some_and(is_mailbox)
}

/// Either part may hold characters beyond ASCII.
pub(super) fn is_idn_email(text: &str) -> bool {
    let is_name = |domain: &[u8]| std::str::from_utf8(domain).is_ok_and(is_idn_hostname);
    split(text.as_bytes()).is_some_and(|(_, domain)| is_domain(domain, is_name))
}

/// The local part, which is right but for its letters, and the domain.
fn split(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = if text.first() == Some(&b'"') { quoted(text)? } else { dotted(text)? };
    let (true, Some(b'@')) = (end <= LONGEST_LOCAL_PART, text.get(end)) else { return None };
    Some((&text[..end], &text[end + 1..]))
}

/// Where a string in quotes ends.
fn quoted(text: &[u8]) -> Option<usize> {
    let mut at = 1;
    loop {
        at += match text.get(at)? {
            b'"' => return Some(at + 1),
            b'\\' if matches!(text.get(at + 1)?, b' '..=b'~') => 2,
            b'\\' | ..b' ' | 0x7f => return None,
            _ => 1,
        }
    }
}

/// Where words with single dots between them end.
fn dotted(text: &[u8]) -> Option<usize> {
    let mut start = 0;
    loop {
        let end = run(text, start, Set::ATOM, &ASCII);
        match text.get(end) {
            _ if end == start => return None,
            Some(b'.') => start = end + 1,
            _ => return Some(end),
        }
    }
}

/// A name, or an address in brackets.
fn is_domain(text: &[u8], is_name: impl Fn(&[u8]) -> bool) -> bool {
    let Some(address) = text.strip_prefix(b"[") else { return is_name(text) };
    let address = address.strip_suffix(b"]").and_then(|address| std::str::from_utf8(address).ok());
    let Some(address) = address else { return false };
    match address.split_at_checked(5) {
        Some((tag, address)) if tag.eq_ignore_ascii_case("IPv6:") => is_ipv6(address),
        _ => is_ipv4(address),
    }
}

#[cfg(test)]
mod tests {
    use super::is_idn_email;

    fn is_email(text: &str) -> bool {
        super::is_email(text.as_bytes())
    }

    #[test]
    fn a_mailbox_has_a_local_part_and_a_domain() {
        for text in
            ["a@b", "a.b+c@d.example", "\"\"@b", "\" \\\"@\"@b", "a@[1.2.3.4]", "a@[ipv6:::1]", "!#$%&'*+-/=?^_`{|}~@b"]
        {
            assert!(is_email(text) && is_idn_email(text), "{text}");
        }
        for text in
            ["", "a", "@", "a@", "@b", ".a@b", "a.@b", "a..b@c", "a b@c", "a@b_c", "a@b.", "a@@b", "\"a@b", "\"a\"b@c"]
        {
            assert!(!is_email(text) && !is_idn_email(text), "{text}");
        }
        for text in
            ["N <a@b>", "<a@b>", "a@[::1]", "a@[1.2.3]", "a@[1.2.3.4", "\"\\\n\"@b", "\"\n\"@b", "(c)a@b", "a@b "]
        {
            assert!(!is_email(text) && !is_idn_email(text), "{text:?}");
        }
    }

    #[test]
    fn letters_beyond_ascii_are_international() {
        for text in ["ü@b", "a@bücher.example", "\"ü\"@b", "실례@실례.테스트"] {
            assert!(!is_email(text) && is_idn_email(text), "{text}");
        }
    }

    #[test]
    fn a_local_part_ends_at_64_bytes() {
        assert!(is_email(&format!("{}@b", "a".repeat(64))));
        assert!(!is_email(&format!("{}@b", "a".repeat(65))));
        assert!(!is_idn_email(&format!("{}@b", "ü".repeat(33))));
    }
}
