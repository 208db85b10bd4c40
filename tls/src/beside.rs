//! The library beside a module that was loaded into a process: opened once, for good.

use std::error::Error;
use std::ffi::{CStr, OsStr};
use std::fs::File;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use libloading::Library;

use crate::interface::{Interface, VERSION, Version};
use crate::{Refused, stays};

/// What the library exports.
const SYMBOL: &CStr = c"peer_contract_tls_1";

/// For `/a/module.suffix`, where this code is, `/a/module-tls.suffix`; nothing where the loader does not say.
pub(crate) fn path() -> Option<PathBuf> {
    std::path::absolute(beside(&module()?)).ok()
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
pub(crate) fn open(library: &Path) -> Result<&'static Interface, Refused> {
    static OPENED: Mutex<Option<&'static Interface>> = Mutex::new(None);
    let mut opened = OPENED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(interface) = *opened {
        return Ok(interface);
    }
    let interface = load(library)?;
    *opened = Some(interface);
    Ok(interface)
}

fn load(library: &Path) -> Result<&'static Interface, Refused> {
    let told = |why: String| format!("TLS cannot be loaded from `{}`: {why}", library.display());
    let missing = |why: String| Refused::Missing(told(why));
    match File::open(library) {
        Ok(_) => {}
        Err(error) if stays(&error) => return Err(missing(error.to_string())),
        Err(error) => return Err(Refused::Busy(told(error.to_string()))),
    }
    // SAFETY: what runs when it is opened is what runs when a Rust library is: nothing that asks for anything.
    let opened = unsafe { Library::new(library) }.map_err(|error| missing(why(&error)))?;
    // SAFETY: a function of this name has this signature, in every version.
    let function = unsafe { opened.get::<extern "C" fn() -> *const Interface>(SYMBOL) };
    let interface =
        function.map_err(|_| missing(format!("it is another library: it has no `{}`", SYMBOL.to_string_lossy())))?();
    // SAFETY: it gives something that stands as long as the library is open, and begins with these two fields in every version.
    let (size, version) = unsafe { ((*interface).size, (*interface).version) };
    if (size, version) != (size_of::<Interface>(), VERSION) {
        return Err(missing(format!("it is of version {}, and the module of {}", text(&version), text(&VERSION))));
    }
    // Never closed, so what it gives stands as long as the process.
    std::mem::forget(opened);
    // SAFETY: as above; its size and version are those of this type.
    Ok(unsafe { &*interface })
}

/// What the loader said, which stands behind what the error says of itself.
fn why(error: &libloading::Error) -> String {
    error.source().map_or_else(|| error.to_string(), ToString::to_string)
}

fn text(version: &Version) -> String {
    version.iter().take_while(|byte| byte.is_ascii_graphic()).map(|byte| char::from(*byte)).collect()
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
    fn what_is_no_library_and_what_is_another_one_are_refused_with_their_path_and_the_reason() {
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
        for (library, why) in [
            (Path::new("/nowhere/x-tls.so"), "No such file"),
            (manifest.as_path(), "Cargo.toml: "),
            (manifest.parent().unwrap(), "/tls: "),
            (&libc(), "it is another library: it has no `peer_contract_tls_1`"),
        ] {
            let Refused::Missing(told) = load(library).unwrap_err() else { panic!("{}", library.display()) };
            let told = told.strip_prefix(&format!("TLS cannot be loaded from `{}`: ", library.display())).unwrap();
            assert!(told.contains(why), "{told}");
        }
    }

    /// The C library that this program runs with.
    fn libc() -> PathBuf {
        let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
        let line = maps.lines().find(|line| line.contains("/libc.so") || line.contains("/ld-musl")).unwrap();
        PathBuf::from(&line[line.find('/').unwrap()..])
    }

    #[test]
    fn a_version_is_told_as_text() {
        assert_eq!(text(&VERSION), env!("CARGO_PKG_VERSION"));
    }
}
