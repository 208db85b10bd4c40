//! The contract as it stood in a commit, through the program `git`.

use std::io::{ErrorKind, Read};
use std::path::Path;
use std::process::{Command, Stdio};

use peer_contract_core::{ErrorCode, Limits, Pointer, Problem};

use crate::source::{Notation, Source};

/// A file in a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Committed {
    /// Branch, tag or commit.
    revision: String,
    /// Path from the root of the repository; without one, the file that it is compared with.
    path: Option<String>,
}

impl Committed {
    /// Reads `REF` or `REF:PATH`.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn of(text: &str) -> Result<Self, Problem> {
        let (revision, path) = text.split_once(':').map_or((text, None), |(revision, path)| (revision, Some(path)));
        let odd = |c: char| c.is_control() || c.is_whitespace();
        if revision.is_empty() || revision.starts_with('-') || revision.contains(odd) {
            return Err(refuse(format!("`git:{text}` names no commit"), "write `git:main`, `git:v1.0.0` or a commit"));
        }
        if path.is_some_and(|path| path.is_empty() || path.contains(char::is_control)) {
            return Err(refuse(format!("`git:{text}` names no file"), "write `git:REF` or `git:REF:PATH`"));
        }
        Ok(Self { revision: revision.to_owned(), path: path.map(str::to_owned) })
    }

    /// Reads the file as it is in that commit; `file` is the one that it is compared with.
    ///
    /// # Errors
    /// `configuration_invalid` when there is no `git`, no repository, no such commit or no such file in it.
    pub fn read(&self, file: &Path) -> Result<Source, Problem> {
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let name = file.file_name().and_then(|name| name.to_str());
        let name = name.ok_or_else(|| refuse(format!("`{}` names no file", file.display()), ""))?;
        let within = self.path.clone().unwrap_or_else(|| format!("./{name}"));
        let notation = Notation::of(Path::new(&within))
            .ok_or_else(|| refuse(format!("`{within}` must end in `.json`, `.yaml` or `.yml`"), ""))?;
        self.check_repository(folder)?;
        let bytes =
            run(folder, &["show", "--no-textconv", "--end-of-options", &format!("{}:{within}", self.revision)])?
                .map_err(|said| {
                    let message = format!("`{}` has no `{within}`: {said}", self.revision);
                    refuse(
                        message,
                        "where the file had another name, write `git:REF:PATH`, from the root of the repository",
                    )
                })?;
        let label = self.path.clone().unwrap_or_else(|| file.display().to_string());
        Ok(Source::of(format!("{}:{label}", self.revision), &bytes, notation, &Limits::default()))
    }

    /// That there is a repository, and such a commit in it.
    fn check_repository(&self, folder: &Path) -> Result<(), Problem> {
        run(folder, &["rev-parse", "--git-dir"])?
            .map_err(|said| refuse(format!("`{}` is in no git repository: {said}", folder.display()), ""))?;
        let commit = format!("{}^{{commit}}", self.revision);
        let known = run(folder, &["rev-parse", "--verify", "--quiet", "--end-of-options", &commit])?;
        known.map(drop).map_err(|_| {
            let message = format!("the repository has no commit `{}`", self.revision);
            refuse(message, "a shallow clone has only its newest commits; `git fetch` brings others")
        })
    }
}

/// What the program prints, as far as a contract may be long; or, when it fails, what it says about that.
fn run(folder: &Path, arguments: &[&str]) -> Result<Result<Vec<u8>, String>, Problem> {
    let mut command = Command::new("git");
    command.arg("--no-pager").arg("-C").arg(folder).args(arguments);
    command.env("GIT_OPTIONAL_LOCKS", "0").env("LC_ALL", "C");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| match error.kind() {
        ErrorKind::NotFound => refuse("the program `git` was not found".to_owned(), "install git, or name two files"),
        _ => refuse(format!("`git` cannot be started: {error}"), ""),
    })?;
    let broken = |error: std::io::Error| refuse(format!("`git` cannot be read: {error}"), "");
    let mut bytes = Vec::new();
    let most = Limits::default().contract_bytes as u64 + 1;
    if let Some(stdout) = child.stdout.take() {
        // Dropped at the limit, so that git ends and does not wait for a reader.
        stdout.take(most).read_to_end(&mut bytes).map_err(broken)?;
    }
    let ended = child.wait_with_output().map_err(broken)?;
    if ended.status.success() || bytes.len() as u64 == most {
        return Ok(Ok(bytes));
    }
    let said = String::from_utf8_lossy(&ended.stderr);
    let first = said.lines().next().unwrap_or("git says nothing").trim_start_matches("fatal: ");
    Ok(Err(first.chars().filter(|c| !c.is_control()).take(200).collect()))
}

fn refuse(message: impl Into<String>, help: &str) -> Problem {
    Problem::new(ErrorCode::ConfigurationInvalid, Pointer::root(), message).with_help(help)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_be_an_option_is_no_commit() {
        for text in ["--output=x", "-1", "", "a b", "a\nb", "main:"] {
            assert!(Committed::of(text).is_err(), "{text:?}");
        }
        let named = Committed::of("v1.0:old/name.yaml").unwrap();
        assert_eq!((named.revision.as_str(), named.path.as_deref()), ("v1.0", Some("old/name.yaml")));
    }
}
