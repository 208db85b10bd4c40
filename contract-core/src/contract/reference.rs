//! `$ref` inside one contract: a fragment that is a JSON Pointer.

use crate::{Pointer, percent};

/// Where a `$ref` of this contract leads; `None` when it leads outside or is no pointer.
pub fn target_of(reference: &str) -> Option<Pointer> {
    percent::decoded(reference.strip_prefix('#')?)?.parse().ok()
}

/// The `$ref` that leads to `at`.
pub(crate) fn to(at: &Pointer) -> String {
    let mut reference = String::from("#");
    for byte in at.as_str().bytes() {
        let plain = byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/?".contains(&byte);
        if plain { reference.push(char::from(byte)) } else { reference.push_str(&format!("%{byte:02X}")) }
    }
    reference
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_reads_back_where_it_leads() {
        let at = Pointer::root().key("$defs").key("a b/ü%").key("properties").key("^x");
        assert_eq!(target_of(&to(&at)), Some(at));
    }

    #[test]
    fn what_leads_outside_has_no_target() {
        for reference in ["other.json", "https://example.com/a#/b", "#anchor", "#/%zz", ""] {
            assert_eq!(target_of(reference), None, "{reference}");
        }
    }
}
