//! A Python agent: the files beside its handler, `peer_contract` as it is installed, and what else it requires.

use std::path::{Path, PathBuf};
use std::process::Command;

use peer_contract_core::Problem;

use super::archive::Archive;
use super::folder::{Gather, ends_with_any};
use super::{Arch, Contents, elf, leaves_tls_out, parts_of, refuse, vendor};
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
    let module = Gather { takes: &|name| ends_with_any(name, &["py"]), installed: true };
    module.add_to(&mut archive, &installed.package, "peer_contract/").map_err(unreadable)?;
    add_module(&mut archive, agent, &installed.package, arch)?;
    Ok(Contents { archive, runtime: format!("python{}", installed.version), handler: format!("{stem}.{name}") })
}

/// The compiled module for the processor, and its TLS beside it. Those for another processor may lie there as well.
fn add_module(archive: &mut Archive, agent: &Agent, package: &Path, arch: Arch) -> Result<(), Problem> {
    let unreadable =
        |error: std::io::Error| refuse(agent, "python", format!("`peer_contract` cannot be read: {error}"));
    let (mut found, mut tls, mut needs_tls) = (false, false, false);
    for entry in std::fs::read_dir(package).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let is_module = name.starts_with("_native.");
        if !((is_module || name.starts_with("_native-tls.")) && ends_with_any(name, &["so"])) {
            continue;
        }
        let bytes = std::fs::read(&path).map_err(unreadable)?;
        if elf::machine(&bytes) == Some(Some(arch)) {
            (found, tls) = (found | is_module, tls | !is_module);
            needs_tls |= is_module && leaves_tls_out(&bytes);
            archive.add(format!("peer_contract/{name}"), bytes);
        }
    }
    if needs_tls && !tls {
        let message = format!("`peer_contract` in `{}` has no TLS for {}", package.display(), arch.name());
        return Err(refuse(agent, "python", message)
            .with_help("put the `_native-tls*.so` of the same package beside the module"));
    }
    if found {
        return Ok(());
    }
    let machine = if arch == Arch::Arm { "aarch64" } else { "x86_64" };
    let message = format!("`peer_contract` in `{}` has no module for {}", package.display(), arch.name());
    Err(refuse(agent, "python", message).with_help(format!(
        "`pip download --no-deps --only-binary=:all: --platform manylinux_2_28_{machine} peer-contract`, or build one with \
         `maturin build --target {machine}-unknown-linux-gnu`; put its `_native*.so`, all of them, beside the other one"
    )))
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
