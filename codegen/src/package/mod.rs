//! What goes to AWS Lambda: one zip per agent, and a template that makes the functions and all they need.
//!
//! ```text
//! Project, Contract ─ python | node | rust ─→ Contents ─archive→ zip        Contract ─stack→ Node ─yaml→ template
//! ```
//!
//! The same files give the same bytes: entries are sorted, and carry no times.

mod archive;
mod elf;
mod events;
mod folder;
mod node;
mod python;
mod rights;
mod rust;
mod stack;
mod storage;
mod vendor;

use std::path::Path;

use peer_contract::peers::WITHOUT_TLS;
use peer_contract_core::{Contract, ErrorCode, Pointer, Problem};

use crate::project::{Agent, Language, Project, Start, function_name};
use archive::Archive;

pub use stack::template;

/// A processor that functions run on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Arch {
    /// 64-bit x86.
    #[value(name = "x86_64", alias = "x86-64", alias = "x64", alias = "amd64")]
    X86,
    /// 64-bit ARM, Graviton.
    #[value(name = "arm64", alias = "aarch64")]
    Arm,
}

impl Arch {
    /// As templates name it.
    pub fn name(self) -> &'static str {
        match self {
            Self::X86 => "x86_64",
            Self::Arm => "arm64",
        }
    }
}

/// What Lambda takes of a zip that is uploaded directly; larger ones go through S3.
pub const LARGEST_UPLOAD: u64 = 50 << 20;
/// What Lambda takes unpacked.
const LARGEST_UNPACKED: u64 = 250 << 20;

/// One agent, ready to be uploaded.
#[derive(Debug)]
pub struct Packed {
    /// The agent.
    pub agent: String,
    /// The function's name.
    pub function: String,
    /// Lambda's name of the runtime.
    pub runtime: String,
    /// What the runtime calls.
    pub handler: String,
    /// The file.
    pub zip: Vec<u8>,
    /// Its bytes unpacked.
    pub unpacked: u64,
    /// What is worth a look before it is uploaded.
    pub notes: Vec<String>,
}

/// What an agent's zip holds, and how the function starts.
struct Contents {
    archive: Archive,
    runtime: String,
    handler: String,
}

/// Packs one agent.
///
/// # Errors
/// `configuration_invalid` at the setting, for what is not there, is for another processor, or is larger than Lambda takes.
pub fn pack(project: &Project, contract: &Contract, agent: &Agent, arch: Arch) -> Result<Packed, Problem> {
    let function = function_name(contract, &agent.name);
    if function.len() > 64 {
        return Err(refuse(agent, "", format!("a function cannot be called `{function}`: Lambda takes 64 characters")));
    }
    let contents = match (&agent.start, agent.language) {
        (Start::Handler(handler), Some(Language::Node)) => node::contents(project, agent, handler, arch),
        (Start::Handler(handler), _) => python::contents(project, agent, handler, arch),
        (Start::Run(command), _) => rust::contents(project, agent, command, arch),
    }?;
    let (unpacked, notes) = (contents.archive.unpacked(), contents.archive.notes(arch));
    if let Some(stranger) = contents.archive.other_processor(arch) {
        let message = format!("`{stranger}` in the zip is not for {}", arch.name());
        return Err(refuse(agent, "", message).with_help(
            "install the packages for that processor, or build the program for it, and name it as `bootstrap`",
        ));
    }
    if unpacked > LARGEST_UNPACKED {
        let message = format!("the agent is {} MB unpacked; Lambda takes 250 MB", unpacked >> 20);
        return Err(refuse(agent, "", message));
    }
    let zip = contents.archive.to_zip().map_err(|error| refuse(agent, "", format!("no zip can be made: {error}")))?;
    let Contents { runtime, handler, .. } = contents;
    Ok(Packed { agent: agent.name.clone(), function, runtime, handler, zip, unpacked, notes })
}

/// Whether a module has its TLS in a file beside it, which must come along: without it no peer at AWS is reached.
fn leaves_tls_out(module: &[u8]) -> bool {
    memchr::memmem::find(module, WITHOUT_TLS.as_bytes()).is_some()
}

/// A problem at a setting of an agent, or at the agent.
fn refuse(agent: &Agent, key: &str, message: impl Into<String>) -> Problem {
    let at = Pointer::root().key("agents").key(&agent.name);
    let at = if key.is_empty() { at } else { at.key(key) };
    Problem::new(ErrorCode::ConfigurationInvalid, at, message)
}

/// `folder/stem.name` of a handler, with or without an ending, as folder, stem and name.
fn parts_of<'a>(handler: &'a str, endings: &[&str]) -> (&'a Path, &'a str, &'a str) {
    let (file, name) = handler.rsplit_once('.').unwrap_or((handler, "handler"));
    let path = Path::new(file);
    let whole = path.file_name().and_then(|stem| stem.to_str()).unwrap_or_default();
    let stem = endings.iter().find_map(|ending| whole.strip_suffix(&format!(".{ending}"))).unwrap_or(whole);
    (path.parent().unwrap_or(Path::new("")), stem, name)
}
