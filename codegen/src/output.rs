//! Files to a folder: all or none, and never over a file that somebody else wrote.

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::path::{Component, Path, PathBuf};

use peer_contract_core::{ErrorCode, Pointer, Problem};
use tempfile::{NamedTempFile, TempPath};

use crate::ir::ContractFacts;
use crate::render::HEADER_MARK;
use crate::target::GeneratedFile;

/// Lines at the top of a file among which our header is looked for.
const HEADER_LINES: usize = 8;
/// Bytes at the top of a file among which a header is looked for, where any file may be.
const HEADER_BYTES: u64 = 4096;

/// What has to happen to one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// It is missing.
    Create,
    /// It says something else.
    Update,
    /// We wrote it for this contract, and it is not needed any more.
    Remove,
}

/// What has to happen in one folder. Nothing has happened yet.
#[derive(Debug)]
pub struct Plan {
    /// The folder.
    pub folder: PathBuf,
    /// Files that are to be there.
    pub files: usize,
    /// Path and change, by path.
    pub changes: Vec<(PathBuf, Change)>,
    texts: Vec<(PathBuf, String)>,
}

/// Compares a folder with what it should hold.
///
/// # Errors
/// `configuration_invalid` when a file that is not ours is in the way, a path leaves the folder or
/// passes a symbolic link, or two paths are one on some file system.
pub fn plan(folder: &Path, files: &[GeneratedFile], facts: &ContractFacts) -> Result<Plan, Problem> {
    let mut plan = Plan { folder: folder.to_owned(), files: files.len(), changes: Vec::new(), texts: Vec::new() };
    let mut wanted = BTreeSet::new();
    // The contract, and what it was called when the files were written that are now replaced.
    let mut owners = BTreeSet::from([facts.name.clone()]);
    let mut folded = BTreeSet::new();
    for file in files {
        if !folded.insert(file.path.to_lowercase()) {
            return Err(refuse(format!("`{}` and another file are one where case does not count", file.path)));
        }
        let path = inside(folder, &file.path)?;
        wanted.insert(path.clone());
        let found = read(&path)?;
        owners.extend(found.as_deref().and_then(owner_of).map(str::to_owned));
        if let Some(change) = change(&path, found.as_deref(), &file.text)? {
            plan.changes.push((path.clone(), change));
            plan.texts.push((path, file.text.clone()));
        }
    }
    plan.changes.extend(left_over(&wanted, &owners)?.into_iter().map(|path| (path, Change::Remove)));
    plan.changes.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(plan)
}

/// Carries plans out. Every text is on disk, under another name, before the first file changes its own.
///
/// # Errors
/// `configuration_invalid` when a folder or file cannot be written.
pub fn write(plans: &[&Plan]) -> Result<(), Problem> {
    let mut staged = Vec::new();
    for (path, text) in plans.iter().flat_map(|plan| &plan.texts) {
        staged.push((stage(path, text).map_err(|error| failed("written", path, &error))?, path));
    }
    for (file, path) in staged {
        file.persist(path).map_err(|error| failed("written", path, &error.error))?;
    }
    for (path, _) in plans.iter().flat_map(|plan| &plan.changes).filter(|(_, change)| *change == Change::Remove) {
        std::fs::remove_file(path).map_err(|error| failed("removed", path, &error))?;
    }
    Ok(())
}

/// Closed again at once: a process may have fewer files open than many contracts have.
fn stage(path: &Path, text: &str) -> std::io::Result<TempPath> {
    std::fs::create_dir_all(folder_of(path))?;
    staged(path, text).map(NamedTempFile::into_temp_path)
}

/// The text in a file of another name, beside the one it is for.
pub(crate) fn staged(path: &Path, text: &str) -> std::io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".peerc-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(folder_of(path))?;
    file.write_all(text.as_bytes())?;
    Ok(file)
}

/// The folder that a file lies in.
pub(crate) fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Refuses a folder that is reached through a symbolic link below `root`: who wrote the project could have
/// laid it to lead anywhere. Links above the project are those of its user.
///
/// # Errors
/// `configuration_invalid` names the link.
pub fn refuse_links_below(root: &Path, folder: &Path) -> Result<(), Problem> {
    let mut whole = root.to_owned();
    folder.components().try_for_each(|part| {
        whole.push(part);
        refuse_link(&whole)
    })
}

/// The path of a file below the folder.
fn inside(folder: &Path, path: &str) -> Result<PathBuf, Problem> {
    let path = Path::new(path);
    if !path.components().all(|part| matches!(part, Component::Normal(_))) || path.as_os_str().is_empty() {
        return Err(refuse(format!("`{}` leads out of the output folder", path.display())));
    }
    let mut whole = folder.to_owned();
    refuse_link(&whole)?;
    for part in path.components() {
        whole.push(part);
        refuse_link(&whole)?;
    }
    Ok(whole)
}

fn refuse_link(path: &Path) -> Result<(), Problem> {
    if path.symlink_metadata().is_ok_and(|found| found.is_symlink()) {
        return Err(refuse(format!("`{}` is a symbolic link; generated files do not follow any", path.display())));
    }
    Ok(())
}

fn read(path: &Path) -> Result<Option<Vec<u8>>, Problem> {
    match std::fs::read(path) {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed("read", path, &error)),
    }
}

fn change(path: &Path, found: Option<&[u8]>, text: &str) -> Result<Option<Change>, Problem> {
    let Some(found) = found else { return Ok(Some(Change::Create)) };
    if found == text.as_bytes() {
        return Ok(None);
    }
    if header_of(found).is_none() {
        let problem = refuse(format!("`{}` was not written by peerc and is in the way", path.display()));
        return Err(problem.with_help("move it, or choose another output folder"));
    }
    Ok(Some(Change::Update))
}

/// Files beside ours that carry our header and one of these contracts' names, and that nobody asks for now.
/// Languages may share a folder, so only endings of these files count.
fn left_over(wanted: &BTreeSet<PathBuf>, owners: &BTreeSet<String>) -> Result<Vec<PathBuf>, Problem> {
    let folders: BTreeSet<&Path> = wanted.iter().filter_map(|path| path.parent()).collect();
    let endings: BTreeSet<_> = wanted.iter().filter_map(|path| path.extension()).collect();
    let mut found = Vec::new();
    for folder in folders.into_iter().filter(|folder| folder.is_dir()) {
        let entries = std::fs::read_dir(folder).map_err(|error| failed("read", folder, &error))?;
        for entry in entries.flatten().filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_file())) {
            let path = entry.path();
            let is_ours =
                || std::fs::read(&path).is_ok_and(|bytes| owner_of(&bytes).is_some_and(|owner| owners.contains(owner)));
            if path.extension().is_some_and(|ending| endings.contains(ending)) && !wanted.contains(&path) && is_ours() {
                found.push(path);
            }
        }
    }
    Ok(found)
}

/// The folders in a folder that hold files of ours, with the contract that these are from, by name.
pub fn generated_below(folder: &Path) -> Vec<(String, String)> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let folders = entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
    let mut found: Vec<(String, String)> =
        folders.filter_map(|entry| Some((entry.file_name().into_string().ok()?, owner_in(&entry.path())?))).collect();
    found.sort();
    found
}

fn owner_in(folder: &Path) -> Option<String> {
    let files = std::fs::read_dir(folder).ok()?.flatten();
    let files = files.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_file()));
    let mut owners = files.filter_map(|entry| owner_of(&top_of(&entry.path()).ok()?).map(str::to_owned));
    owners.next()
}

/// As much of a file as a header needs: whose it is, is not known yet.
fn top_of(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut top = Vec::new();
    std::fs::File::open(path)?.take(HEADER_BYTES).read_to_end(&mut top)?;
    Ok(top)
}

/// The line that says who wrote a file, if it was us.
fn header_of(bytes: &[u8]) -> Option<&str> {
    let top = bytes.split(|byte| *byte == b'\n').take(HEADER_LINES);
    top.filter_map(|line| std::str::from_utf8(line).ok()).find(|line| line.contains(HEADER_MARK))
}

/// The contract from which we wrote a file.
fn owner_of(bytes: &[u8]) -> Option<&str> {
    let (_, rest) = header_of(bytes)?.split_once(HEADER_MARK)?;
    rest.split_once(" from ")?.1.split(' ').next()
}

fn refuse(message: impl Into<String>) -> Problem {
    Problem::new(ErrorCode::ConfigurationInvalid, Pointer::root(), message)
}

fn failed(what: &str, path: &Path, error: &std::io::Error) -> Problem {
    refuse(format!("`{}` cannot be {what}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts() -> ContractFacts {
        ContractFacts {
            name: "relay".into(),
            version: "1.0.0".into(),
            docs: Vec::new(),
            hash: "sha256:00".into(),
            canonical: "{}".into(),
            compiler: "0.1.0".into(),
            initial_state: None,
        }
    }

    fn ours(path: &str, name: &str) -> GeneratedFile {
        GeneratedFile { path: path.into(), text: format!("// {HEADER_MARK}0.1.0 from {name} 1.0.0 sha256:00\n") }
    }

    fn changes(folder: &Path, files: &[GeneratedFile]) -> Vec<Change> {
        plan(folder, files, &facts()).unwrap().changes.into_iter().map(|(_, change)| change).collect()
    }

    #[test]
    fn a_second_run_has_nothing_to_do() {
        let folder = tempfile::tempdir().unwrap();
        let files = [ours("a.rs", "relay"), ours("deep/b.rs", "relay")];
        let planned = plan(folder.path(), &files, &facts()).unwrap();
        assert!(!folder.path().join("a.rs").exists(), "a plan writes nothing");
        write(&[&planned]).unwrap();
        assert_eq!(std::fs::read_to_string(folder.path().join("deep/b.rs")).unwrap(), files[1].text);
        assert!(changes(folder.path(), &files).is_empty());
    }

    #[test]
    fn a_foreign_file_stops_everything() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("b.rs"), "mine").unwrap();
        let files = [ours("a.rs", "relay"), ours("b.rs", "relay")];
        let problem = plan(folder.path(), &files, &facts()).unwrap_err();
        assert_eq!(problem.code, ErrorCode::ConfigurationInvalid);
        assert!(!folder.path().join("a.rs").exists());
    }

    #[test]
    fn only_files_of_this_contract_are_removed() {
        let folder = tempfile::tempdir().unwrap();
        for file in [ours("old.rs", "relay"), ours("other.rs", "relay-two"), ours("old.py", "relay")] {
            std::fs::write(folder.path().join(&file.path), &file.text).unwrap();
        }
        std::fs::write(folder.path().join("mine.rs"), "mine").unwrap();
        let planned = plan(folder.path(), &[ours("a.rs", "relay")], &facts()).unwrap();
        write(&[&planned]).unwrap();
        let left = ["a.rs", "old.rs", "old.py", "other.rs", "mine.rs"].map(|name| folder.path().join(name).exists());
        assert_eq!(left, [true, false, true, true, true]);
    }

    #[test]
    fn what_a_renamed_contract_left_is_removed() {
        let folder = tempfile::tempdir().unwrap();
        for file in [ours("mod.rs", "old"), ours("agent.rs", "old"), ours("other.rs", "another")] {
            std::fs::write(folder.path().join(&file.path), &file.text).unwrap();
        }
        let planned = plan(folder.path(), &[ours("mod.rs", "relay")], &facts()).unwrap();
        let change = |name: &str, change| (folder.path().join(name), change);
        assert_eq!(planned.changes, [change("agent.rs", Change::Remove), change("mod.rs", Change::Update)]);
    }

    #[test]
    fn no_path_leaves_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        for path in ["../a", "/a", "", "a/../../b"] {
            assert!(plan(folder.path(), &[ours(path, "relay")], &facts()).is_err(), "{path}");
        }
    }

    #[test]
    fn two_files_that_differ_in_case_alone_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        assert!(plan(folder.path(), &[ours("A.rs", "relay"), ours("a.rs", "relay")], &facts()).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn symbolic_links_are_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let elsewhere = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink(elsewhere.path(), folder.path().join("link")).unwrap();
        assert!(plan(folder.path(), &[ours("link/a.rs", "relay")], &facts()).is_err());
        assert!(plan(&folder.path().join("link"), &[ours("a.rs", "relay")], &facts()).is_err());
        assert!(refuse_links_below(folder.path(), Path::new("./link/deep")).is_err());
        assert!(refuse_links_below(&folder.path().join("link"), Path::new("deep")).is_ok());
    }
}
