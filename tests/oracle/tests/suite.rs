//! JSON-Schema-Test-Suite: every case of draft 2020-12, required and optional, with formats asserted.
//!
//! `suite-differences.txt` lists each schema that a contract refuses, and each case in which a contract
//! says otherwise than the suite, with the code; the test compares the list exactly.

mod suite_case;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use peer_contract_core::{Contract, Limits, Pointer, Value};
use peer_contract_oracle::compare;
use peer_contract_oracle::held::Held;
use peer_contract_oracle::random::Random;
use peer_contract_oracle::spelling::{Style, spell};
use serde_json::json;

use suite_case::as_type;

/// Forms of each instance, beside the canonical, the compact and the pretty one.
const WILD_FORMS: usize = 5;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/json-schema-test-suite/tests/draft2020-12")
}

fn files() -> Vec<(String, Value)> {
    let mut found = Vec::new();
    for part in ["", "optional", "optional/format"] {
        let folder = folder().join(part);
        let listed = std::fs::read_dir(&folder).unwrap_or_else(|error| {
            panic!("{}: {error}; `make setup` fetches the test suite", folder.display());
        });
        for entry in listed.map(|entry| entry.expect("a file").path()) {
            if entry.extension().is_some_and(|extension| extension == "json") {
                let name = entry.strip_prefix(self::folder()).expect("below the folder").display().to_string();
                let text = std::fs::read(&entry).expect("a file of the suite");
                found.push((name, serde_json::from_slice(&text).expect("JSON")));
            }
        }
    }
    found.sort_by(|one, other| one.0.cmp(&other.0));
    found
}

fn contract(schema: &Value) -> Result<Contract, String> {
    let document = json!({
        "peerContract": "1", "name": "suite", "version": "1.0.0", "$defs": { "Case": as_type(schema) },
        "agents": { "a": { "operations": { "op": { "input": { "$ref": "#/$defs/Case" }, "output": { "schema": true } } } } },
    });
    Contract::from_value(document).map_err(|problems| {
        let codes: BTreeSet<&str> = problems.as_slice().iter().map(|problem| problem.code.as_str()).collect();
        codes.into_iter().collect::<Vec<_>>().join(" ")
    })
}

/// Holds one instance in several forms; gives the first code when it is refused.
fn verdict(contract: &Contract, instance: &Value, at: &str, random: &mut Random) -> Option<String> {
    let place = Pointer::root().key("$defs").key("Case");
    let held = Held::new(contract.schema(&place).expect("the type is there"));
    let styles = [Style::Compact, Style::Pretty, Style::Canonical].into_iter().chain([Style::Wild; WILD_FORMS]);
    for style in styles {
        let text = spell(instance, style, random);
        let limits = Limits::default();
        let differs = compare::json(&text, &limits, random).and(compare::schema(&held, &text, &limits, random)).err();
        assert_eq!(differs, None, "{at}: {}", String::from_utf8_lossy(&text));
    }
    let checked = held.schema.check(&spell(instance, Style::Compact, random), &Limits::default());
    checked.err().map(|problems| problems.first().code.to_string())
}

#[test]
fn the_pass_agrees_with_the_suite_but_for_the_listed_cases() {
    let mut random = Random::new(1);
    let (mut differences, mut cases) = (Vec::new(), 0);
    for (file, groups) in files() {
        for group in groups.as_array().expect("a list of groups") {
            let about = group["description"].as_str().expect("a description");
            let contract = match contract(&group["schema"]) {
                Ok(contract) => contract,
                Err(codes) => {
                    differences.push(format!("{file} | {about} | schema refused: {codes}"));
                    continue;
                }
            };
            for case in group["tests"].as_array().expect("a list of cases") {
                let at = format!("{file} | {about} | {}", case["description"].as_str().expect("a description"));
                let refused = verdict(&contract, &case["data"], &at, &mut random);
                cases += 1;
                if refused.is_none() != (case["valid"] == true) {
                    differences.push(format!("{at} | {}", refused.unwrap_or_else(|| "taken".into())));
                }
            }
        }
    }
    let listed =
        include_str!("../suite-differences.txt").lines().filter(|line| !line.starts_with('#')).map(str::to_owned);
    let (listed, found): (BTreeSet<String>, BTreeSet<String>) = (listed.collect(), differences.into_iter().collect());
    let new: Vec<&String> = found.difference(&listed).collect();
    let gone: Vec<&String> = listed.difference(&found).collect();
    assert!(new.is_empty() && gone.is_empty(), "not listed: {new:#?}\nlisted, and no longer so: {gone:#?}");
    assert!(cases > 1200, "only {cases} cases ran");
}
