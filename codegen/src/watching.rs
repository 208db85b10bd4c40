//! Files that are looked after: which of them changed.
//!
//! The few files of a contract are asked for time and size some times a second, which costs microseconds and works
//! with every editor and every file system, network mounts and containers among them. Editors write in steps (empty it,
//! fill it; write another file, rename it), so a change counts when nothing has happened for a moment.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

/// Between two looks.
pub const LOOK_EVERY: Duration = Duration::from_millis(100);
/// Without a further change, before a change counts.
const CALM: Duration = Duration::from_millis(150);

/// What is known of a file; nothing where it is not there.
type Print = Option<(SystemTime, u64, u64)>;

/// Some files, as they were when they were looked at.
#[derive(Debug, Default)]
pub struct Watch {
    prints: BTreeMap<PathBuf, Print>,
    /// The text of each file when it last counted, as a hash: a file that was only touched has not changed.
    texts: BTreeMap<PathBuf, Option<u64>>,
    stirred: BTreeSet<PathBuf>,
    since: Option<Instant>,
}

impl Watch {
    /// Looks after these files from now on. Those it has looked after before keep what is known of them.
    pub fn look_after(&mut self, files: impl IntoIterator<Item = PathBuf>) {
        let files: BTreeSet<PathBuf> = files.into_iter().collect();
        self.prints.retain(|file, _| files.contains(file));
        self.texts.retain(|file, _| files.contains(file));
        for file in files {
            self.texts.entry(file.clone()).or_insert_with(|| text_of(&file));
            self.prints.entry(file).or_insert_with_key(|file| print_of(file));
        }
    }

    /// The files.
    pub fn files(&self) -> impl Iterator<Item = &Path> {
        self.prints.keys().map(PathBuf::as_path)
    }

    /// Looks once. The files whose text has changed, once they have been calm for a moment; mostly none.
    pub fn changed(&mut self, now: Instant) -> Vec<PathBuf> {
        for (file, known) in &mut self.prints {
            let print = print_of(file);
            if *known != print {
                *known = print;
                self.stirred.insert(file.clone());
                self.since = Some(now);
            }
        }
        let is_calm = self.since.is_some_and(|since| now.duration_since(since) >= CALM);
        if !is_calm {
            return Vec::new();
        }
        self.since = None;
        let stirred = std::mem::take(&mut self.stirred);
        stirred.into_iter().filter(|file| self.differs(file)).collect()
    }

    fn differs(&mut self, file: &Path) -> bool {
        let text = text_of(file);
        self.texts.insert(file.to_owned(), text).is_some_and(|before| before != text)
    }
}

fn print_of(file: &Path) -> Print {
    let found = std::fs::metadata(file).ok()?;
    #[cfg(unix)]
    let id = std::os::unix::fs::MetadataExt::ino(&found);
    #[cfg(not(unix))]
    let id = 0;
    Some((found.modified().ok()?, found.len(), id))
}

/// A hash of the text; nothing where it cannot be read.
fn text_of(file: &Path) -> Option<u64> {
    use std::hash::{DefaultHasher, Hasher};
    let mut hasher = DefaultHasher::new();
    hasher.write(&std::fs::read(file).ok()?);
    Some(hasher.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(watch: &mut Watch) -> Vec<PathBuf> {
        let now = Instant::now();
        assert!(watch.changed(now).is_empty(), "a change counts when it is calm");
        watch.changed(now + CALM)
    }

    #[test]
    fn a_change_is_told_once_and_a_touch_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.yaml");
        std::fs::write(&file, "a").unwrap();
        let mut watch = Watch::default();
        watch.look_after([file.clone()]);
        assert!(after(&mut watch).is_empty());
        std::fs::write(&file, "ab").unwrap();
        assert_eq!(after(&mut watch), std::slice::from_ref(&file));
        assert!(after(&mut watch).is_empty());
        let later = SystemTime::now() + Duration::from_secs(5);
        std::fs::File::options().write(true).open(&file).unwrap().set_modified(later).unwrap();
        assert!(after(&mut watch).is_empty());
    }

    #[test]
    fn a_file_that_is_replaced_goes_or_comes_has_changed() {
        let folder = tempfile::tempdir().unwrap();
        let (file, beside) = (folder.path().join("a.yaml"), folder.path().join(".a.swp"));
        let mut watch = Watch::default();
        watch.look_after([file.clone()]);
        std::fs::write(&file, "a").unwrap();
        assert_eq!(after(&mut watch), std::slice::from_ref(&file));
        std::fs::write(&beside, "b").unwrap();
        std::fs::rename(&beside, &file).unwrap();
        assert_eq!(after(&mut watch), std::slice::from_ref(&file));
        std::fs::remove_file(&file).unwrap();
        assert_eq!(after(&mut watch), std::slice::from_ref(&file));
    }

    #[test]
    fn steps_of_one_change_are_one_change() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.yaml");
        std::fs::write(&file, "a").unwrap();
        let mut watch = Watch::default();
        watch.look_after([file.clone()]);
        let start = Instant::now();
        std::fs::write(&file, "").unwrap();
        assert!(watch.changed(start).is_empty());
        std::fs::write(&file, "whole").unwrap();
        assert!(watch.changed(start + CALM / 2).is_empty());
        assert!(watch.changed(start + CALM).is_empty(), "the second step began the wait again");
        assert_eq!(watch.changed(start + CALM * 2), [file]);
    }
}
