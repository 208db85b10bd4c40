//! Ids: the first of a work is random, every later one is derived, so that repeated deliveries
//! produce the same messages and duplicates collapse.

use sha2::{Digest, Sha256};
use uuid::{Builder, Uuid};

/// A new work, and its first message: UUIDv7 of the time and ten random bytes.
pub fn first(now_ms: u64, random: [u8; 10]) -> String {
    Builder::from_unix_timestamp_millis(now_ms, &random).into_uuid().to_string()
}

/// The `ordinal`-th message that `parent` causes: UUIDv8 of SHA-256 over the parent's text, a zero
/// byte and the ordinal as four bytes, most significant first.
///
/// Ordinal 0 is the outcome of a message; its calls are 1, 2, ….
pub fn derived(parent: &str, ordinal: u32) -> String {
    let mut sha = Sha256::new();
    sha.update(parent.as_bytes());
    sha.update([0]);
    sha.update(ordinal.to_be_bytes());
    let digest: [u8; 32] = sha.finalize().into();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    Builder::from_custom_bytes(bytes).into_uuid().to_string()
}

/// Whether the text is a UUID as this module prints it. Ids become keys of stores, so nothing else may pass.
pub(super) fn is_id(text: &str) -> bool {
    let plain = text.len() == 36 && !text.bytes().any(|byte| byte.is_ascii_uppercase());
    plain && Uuid::try_parse(text).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_derived_id_depends_on_parent_and_ordinal_only() {
        let work = first(1_763_689_322_004, [7; 10]);
        assert_eq!(derived(&work, 0), derived(&work, 0));
        assert_ne!(derived(&work, 0), derived(&work, 1));
        assert_ne!(derived(&work, 0), derived(&first(1_763_689_322_005, [7; 10]), 0));
    }

    #[test]
    fn ids_carry_their_version() {
        assert_eq!(first(0, [0; 10]).as_bytes()[14], b'7');
        assert_eq!(derived("x", 0).as_bytes()[14], b'8');
    }

    #[test]
    fn nothing_that_could_leave_a_folder_is_an_id() {
        assert!(is_id(&first(0, [255; 10])));
        for text in ["", "../../../../../../../../etc/passwd/..", "0198C0A4-0000-7000-8000-000000000000", "{x}"] {
            assert!(!is_id(text), "{text}");
        }
    }
}
