//! The identity of a contract, and of the surface of one operation.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;
use std::sync::{Arc, OnceLock};

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::FanOut;
use super::model::{Kind, Operation};
use super::place::{self, Place};
use super::reference;
use crate::Pointer;
use crate::gather::Gather;
use crate::json::{CanonicalBytes, canonical};

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

hash_type! {
    /// The identity of an agent's configuration: plain SHA-256 over its canonical form, so that `sha256sum` finds it, too.
    ConfigHash
}

impl ConfigHash {
    const PREFIX: &'static [u8] = b"";

    /// Whether bytes that came from somewhere are the ones it was made of.
    pub fn names(&self, bytes: &[u8]) -> bool {
        Sha256::digest(bytes)[..] == self.0
    }
}

impl ContractHash {
    const PREFIX: &'static [u8] = b"peer-contract\x001\x00";
}

impl OperationHash {
    const PREFIX: &'static [u8] = b"peer-operation\x001\x00";
}

/// The text as canonical bytes, when it has the hash that a canonical text had.
pub(super) fn proven(text: &[u8], hash: ContractHash) -> Option<CanonicalBytes> {
    let bytes = CanonicalBytes::hashed_before(text.to_vec());
    (ContractHash::of(&bytes) == hash).then_some(bytes)
}

/// What the hash of an operation is made from, and the hash once it was made.
///
/// The surface: name, input, output, errors, the state's schema unless the operation is callable,
/// the phases it starts from, its handoffs, its fan-out without the bound on concurrency, and every schema that a `$ref` of these leads to.
#[derive(Clone)]
pub(super) struct Surface {
    stripped: Arc<Value>,
    hash: OnceLock<OperationHash>,
}

impl Surface {
    /// The surface of an operation of a stripped contract.
    pub(super) fn new(stripped: Arc<Value>) -> Self {
        Self { stripped, hash: OnceLock::new() }
    }

    /// `operation` is the one that this is the surface of.
    pub(super) fn hash(&self, operation: &Operation) -> OperationHash {
        *self.hash.get_or_init(|| OperationHash::of(&canonical(&surface(&self.stripped, operation))))
    }
}

impl fmt::Debug for Surface {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Surface").field("hash", &self.hash.get()).finish_non_exhaustive()
    }
}

fn surface(stripped: &Value, operation: &Operation) -> Value {
    let part = |at: &Pointer| place::schema_at(stripped, at).cloned().unwrap_or(Value::Null);
    let mut from = operation.from.clone();
    crate::sorting::sort(&mut from);
    let mut surface = Map::new();
    surface.insert("name".into(), json!(operation.target));
    surface.insert("from".into(), json!(from));
    surface.insert("handsTo".into(), json!(operation.hands_to));
    if let Some(FanOut { each, join, to, complete, .. }) = &operation.fans_out {
        let each: BTreeSet<&String> = each.iter().gather();
        surface.insert("fansOut".into(), json!({ "each": each, "join": join, "to": to, "complete": complete }));
    }
    surface.insert("input".into(), part(&operation.input));
    if let Some(output) = &operation.output {
        surface.insert("output".into(), json!({ "schema": part(&output.schema), "to": output.to }));
    }
    let errors = operation.errors.iter().map(|(name, error)| {
        let data = error.data.as_ref().map(part);
        (name.clone(), json!({ "data": data, "retryable": error.retryable, "to": error.to }))
    });
    surface.insert("errors".into(), Value::Object(errors.gather()));
    if operation.kind != Kind::Callable {
        surface.insert("state".into(), part(&Pointer::root().key("state")));
    }
    let mut refs = Map::new();
    for at in schemas_of(operation) {
        close_over(stripped, &part(&at), &mut refs);
    }
    surface.insert("refs".into(), Value::Object(refs));
    Value::Object(surface)
}

fn schemas_of(operation: &Operation) -> Vec<Pointer> {
    let mut places = vec![operation.input.clone()];
    places.extend(operation.output.iter().map(|output| output.schema.clone()));
    places.extend(operation.errors.values().filter_map(|error| error.data.clone()));
    if operation.kind != Kind::Callable {
        places.push(Pointer::root().key("state"));
    }
    places
}

/// Adds each schema that `schema` refers to, and what those refer to, under the text of the `$ref`.
fn close_over(stripped: &Value, schema: &Value, refs: &mut Map<String, Value>) {
    let mut found = Vec::new();
    place::each_schema(schema, Place::Schema, &Pointer::root(), &mut |schema, _| {
        found.extend(schema.get("$ref").and_then(Value::as_str));
    });
    for reference in found {
        if refs.contains_key(reference) {
            continue;
        }
        let target = reference::target_of(reference).and_then(|at| place::schema_at(stripped, &at));
        if let Some(target) = target {
            refs.insert(reference.to_owned(), target.clone());
            close_over(stripped, target, refs);
        }
    }
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
