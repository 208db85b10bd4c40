//! Reading `schemas/vectors`.

use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use peer_contract_core::Value;

/// One file.
pub struct Vector {
    name: String,
    content: Value,
}

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../schemas/vectors").join(name)
}

/// Runs every vector of a folder, in the order of their names. An empty folder fails.
pub fn each(name: &str, mut run: impl FnMut(&Vector)) {
    let entries = fs::read_dir(folder(name)).expect("the folder of vectors");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    assert!(!paths.is_empty(), "no vectors in {name}");
    for path in paths {
        let text = fs::read_to_string(&path).expect("a readable vector");
        let content = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        run(&Vector { name: path.display().to_string(), content });
    }
}

/// The text of a contract that several vectors share.
pub fn contract(name: &str) -> String {
    fs::read_to_string(folder("contracts").join(format!("{name}.json"))).expect("a shared contract")
}

/// `code` and `at` of an error in a vector.
pub fn code_and_place(error: &Value) -> (&str, &str) {
    (error["code"].as_str().expect("a code"), error["at"].as_str().expect("a place"))
}

impl Vector {
    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn member(&self, key: &str) -> &Value {
        self.content.get(key).unwrap_or_else(|| panic!("{} has no `{key}`", self.name))
    }

    pub fn text(&self, key: &str) -> &str {
        self.member(key).as_str().unwrap_or_else(|| panic!("`{key}` of {} is no string", self.name))
    }

    /// The bytes to read: `text` as UTF-8, or `base64`.
    pub fn bytes(&self) -> Vec<u8> {
        match self.content.get("base64").and_then(Value::as_str) {
            Some(encoded) => STANDARD.decode(encoded).expect("base64"),
            None => self.text("text").as_bytes().to_vec(),
        }
    }

    /// The error that must come out, as code and place.
    pub fn expected(&self) -> Option<(String, String)> {
        match self.member("error") {
            Value::Null => None,
            Value::String(code) => Some((code.clone(), self.text("at").to_owned())),
            error => {
                let (code, at) = code_and_place(error);
                Some((code.to_owned(), at.to_owned()))
            }
        }
    }

    /// Every code that the vector names.
    pub fn codes(&self) -> Vec<String> {
        let problems = self.content.get("problems").and_then(Value::as_array).into_iter().flatten();
        let listed = problems.map(|problem| code_and_place(problem).0.to_owned());
        let error = self.content.get("error").filter(|error| !error.is_null());
        listed.chain(error.and_then(|_| self.expected()).map(|(code, _)| code)).collect()
    }
}
