//! What a file store does in its folder, as blocking calls.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use sha2::{Digest, Sha256};

use super::super::{Found, Key, Put, Swap, Version};

/// The folder of a file store.
#[derive(Debug)]
pub(super) struct Folder {
    pub(super) root: PathBuf,
    /// Whether writes wait for the disk.
    pub(super) syncs: bool,
}

impl Folder {
    /// Bytes of a file as far as that is worth knowing.
    pub(super) fn length(&self, key: &Key) -> usize {
        let metadata = if self.syncs { None } else { fs::metadata(self.root.join(key.as_str())).ok() };
        metadata.map_or(0, |metadata| usize::try_from(metadata.len()).unwrap_or(usize::MAX))
    }

    pub(super) fn read(&self, key: &Key) -> io::Result<Option<Found>> {
        let Some(path) = none_if_missing(self.existing(key))? else { return Ok(None) };
        let Some(bytes) = none_if_missing(fs::read(path))? else { return Ok(None) };
        let version = version_of(&bytes);
        Ok(Some(Found { bytes, version }))
    }

    pub(super) fn link_new(&self, key: &Key, bytes: &[u8]) -> io::Result<Put> {
        let path = self.place_for(key)?;
        if path.symlink_metadata().is_ok() {
            return self.present(&path);
        }
        let temporary = self.write_temporary(bytes)?;
        // `link` refuses an existing name, which `rename` would replace.
        let linked = self.at_place(key, |path| fs::hard_link(&temporary, path));
        steady(|| fs::remove_file(&temporary))?;
        match linked {
            Ok(path) => self.sync_folder_of(&path).map(|()| Put::Stored),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => self.present(&path),
            Err(error) => Err(error),
        }
    }

    /// Whoever wrote what is there may have been killed before it was durable.
    fn present(&self, path: &Path) -> io::Result<Put> {
        self.sync_folder_of(path).map(|()| Put::Present)
    }

    pub(super) fn swap(&self, key: &Key, expected: Option<&Version>, bytes: &[u8]) -> io::Result<Swap> {
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
        let temporary = self.write_temporary(bytes)?;
        let renamed = self.at_place(key, |path| fs::rename(&temporary, path));
        let path = renamed.inspect_err(|_| discard(&temporary))?;
        self.sync_folder_of(&path)?;
        Ok(Swap::Swapped(version_of(bytes)))
    }

    /// To `.bad/<key>/`, so that it is known whose bytes they were.
    pub(super) fn move_aside(&self, key: &Key) -> io::Result<()> {
        let _lock = self.lock(key)?;
        let Some(path) = none_if_missing(self.existing(key))? else { return Ok(()) };
        let aside = self.own_folder(&format!("{ASIDE}/{key}"))?.join(unique_name());
        none_if_missing(steady(|| fs::rename(&path, &aside)))?;
        self.sync_folder_of(&path)
    }

    /// Removes a key and the folders that are empty then.
    pub(super) fn remove(&self, key: &Key) -> io::Result<()> {
        let _lock = self.lock(key)?;
        let Some(path) = none_if_missing(self.existing(key))? else { return Ok(()) };
        none_if_missing(steady(|| fs::remove_file(&path)))?;
        self.sync_folder_of(&path)?;
        self.remove_empty_folders(&path)
    }

    /// Where a key is read from. Refuses a path that a link leads out of the folder, and one that is no plain file.
    fn existing(&self, key: &Key) -> io::Result<PathBuf> {
        let path = self.root.join(key.as_str());
        self.confined(path.parent().unwrap_or(&self.root))?;
        if steady(|| path.symlink_metadata())?.is_file() { Ok(path) } else { Err(leads_out()) }
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

    /// Does the one step that puts a file into its place. A folder that was empty may be removed just before: then it is made again.
    fn at_place(&self, key: &Key, step: impl Fn(&Path) -> io::Result<()>) -> io::Result<PathBuf> {
        for _ in 0..ROUNDS {
            let path = self.place_for(key)?;
            if none_if_missing(steady(|| step(&path)))?.is_some() {
                return Ok(path);
            }
        }
        Err(io::Error::other("the folder was removed again and again"))
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
                discard(&path);
                Err(error)
            }
        }
    }

    fn make_folders(&self, folder: &Path) -> io::Result<()> {
        steady(|| fs::create_dir_all(folder))?;
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
        steady(|| file.lock())?;
        Ok(file)
    }
}

// No key begins with a dot, so that these never meet one.
pub(super) const TEMPORARY: &str = ".tmp";
const LOCKS: &str = ".lock";
pub(super) const ASIDE: &str = ".bad";

const ROUNDS: usize = 8;

/// A call that a signal ended before it did anything is made again. Opening, reading, writing and syncing do that themselves.
pub(super) fn steady<T>(call: impl Fn() -> io::Result<T>) -> io::Result<T> {
    loop {
        match call() {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            result => return result,
        }
    }
}

/// Removes a temporary file after a failure, which is what is reported. One that stays is swept some day.
fn discard(temporary: &Path) {
    let _ = fs::remove_file(temporary);
}

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
    Version(peer_contract_core::hex::hex(&Sha256::digest(bytes)))
}

pub(super) fn none_if_missing<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn leads_out() -> io::Error {
    io::Error::new(ErrorKind::PermissionDenied, "what lies there is no plain file inside the folder of the store")
}
