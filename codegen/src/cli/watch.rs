//! Staying: a command that is run again whenever the contract changes.

use std::path::{Path, PathBuf};
use std::time::Instant;

use serde_json::json;

use super::interrupt::{asked_to_end, runtime};
use super::open::{contracts_of, locate_contract};
use super::{Console, Exit, Format};
use crate::project::{self, Project};
use crate::watching::{LOOK_EVERY, Watch};

/// Runs `once`, and again after each change of the contract or of `peerc.toml`. What `once` finds is its own to
/// report; it ends nothing.
pub fn stay(contracts: &[PathBuf], console: &Console, once: impl Fn() -> Exit) -> Exit {
    // Without a file to look after there is nothing to wait for.
    if files(contracts).is_empty() {
        return match locate_contract(None, console) {
            Ok(_) => once(),
            Err(exit) => exit,
        };
    }
    let mut watch = Watch::default();
    watch.look_after(files(contracts));
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
                watch.look_after(files(contracts));
            }
        }
    })
}

/// The contracts that were named, one by one or by their folder; else `peerc.toml`, and the contract it names.
fn files(contracts: &[PathBuf]) -> Vec<PathBuf> {
    if !contracts.is_empty() {
        let named = |path: &PathBuf| contracts_of(path).unwrap_or_else(|_| vec![path.clone()]);
        return contracts.iter().flat_map(named).collect();
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
