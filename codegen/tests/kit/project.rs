//! A project to run the command in.

use crate::kit::peerc;

/// A folder in which `peerc init research` has run.
pub fn project() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let made = peerc(folder.path(), &["init", "research"]);
    assert_eq!(made.code, 0, "{}", made.err);
    folder
}
