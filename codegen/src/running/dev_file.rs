//! `.peerc/dev.json`: how another terminal finds a running `peerc dev`.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::project::WORK_FOLDER;

/// What stands in the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DevFile {
    /// URL of the Invoke API.
    pub endpoint: String,
    /// Port of the feed.
    pub feed: u16,
    /// Process of `peerc dev`.
    pub pid: u32,
    /// Hash of the contract its agents run.
    pub contract: String,
    /// The shared store of its agents.
    pub store: String,
}

impl DevFile {
    /// The file of the project in `root`, if there is one that can be read.
    pub fn read(root: &Path) -> Option<Self> {
        serde_json::from_slice(&std::fs::read(path(root)).ok()?).ok()
    }

    /// Writes it, whole or not at all.
    ///
    /// # Errors
    /// As the file system says.
    pub fn write(&self, root: &Path) -> std::io::Result<()> {
        let path = path(root);
        let text = serde_json::to_vec_pretty(self).expect("strings and numbers always print");
        let beside = path.with_extension(format!("{}.tmp", self.pid));
        std::fs::write(&beside, text)?;
        std::fs::rename(beside, path)
    }

    /// Removes it, if it is still this one.
    pub fn remove(&self, root: &Path) {
        if Self::read(root).as_ref() == Some(self) {
            // A file that stays is found to be stale by its feed.
            let _ = std::fs::remove_file(path(root));
        }
    }
}

fn path(root: &Path) -> PathBuf {
    root.join(WORK_FOLDER).join("dev.json")
}
