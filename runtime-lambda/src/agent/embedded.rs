//! The contract that generated code carries.

use std::sync::OnceLock;

use peer_contract_core::{Contract, ContractHash, ErrorCode, Pointer, Problem};

use super::Error;

/// A contract compiled into the program as its canonical text; read on first use.
///
/// ```
/// static CONTRACT: peer_contract::Embedded = peer_contract::Embedded::new("{}", "sha256:00");
/// assert_eq!(CONTRACT.contract().err().unwrap().code().as_str(), "contract_mismatch");
/// ```
pub struct Embedded {
    text: &'static str,
    hash: &'static str,
    read: OnceLock<Result<Contract, Problem>>,
}

impl Embedded {
    /// The canonical text and its hash, `sha256:…`.
    pub const fn new(text: &'static str, hash: &'static str) -> Self {
        Self { text, hash, read: OnceLock::new() }
    }

    /// The contract.
    ///
    /// # Errors
    /// `contract_mismatch` when the text does not have the hash, or what is wrong with the text: the
    /// generated file was changed by hand.
    pub fn contract(&self) -> Result<&Contract, Error> {
        let read = self.read.get_or_init(|| read(self.text, self.hash));
        read.as_ref().map_err(|problem| Error::from(problem.clone()))
    }

    /// The hash as it stands in the generated code.
    pub const fn hash(&self) -> &'static str {
        self.hash
    }
}

fn read(text: &str, hash: &str) -> Result<Contract, Problem> {
    let hash: ContractHash = hash.parse().map_err(|_| no_hash())?;
    Contract::embedded(text.as_bytes(), hash).map_err(|problems| problems.first().clone())
}

fn no_hash() -> Problem {
    let message = "the embedded hash is not a hash";
    Problem::new(ErrorCode::ContractMismatch, Pointer::root(), message).with_help("run `peerc generate` again")
}
