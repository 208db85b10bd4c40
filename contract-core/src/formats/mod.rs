//! Every string format that a schema may assert, checked on the text itself.
//!
//! ```text
//! schema ─compile→ check(name) ─pass→ is this text of the format?
//! ```
//!
//! The RFCs decide, and JSON-Schema-Test-Suite where it says more. All checks take linear time, and any text.

mod automaton;
mod bytes;
mod dates;
mod duration;
mod email;
mod hostname;
mod int64;
mod network;
mod pointers;
mod regex;
mod template;
mod uri;
mod uuid;

/// Whether a text is of a format. The bytes are UTF-8, as all are that a pass begins with.
pub(crate) type Check = fn(&[u8]) -> bool;

/// Every format that is asserted, by name. Any other is refused, for it would be dropped in silence.
const ALL: &[(&str, Check)] = &[
    ("date", dates::is_date),
    ("date-time", dates::is_date_time),
    ("duration", duration::is_duration),
    ("email", email::is_email),
    ("hostname", hostname::is_hostname),
    ("idn-email", |text| is(text, email::is_idn_email)),
    ("idn-hostname", |text| is(text, hostname::is_idn_hostname)),
    ("int64", int64::is_int64),
    ("ipv4", |text| is(text, network::is_ipv4)),
    ("ipv6", |text| is(text, network::is_ipv6)),
    ("iri", |text| is(text, uri::is_iri)),
    ("iri-reference", |text| is(text, uri::is_iri_reference)),
    ("json-pointer", pointers::is_pointer),
    ("regex", |text| is(text, regex::is_regex)),
    ("relative-json-pointer", pointers::is_relative_pointer),
    ("time", dates::is_time),
    ("uri", uri::is_uri),
    ("uri-reference", uri::is_uri_reference),
    ("uri-template", |text| is(text, template::is_template)),
    ("uuid", uuid::is_uuid),
];

/// For the checks that look at more than bytes.
fn is(text: &[u8], check: impl Fn(&str) -> bool) -> bool {
    std::str::from_utf8(text).is_ok_and(check)
}

/// All formats, in the order of their names.
pub(crate) fn all() -> impl Iterator<Item = (&'static str, Check)> {
    ALL.iter().copied()
}

/// The names of all formats, in order.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    all().map(|(name, _)| name)
}

/// The check of a format; `None` when there is no such format.
pub(crate) fn check(name: &str) -> Option<Check> {
    all().find(|(known, _)| *known == name).map(|(_, check)| check)
}

#[cfg(test)]
mod tests {
    use super::{all, names};

    #[test]
    fn no_check_panics_on_any_cut_of_any_text() {
        let texts = [
            "2026-11-21T04:05:06.7+01:30",
            "P1Y2M3DT4H5M6S",
            "\"a\\b ü\"@[IPv6:::1]",
            "xn--bcher-kva.実例。xn--",
            "a://b:c@[v1.x]:8/%41?é#\u{e000}{/a*,b:12}",
            "/~0~1/é",
            "12+34/~",
            "(?<a>\\u{1F600}[\\p{L=x}-]{1,2})\\k<a>(?=",
            "-9223372036854775808",
            "l·l\u{200d}ः٠۰",
        ];
        for text in texts {
            for start in 0..=text.len() {
                for end in start..=text.len() {
                    let Some(cut) = text.get(start..end) else { continue };
                    for (_, check) in all() {
                        check(cut.as_bytes());
                    }
                }
            }
        }
    }

    #[test]
    fn names_stand_in_order() {
        assert!(names().is_sorted());
    }
}
