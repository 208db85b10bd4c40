//! Looking through the folder of a file store, and tidying it.

use std::fs::{self, DirEntry, Metadata};
use std::io;
use std::path::Path;
use std::time::Duration;

use super::super::{Entry, Key};
use super::folder::{ASIDE, Folder, TEMPORARY, none_if_missing, steady};
use crate::clock::{ms_of, now_ms};

/// No write takes this long: what is still temporary then was left by a process that was killed.
const LONGEST_WRITE: Duration = Duration::from_secs(3_600);

impl Folder {
    /// All keys that begin with `start`.
    pub(super) fn list(&self, start: &str) -> io::Result<Vec<Entry>> {
        let mut entries = Vec::new();
        // Folders that cannot hold such a key are not looked into.
        let (above, _) = start.rsplit_once('/').unwrap_or_default();
        self.files_below(&self.root.join(above), &mut |path, metadata| {
            let name = path.strip_prefix(&self.root).ok().and_then(Path::to_str).unwrap_or_default();
            // What is no key was not written by a store.
            if let Ok(key) = Key::parse(name)
                && name.starts_with(start)
            {
                entries.push(Entry { key, bytes: metadata.len(), modified_ms: modified(metadata)? });
            }
            Ok(())
        })?;
        Ok(entries)
    }

    /// Removes old bytes that were set aside from keys that begin with `start`, and old temporary files.
    pub(super) fn sweep(&self, start: &str, before_ms: u64) -> io::Result<u64> {
        let aside = self.root.join(ASIDE);
        let abandoned_ms = before_ms.min(now_ms().saturating_sub(LONGEST_WRITE.as_millis() as u64));
        let of_start =
            |path: &Path| path.strip_prefix(&aside).is_ok_and(|key| key.to_string_lossy().starts_with(start));
        let mut swept = self.remove_old(&aside, before_ms, of_start)?;
        swept += self.remove_old(&self.root.join(TEMPORARY), abandoned_ms, |_| true)?;
        Ok(swept)
    }

    fn remove_old(&self, folder: &Path, before_ms: u64, wanted: impl Fn(&Path) -> bool) -> io::Result<u64> {
        let mut old = Vec::new();
        self.files_below(folder, &mut |path, metadata| {
            if wanted(path) && modified(metadata)? < before_ms {
                old.push(path.to_owned());
            }
            Ok(())
        })?;
        for path in &old {
            none_if_missing(steady(|| fs::remove_file(path)))?;
            if !path.starts_with(self.root.join(TEMPORARY)) {
                self.remove_empty_folders(path)?;
            }
        }
        Ok(old.len() as u64)
    }

    /// The folders above a file that was removed, up to the first that still holds something.
    pub(super) fn remove_empty_folders(&self, path: &Path) -> io::Result<()> {
        for folder in path.ancestors().skip(1).take_while(|folder| *folder != self.root) {
            match steady(|| fs::remove_dir(folder)) {
                Ok(()) => {}
                // Somebody wrote there, or was faster.
                Err(error) if matches!(error.kind(), io::ErrorKind::DirectoryNotEmpty | io::ErrorKind::NotFound) => {
                    break;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Plain files in a folder and all folders below it. Links are not followed; what goes away meanwhile is not there.
    fn files_below(&self, folder: &Path, found: &mut impl FnMut(&Path, &Metadata) -> io::Result<()>) -> io::Result<()> {
        let mut folders = vec![folder.to_owned()];
        while let Some(folder) = folders.pop() {
            let Some(entries) = none_if_missing(fs::read_dir(&folder))? else { continue };
            for entry in entries {
                let entry = entry?;
                let Some(metadata) = none_if_missing(steady(|| entry.metadata()))? else { continue };
                if metadata.is_dir() && !self.is_own(&entry) {
                    folders.push(entry.path());
                } else if metadata.is_file() {
                    found(&entry.path(), &metadata)?;
                }
            }
        }
        Ok(())
    }

    /// Whether a folder at the root is one of the store's own, which no key leads into.
    fn is_own(&self, entry: &DirEntry) -> bool {
        entry.file_name().as_encoded_bytes().starts_with(b".") && entry.path().parent() == Some(&self.root)
    }
}

fn modified(metadata: &Metadata) -> io::Result<u64> {
    metadata.modified().map(ms_of)
}
