//! Many schemas to generated code in one process: `peer-contract-conformance FOLDER`.
//!
//! `FOLDER/contracts/*.json` are contracts. Each that is taken becomes `rust/<name>`, `python/<name>` and `javascript/<name>`
//! there, and a line on stdout says what became of it: `{"name"}`, `{"name", "refused": [{code, at, message}]}`, or
//! `{"name", "panicked"}`. `tests/conformance.py` runs what was generated.

mod rust;

use std::fs;
use std::io;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};

use peer_contract_core::{Contract, Problems};
use peerc::ir::lower;
use peerc::target::{GeneratedFile, Language};
use serde_json::{Value, json};

fn main() -> io::Result<()> {
    let folder = PathBuf::from(std::env::args_os().nth(1).expect("usage: peer-contract-conformance FOLDER"));
    let mut taken = Vec::new();
    for path in contracts(&folder)? {
        let name = path.file_stem().expect("a file has a name").to_string_lossy().into_owned();
        let bytes = fs::read(&path)?;
        let mut line = json!({ "name": name });
        match catch_unwind(|| generate(&bytes)) {
            Ok(Ok(languages)) => {
                for (language, files) in languages {
                    write(&folder.join(language.name()).join(&name), &files)?;
                }
                taken.push(name);
            }
            Ok(Err(problems)) => line["refused"] = refusal(&problems),
            Err(_) => line["panicked"] = true.into(),
        }
        println!("{line}");
    }
    rust::write_programs(&folder.join("rust"), &taken)
}

fn contracts(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let listed = fs::read_dir(folder.join("contracts"))?;
    let mut paths = listed.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

type Generated = Vec<(Language, Vec<GeneratedFile>)>;

fn generate(bytes: &[u8]) -> Result<Generated, Problems> {
    let graph = lower(&Contract::parse(bytes)?);
    Ok(Language::ALL.map(|language| (language, language.generate(&graph))).into())
}

fn refusal(problems: &Problems) -> Value {
    let told = problems.as_slice().iter().map(
        |problem| json!({ "code": problem.code.as_str(), "at": problem.at.to_string(), "message": problem.message }),
    );
    told.collect()
}

fn write(folder: &Path, files: &[GeneratedFile]) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    files.iter().try_for_each(|file| fs::write(folder.join(&file.path), &file.text))
}
