//! `hostname` (RFC 1123, labels of IDNA2008 in their ASCII form) and `idn-hostname` (RFC 5890 to 5893).
//!
//! ```text
//! name ─split→ labels ─┬ ASCII   → letters, digits, hyphens ─ `xn--` ─decode→ ┐
//!                      └ Unicode → points ──────────────────────────────────┴→ rules of IDNA2008
//! ```
//!
//! Nothing is mapped: capitals beyond ASCII or full-width letters are refused, as RFC 5891 says of labels to register.

mod bidi;
pub(super) mod common;
mod composed;
mod context;
mod label;
mod punycode;
mod tables;
mod traits;

use label::Label;

/// Octets of a whole name in its ASCII form, dots between labels included.
const LONGEST: usize = 253;

/// In ASCII.
pub(super) fn is_hostname(text: &[u8]) -> bool {
    common::is_hostname(text) || is_name(text.split(|byte| *byte == b'.').map(Label::of_ascii))
}

/// May hold letters beyond ASCII, and the full stops of East Asia between labels.
pub(super) fn is_idn_hostname(text: &str) -> bool {
    if text.is_ascii() {
        return is_hostname(text.as_bytes());
    }
    is_name(text.split(['.', '\u{3002}', '\u{ff0e}', '\u{ff61}']).map(|label| match label.is_ascii() {
        true => Label::of_ascii(label.as_bytes()),
        false => Label::of_unicode(label),
    }))
}

/// Whether all labels are labels, and together a name.
fn is_name(labels: impl Iterator<Item = Option<Label>>) -> bool {
    let (mut octets, mut right_to_left, mut ordered) = (0, false, true);
    for label in labels {
        let Some(label) = label else { return false };
        // There is one dot less than labels.
        octets += 1 + label.octets;
        if octets - 1 > LONGEST {
            return false;
        }
        right_to_left |= label.right_to_left;
        ordered &= label.ordered;
    }
    // Only names with some text from right to left must keep the order of text.
    ordered || !right_to_left
}

#[cfg(test)]
mod tests {
    use super::is_idn_hostname;

    fn is_hostname(text: &str) -> bool {
        super::is_hostname(text.as_bytes())
    }

    #[test]
    fn a_name_is_labels_of_letters_digits_and_inner_hyphens() {
        let long = format!("{}.b", "a".repeat(63));
        for text in ["a", "A.b-C.9", "1.2.3.4", "a--b", long.as_str()] {
            assert!(is_hostname(text) && is_idn_hostname(text), "{text}");
        }
        let too_long = "a".repeat(64);
        for text in ["", ".", "a.", ".a", "a..b", "-a", "a-", "a_b", "a b", "ab--c", "a\n", too_long.as_str()] {
            assert!(!is_hostname(text) && !is_idn_hostname(text), "{text}");
        }
        assert!(!is_hostname("ü") && !is_hostname("a。b"));
    }

    #[test]
    fn a_name_ends_at_253_octets() {
        let labels = |last: usize| format!("{0}.{0}.{0}.{1}", "a".repeat(63), "a".repeat(last));
        assert!(is_hostname(&labels(61)));
        assert!(!is_hostname(&labels(62)));
    }

    #[test]
    fn a_label_in_punycode_stands_for_a_label() {
        for text in ["xn--bcher-kva", "XN--Bcher-KVA", "xn--4gbwdl.xn--wgbh1c", "xn--ihqwcrb4cv8a8dqg056pqjye"] {
            assert!(is_hostname(text) && is_idn_hostname(text), "{text}");
        }
        // No code, only ASCII, a bad digit, overflow, hyphens at 3 and 4, a capital, a mark in front.
        let wrong = [
            "xn--",
            "xn--abc-",
            "xn--X",
            "xn--a-é",
            "xn--99999999999",
            "XN--aa---o47jg78q",
            "xn--bcher-2pa",
            "xn--hello-5ed",
        ];
        for text in wrong {
            assert!(!is_hostname(text) && !is_idn_hostname(text), "{text}");
        }
    }

    #[test]
    fn letters_are_as_their_tables_say() {
        for text in ["bücher", "ßς་〇", "l·l", "α͵β", "א׳ב", "・ァ", "क्‍ष", "بي‌بي", "example。中文", "실례.테스트"]
        {
            assert!(is_idn_hostname(text), "{text}");
        }
        for text in
            ["Bücher", "Ä", "ａ", "a·l", "α͵s", "a׳", "a・", "क‍ष", "ـߺ", "☃", "\u{378}", "ü。", "bü--x", "\u{301}a"]
        {
            assert!(!is_idn_hostname(text), "{text}");
        }
    }

    #[test]
    fn text_is_composed() {
        for (composed, apart) in [("é", "e\u{301}"), ("ạ\u{308}", "ä\u{323}"), ("ཀ\u{f71}\u{f72}", "ཀ\u{f72}\u{f71}")]
        {
            assert!(is_idn_hostname(composed), "{composed}");
            assert!(!is_idn_hostname(apart), "{apart}");
        }
    }

    #[test]
    fn a_name_from_right_to_left_keeps_its_order() {
        for text in ["אב1", "אב.a1", "ب٠", "אב\u{5b0}"] {
            assert!(is_idn_hostname(text), "{text}");
        }
        for text in ["1אב", "אa", "אב.1a", "a1.אב.1", "ب٠1", "א-"] {
            assert!(!is_idn_hostname(text), "{text}");
        }
        assert!(is_idn_hostname("1a.ü"), "no text from right to left, no order");
    }

    #[test]
    fn a_label_ends_at_63_octets_of_its_ascii_form() {
        assert!(is_idn_hostname(&format!("{}é", "a".repeat(55))));
        assert!(!is_idn_hostname(&format!("{}é", "a".repeat(56))));
        assert!(!is_idn_hostname(&"é".repeat(10_000)));
    }
}
