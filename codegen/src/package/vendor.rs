//! What an agent requires from others, as its `requirements.txt` or `package.json` lists it. Nothing is fetched for an agent that
//! requires `peer-contract` alone.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use peer_contract_core::Problem;
use serde_json::Value;

use super::archive::Archive;
use super::folder::{Gather, ends_with_any};
use super::{Arch, refuse};
use crate::project::Agent;

/// The list of an agent: beside its handler, else beside `peerc.toml`.
pub fn listed(root: &Path, folder: &Path, name: &str) -> Option<PathBuf> {
    [root.join(folder), root.to_owned()].into_iter().map(|folder| folder.join(name)).find(|file| file.is_file())
}

/// Adds what `pip` installs for Lambda, except for `peer-contract`, which is taken as it is installed.
pub fn python(
    archive: &mut Archive,
    agent: &Agent,
    interpreter: &str,
    list: &Path,
    version: &str,
    arch: Arch,
) -> Result<(), Problem> {
    let text = std::fs::read_to_string(list).map_err(|error| unread(agent, list, &error))?;
    let lines: Vec<&str> = text.lines().filter(|line| !is_ours(line)).collect();
    if lines.iter().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#')) {
        return Ok(());
    }
    let made = tempfile::tempdir().map_err(|error| unread(agent, list, &error))?;
    let others = made.path().join("requirements.txt");
    std::fs::write(&others, lines.join("\n") + "\n").map_err(|error| unread(agent, list, &error))?;
    let (target, machine) = (made.path().join("target"), if arch == Arch::Arm { "aarch64" } else { "x86_64" });
    let mut pip = Command::new(interpreter);
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile", "--only-binary=:all:"])
        .args(["--implementation", "cp", "--python-version", version])
        .args(["--platform", &format!("manylinux_2_28_{machine}"), "--platform", &format!("manylinux2014_{machine}")])
        .arg("--target")
        .arg(&target)
        .arg("--requirement")
        .arg(&others);
    run(agent, list, &mut pip)?;
    let takes = |name: &str| !ends_with_any(name, &["pyc"]);
    let gather = Gather { takes: &takes, installed: true };
    gather.add_to(archive, &target, "").map_err(|error| unread(agent, list, &error))
}

/// Whether a line of requirements asks for `peer-contract`.
fn is_ours(line: &str) -> bool {
    let name: String =
        line.trim().chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')).collect();
    name.to_ascii_lowercase().replace(['_', '.'], "-") == "peer-contract"
}

/// Adds what `npm` installs for Lambda, except for `peer-contract`, which is taken as it is installed.
pub fn node(archive: &mut Archive, agent: &Agent, list: &Path, arch: Arch) -> Result<(), Problem> {
    let text = std::fs::read(list).map_err(|error| unread(agent, list, &error))?;
    let mut package: Value = serde_json::from_slice(&text)
        .map_err(|error| refuse(agent, "handler", format!("`{}` is no JSON: {error}", list.display())))?;
    let dependencies = package.get_mut("dependencies").and_then(Value::as_object_mut);
    let others = dependencies.map_or(0, |dependencies| {
        dependencies.remove("peer-contract");
        dependencies.len()
    });
    if others == 0 {
        return Ok(());
    }
    let made = tempfile::tempdir().map_err(|error| unread(agent, list, &error))?;
    std::fs::write(made.path().join("package.json"), package.to_string())
        .map_err(|error| unread(agent, list, &error))?;
    let lock = list.with_file_name("package-lock.json");
    if lock.is_file() {
        std::fs::copy(&lock, made.path().join("package-lock.json")).map_err(|error| unread(agent, list, &error))?;
    }
    let cpu = if arch == Arch::Arm { "--cpu=arm64" } else { "--cpu=x64" };
    let mut npm = Command::new("npm");
    npm.args([
        "install",
        "--omit=dev",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--os=linux",
        "--libc=glibc",
        cpu,
    ]);
    run(agent, list, npm.current_dir(made.path()))?;
    let takes = |name: &str| !ends_with_any(name, &["map", "ts", "mts", "cts"]);
    let gather = Gather { takes: &takes, installed: true };
    gather
        .add_to(archive, &made.path().join("node_modules"), "node_modules/")
        .map_err(|error| unread(agent, list, &error))
}

fn run(agent: &Agent, list: &Path, command: &mut Command) -> Result<(), Problem> {
    let program = command.get_program().to_string_lossy().into_owned();
    let ended = command.stdin(Stdio::null()).output();
    let ended = ended.map_err(|error| refuse(agent, "handler", format!("`{program}` cannot be started: {error}")))?;
    if ended.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&ended.stderr);
    let message = format!("what `{}` lists cannot be installed for Lambda ({})", list.display(), ended.status);
    Err(refuse(agent, "handler", message).with_help(said.trim()))
}

fn unread(agent: &Agent, list: &Path, error: &std::io::Error) -> Problem {
    refuse(agent, "handler", format!("what `{}` lists cannot be packed: {error}", list.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_package_itself_is_known_under_all_its_names() {
        for line in [
            "peer-contract",
            "peer_contract==1.0",
            " Peer.Contract >= 1 ; python_version > '3.9'",
            "peer-contract @ file:///x",
        ] {
            assert!(is_ours(line), "{line}");
        }
        for line in ["", "# peer-contract", "peer-contracts", "-r peer-contract.txt", "requests"] {
            assert!(!is_ours(line), "{line}");
        }
    }
}
