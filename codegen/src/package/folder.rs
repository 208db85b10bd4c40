//! Files of a folder and below.

use std::fs;
use std::io;
use std::path::Path;

use super::archive::Archive;

/// Folders in one another.
const DEEPEST: usize = 32;
/// Folders that hold what others wrote, or what a run left.
const LEFT_OUT: [&str; 3] = ["node_modules", "target", "__pycache__"];

/// What a folder is gathered for.
pub struct Gather<'a> {
    /// Whether a file goes along, by its name.
    pub takes: &'a dyn Fn(&str) -> bool,
    /// Whether all folders are gone into, as in a folder of installed packages, or none of others'.
    pub installed: bool,
}

impl Gather<'_> {
    /// Adds the files of `folder` under the name `at`, which is empty or ends with a slash. Links to files are followed, links to
    /// folders are not: they may lead anywhere, and in circles.
    ///
    /// # Errors
    /// A folder or file that cannot be read.
    pub fn add_to(&self, archive: &mut Archive, folder: &Path, at: &str) -> io::Result<()> {
        self.level(archive, folder, at, 0)
    }

    fn level(&self, archive: &mut Archive, folder: &Path, at: &str, depth: usize) -> io::Result<()> {
        let shown = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        for entry in fs::read_dir(shown)? {
            let entry = entry?;
            let (path, name) = (folder.join(entry.file_name()), entry.file_name().to_string_lossy().into_owned());
            if name.starts_with('.') {
                continue;
            }
            if entry.file_type()?.is_dir() {
                if depth < DEEPEST && self.enters(&path, &name) {
                    self.level(archive, &path, &format!("{at}{name}/"), depth + 1)?;
                }
            } else if path.is_file() && (self.takes)(&name) {
                archive.add(format!("{at}{name}"), fs::read(&path)?);
            }
        }
        Ok(())
    }

    fn enters(&self, path: &Path, name: &str) -> bool {
        let is_foreign =
            LEFT_OUT.contains(&name) || path.join("pyvenv.cfg").exists() || path.join("Cargo.toml").exists();
        if self.installed { name != "__pycache__" } else { !is_foreign }
    }
}

/// Whether a name has one of these endings.
pub fn ends_with_any(name: &str, endings: &[&str]) -> bool {
    name.rsplit_once('.').is_some_and(|(_, ending)| endings.contains(&ending))
}
