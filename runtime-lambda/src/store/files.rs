//! A store in a folder: `/tmp`, or a mount that several machines share.
//!
//! A file appears whole or not at all: it is written under a name of its own, synced, linked or
//! renamed to its key, and the folder is synced. Without syncing, all of this still holds when processes
//! are killed; only a machine that loses power may lose what was written last. Updates hold a lock on a file that stays: `flock`,
//! which a network file system turns into a lock on byte ranges and therefore needs a descriptor
//! open for writing. Readers need no lock.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use peer_contract_core::Problem;
use sha2::{Digest, Sha256};

use super::blocking::blocking;
use super::{Found, Key, Put, Scope, Store, Swap, Version, failed};
use crate::BoxFuture;

/// A store in a folder of its own. Cheap to clone.
#[derive(Debug, Clone)]
pub struct FileStore {
    inner: Arc<Folder>,
}

#[derive(Debug)]
struct Folder {
    root: PathBuf,
    scope: Scope,
    syncs: bool,
}

impl FileStore {
    /// A store in `root`, which is made when something is first written.
    pub fn new(root: impl Into<PathBuf>, scope: Scope) -> Self {
        Self { inner: Arc::new(Folder { root: root.into(), scope, syncs: true }) }
    }

    /// The same store, but nothing waits for the disk: for caches, and for runs that end with their machine anyway.
    #[must_use]
    pub fn without_sync(self) -> Self {
        let Folder { root, scope, .. } = &*self.inner;
        Self { inner: Arc::new(Folder { root: root.clone(), scope: *scope, syncs: false }) }
    }

    /// Works off the executor's threads where that may take long: where the disk is waited for, or much is moved.
    async fn with<T: Send + 'static>(
        &self,
        key: &Key,
        bytes: usize,
        work: impl FnOnce(&Folder, &Key) -> io::Result<T> + Send + 'static,
    ) -> Result<T, Problem> {
        let (folder, key) = (self.inner.clone(), key.clone());
        let is_short = !folder.syncs && bytes <= SHORT;
        let work = move || work(&folder, &key).map_err(|error| described(&key, &error));
        if is_short { work() } else { blocking(work).await }
    }
}

impl Store for FileStore {
    fn scope(&self) -> Scope {
        self.inner.scope
    }

    fn get<'a>(&'a self, key: &'a Key) -> BoxFuture<'a, Result<Option<Found>, Problem>> {
        Box::pin(self.with(key, self.inner.length(key), |folder, key| folder.read(key)))
    }

    fn put_if_absent<'a>(&'a self, key: &'a Key, bytes: &'a [u8]) -> BoxFuture<'a, Result<Put, Problem>> {
        let bytes = bytes.to_vec();
        Box::pin(self.with(key, bytes.len(), move |folder, key| folder.link_new(key, &bytes)))
    }

    fn compare_and_set<'a>(
        &'a self,
        key: &'a Key,
        expected: Option<&'a Version>,
        bytes: &'a [u8],
    ) -> BoxFuture<'a, Result<Swap, Problem>> {
        let (expected, bytes) = (expected.cloned(), bytes.to_vec());
        Box::pin(self.with(key, bytes.len(), move |folder, key| folder.swap(key, expected.as_ref(), &bytes)))
    }

    fn set_aside<'a>(&'a self, key: &'a Key) -> BoxFuture<'a, Result<(), Problem>> {
        Box::pin(self.with(key, 0, |folder, key| folder.move_aside(key)))
    }
}

/// Bytes that are written or read in less time than another thread takes to answer.
const SHORT: usize = 256 << 10;

impl Folder {
    /// Bytes of a file as far as that is worth knowing.
    fn length(&self, key: &Key) -> usize {
        let metadata = if self.syncs { None } else { fs::metadata(self.root.join(key.as_str())).ok() };
        metadata.map_or(0, |metadata| usize::try_from(metadata.len()).unwrap_or(usize::MAX))
    }

    fn read(&self, key: &Key) -> io::Result<Option<Found>> {
        let Some(path) = none_if_missing(self.existing(key))? else { return Ok(None) };
        let Some(bytes) = none_if_missing(fs::read(path))? else { return Ok(None) };
        let version = version_of(&bytes);
        Ok(Some(Found { bytes, version }))
    }

    fn link_new(&self, key: &Key, bytes: &[u8]) -> io::Result<Put> {
        let path = self.place_for(key)?;
        if path.symlink_metadata().is_ok() {
            return Ok(Put::Present);
        }
        let temporary = self.write_temporary(bytes)?;
        // `link` refuses an existing name, which `rename` would replace.
        let linked = fs::hard_link(&temporary, &path);
        fs::remove_file(&temporary)?;
        match linked {
            Ok(()) => self.sync_folder_of(&path).map(|()| Put::Stored),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(Put::Present),
            Err(error) => Err(error),
        }
    }

    fn swap(&self, key: &Key, expected: Option<&Version>, bytes: &[u8]) -> io::Result<Swap> {
        let _lock = self.lock(key)?;
        let present = self.read(key)?;
        if present.as_ref().map(|found| &found.version) != expected {
            return Ok(Swap::Lost);
        }
        if expected.is_none() {
            // A put-if-absent takes no lock: linking decides between the two.
            return Ok(match self.link_new(key, bytes)? {
                Put::Stored => Swap::Swapped(version_of(bytes)),
                Put::Present => Swap::Lost,
            });
        }
        let path = self.place_for(key)?;
        let temporary = self.write_temporary(bytes)?;
        fs::rename(&temporary, &path)?;
        self.sync_folder_of(&path)?;
        Ok(Swap::Swapped(version_of(bytes)))
    }

    fn move_aside(&self, key: &Key) -> io::Result<()> {
        let _lock = self.lock(key)?;
        let Some(path) = none_if_missing(self.existing(key))? else { return Ok(()) };
        let aside = self.own_folder(ASIDE)?.join(unique_name());
        none_if_missing(fs::rename(&path, aside))?;
        self.sync_folder_of(&path)
    }

    /// Where a key is read from. Refuses a path that a link leads out of the folder, and one that is no plain file.
    fn existing(&self, key: &Key) -> io::Result<PathBuf> {
        let path = self.root.join(key.as_str());
        self.confined(path.parent().unwrap_or(&self.root))?;
        if path.symlink_metadata()?.is_file() { Ok(path) } else { Err(leads_out()) }
    }

    /// Where a key is written to; makes the folders on the way.
    fn place_for(&self, key: &Key) -> io::Result<PathBuf> {
        let path = self.root.join(key.as_str());
        let parent = path.parent().unwrap_or(&self.root);
        if !parent.is_dir() {
            self.make_folders(parent)?;
        }
        self.confined(parent)?;
        Ok(path)
    }

    fn confined(&self, folder: &Path) -> io::Result<()> {
        let inside = folder.canonicalize()?.starts_with(self.root.canonicalize()?);
        if inside { Ok(()) } else { Err(leads_out()) }
    }

    fn own_folder(&self, name: &str) -> io::Result<PathBuf> {
        let folder = self.root.join(name);
        if !folder.is_dir() {
            self.make_folders(&folder)?;
        }
        self.confined(&folder)?;
        Ok(folder)
    }

    fn write_temporary(&self, bytes: &[u8]) -> io::Result<PathBuf> {
        let path = self.own_folder(TEMPORARY)?.join(unique_name());
        let written = create_new(&path).and_then(|mut file| file.write_all(bytes).and_then(|()| self.sync(&file)));
        match written {
            Ok(()) => Ok(path),
            Err(error) => {
                let _ = fs::remove_file(&path);
                Err(error)
            }
        }
    }

    fn make_folders(&self, folder: &Path) -> io::Result<()> {
        fs::create_dir_all(folder)?;
        // The new names must be durable before what lies under them is.
        folder.ancestors().take(4).filter(|each| each.is_dir()).try_for_each(|each| self.sync_folder(each))
    }

    fn sync_folder_of(&self, path: &Path) -> io::Result<()> {
        path.parent().map_or(Ok(()), |folder| self.sync_folder(folder))
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        if folder.as_os_str().is_empty() || !self.syncs { Ok(()) } else { File::open(folder)?.sync_all() }
    }

    fn sync(&self, file: &File) -> io::Result<()> {
        if self.syncs { file.sync_all() } else { Ok(()) }
    }

    /// Keys share 256 lock files by hash. The files stay: whoever removed one would let two owners in.
    fn lock(&self, key: &Key) -> io::Result<File> {
        let digest = Sha256::digest(key.as_str());
        let path = self.own_folder(LOCKS)?.join(format!("{:02x}", digest[0]));
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
        file.lock()?;
        Ok(file)
    }
}

// No key begins with a dot, so that these never meet one.
const TEMPORARY: &str = ".tmp";
const LOCKS: &str = ".lock";
const ASIDE: &str = ".bad";

fn create_new(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).open(path)
}

/// A name no other process has: the process, a count, and eight random bytes for machines that share a mount.
fn unique_name() -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let random = u64::from_le_bytes(crate::entropy::bytes());
    format!("{}-{count}-{random:016x}", std::process::id())
}

fn version_of(bytes: &[u8]) -> Version {
    let digest = Sha256::digest(bytes);
    Version(digest.iter().map(|byte| format!("{byte:02x}")).collect())
}

fn none_if_missing<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn leads_out() -> io::Error {
    io::Error::new(ErrorKind::PermissionDenied, "what lies there is no plain file inside the folder of the store")
}

fn described(key: &Key, error: &io::Error) -> Problem {
    failed(format!("the file store failed at `{key}`: {error}"))
}
