//! Texts to files: whole or not at all.

use std::path::Path;

use peer_contract_core::{ErrorCode, Pointer, Problem};
use serde_json::json;

use super::{Console, Exit, Format};
use crate::output::{folder_of, staged};

/// Prints a text, or writes it to the file that was asked for.
pub fn deliver(text: &str, file: Option<&Path>, console: &Console) -> Exit {
    let Some(file) = file else {
        console.print(text);
        return Exit::Clean;
    };
    if let Err(problem) = put(file, text) {
        return console.fail(&problem);
    }
    match console.format {
        Format::Text => console.say(format!("wrote  {}", file.display())),
        Format::Json => console.json(&json!({ "written": file.display().to_string() })),
    }
    Exit::Clean
}

/// Writes a text where a file is, or will be.
///
/// # Errors
/// `configuration_invalid` when it may not be written.
pub fn put(path: &Path, text: &str) -> Result<(), Problem> {
    if path.exists() { replace(path, text) } else { create(path, text) }
}

/// Replaces the text of a file; a link is followed, permissions stay.
///
/// # Errors
/// `configuration_invalid` when it may not be written.
pub fn replace(path: &Path, text: &str) -> Result<(), Problem> {
    let replace = || -> std::io::Result<()> {
        let target = path.canonicalize()?;
        let metadata = std::fs::metadata(&target)?;
        // A file that may not be written is not to be replaced by one that may.
        std::fs::OpenOptions::new().write(true).open(&target)?;
        let file = beside(&target, text)?;
        file.as_file().set_permissions(metadata.permissions())?;
        file.persist(&target).map(drop).map_err(|error| error.error)
    };
    replace().map_err(|error| failed(path, &error))
}

fn create(path: &Path, text: &str) -> Result<(), Problem> {
    let create = || beside(path, text)?.persist(path).map(drop).map_err(|error| error.error);
    create().map_err(|error| failed(path, &error))
}

/// The text in a file beside the one it is for.
fn beside(path: &Path, text: &str) -> std::io::Result<tempfile::NamedTempFile> {
    // Said by us, without the name of a file that nobody knows.
    std::fs::metadata(folder_of(path))?;
    staged(path, text)
}

fn failed(path: &Path, error: &std::io::Error) -> Problem {
    let message = format!("`{}` cannot be written: {error}", path.display());
    Problem::new(ErrorCode::ConfigurationInvalid, Pointer::root(), message)
}
