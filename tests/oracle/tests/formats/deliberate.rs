//! Where our verdict on a format differs from that of the `jsonschema` crate, and why.

use std::sync::LazyLock;

use jsonschema::Validator;
use peer_contract_core::Value;
use serde_json::json;

/// A class of texts with another verdict.
pub struct Deliberate {
    formats: &'static [&'static str],
    /// Our verdict.
    ours: bool,
    is_met: fn(&str) -> bool,
    /// What says so.
    pub why: &'static str,
}

impl Deliberate {
    /// Whether the verdict on this text is one of the class.
    pub fn explains(&self, format: &str, text: &str, ours: bool) -> bool {
        self.ours == ours && self.formats.contains(&format) && (self.is_met)(text)
    }
}

/// All of them.
pub const DELIBERATE: &[Deliberate] = &[
    Deliberate {
        formats: &["date", "date-time", "time"],
        ours: false,
        is_met: |text| text.contains(['*', '+', ',', '-', '.', '/']),
        why: "RFC 3339: a digit is a digit; the crate takes the six signs before `0` for some",
    },
    Deliberate {
        formats: &["email", "idn-email"],
        ours: false,
        is_met: |text| text.contains('<') && text.contains('>'),
        why: "RFC 5321, 4.1.2: a mailbox has no name to display before it",
    },
    Deliberate {
        formats: &["email", "idn-email"],
        ours: false,
        is_met: |text| text.starts_with('"') && text.contains(|char: char| char.is_ascii_control()),
        why: "RFC 5321, 4.1.2: what stands in quotes is printable",
    },
    Deliberate {
        formats: &["idn-email"],
        ours: false,
        is_met: |text| text.split('\\').skip(1).any(|behind| !behind.starts_with(|char: char| char.is_ascii())),
        why: "RFC 6531, 3.3, adds letters to those in quotes, not to those behind a backslash",
    },
    Deliberate {
        formats: &["email", "idn-email"],
        ours: true,
        is_met: |text| text.starts_with('"') && (text.contains("\\ ") || text.contains('<')),
        why: "RFC 5321, 4.1.2: in quotes stand any printable signs, behind a backslash also a space",
    },
    Deliberate {
        formats: &["hostname", "email", "idn-hostname", "idn-email"],
        ours: false,
        is_met: |text| has_jamo(domain(text)),
        why: "RFC 5892, 2.9: no label holds the jamo of old Hangul",
    },
    Deliberate {
        formats: &["hostname", "email"],
        ours: false,
        is_met: |text| !is_idn_hostname(domain(text)),
        why: "RFC 5891, 5.4: an A-label stands for a label; the crate asks that of `idn-hostname` only",
    },
    Deliberate {
        formats: &["idn-hostname", "idn-email"],
        ours: false,
        is_met: |text| is_mapped(domain(text)),
        why: "RFC 5891, 4.2 and 5.3: labels are in NFC and hold no capitals or compatibility characters; \
              the crate maps by UTS 46 first",
    },
    Deliberate {
        formats: &["hostname", "email", "idn-hostname", "idn-email"],
        ours: true,
        is_met: |text| idna::domain_to_unicode(domain(text)).0.contains(is_newer),
        why: "Unicode 17 and 18: the crate has the letters of 16",
    },
    Deliberate {
        formats: &["idn-hostname", "idn-email"],
        ours: true,
        is_met: |text| text.contains('\u{30fb}') && text.contains('\u{3007}'),
        why: "RFC 5892, A.7: the zero is of the script Han, too",
    },
    Deliberate {
        formats: &["uri-template"],
        ours: false,
        is_met: |text| !text.is_ascii(),
        why: "RFC 6570, 1.5: a literal beyond ASCII is an `ucschar` or `iprivate`; the crate takes any",
    },
    Deliberate {
        formats: &["relative-json-pointer"],
        ours: true,
        is_met: |text| text.contains(['+', '-']),
        why: "draft-bhutton-relative-json-pointer-00, 3: an index may be added or taken off",
    },
];

/// Behind the `@` of an address, or all of it.
fn domain(text: &str) -> &str {
    text.rsplit_once('@').map_or(text, |(_, domain)| domain)
}

fn is_idn_hostname(text: &str) -> bool {
    static REFERENCE: LazyLock<Validator> = LazyLock::new(|| {
        let options = jsonschema::options().should_validate_formats(true);
        options.build(&json!({ "format": "idn-hostname" })).expect("the schema is right")
    });
    REFERENCE.is_valid(&Value::from(text))
}

/// Whether UTS 46 would make another text of it.
fn is_mapped(text: &str) -> bool {
    let is_mapped = |label: &str| !label.is_ascii() && idna::domain_to_unicode(label).0 != label;
    text.split(['.', '\u{3002}', '\u{ff0e}', '\u{ff61}']).any(is_mapped)
}

/// Whether letters of old Hangul hide behind Punycode.
fn has_jamo(text: &str) -> bool {
    idna::domain_to_unicode(text).0.contains(|char| matches!(char, '\u{1100}'..='\u{11ff}'))
}

/// In CJK Extension J, Seal, and behind the marks that Combining Diacritical Marks Extended had.
fn is_newer(char: char) -> bool {
    matches!(char, '\u{1acf}'..='\u{1aff}' | '\u{323b0}'..='\u{3347f}' | '\u{3d000}'..='\u{3fcff}')
}
