//! Documents in files: those that were named, and those that references lead to, from the folders that were named.
//!
//! Nothing is fetched. A reference to `https://…` leads to a file when a file calls itself so, or lies beside one that
//! does, as the two addresses lie beside each other.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};

use peer_contract_core::{ErrorCode, Limits, Pointer, Problem};
use serde_json::Value;

use super::{Loader, bounds, uri};
use crate::source::{Notation, Source};

/// Bytes of the largest schema.
const MOST_BYTES: usize = 16 << 20;
/// Endings that an address may leave out.
const ENDINGS: &[&str] = &["", ".json", ".schema.json", ".yaml", ".yml"];

/// Files below some folders.
#[derive(Debug, Default)]
pub struct Files {
    roots: Vec<PathBuf>,
    /// Files by the address that they call themselves.
    known: BTreeMap<String, PathBuf>,
    /// Folders by what the addresses of their files begin with.
    mapped: Vec<(String, PathBuf)>,
}

/// A file that an address may mean.
struct Candidate {
    path: PathBuf,
    /// Whether somebody said that this address is this file, whatever the file calls itself.
    is_said: bool,
}

impl Files {
    /// Lets files below a folder be read.
    ///
    /// # Errors
    /// `configuration_invalid` when there is no such folder.
    pub fn allow(&mut self, folder: &Path) -> Result<(), Problem> {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let root = folder.canonicalize().map_err(|error| unreadable(folder, &error))?;
        self.roots.push(root);
        Ok(())
    }

    /// Lets addresses that begin with `prefix` be files below a folder.
    ///
    /// # Errors
    /// `configuration_invalid` when there is no such folder.
    pub fn map(&mut self, prefix: &str, folder: &Path) -> Result<(), Problem> {
        self.allow(folder)?;
        self.mapped.push((prefix.trim_end_matches('/').to_owned(), folder.to_owned()));
        Ok(())
    }

    /// Reads a file that was named, wherever it lies; with its address.
    ///
    /// # Errors
    /// `configuration_invalid` when it cannot be read.
    pub fn read(&mut self, path: &Path) -> Result<(String, Source), Problem> {
        self.read_as(path, path.display().to_string())
    }

    fn read_as(&mut self, path: &Path, name: String) -> Result<(String, Source), Problem> {
        let whole = std::path::absolute(path).map_err(|error| unreadable(path, &error))?;
        let bytes = std::fs::File::open(path).and_then(read_all).map_err(|error| unreadable(path, &error))?;
        let source = read_text(name, &bytes, Notation::of(path));
        if let Some(own) = own_address(&source) {
            self.known.entry(own).or_insert_with(|| whole.clone());
        }
        let address = address_of(&whole);
        self.known.insert(address.clone(), whole);
        Ok((address, source))
    }

    /// Reads what comes on a stream, as a document of this folder.
    ///
    /// # Errors
    /// `configuration_invalid` when it cannot be read.
    pub fn read_stream(&mut self, stream: impl Read) -> Result<(String, Source), Problem> {
        let here = std::path::absolute("-").map_err(|error| unreadable(Path::new("-"), &error))?;
        let bytes = read_all(stream).map_err(|error| unreadable(Path::new("-"), &error))?;
        Ok((address_of(&here), read_text("<stdin>".to_owned(), &bytes, None)))
    }

    /// The file at an address; what is not known by it may lie beside what is.
    fn find(&self, address: &str) -> Option<Candidate> {
        let said = |path| Some(Candidate { path, is_said: true });
        if let Some(path) = self.known.get(address) {
            return said(path.clone());
        }
        if let Some(path) = address.strip_prefix("file://").and_then(uri::unescaped) {
            return said(PathBuf::from(path));
        }
        let mut mapped = self.mapped.iter().filter_map(|(prefix, folder)| below(prefix, folder, address));
        if let Some(path) = mapped.find_map(existing) {
            return said(path);
        }
        let beside = self.known.iter().filter(|(own, _)| !own.starts_with("file:"));
        let mut beside = beside.filter_map(|(own, path)| counterpart(own, path, address));
        beside.find_map(existing).map(|path| Candidate { path, is_said: false })
    }
}

impl Loader for Files {
    fn load(&mut self, address: &str) -> Result<Source, String> {
        let Some(Candidate { path, is_said }) = self.find(address) else {
            let ways = "name it with `--with FILE`, or its folder with `--map PREFIX=DIR`";
            return Err(format!("no file is known as `{address}`, and nothing is fetched; {ways}"));
        };
        let shown = shown(&path);
        let found = path.canonicalize().map_err(|error| format!("`{shown}` cannot be read: {error}"))?;
        let was_named = self.known.values().any(|known| *known == path);
        if !was_named && !self.roots.iter().any(|root| found.starts_with(root)) {
            return Err(format!(
                "`{shown}` lies outside of the folder that may be read; name a wider one with `--root`"
            ));
        }
        // Who names a pipe waits for it; a reference must not make anybody wait.
        if !found.is_file() {
            return Err(format!("`{shown}` is no file"));
        }
        let (_, source) = self.read_as(&found, shown.clone()).map_err(|problem| problem.message)?;
        match own_address(&source) {
            Some(own) if !is_said && own != address => {
                Err(format!("`{shown}` lies where `{address}` should, and calls itself `{own}`"))
            }
            _ => Ok(source),
        }
    }
}

fn read_all(stream: impl Read) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    stream.take(MOST_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// A text as JSON or YAML: by its ending, else by how it begins.
pub fn read_text(name: String, bytes: &[u8], notation: Option<Notation>) -> Source {
    // Some editors put a byte order mark before a schema; a contract cannot have one, what is made of it has none.
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let notation = notation.unwrap_or_else(|| Notation::guessed(bytes));
    let bytes = if notation == Notation::Json { bounds::tamed(bytes) } else { bytes.into() };
    let mut limits = Limits::default();
    limits.contract_bytes = MOST_BYTES;
    limits.json_depth = 256;
    Source::of(name, &bytes, notation, &limits)
}

/// What a document calls itself, where that is a whole address.
fn own_address(source: &Source) -> Option<String> {
    let value = source.value().ok()?;
    let id = value.get("$id").or_else(|| value.get("id")).and_then(Value::as_str)?;
    let (address, _) = uri::resolve("", id);
    uri::is_absolute(&address).then_some(address)
}

/// The file that lies to `path` as `address` lies to `own`.
fn counterpart(own: &str, path: &Path, address: &str) -> Option<PathBuf> {
    let (mut above, mut folder) = (own.rsplit_once('/')?.0, path.parent()?);
    loop {
        if address.strip_prefix(above).is_some_and(|rest| rest.starts_with('/')) {
            return below(above, folder, address);
        }
        // One level up, as long as the folders are called alike.
        let (wider, step) = above.rsplit_once('/')?;
        if folder.file_name().and_then(|name| name.to_str()) != Some(step) {
            return None;
        }
        (above, folder) = (wider, folder.parent()?);
    }
}

/// The path below a folder that an address has below a prefix.
fn below(prefix: &str, folder: &Path, address: &str) -> Option<PathBuf> {
    let rest = address.strip_prefix(prefix)?.strip_prefix('/')?;
    let rest = uri::unescaped(rest.split('?').next()?)?;
    let inside = rest.split('/').all(|step| !step.is_empty() && step != "..");
    inside.then(|| folder.join(rest))
}

/// The file at a path, with an ending that addresses leave out.
fn existing(path: PathBuf) -> Option<PathBuf> {
    ENDINGS.iter().map(|ending| with_ending(&path, ending)).find(|path| path.is_file())
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut whole = path.as_os_str().to_owned();
    whole.push(ending);
    PathBuf::from(whole)
}

fn address_of(path: &Path) -> String {
    format!("file://{}", uri::escaped(&path.to_string_lossy()))
}

/// A path as people know it: from the working folder where it lies below.
fn shown(path: &Path) -> String {
    let here = std::env::current_dir().ok();
    let below = here.as_ref().and_then(|here| path.strip_prefix(here).ok()).unwrap_or(path);
    below.display().to_string()
}

fn unreadable(path: &Path, error: &std::io::Error) -> Problem {
    let message = format!("`{}` cannot be read: {error}", path.display());
    Problem::new(ErrorCode::ConfigurationInvalid, Pointer::root(), message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_beside_each_other_are_files_beside_each_other() {
        let at = |address: &str| {
            counterpart("https://a.b/schemas/v1/order.json", Path::new("/x/schemas/v1/order.json"), address)
        };
        assert_eq!(at("https://a.b/schemas/v1/item.json"), Some("/x/schemas/v1/item.json".into()));
        assert_eq!(at("https://a.b/schemas/v1/deep/item"), Some("/x/schemas/v1/deep/item".into()));
        assert_eq!(at("https://a.b/schemas/common.json"), Some("/x/schemas/common.json".into()));
        assert_eq!(at("https://a.b/other.json"), Some("/x/other.json".into()));
        assert_eq!(at("https://a.b/schemas/v1/%2e%2e/%2e%2e/etc"), None);
        assert_eq!(at("https://other/schemas/v1/item.json"), None);
    }
}
