//! The identity of a contract, and of the surface of one operation.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest, Sha256};

use crate::json::CanonicalBytes;

macro_rules! hash_type {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name([u8; 32]);

        impl $name {
            /// Hashes bytes that are already canonical, under this kind's own prefix.
            pub fn of(canonical: &CanonicalBytes) -> Self {
                let mut sha = Sha256::new();
                sha.update(Self::PREFIX);
                sha.update(canonical.as_bytes());
                Self(sha.finalize().into())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("sha256:")?;
                self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = NotAHash;

            fn from_str(text: &str) -> Result<Self, NotAHash> {
                text.strip_prefix("sha256:").and_then(digest_of_hex).map(Self).ok_or(NotAHash)
            }
        }
    };
}

hash_type! {
    /// The identity of a contract: SHA-256 over its canonical form.
    ///
    /// Annotations, key order and whitespace do not take part.
    /// Prints as `sha256:` and 64 lowercase hex digits; [`FromStr`] reads it back.
    ContractHash
}

hash_type! {
    /// The identity of what callers and callee of one operation must agree on.
    OperationHash
}

impl ContractHash {
    const PREFIX: &'static [u8] = b"peer-contract\x001\x00";
}

impl OperationHash {
    const PREFIX: &'static [u8] = b"peer-operation\x001\x00";
}

/// The text is not `sha256:` and 64 lowercase hex digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a hash is `sha256:` and 64 lowercase hex digits")]
pub struct NotAHash;

fn digest_of_hex(hex: &str) -> Option<[u8; 32]> {
    let legal = hex.len() == 64 && hex.bytes().all(|c| matches!(c, b'0'..=b'9' | b'a'..=b'f'));
    if !legal {
        return None;
    }
    let mut digest = [0; 32];
    for (byte, pair) in digest.iter_mut().zip(hex.as_bytes().chunks_exact(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(digest)
}
