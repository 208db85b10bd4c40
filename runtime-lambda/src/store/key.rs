//! Names of things in a store.

use std::fmt;

use peer_contract_core::{ErrorCode, Pointer, Problem};

/// A name in a store: segments of `[a-z0-9_.-]` with `/` between them, none of which begins with a dot.
///
/// A name that is a `Key` cannot leave the folder or the prefix it is used under.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key(String);

/// Characters of a whole key: what S3 allows, and far below what a file system does.
const LONGEST: usize = 512;

impl Key {
    /// Checks a name.
    ///
    /// # Errors
    /// `reference_invalid` for a name that could mean something else to a file system.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let legal = text.len() <= LONGEST && text.split('/').all(is_segment);
        if legal { Ok(Self(text.to_owned())) } else { Err(refused()) }
    }

    /// `contract/<hex>`: the canonical text of a contract.
    pub fn contract(hash: &peer_contract_core::ContractHash) -> Self {
        let text = hash.to_string();
        Self(format!("contract/{}", text.trim_start_matches("sha256:")))
    }

    /// `config/<hex>`: the canonical text of an agent's configuration.
    pub fn config(hash: &peer_contract_core::ConfigHash) -> Self {
        let text = hash.to_string();
        Self(format!("config/{}", text.trim_start_matches("sha256:")))
    }

    /// `work/<work>/claim/<message>`.
    ///
    /// # Errors
    /// As [`Key::parse`].
    pub fn claim(work: &str, message: &str) -> Result<Self, Problem> {
        Self::parse(&format!("work/{work}/claim/{message}"))
    }

    /// `work/<work>/outcome/<message>`.
    ///
    /// # Errors
    /// As [`Key::parse`].
    pub fn outcome(work: &str, message: &str) -> Result<Self, Problem> {
        Self::parse(&format!("work/{work}/outcome/{message}"))
    }

    /// `work/<id>/request`: which message is the request with this id.
    ///
    /// # Errors
    /// As [`Key::parse`].
    pub fn request(id: &str) -> Result<Self, Problem> {
        Self::parse(&format!("work/{id}/request"))
    }

    /// `work/<work>/group/<group>`: how far a fan-out is.
    ///
    /// # Errors
    /// As [`Key::parse`].
    pub fn group(work: &str, group: &str) -> Result<Self, Problem> {
        Self::parse(&format!("work/{work}/group/{group}"))
    }

    /// `work/<work>/result`: the reply that ended the work.
    ///
    /// # Errors
    /// As [`Key::parse`].
    pub fn result(work: &str) -> Result<Self, Problem> {
        Self::parse(&format!("work/{work}/result"))
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_segment(segment: &str) -> bool {
    let allowed = |c: u8| matches!(c, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'.' | b'-');
    !segment.is_empty() && segment.len() <= 128 && !segment.starts_with('.') && segment.bytes().all(allowed)
}

fn refused() -> Problem {
    let message = "a key of a store is made of `[a-z0-9_.-]` and `/`, and no part of it begins with a dot";
    Problem::new(ErrorCode::ReferenceInvalid, Pointer::root(), message)
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_cannot_leave_its_folder() {
        for text in ["", "/", "a/", "/a", "a//b", "..", "a/../b", ".hidden", "a/.b", "A", "a\\b", "a\0", "a b", "ä"] {
            assert!(Key::parse(text).is_err(), "{text:?}");
        }
        assert!(Key::parse(&"a".repeat(129)).is_err());
        assert!(Key::parse(&"a/".repeat(300)).is_err());
    }

    #[test]
    fn the_keys_of_a_work_are_keys() {
        let work = "019a3b5c-0000-7000-8000-000000000000";
        assert_eq!(Key::claim(work, work).unwrap().as_str(), format!("work/{work}/claim/{work}"));
        assert!(Key::result("../x").is_err());
    }
}
