//! A Python agent: the files beside its handler, `peer_contract` as it is installed, and what else it requires.

use std::path::{Path, PathBuf};
use std::process::Command;

use peer_contract_core::Problem;

use super::archive::Archive;
use super::folder::{Gather, ends_with_any};
use super::{Arch, Contents, parts_of, refuse, vendor};
use crate::project::{Agent, Project, python_of};

/// Sources of other languages, and what Python leaves beside its own.
const NOT_TAKEN: &[&str] = &["mjs", "cjs", "js", "ts", "mts", "cts", "rs", "pyc", "pyi"];

/// Where a Python and its `peer_contract` are.
struct Installed {
    /// `3.13`
    version: String,
    package: PathBuf,
}

pub fn contents(project: &Project, agent: &Agent, handler: &str, arch: Arch) -> Result<Contents, Problem> {
    let (folder, stem, name) = parts_of(handler, &["py"]);
    let interpreter = python_of(&project.root, agent)?;
    let installed = installed(project, agent, &interpreter)?;
    let mut archive = Archive::default();
    let requirements = vendor::listed(&project.root, folder, "requirements.txt");
    if let Some(file) = requirements {
        vendor::python(&mut archive, agent, &interpreter, &file, &installed.version, arch)?;
    }
    let unreadable = |error: std::io::Error| refuse(agent, "handler", format!("its files cannot be read: {error}"));
    let own = Gather { takes: &|name| !ends_with_any(name, NOT_TAKEN), installed: false };
    own.add_to(&mut archive, &project.root.join(folder), "").map_err(unreadable)?;
    let module = Gather { takes: &|name| ends_with_any(name, &["py", "so"]), installed: true };
    module.add_to(&mut archive, &installed.package, "peer_contract/").map_err(unreadable)?;
    Ok(Contents { archive, runtime: format!("python{}", installed.version), handler: format!("{stem}.{name}") })
}

fn installed(project: &Project, agent: &Agent, interpreter: &str) -> Result<Installed, Problem> {
    const ASK: &str = "import sys, peer_contract\n\
                       print('%d.%d' % sys.version_info[:2], peer_contract.__path__[0], sep='\\n')";
    let folder = if project.root.as_os_str().is_empty() { Path::new(".") } else { &project.root };
    let asked = Command::new(interpreter).args(["-c", ASK]).current_dir(folder).output();
    let told = asked.map_err(|error| refuse(agent, "python", format!("`{interpreter}` cannot be started: {error}")))?;
    let text = String::from_utf8_lossy(&told.stdout).into_owned();
    match text.lines().collect::<Vec<_>>().as_slice() {
        [version, package] if told.status.success() => {
            Ok(Installed { version: (*version).to_owned(), package: PathBuf::from(package) })
        }
        _ => Err(refuse(agent, "python", format!("`{interpreter}` has no package `peer_contract`"))
            .with_help("`pip install peer-contract` in the environment of the project")),
    }
}
