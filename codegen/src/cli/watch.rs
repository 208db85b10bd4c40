//! Staying: a command that is run again whenever the contract changes.

use std::path::{Path, PathBuf};
use std::time::Instant;

use serde_json::json;

use super::interrupt::{asked_to_end, runtime};
use super::open::locate_contract;
use super::{Console, Exit, Format};
use crate::project::{self, Project};
use crate::watching::{LOOK_EVERY, Watch};

/// Runs `once`, and again after each change of the contract or of `peerc.toml`. What `once` finds is its own to
/// report; it ends nothing.
pub fn stay(contract: Option<&Path>, console: &Console, once: impl Fn() -> Exit) -> Exit {
    // Without a file to look after there is nothing to wait for.
    if files(contract).is_empty() {
        return match locate_contract(contract.map(Path::to_owned), console) {
            Ok(_) => once(),
            Err(exit) => exit,
        };
    }
    let mut watch = Watch::default();
    watch.look_after(files(contract));
    once();
    announce(&watch, console);
    runtime().block_on(async {
        let mut end = std::pin::pin!(asked_to_end());
        loop {
            tokio::select! {
                () = &mut end => return Exit::Clean,
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
            let changed = watch.changed(Instant::now());
            if !changed.is_empty() {
                tell(&changed, console);
                once();
                // `peerc.toml` may name another contract now.
                watch.look_after(files(contract));
            }
        }
    })
}

/// The contract that was named; else `peerc.toml`, and the contract it names.
fn files(contract: Option<&Path>) -> Vec<PathBuf> {
    if let Some(contract) = contract {
        return vec![contract.to_owned()];
    }
    let Some(root) = project::root_above(Path::new("")) else {
        return locate_alone();
    };
    let settings = root.join(project::FILE);
    let contract = Project::read(root).ok().map(|project| project.contract);
    std::iter::once(settings).chain(contract).collect()
}

/// The only contract of a folder without `peerc.toml`.
fn locate_alone() -> Vec<PathBuf> {
    super::open::only_contract().into_iter().collect()
}

fn announce(watch: &Watch, console: &Console) {
    let names: Vec<String> = watch.files().map(|file| file.display().to_string()).collect();
    match console.format {
        Format::Text => console.note(format!("watching {}; Ctrl-C ends", names.join(", "))),
        Format::Json => console.json(&json!({ "type": "watching", "files": names })),
    }
}

fn tell(changed: &[PathBuf], console: &Console) {
    let names: Vec<String> = changed.iter().map(|file| file.display().to_string()).collect();
    match console.format {
        Format::Text => console.note(format!("changed: {}", names.join(", "))),
        Format::Json => console.json(&json!({ "type": "changed", "files": names })),
    }
}
