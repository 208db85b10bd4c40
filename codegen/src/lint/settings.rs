//! How much each rule matters: its own level, or what `[lint]` of `peerc.toml` says.

use std::collections::BTreeMap;

use clap::ValueEnum;
use peer_contract_core::suggest::did_you_mean;
use peer_contract_core::{ErrorCode, Pointer, Problem, Value};

use super::{RULES, Rule};
use crate::report::Severity;

/// How much a rule matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum Level {
    /// Not looked for.
    Off,
    /// Told.
    Info,
    /// Told; the command ends with 1.
    Warn,
    /// The same, more loudly.
    Error,
}

impl Level {
    /// `off`, `info`, `warn`, `error`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Error => "error",
        }
    }

    fn of(word: &str) -> Option<Self> {
        [Self::Off, Self::Info, Self::Warn, Self::Error].into_iter().find(|level| level.as_str() == word)
    }

    /// The severity of findings; none where nothing is told.
    pub fn severity(self) -> Option<Severity> {
        match self {
            Self::Off => None,
            Self::Info => Some(Severity::Info),
            Self::Warn => Some(Severity::Warning),
            Self::Error => Some(Severity::Error),
        }
    }
}

/// Levels that differ from the rules' own.
#[derive(Debug, Clone, Default)]
pub struct Settings(BTreeMap<String, Level>);

impl Settings {
    /// Reads `[lint]` of a `peerc.toml`: `rule-id = "off"`, and so on.
    ///
    /// # Errors
    /// `configuration_invalid` for each rule or level that there is not.
    pub fn read(settings: &Value) -> Result<Self, Vec<Problem>> {
        let at = Pointer::root().key("lint");
        let refuse = |at: &Pointer, message: String, help: String| {
            Problem::new(ErrorCode::ConfigurationInvalid, at.clone(), message).with_help(help)
        };
        let Some(table) = settings.get("lint") else { return Ok(Self::default()) };
        let Some(table) = table.as_object() else {
            return Err(vec![refuse(&at, "`lint` must be a table".to_owned(), "write `[lint]`".to_owned())]);
        };
        let (mut levels, mut problems) = (BTreeMap::new(), Vec::new());
        for (id, level) in table {
            let at = at.key(id);
            match (Rule::named(id), level.as_str().and_then(Level::of)) {
                (None, _) => {
                    let help = did_you_mean(id, RULES.iter().map(|rule| rule.id));
                    problems.push(refuse(&at, format!("there is no rule `{id}`"), help));
                }
                (_, None) => {
                    let help = "`off`, `info`, `warn` or `error`".to_owned();
                    problems.push(refuse(&at, format!("`{id}` must be a level"), help));
                }
                (Some(_), Some(level)) => {
                    levels.insert(id.clone(), level);
                }
            }
        }
        if problems.is_empty() { Ok(Self(levels)) } else { Err(problems) }
    }

    /// How much a rule matters here.
    pub fn level(&self, rule: &Rule) -> Level {
        self.0.get(rule.id).copied().unwrap_or(rule.level)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_level_is_set_by_the_id_of_its_rule() {
        let settings = Settings::read(&json!({ "lint": { "unused-type": "error" } })).unwrap();
        assert_eq!(settings.level(Rule::named("unused-type").unwrap()), Level::Error);
        let other = Rule::named("colliding-names").unwrap();
        assert_eq!(settings.level(other), other.level);
    }

    #[test]
    fn an_unknown_rule_or_level_is_told_with_what_was_meant() {
        let problems = Settings::read(&json!({ "lint": { "unused-typ": "off", "unused-type": "loud" } })).unwrap_err();
        assert_eq!(problems[0].help, "did you mean `unused-type`?");
        assert_eq!((problems[1].at.as_str(), problems.len()), ("/lint/unused-type", 2));
    }
}
