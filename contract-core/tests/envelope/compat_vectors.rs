//! `schemas/vectors/compat`: whether an operation of one version fits another.

use peer_contract_core::compat::{Verdict, fits};
use peer_contract_core::{Contract, Pointer, Value};
use serde_json::json;

use crate::vectors::read;

fn contract(document: &Value) -> Contract {
    Contract::from_value(document.clone()).unwrap_or_else(|problems| panic!("{problems}"))
}

fn verdict(vector: &Value) -> (Verdict, Value) {
    let (sends, accepts) = (contract(&vector["sends"]), contract(&vector["accepts"]));
    let target = vector["operation"].as_str().unwrap();
    let operation = |contract: &Contract| contract.operation(target).unwrap().clone();
    let (sent, accepted) = (operation(&sends), operation(&accepts));
    let verdict = fits((&sends, &sent), (&accepts, &accepted));
    check_witness(&verdict, (&sends, &accepts), target);
    let seen = match &verdict {
        Verdict::Fits => json!({ "verdict": "fits" }),
        Verdict::Unknown => json!({ "verdict": "unknown" }),
        Verdict::Broken(broken) => json!({ "verdict": "broken", "part": broken.part, "at": broken.at.as_str() }),
    };
    (verdict, seen)
}

/// A witness is accepted by one side and refused by the other.
fn check_witness(verdict: &Verdict, (sends, accepts): (&Contract, &Contract), target: &str) {
    let Verdict::Broken(broken) = verdict else { return };
    let Some(witness) = &broken.witness else { return };
    let place = |contract: &Contract| -> Pointer {
        let operation = contract.operation(target).unwrap();
        match broken.part.as_str() {
            "input" => operation.input.clone(),
            "output" => operation.output.as_ref().unwrap().schema.clone(),
            "state" => contract.state().unwrap(),
            error => operation.errors[error.strip_prefix("errors/").unwrap()].data.clone().unwrap(),
        }
    };
    let valid = |contract: &Contract| contract.schema(&place(contract)).unwrap().is_valid(witness);
    assert_ne!(valid(sends), valid(accepts), "{} {witness}", broken.part);
}

#[test]
fn every_pair_gets_the_verdict_of_its_vector() {
    let expected = |vector: &Value| {
        let members = vector.as_object().unwrap().iter();
        members
            .filter(|(name, _)| ["verdict", "part", "at"].contains(&name.as_str()))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect::<Value>()
    };
    let wrong: Vec<_> = read("compat")
        .into_iter()
        .map(|(name, vector)| (name, verdict(&vector).1, expected(&vector)))
        .filter(|(_, seen, expected)| seen != expected)
        .map(|(name, seen, expected)| format!("{name}: expected {expected}, got {seen}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_version_fits_itself() {
    for (name, vector) in read("compat") {
        for side in ["sends", "accepts"] {
            let mut again = vector.clone();
            again["sends"] = vector[side].clone();
            again["accepts"] = vector[side].clone();
            // Another version, so that equal hashes do not answer in place of the comparison.
            again["accepts"]["agents"]["a"]["operations"]["op"]["errors"]["later"] = json!({});
            let seen = verdict(&again).0;
            let known = matches!(&seen, Verdict::Fits | Verdict::Unknown)
                || matches!(&seen, Verdict::Broken(broken) if broken.part == "errors/later");
            assert!(known, "{name} {side}: {seen:?}");
        }
    }
}

#[test]
fn types_that_ask_for_endless_values_end_in_no_time() {
    // Each type holds two of the next, so one value of the first has 2^40 of the last.
    let chain = |last: Value| {
        let mut defs = json!({ "T40": last });
        for index in 0..40 {
            let next = json!({ "$ref": format!("#/$defs/T{}", index + 1) });
            let properties = json!({ "a": next, "b": next });
            defs[format!("T{index}")] = json!({ "type": "object", "required": ["a", "b"], "properties": properties });
        }
        let operation = json!({ "input": { "$ref": "#/$defs/T0" }, "output": { "schema": true } });
        let agents = json!({ "a": { "operations": { "op": operation } } });
        json!({ "peerContract": "1", "name": "pair", "version": "1.0.0", "agents": agents, "$defs": defs })
    };
    let (string, number) = (json!({ "type": "string" }), json!({ "type": "number" }));
    let seen = verdict(&json!({ "sends": chain(string), "accepts": chain(number), "operation": "a.op" })).0;
    assert_eq!(seen, Verdict::Unknown);
}
