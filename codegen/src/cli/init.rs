//! `peerc init`: a project with one agent in each language, which runs as it is.

use std::path::{Path, PathBuf};

use peer_contract_core::contract::is_contract_name;
use peer_contract_core::{ErrorCode, Pointer, Problem};
use serde::Serialize;
use serde_json::json;

use super::generate;
use super::{Console, Exit, Format};
use crate::output;
use crate::project::Project;
use crate::render::Templates;
use crate::source::Source;

/// Arguments of `peerc init`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Name of the contract and of the new folder: lowercase letters, digits and hyphens.
    name: String,
    /// A checkout of peer-contract to take the packages from, instead of the registries.
    #[arg(long, value_name = "PATH")]
    sdk: Option<PathBuf>,
}

/// Path in the project and template. What ends in `.hbs` has words to fill in.
const FILES: &[(&str, &str)] = &[
    (".gitignore", include_str!("../../templates/init/gitignore")),
    ("README.md", include_str!("../../templates/init/README.md.hbs")),
    ("agents/formatter.mjs", include_str!("../../templates/init/agents/formatter.mjs.hbs")),
    ("agents/ranker/Cargo.toml", include_str!("../../templates/init/agents/ranker/Cargo.toml.hbs")),
    ("agents/ranker/src/main.rs", include_str!("../../templates/init/agents/ranker/src/main.rs.hbs")),
    ("agents/reasoner.py", include_str!("../../templates/init/agents/reasoner.py.hbs")),
    ("input.json", include_str!("../../templates/init/input.json")),
    ("package.json", include_str!("../../templates/init/package.json.hbs")),
    ("peerc.toml", include_str!("../../templates/init/peerc.toml.hbs")),
    ("requirements.txt", include_str!("../../templates/init/requirements.txt.hbs")),
    ("<name>.contract.yaml", include_str!("../../templates/init/contract.yaml.hbs")),
];

/// Modules that Python or a language knows already, or that the agents are called.
const TAKEN: &[&str] = &[
    "abc",
    "alloc",
    "array",
    "ast",
    "asyncio",
    "base64",
    "bisect",
    "calendar",
    "code",
    "codecs",
    "collections",
    "copy",
    "core",
    "csv",
    "dataclasses",
    "datetime",
    "decimal",
    "dis",
    "email",
    "enum",
    "fnmatch",
    "formatter",
    "fractions",
    "functools",
    "gc",
    "getpass",
    "glob",
    "graphlib",
    "gzip",
    "hashlib",
    "heapq",
    "hmac",
    "html",
    "http",
    "inspect",
    "io",
    "ipaddress",
    "itertools",
    "json",
    "keyword",
    "locale",
    "logging",
    "lzma",
    "main",
    "marshal",
    "math",
    "numbers",
    "operator",
    "os",
    "pathlib",
    "peer_contract",
    "pickle",
    "platform",
    "plistlib",
    "pprint",
    "profile",
    "queue",
    "random",
    "ranker",
    "re",
    "reasoner",
    "sched",
    "secrets",
    "select",
    "selectors",
    "shelve",
    "shutil",
    "signal",
    "site",
    "socket",
    "sqlite3",
    "ssl",
    "stat",
    "statistics",
    "std",
    "string",
    "struct",
    "subprocess",
    "symtable",
    "sys",
    "tempfile",
    "test",
    "textwrap",
    "threading",
    "time",
    "timeit",
    "token",
    "tokio",
    "tokenize",
    "tomllib",
    "trace",
    "traceback",
    "types",
    "typing",
    "uuid",
    "venv",
    "warnings",
    "wave",
    "weakref",
    "xml",
    "zipfile",
    "zlib",
    "zoneinfo",
];

const KEYWORDS: &[&str] = &[
    "abstract", "and", "as", "assert", "async", "await", "become", "box", "break", "class", "const", "continue",
    "crate", "def", "del", "do", "dyn", "elif", "else", "except", "extern", "false", "final", "finally", "fn", "for",
    "from", "gen", "global", "if", "impl", "import", "in", "is", "lambda", "let", "loop", "macro", "match", "mod",
    "move", "mut", "nonlocal", "not", "or", "override", "pass", "priv", "pub", "raise", "ref", "return", "self",
    "static", "super", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where",
    "while", "with", "yield",
];

impl Args {
    /// Runs the command.
    pub fn run(self, console: &Console) -> Exit {
        match self.make() {
            Ok(()) => announce(console, &self.name),
            Err(problem) => console.fail(&problem),
        }
    }

    /// Everything is made in a folder beside the final one, which then gets its name.
    fn make(&self) -> Result<(), Problem> {
        check_name(&self.name)?;
        let folder = Path::new(&self.name);
        check_free(folder)?;
        let words = Words::of(&self.name, self.sdk.as_deref())?;
        let staging =
            tempfile::Builder::new().prefix(".peerc-init-").tempdir_in(".").map_err(|error| failed(&error))?;
        let root = staging.path().join(&self.name);
        write(&root, &words)?;
        generate_into(&root)?;
        if folder.is_dir() {
            std::fs::remove_dir(folder).map_err(|error| failed(&error))?;
        }
        std::fs::rename(&root, folder).map_err(|error| failed(&error))
    }
}

/// What the templates print.
#[derive(Debug, Serialize)]
struct Words {
    name: String,
    module: String,
    rust_dependency: String,
    python_dependency: String,
    node_dependency: String,
}

impl Words {
    fn of(name: &str, sdk: Option<&Path>) -> Result<Self, Problem> {
        let version = env!("CARGO_PKG_VERSION");
        let (name, module) = (name.to_owned(), module_name(name));
        let Some(sdk) = sdk else {
            return Ok(Self {
                name,
                module,
                rust_dependency: format!("\"{version}\""),
                python_dependency: format!("peer-contract=={version}"),
                node_dependency: format!("\"{version}\""),
            });
        };
        let part = |folder: &str, proof: &str| sdk_part(sdk, folder, proof);
        Ok(Self {
            name,
            module,
            rust_dependency: format!("{{ path = {} }}", quoted(&part("runtime-lambda", "Cargo.toml")?)),
            python_dependency: format!(
                "peer-contract @ file://{}",
                url_path(&part("bindings-python", "pyproject.toml")?)
            ),
            node_dependency: quoted(&format!("file:{}", part("bindings-node", "package.json")?)),
        })
    }
}

/// The absolute path of a part of the checkout.
fn sdk_part(sdk: &Path, folder: &str, proof: &str) -> Result<String, Problem> {
    let path = sdk.join(folder);
    if !path.join(proof).is_file() {
        let message = format!("`{}` is no checkout of peer-contract: it has no `{folder}/{proof}`", sdk.display());
        return Err(refuse(ErrorCode::ConfigurationInvalid, message));
    }
    let path = path.canonicalize().map_err(|error| failed(&error))?;
    let text = path.to_str().filter(|text| !text.contains(['\n', '\r']));
    text.map(str::to_owned)
        .ok_or_else(|| refuse(ErrorCode::ConfigurationInvalid, "the path of the checkout is not plain text".to_owned()))
}

/// JSON and TOML write such strings alike.
fn quoted(text: &str) -> String {
    json!(text).to_string()
}

/// pip reads a requirement as a URL, where most characters must be escaped.
fn url_path(path: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte);
    path.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

fn module_name(name: &str) -> String {
    let module = name.trim_end_matches('-').replace('-', "_");
    if TAKEN.contains(&module.as_str()) || KEYWORDS.contains(&module.as_str()) {
        format!("{module}_contract")
    } else {
        module
    }
}

fn check_name(name: &str) -> Result<(), Problem> {
    if is_contract_name(name) {
        return Ok(());
    }
    let message =
        "the name of a contract begins with a lowercase letter and has up to 64 lowercase letters, digits and hyphens";
    let problem = refuse(ErrorCode::NameInvalid, message.to_owned());
    let better: String = name
        .to_lowercase()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .skip_while(|c| !c.is_ascii_lowercase())
        .take(64)
        .collect();
    Err(if is_contract_name(&better) { problem.with_help(format!("such as `{better}`")) } else { problem })
}

fn check_free(folder: &Path) -> Result<(), Problem> {
    let Ok(found) = folder.symlink_metadata() else { return Ok(()) };
    let is_empty = found.is_dir() && std::fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_none());
    if is_empty {
        return Ok(());
    }
    let problem = refuse(
        ErrorCode::ConfigurationInvalid,
        format!("`{}` is there already, and is not an empty folder", folder.display()),
    );
    Err(problem.with_help("choose another name, or move it"))
}

fn write(root: &Path, words: &Words) -> Result<(), Problem> {
    let templates = Templates::new(FILES);
    for (path, _) in FILES {
        let target = root.join(path.replace("<name>", &words.name));
        let folder = target.parent().unwrap_or(root);
        std::fs::create_dir_all(folder)
            .and_then(|()| std::fs::write(&target, templates.render(path, words)))
            .map_err(|error| failed(&error))?;
    }
    Ok(())
}

fn generate_into(root: &Path) -> Result<(), Problem> {
    let project = Project::read(root.to_owned()).map_err(|flawed| first(flawed.problems))?;
    let source = Source::read(&project.contract)?;
    let contract = source.contract().map_err(|problems| first(problems.into_vec()))?;
    let folders = generate::folders_of(&project).map_err(|problems| first(problems.into_vec()))?;
    let plans = generate::plan(&contract, &folders)?;
    output::write(&plans.iter().map(|(_, plan)| plan).collect::<Vec<_>>())
}

fn first(problems: Vec<Problem>) -> Problem {
    problems.into_iter().next().expect("a failure has a problem")
}

fn announce(console: &Console, name: &str) -> Exit {
    match console.format {
        Format::Text => {
            console.say(format!("created {name}/: {name}.contract.yaml, peerc.toml, agents/{{reasoner.py, ranker/, formatter.mjs}}, input.json"));
            console.say(format!("next: cd {name} && peerc run input.json"));
        }
        Format::Json => console.json(&json!({ "created": name })),
    }
    Exit::Clean
}

fn refuse(code: ErrorCode, message: String) -> Problem {
    Problem::new(code, Pointer::root(), message)
}

fn failed(error: &std::io::Error) -> Problem {
    refuse(ErrorCode::ConfigurationInvalid, format!("the project cannot be written: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_starter_is_a_valid_contract_with_code_for_all_languages() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("research");
        write(&root, &Words::of("research", None).unwrap()).unwrap();
        generate_into(&root).unwrap();
        for path in ["agents/research/__init__.py", "agents/research/index.mjs", "agents/ranker/src/research/mod.rs"] {
            assert!(root.join(path).is_file(), "{path}");
        }
        for (path, _) in FILES {
            let text = std::fs::read_to_string(root.join(path.replace("<name>", "research"))).unwrap();
            assert!(!text.contains("{{"), "{path} has a word that nobody filled in");
        }
    }

    #[test]
    fn names_that_mean_something_else_get_another_module() {
        assert_eq!(module_name("my-research"), "my_research");
        assert_eq!(module_name("json"), "json_contract");
        assert_eq!(module_name("match"), "match_contract");
        assert_eq!(module_name("ranker"), "ranker_contract");
    }

    #[test]
    fn a_name_that_is_none_gets_a_better_one() {
        let problem = check_name("My Research").unwrap_err();
        assert_eq!((problem.code, problem.help.as_str()), (ErrorCode::NameInvalid, "such as `my-research`"));
        assert!(check_name("../up").is_err() && check_name("").is_err());
    }

    #[test]
    fn a_folder_with_something_in_it_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        assert!(check_free(folder.path()).is_ok());
        std::fs::write(folder.path().join("mine"), "").unwrap();
        assert!(check_free(folder.path()).is_err());
        assert!(check_free(&folder.path().join("mine")).is_err());
    }

    #[test]
    fn an_sdk_must_be_a_checkout() {
        let folder = tempfile::tempdir().unwrap();
        assert!(Words::of("research", Some(folder.path())).is_err());
        let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        assert!(Words::of("research", Some(&here)).unwrap().rust_dependency.contains("runtime-lambda"));
    }
}
