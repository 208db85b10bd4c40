//! A Node agent: the files beside its handler, `peer-contract` as it is installed, and what else its package needs.

use std::path::Path;

use peer_contract_core::Problem;

use super::archive::Archive;
use super::folder::{Gather, ends_with_any};
use super::{Arch, Contents, leaves_tls_out, parts_of, refuse, vendor};
use crate::project::{Agent, Project, node_package_of};

/// What Lambda has of the versions that the package supports, and what it lets run longest.
const RUNTIME: &str = "nodejs22.x";
/// Sources of other languages, declarations and maps, and what npm keeps for itself.
const NOT_TAKEN: &[&str] = &["py", "pyc", "rs", "ts", "mts", "cts", "map"];
/// The parts of the package that run: the loop is the platform's own.
const PARTS: [&str; 2] = ["package.json", "dist/index.js"];

pub fn contents(project: &Project, agent: &Agent, handler: &str, arch: Arch) -> Result<Contents, Problem> {
    let (folder, stem, name) = parts_of(handler, &["mjs", "js", "cjs"]);
    let package = node_package_of(&project.root, agent, handler)?;
    let mut archive = Archive::default();
    if let Some(file) = vendor::listed(&project.root, folder, "package.json") {
        vendor::node(&mut archive, agent, &file, arch)?;
    }
    let unreadable = |error: std::io::Error| refuse(agent, "handler", format!("its files cannot be read: {error}"));
    let takes = |name: &str| !ends_with_any(name, NOT_TAKEN) && !matches!(name, "package-lock.json" | "peerc.toml");
    Gather { takes: &takes, installed: false }
        .add_to(&mut archive, &project.root.join(folder), "")
        .map_err(unreadable)?;
    add_package(&mut archive, &package, arch).map_err(|error| {
        let platform = platform(arch);
        refuse(agent, "handler", format!("`peer-contract` has not all that runs on {}: {error}", arch.name())).with_help(format!(
            "`npm install --no-save --force peer-contract-{platform}`, or put its `peer-contract.{platform}.node` and `peer-contract-tls.{platform}.node` into the package"
        ))
    })?;
    Ok(Contents { archive, runtime: RUNTIME.to_owned(), handler: format!("{stem}.{name}") })
}

/// The package, and its addon for the processor with the TLS beside that: in it, or in the package beside it that npm chose.
fn add_package(archive: &mut Archive, package: &Path, arch: Arch) -> std::io::Result<()> {
    let read = |file: &Path| {
        std::fs::read(file).map_err(|error| std::io::Error::new(error.kind(), format!("`{}`: {error}", file.display())))
    };
    for part in PARTS {
        archive.add(format!("node_modules/peer-contract/{part}"), read(&package.join(part))?);
    }
    let platform = platform(arch);
    let (addon, beside) = (format!("peer-contract.{platform}.node"), format!("peer-contract-{platform}"));
    let places = [package.join(&addon), package.join("..").join(&beside).join(&addon)];
    let found = places.iter().find(|place| place.is_file()).unwrap_or(&places[0]);
    let tls = format!("peer-contract-tls.{platform}.node");
    let (bytes, beside) = (read(found)?, found.with_file_name(&tls));
    if leaves_tls_out(&bytes) || beside.is_file() {
        archive.add(format!("node_modules/peer-contract/{tls}"), read(&beside)?);
    }
    archive.add(format!("node_modules/peer-contract/{addon}"), bytes);
    Ok(())
}

/// As npm names it.
fn platform(arch: Arch) -> &'static str {
    match arch {
        Arch::X86 => "linux-x64-gnu",
        Arch::Arm => "linux-arm64-gnu",
    }
}
