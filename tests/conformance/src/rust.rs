//! The Rust programs that run instances through generated modules.

use std::fs;
use std::io;
use std::path::Path;

/// Modules in one program: what two cores compile side by side.
const MODULES: usize = 100;

/// Reads lines `{"name", "text"}` and answers each by `{"text"}` of the value written back, or by code and place.
const MAIN: &str = r##"
type Answer = Result<Vec<u8>, (&'static str, pc::Error)>;

fn passed<T: pc::codec::Decode + pc::codec::Encode>(contract: &pc::Embedded, text: &[u8]) -> Answer {
    let value: T = pc::codec::from_json(contract, "/$defs/Case", text).map_err(|error| ("decode", error))?;
    pc::codec::to_json(contract, "/$defs/Case", &value).map_err(|error| ("encode", error))
}

fn text_in(line: &pc::Value, key: &str) -> String {
    let found = line.as_object().and_then(|members| members.get(key)).and_then(pc::Value::as_str);
    found.expect("a line has a name and a text").to_owned()
}

fn main() {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lines() {
        let line: pc::Value = line.expect("UTF-8").parse().expect("JSON");
        let run = CASES.iter().find(|(name, _)| *name == text_in(&line, "name")).expect("a module").1;
        let answer = run(text_in(&line, "text").as_bytes());
        let told: Vec<(&str, String)> = match answer {
            Ok(text) => vec![("text", String::from_utf8(text).expect("UTF-8"))],
            Err((step, error)) => vec![
                ("step", step.to_owned()),
                ("code", error.code().to_string()),
                ("at", error.at().to_owned()),
            ],
        };
        let told: pc::Value = told.into_iter().map(|(key, text)| (key.to_owned(), pc::Value::from(text))).collect();
        std::io::Write::write_all(&mut out, format!("{told}\n").as_bytes()).expect("a reader");
    }
}
"##;

/// `program0.rs`, `program1.rs`, … beside the modules.
pub fn write_programs(folder: &Path, modules: &[String]) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    for (number, modules) in modules.chunks(MODULES).enumerate() {
        fs::write(folder.join(format!("program{number}.rs")), program(modules))?;
    }
    Ok(())
}

fn program(modules: &[String]) -> String {
    // A whole schema may be deprecated, and is asked for all the same.
    let mut text = "#![deny(warnings)]\n#![allow(deprecated)]\n\nuse peer_contract as pc;\n\n".to_owned();
    for name in modules {
        text += &format!("#[path = \"{name}/mod.rs\"]\nmod {name};\n");
    }
    text += "\nconst CASES: &[(&str, fn(&[u8]) -> Answer)] = &[\n";
    for name in modules {
        text += &format!("    (\"{name}\", |text| passed::<{name}::Case>(&{name}::CONTRACT, text)),\n");
    }
    text + "];\n" + MAIN
}
