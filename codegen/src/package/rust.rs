//! A program that speaks the Runtime API itself: Lambda starts it as `bootstrap`.

use std::path::PathBuf;

use peer_contract_core::Problem;

use super::archive::Archive;
use super::{Arch, Contents, elf, refuse};
use crate::project::{Agent, Project};

/// Amazon Linux 2023 with nothing on it.
const RUNTIME: &str = "provided.al2023";

pub fn contents(project: &Project, agent: &Agent, command: &[String], arch: Arch) -> Result<Contents, Problem> {
    let (key, program) = match &agent.bootstrap {
        Some(program) => ("bootstrap", program),
        None => ("run", command.first().expect("a command has at least one part")),
    };
    let path: PathBuf = project.root.join(program);
    let bytes = std::fs::read(&path).map_err(|error| {
        refuse(agent, key, format!("`{program}` cannot be read: {error}"))
            .with_help("`release = \"cargo build --release\"` builds it, and `bootstrap` names it")
    })?;
    if elf::machine(&bytes) != Some(Some(arch)) {
        let message = format!("`{program}` is no program for Linux on {}", arch.name());
        let target = if arch == Arch::Arm { "aarch64" } else { "x86_64" };
        return Err(refuse(agent, key, message).with_help(format!(
            "`release = \"cargo build --release --target {target}-unknown-linux-gnu\"` builds one, and `bootstrap` names it"
        )));
    }
    let mut archive = Archive::default();
    archive.add_program("bootstrap", bytes);
    Ok(Contents { archive, runtime: RUNTIME.to_owned(), handler: "bootstrap".to_owned() })
}
