//! A profile of `~/.aws`.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::PathBuf;

use peer_contract::peers::{Credentials, Provide};
use peer_contract_core::Problem;

use super::{ini, process, refuse};

/// The profile that the environment names, or `default`. Its files are read when they are asked for.
#[derive(Debug)]
pub(super) struct Profile {
    name: String,
    /// Whether somebody asked for this one.
    is_named: bool,
    config: Option<PathBuf>,
    credentials: Option<PathBuf>,
}

/// Ways to credentials that ask a service, which this command has no client for.
const OF_SERVICES: [&str; 6] =
    ["role_arn", "sso_session", "sso_start_url", "credential_source", "web_identity_token_file", "login_session"];

impl Profile {
    pub(super) fn of(variable: impl Fn(&str) -> Option<String>) -> Self {
        let variable = |name: &str| variable(name).filter(|text| !text.is_empty());
        let home = variable("HOME").or_else(|| variable("USERPROFILE")).map(PathBuf::from);
        let file = |name: &str, usual: &str| match variable(name) {
            Some(text) => Some(match (text.strip_prefix("~/"), &home) {
                (Some(rest), Some(home)) => home.join(rest),
                _ => PathBuf::from(text),
            }),
            None => home.as_ref().map(|home| home.join(".aws").join(usual)),
        };
        let named = variable("AWS_PROFILE").or_else(|| variable("AWS_DEFAULT_PROFILE"));
        Self {
            is_named: named.is_some(),
            name: named.unwrap_or_else(|| "default".to_owned()),
            config: file("AWS_CONFIG_FILE", "config"),
            credentials: file("AWS_SHARED_CREDENTIALS_FILE", "credentials"),
        }
    }

    /// Where its services are; nothing as well where its files cannot be read, which is told once they are needed.
    pub(super) fn region(&self) -> Option<String> {
        self.settings().ok()??.remove("region").filter(|region| !region.is_empty())
    }

    /// All that both files say; the file of credentials goes first.
    fn settings(&self) -> Result<Option<BTreeMap<String, String>>, Problem> {
        let of_config = |section: &str| {
            let name = section.strip_prefix("profile").filter(|name| name.starts_with([' ', '\t'])).map(str::trim);
            name == Some(&self.name) || (section == self.name && section == "default")
        };
        let config = ini::section(&text_of(self.config.as_ref())?, of_config);
        let credentials = ini::section(&text_of(self.credentials.as_ref())?, |section| section == self.name);
        Ok(match (config, credentials) {
            (None, None) => None,
            (config, credentials) => {
                Some(config.unwrap_or_default().into_iter().chain(credentials.unwrap_or_default()).collect())
            }
        })
    }

    fn named(&self) -> String {
        format!("the profile `{}`", self.name)
    }
}

impl Provide for Profile {
    fn provide(&self) -> Result<Option<Credentials>, Problem> {
        let Some(mut settings) = self.settings()? else {
            let missing = || refuse(format!("{} stands in none of your files of AWS", self.named()));
            return if self.is_named { Err(missing().with_help("`AWS_PROFILE` names it")) } else { Ok(None) };
        };
        let mut take = |name: &str| settings.remove(name).filter(|text| !text.is_empty());
        if let (Some(id), Some(secret)) = (take("aws_access_key_id"), take("aws_secret_access_key")) {
            return Ok(Some(Credentials { id, secret, token: take("aws_session_token"), expiry: None }));
        }
        if let Some(command) = take("credential_process") {
            return process::ask(&command, &self.named()).map(Some);
        }
        match OF_SERVICES.into_iter().find(|name| settings.contains_key(*name)) {
            Some(way) => {
                let message = format!("{} has `{way}`, which peerc cannot follow", self.named());
                let command = format!("aws configure export-credentials --profile {}", self.name);
                Err(refuse(message).with_help(format!("a profile with `credential_process = {command}` can")))
            }
            None => Ok(None),
        }
    }
}

/// A file that is not there is an empty one.
fn text_of(file: Option<&PathBuf>) -> Result<String, Problem> {
    let Some(file) = file else { return Ok(String::new()) };
    match std::fs::read_to_string(file) {
        Ok(text) => Ok(text),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(String::new()),
        Err(error) => Err(refuse(format!("`{}` cannot be read: {error}", file.display()))),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn profile(folder: &Path, name: Option<&str>) -> Profile {
        Profile::of(|variable| match variable {
            "HOME" => Some(folder.display().to_string()),
            "AWS_PROFILE" => name.map(str::to_owned),
            "AWS_SHARED_CREDENTIALS_FILE" => Some("~/keys".to_owned()),
            _ => None,
        })
    }

    fn with(config: &str, keys: &str) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join(".aws")).unwrap();
        std::fs::write(folder.path().join(".aws/config"), config).unwrap();
        std::fs::write(folder.path().join("keys"), keys).unwrap();
        folder
    }

    #[test]
    fn keys_come_from_the_file_of_credentials_and_the_region_from_the_other() {
        let folder = with(
            "[profile night]\nregion = eu-west-1\n",
            "[night]\naws_access_key_id = A\naws_secret_access_key = B\n",
        );
        let profile = profile(folder.path(), Some("night"));
        let found = profile.provide().unwrap().unwrap();
        assert_eq!((found.id.as_str(), found.secret.as_str(), found.token), ("A", "B", None));
        assert_eq!(profile.region().as_deref(), Some("eu-west-1"));
    }

    #[test]
    fn nobody_has_to_have_a_profile_but_the_one_that_is_asked_for_must_be_there() {
        let folder = tempfile::tempdir().unwrap();
        assert!(profile(folder.path(), None).provide().unwrap().is_none());
        let problem = profile(folder.path(), Some("night")).provide().err().unwrap();
        assert!(problem.message.contains("the profile `night`"), "{}", problem.message);
    }

    #[test]
    fn a_way_that_asks_a_service_is_named_with_another_one() {
        let folder = with("[default]\nrole_arn = arn:aws:iam::123456789012:role/x\nsource_profile = y\n", "");
        let problem = profile(folder.path(), None).provide().err().unwrap();
        assert!(problem.message.contains("`role_arn`") && problem.help.contains("credential_process"), "{problem}");
    }

    #[test]
    fn a_program_gives_credentials_with_an_end() {
        let answer = r#"{"Version":1,"AccessKeyId":"A","SecretAccessKey":"B","SessionToken":"C","Expiration":"2030-01-01T00:00:00Z"}"#;
        let folder = with(&format!("[default]\ncredential_process = echo '{answer}'\n"), "");
        let found = profile(folder.path(), None).provide().unwrap().unwrap();
        assert_eq!((found.id.as_str(), found.secret.as_str(), found.token.as_deref()), ("A", "B", Some("C")));
        assert!(found.expiry.is_some());
    }

    #[test]
    fn a_program_that_gives_none_is_told_of_without_its_words() {
        for (command, words) in [
            ("echo secret; exit 3", "exit status: 3"),
            ("echo secret", "no credentials"),
            (r#"echo '{"Version":2,"AccessKeyId":"secret"}'"#, "no credentials"),
        ] {
            let folder = with(&format!("[default]\ncredential_process = {command}\n"), "");
            let problem = profile(folder.path(), None).provide().err().unwrap();
            assert!(problem.message.contains(words) && !problem.message.contains("secret"), "{}", problem.message);
        }
    }
}
