//! The library beside a module that was loaded into a process: opened once, for good.

use std::ffi::{CStr, OsStr};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use libloading::Library;

use crate::interface::Interface;

/// What the library exports, without and with the zero that ends names in C.
const NAME: &str = "peer_contract_tls_1";
const SYMBOL: &CStr = c"peer_contract_tls_1";

/// For `/a/module.suffix`, where this code is, `/a/module-tls.suffix`.
pub(crate) fn path() -> Result<PathBuf, String> {
    let module =
        module().ok_or("the module does not know the file it was loaded from, where its TLS would be beside")?;
    Ok(beside(&module))
}

fn beside(module: &Path) -> PathBuf {
    let name = module.file_name().unwrap_or_default().as_bytes();
    let stem = name.iter().position(|byte| *byte == b'.').unwrap_or(name.len());
    module.with_file_name(OsStr::from_bytes(&[&name[..stem], b"-tls", &name[stem..]].concat()))
}

/// The file that this code was loaded from.
fn module() -> Option<PathBuf> {
    let mut found = libc::Dl_info {
        dli_fname: std::ptr::null(),
        dli_fbase: std::ptr::null_mut(),
        dli_sname: std::ptr::null(),
        dli_saddr: std::ptr::null_mut(),
    };
    // SAFETY: asks about an address in this module, and gives room for the answer.
    let known = unsafe { libc::dladdr(path as *const () as *const _, &raw mut found) };
    if known == 0 || found.dli_fname.is_null() {
        return None;
    }
    // SAFETY: a string that the loader keeps as long as the module is loaded, which is now.
    let name = unsafe { CStr::from_ptr(found.dli_fname) };
    Some(PathBuf::from(OsStr::from_bytes(name.to_bytes())))
}

/// Opens the library; once it is open, it stays.
pub(crate) fn open(library: &Path) -> Result<&'static Interface, String> {
    static OPENED: Mutex<Option<&'static Interface>> = Mutex::new(None);
    let mut opened = OPENED.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if let Some(interface) = *opened {
        return Ok(interface);
    }
    let interface = load(library).map_err(|why| format!("TLS cannot be loaded from `{}`: {why}", library.display()))?;
    *opened = Some(interface);
    Ok(interface)
}

fn load(library: &Path) -> Result<&'static Interface, String> {
    // SAFETY: what runs when it is opened is what runs when a Rust library is: nothing that asks for anything.
    let opened = unsafe { Library::new(library) }.map_err(|error| error.to_string())?;
    // SAFETY: a function of this name has this signature: its name has the number of the interface.
    let function = unsafe { opened.get::<extern "C" fn() -> &'static Interface>(SYMBOL) };
    let interface = function.map_err(|_| format!("it is of another version: it has no `{NAME}`"))?();
    // Never closed, so what it gives stands as long as the process.
    std::mem::forget(opened);
    Ok(interface)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_library_is_named_after_its_module() {
        let named = |module: &str| beside(Path::new(module)).to_str().unwrap().to_owned();
        assert_eq!(named("/a.b/_native.abi3.so"), "/a.b/_native-tls.abi3.so");
        assert_eq!(named("/x/peer-contract.linux-x64-gnu.node"), "/x/peer-contract-tls.linux-x64-gnu.node");
        assert_eq!(named("plain"), "plain-tls");
    }

    #[test]
    fn this_program_knows_its_file() {
        assert_eq!(module().unwrap().file_name(), std::env::current_exe().unwrap().file_name());
    }

    #[test]
    fn what_is_no_library_and_what_is_another_one_are_refused_with_their_path() {
        let missing = open(Path::new("/nowhere/x-tls.so")).unwrap_err();
        assert!(missing.starts_with("TLS cannot be loaded from `/nowhere/x-tls.so`: "), "{missing}");
        let other = if cfg!(target_os = "macos") { "/usr/lib/libSystem.B.dylib" } else { "libc.so.6" };
        let other = open(Path::new(other)).unwrap_err();
        assert!(other.ends_with("it is of another version: it has no `peer_contract_tls_1`"), "{other}");
    }
}
