//! `peerc init`: a project with one agent in each language, which runs as it is.

mod names;
mod words;

use std::path::{Path, PathBuf};

use peer_contract_core::{ErrorCode, Pointer, Problem};
use serde_json::json;

use super::generate;
use super::{Console, Exit, Format};
use crate::project::Project;
use crate::render::Templates;
use crate::source::Source;
use names::check_name;
use words::Words;

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
    (".gitignore", include_str!("../../../templates/init/gitignore")),
    ("README.md", include_str!("../../../templates/init/README.md.hbs")),
    ("agents/formatter.mjs", include_str!("../../../templates/init/agents/formatter.mjs.hbs")),
    ("agents/ranker/Cargo.toml", include_str!("../../../templates/init/agents/ranker/Cargo.toml.hbs")),
    ("agents/ranker/src/main.rs", include_str!("../../../templates/init/agents/ranker/src/main.rs.hbs")),
    ("agents/reasoner.py", include_str!("../../../templates/init/agents/reasoner.py.hbs")),
    ("input.json", include_str!("../../../templates/init/input.json")),
    ("package.json", include_str!("../../../templates/init/package.json.hbs")),
    ("peerc.toml", include_str!("../../../templates/init/peerc.toml.hbs")),
    ("requirements.txt", include_str!("../../../templates/init/requirements.txt.hbs")),
    ("<name>.contract.yaml", include_str!("../../../templates/init/contract.yaml.hbs")),
];

/// Only for a project on a checkout.
const CARGO_CONFIG: (&str, &str) =
    ("agents/ranker/.cargo/config.toml", include_str!("../../../templates/init/agents/ranker/cargo-config.toml.hbs"));

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
        put(root, &path.replace("<name>", &words.name), &templates.render(path, words))?;
    }
    let Some(checkout) = &words.checkout else { return Ok(()) };
    put(root, "agents/ranker/Cargo.lock", &checkout.lock)?;
    let (path, _) = CARGO_CONFIG;
    put(root, path, &Templates::new(&[CARGO_CONFIG]).render(path, words))
}

fn put(root: &Path, path: &str, text: &str) -> Result<(), Problem> {
    let target = root.join(path);
    let folder = target.parent().unwrap_or(root);
    std::fs::create_dir_all(folder).and_then(|()| std::fs::write(&target, text)).map_err(|error| failed(&error))
}

fn generate_into(root: &Path) -> Result<(), Problem> {
    let project = Project::read(root.to_owned()).map_err(|flawed| first(flawed.problems))?;
    let source = Source::read(&project.contract)?;
    let contract = source.contract().map_err(|problems| first(problems.into_vec()))?;
    generate::write_asked(&project, &contract)
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
    fn a_folder_with_something_in_it_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        assert!(check_free(folder.path()).is_ok());
        std::fs::write(folder.path().join("mine"), "").unwrap();
        assert!(check_free(folder.path()).is_err());
        assert!(check_free(&folder.path().join("mine")).is_err());
    }
}
