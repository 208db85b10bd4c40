//! The shared vectors, as Rust runs them. `schemas/vectors/README.md` says what the files hold.

mod vector;

use std::collections::BTreeSet;

use peer_contract_core::{Contract, ErrorCode, Limits, Pointer, Problems, Value, json};
use vector::{Vector, each};

#[test]
fn strict_json_is_read_as_the_vectors_say() {
    each("json", |vector| {
        let found = json::parse(&vector.bytes(), &Limits::default());
        assert_eq!(vector.found(found.map_err(Problems::from).map(drop)), vector.expected(), "{}", vector.name());
    });
}

#[test]
fn what_is_read_reads_again_from_its_canonical_form() {
    each("json", |vector| {
        let Ok(value) = json::parse(&vector.bytes(), &Limits::default()) else { return };
        let canonical = json::canonical(&value);
        let again = json::parse(canonical.as_bytes(), &Limits::default()).expect("canonical bytes are strict JSON");
        assert_eq!(json::canonical(&again), canonical, "{}", vector.name());
    });
}

#[test]
fn hashes_are_the_shared_ones() {
    each("hash", |vector| {
        let contract = vector.right(Contract::parse(vector.text("contract").as_bytes()));
        assert_eq!(contract.hash().to_string(), vector.text("hash"), "{}", vector.name());
        let operations = vector.member("operations").as_object().expect("hashes by target");
        assert_eq!(contract.operations().count(), operations.len(), "{}", vector.name());
        for operation in contract.operations() {
            assert_eq!(Value::from(operation.hash().to_string()), operations[&operation.target], "{}", vector.name());
        }
    });
}

#[test]
fn contracts_have_the_listed_problems() {
    each("contract", |vector| {
        let found = match Contract::parse(vector.text("contract").as_bytes()) {
            Ok(_) => Vec::new(),
            Err(problems) => problems.into_vec(),
        };
        let found: Vec<_> = found.iter().map(|problem| (problem.code.as_str(), problem.at.as_str())).collect();
        let expected = vector.member("problems").as_array().expect("a list of problems");
        let expected: Vec<_> = expected.iter().map(vector::code_and_place).collect();
        assert_eq!(found, expected, "{}", vector.name());
    });
}

#[test]
fn messages_are_judged_as_the_vectors_say() {
    each("message", |vector| {
        let contract = vector.right(Contract::parse(vector::contract(vector.text("contract")).as_bytes()));
        let at: Pointer = vector.text("pointer").parse().expect("a pointer");
        let schema = vector.right(contract.schema(&at));
        let found = schema.read(&vector.bytes(), &Limits::default());
        assert_eq!(vector.found(found.map(drop)), vector.expected(), "{}", vector.name());
        let checked = schema.check(&vector.bytes(), &Limits::default());
        assert_eq!(vector.found(checked.map(drop)), vector.expected(), "in one pass: {}", vector.name());
    });
}

#[test]
fn each_code_of_these_folders_is_in_a_vector() {
    let mut seen = BTreeSet::new();
    each("json", |vector| seen.extend(vector.codes()));
    each("contract", |vector| seen.extend(vector.codes()));
    each("message", |vector| seen.extend(vector.codes()));
    // YAML is read by the compiler alone, and these limits are too large for a file of vectors.
    let elsewhere = ["yaml_syntax", "json_too_many_values", "json_too_many_keys", "json_too_large"];
    let ours = ErrorCode::ALL.iter().take_while(|code| **code != ErrorCode::EnvelopeInvalid);
    let missing: Vec<_> =
        ours.map(|code| code.as_str()).filter(|code| !seen.contains(*code) && !elsewhere.contains(code)).collect();
    assert!(missing.is_empty(), "no vector shows {missing:?}");
}

impl Vector {
    /// What the vector takes for granted.
    fn right<T, E: std::fmt::Display>(&self, outcome: Result<T, E>) -> T {
        outcome.unwrap_or_else(|error| panic!("{}: {error}", self.name()))
    }

    /// What came out, in the form of [`Vector::expected`].
    fn found(&self, outcome: Result<(), Problems>) -> Option<(String, String)> {
        let problem = outcome.err()?;
        Some((problem.first().code.to_string(), problem.first().at.to_string()))
    }
}
