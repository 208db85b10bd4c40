//! JSON-Schema-Test-Suite of every draft, required and optional, through `import` and the core.
//!
//! `suite-differences.txt` lists each schema that is refused, with the reason, and each case in which the contract
//! says otherwise than the suite; the test compares the list exactly.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use peer_contract_core::{Contract, Limits, Pointer};
use peerc::import::{Draft, Formats, Loader, Options, Refused, import};
use peerc::source::{Notation, Source};
use serde_json::{Value, json};

/// Folder of the suite, and the draft of schemas there that do not say.
const DRAFTS: &[(&str, Option<Draft>)] = &[
    ("draft4", Some(Draft::Draft4)),
    ("draft6", Some(Draft::Draft6)),
    ("draft7", Some(Draft::Draft7)),
    ("draft2019-09", None),
    ("draft2020-12", None),
];

fn suite() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/json-schema-test-suite")
}

fn files(draft: &str) -> Vec<(String, Value)> {
    let root = suite().join("tests").join(draft);
    let mut found = Vec::new();
    for part in ["", "optional", "optional/format"] {
        let folder = root.join(part);
        let listed = std::fs::read_dir(&folder).unwrap_or_else(|error| {
            panic!("{}: {error}; `make setup` fetches the test suite", folder.display());
        });
        for path in listed.map(|entry| entry.expect("a file").path()) {
            if path.extension().is_some_and(|extension| extension == "json") {
                let name = path.strip_prefix(&root).expect("below the folder").display().to_string();
                let text = std::fs::read(&path).expect("a file of the suite");
                found.push((name, serde_json::from_slice(&text).expect("JSON")));
            }
        }
    }
    found.sort_by(|one, other| one.0.cmp(&other.0));
    found
}

fn source(name: &str, text: &[u8]) -> Source {
    Source::of(name, text, Notation::Json, &Limits::default())
}

/// The server that the suite asks for, as a folder.
struct Remotes;

impl Loader for Remotes {
    fn load(&mut self, address: &str) -> Result<Source, String> {
        let path = address.strip_prefix("http://localhost:1234/").ok_or("not of the suite")?;
        let text = std::fs::read(suite().join("remotes").join(path)).map_err(|error| error.kind().to_string())?;
        Ok(source(path, &text))
    }
}

fn contract(schema: &Value, draft: Option<Draft>, formats: Formats) -> Result<Contract, String> {
    let text = schema.to_string();
    let mut options = Options { formats, name: Some("Case".to_owned()), ..Options::default() };
    options.draft = draft.filter(|_| schema.get("$schema").is_none());
    let named = vec![("file:///case.json".to_owned(), source("case.json", text.as_bytes()))];
    let imported = import(named, &mut Remotes, &options).map_err(|refused| reasons(&refused))?;
    assert_eq!(imported.roots, [Some("Case".to_owned())]);
    let document = json!({
        "peerContract": "1", "name": "suite", "version": "1.0.0", "$defs": imported.types,
        "agents": { "a": { "operations": { "op": { "input": { "$ref": "#/$defs/Case" }, "output": { "schema": true } } } } },
    });
    Ok(Contract::from_value(document).expect("what was imported keeps the rules"))
}

fn reasons(refused: &Refused) -> String {
    let reasons = refused.problems.iter().map(|located| {
        let problem = &located.problem;
        format!("{} at `{}`: {}", problem.code, problem.at, problem.message)
    });
    reasons.collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>().join("; ")
}

/// Each difference, and how many cases ran.
fn differences(folder: &str, draft: Option<Draft>) -> (Vec<String>, usize) {
    let (mut found, mut cases) = (Vec::new(), 0);
    for (file, groups) in files(folder) {
        let formats = if file.starts_with("optional/format/") { Formats::Check } else { Formats::Note };
        for group in groups.as_array().expect("a list of groups") {
            let about = format!("{folder}/{file} | {}", group["description"].as_str().expect("a description"));
            let contract = match contract(&group["schema"], draft, formats) {
                Ok(contract) => contract,
                Err(reasons) => {
                    found.push(format!("{about} | refused: {reasons}"));
                    continue;
                }
            };
            let schema = contract.schema(&Pointer::root().key("$defs").key("Case")).expect("the type is there");
            for case in group["tests"].as_array().expect("a list of cases") {
                let text = case["data"].to_string();
                let verdict = schema.check(text.as_bytes(), &Limits::default());
                cases += 1;
                if verdict.is_ok() != (case["valid"] == true) {
                    let said = verdict.err().map_or("taken".to_owned(), |problems| problems.first().code.to_string());
                    found.push(format!("{about} | {} | {said}", case["description"].as_str().expect("a description")));
                }
            }
        }
    }
    (found, cases)
}

#[test]
fn every_draft_of_the_suite_keeps_its_verdicts_but_for_the_listed_ones() {
    let (mut found, mut cases) = (BTreeSet::new(), 0);
    for (folder, draft) in DRAFTS {
        let (differences, ran) = differences(folder, *draft);
        found.extend(differences);
        cases += ran;
    }
    let listed = include_str!("suite-differences.txt").lines().filter(|line| !line.starts_with('#'));
    let listed: BTreeSet<String> = listed.map(str::to_owned).collect();
    let new: Vec<&String> = found.difference(&listed).collect();
    let gone: Vec<&String> = listed.difference(&found).collect();
    assert!(new.is_empty() && gone.is_empty(), "not listed: {new:#?}\nlisted, and no longer so: {gone:#?}");
    assert!(cases > 5000, "only {cases} cases ran");
}
