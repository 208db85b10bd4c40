//! Many schemas to generated code in one process: `peer-contract-conformance FOLDER REMOTES`.
//!
//! `FOLDER/schemas/*.json` are `{"schema", "formats"}`, with what `peerc import --formats` takes, or `{"contract"}`; `REMOTES` is the
//! folder that the suite of JSON Schema serves. A schema becomes the type `Case` of a contract by way of `peerc::import`. Of one that is
//! taken there is then `rust/<name>`, `python/<name>` and `javascript/<name>`, and a line on stdout says what became of
//! it: `{"name"}`, `{"name", "refused": [{code, at, message}]}`, or `{"name", "panicked"}`. Who asks for `"samples": N` beside
//! the schema gets `"samples": [{value, valid}]`, too. `tests/conformance/stubs.py` runs what was generated.

mod contract;
mod rust;
mod samples;

use std::fs;
use std::io;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};

use peerc::import::Refused;
use peerc::ir::lower;
use peerc::seal;
use peerc::target::{GeneratedFile, Language};
use serde_json::{Value, json};

use crate::contract::contract;

fn main() -> io::Result<()> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let (Some(folder), Some(remotes)) = (arguments.next(), arguments.next()) else {
        return Err(io::Error::other("usage: peer-contract-conformance FOLDER REMOTES"));
    };
    let mut taken = Vec::new();
    for path in schemas(&folder)? {
        let name = path.file_stem().expect("a file has a name").to_string_lossy().into_owned();
        let bytes = fs::read(&path)?;
        let mut line = json!({ "name": name });
        match catch_unwind(|| generate(&bytes, &remotes)) {
            Ok(Ok(Generated { languages, samples })) => {
                for (language, files) in languages {
                    write(&folder.join(language.name()).join(&name), &files)?;
                }
                if let Some(samples) = samples {
                    line["samples"] = samples;
                }
                taken.push(name);
            }
            Ok(Err(problems)) => line["refused"] = refusals(&problems),
            Err(_) => line["panicked"] = true.into(),
        }
        println!("{line}");
    }
    rust::write_programs(&folder.join("rust"), &taken)
}

fn schemas(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let listed = fs::read_dir(folder.join("schemas"))?;
    let mut paths = listed.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

struct Generated {
    languages: Vec<(Language, Vec<GeneratedFile>)>,
    samples: Option<Value>,
}

fn generate(bytes: &[u8], remotes: &Path) -> Result<Generated, Refused> {
    let asked: Value = serde_json::from_slice(bytes).expect("JSON");
    let count = asked["samples"].as_u64().map(|count| count as usize);
    let contract = contract(asked, remotes)?;
    let graph = lower(&contract);
    let mut languages = Vec::new();
    for language in Language::ALL {
        let files = language.generate(&graph);
        seal::check(language, &graph, &files).expect("text of a contract stays text");
        languages.push((language, files));
    }
    let samples = count.map(|count| samples::of(&contract, count));
    Ok(Generated { languages, samples })
}

fn refusals(refused: &Refused) -> Value {
    let told = refused.problems.iter().map(|located| &located.problem).map(
        |problem| json!({ "code": problem.code.as_str(), "at": problem.at.to_string(), "message": problem.message }),
    );
    told.collect()
}

fn write(folder: &Path, files: &[GeneratedFile]) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    files.iter().try_for_each(|file| fs::write(folder.join(&file.path), &file.text))
}
