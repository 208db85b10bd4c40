//! What is right by the rules of contracts, and still likely to hurt somebody.
//!
//! ```text
//! Contract ─context→ rules ─→ hits ─settings, suppressions→ findings
//! ```

mod context;
mod page;
mod rules;
mod settings;
mod suppress;

use peer_contract_core::{Contract, Pointer};

use crate::report::{Finding, Severity};
use crate::source::Mark;
use context::Context;
pub use page::{page, section};
pub use rules::RULES;
pub use settings::{Level, Settings};
use suppress::Suppressions;

/// Something to look for.
pub struct Rule {
    /// The word for settings, suppressions and programs.
    pub id: &'static str,
    /// How much it matters where nothing is set.
    pub level: Level,
    /// What is found, in a sentence.
    pub about: &'static str,
    /// Why that hurts.
    pub why: &'static str,
    /// What to write instead.
    pub instead: &'static str,
    check: fn(&Context<'_>, &mut Vec<Hit>),
}

impl Rule {
    /// The rule with this id.
    pub fn named(id: &str) -> Option<&'static Self> {
        RULES.iter().find(|rule| rule.id == id)
    }
}

/// A place that a rule is about.
struct Hit {
    at: Pointer,
    message: String,
    mark: Mark,
}

impl Hit {
    fn new(at: Pointer, message: impl Into<String>) -> Self {
        Self { at, message: message.into(), mark: Mark::Value }
    }

    /// The same, shown at the name of the place.
    fn of_name(at: Pointer, message: impl Into<String>) -> Self {
        Self { mark: Mark::Key, ..Self::new(at, message) }
    }
}

/// What the rules find in a contract, sorted by place; what is suppressed or switched off is left out.
pub fn lint(contract: &Contract, settings: &Settings) -> Vec<Finding> {
    let context = Context::of(contract);
    let mut suppressions = Suppressions::of(&context);
    let mut found = Vec::new();
    for rule in RULES {
        let mut hits = Vec::new();
        (rule.check)(&context, &mut hits);
        hits.retain(|hit| !suppressions.silence(rule.id, &hit.at));
        found.extend(told(rule, settings, hits));
    }
    found.extend(suppressions.findings(settings));
    found.sort_by(|a, b| (&a.at, &a.rule, &a.message).cmp(&(&b.at, &b.rule, &b.message)));
    found
}

/// The hits of a rule as findings of its level; none where it is switched off.
fn told(rule: &Rule, settings: &Settings, hits: Vec<Hit>) -> Vec<Finding> {
    match settings.level(rule).severity() {
        Some(severity) => hits.into_iter().map(|hit| finding(rule, severity, hit)).collect(),
        None => Vec::new(),
    }
}

fn finding(rule: &Rule, severity: Severity, hit: Hit) -> Finding {
    Finding {
        rule: rule.id.to_owned(),
        about: rule.about,
        severity,
        message: hit.message,
        help: rule.instead.to_owned(),
        at: hit.at,
        mark: hit.mark,
    }
}
