//! What an import has to say about a schema that it took: where something means more or less than it seems to.

use std::collections::BTreeMap;

use super::library::Place;
use crate::report::{Finding, Severity};
use crate::source::Mark;

/// What a note is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// The draft was not named and had to be guessed.
    DraftAssumed,
    /// A document that is no schema, of which only the schemas that it lists are taken.
    OnlyComponents,
    /// A keyword that no draft has.
    UnknownKeyword,
    /// A keyword of another draft, which says nothing in this one.
    KeywordOfAnotherDraft,
    /// Something beside a `$ref`, in a draft in which that says nothing.
    IgnoredBesideRef,
    /// A keyword that says nothing where it stands.
    WithoutEffect,
    /// A format that is checked from now on.
    FormatChecked,
    /// A format that is not checked.
    FormatNotChecked,
    /// A default or an example that its own schema refuses.
    UnfitValue,
    /// An annotation that is not of the form it should have.
    Annotation,
    /// A keyword that was left out because it was asked for.
    LeftOut,
}

impl Rule {
    /// The word for programs.
    pub fn id(self) -> &'static str {
        match self {
            Self::DraftAssumed => "draft-assumed",
            Self::OnlyComponents => "only-components",
            Self::UnknownKeyword => "unknown-keyword",
            Self::KeywordOfAnotherDraft => "keyword-of-another-draft",
            Self::IgnoredBesideRef => "ignored-beside-ref",
            Self::WithoutEffect => "without-effect",
            Self::FormatChecked => "format-checked",
            Self::FormatNotChecked => "format-not-checked",
            Self::UnfitValue => "unfit-value",
            Self::Annotation => "annotation",
            Self::LeftOut => "left-out",
        }
    }

    /// What it is about, in a sentence.
    pub fn about(self) -> &'static str {
        match self {
            Self::DraftAssumed => "The schema does not say which draft it was written in.",
            Self::OnlyComponents => "Of a description of an API, its schemas under `components` are taken.",
            Self::UnknownKeyword => "A keyword that no draft has constrains nothing, and is kept as `x-…`.",
            Self::KeywordOfAnotherDraft => "A keyword of another draft constrains nothing in this one.",
            Self::IgnoredBesideRef => "Up to draft 7, what stands beside a `$ref` constrains nothing.",
            Self::WithoutEffect => "A keyword constrains nothing where it stands.",
            Self::FormatChecked => "Whether formats are checked is up to the reader; contracts check them.",
            Self::FormatNotChecked => "A format that contracts do not check is kept as `x-format`.",
            Self::UnfitValue => "A default or an example does not fit its own schema.",
            Self::Annotation => "An annotation has not the form that it should have.",
            Self::LeftOut => "A keyword was left out, as was asked for: the type takes more than the schema did.",
        }
    }

    fn severity(self) -> Severity {
        match self {
            Self::KeywordOfAnotherDraft | Self::IgnoredBesideRef | Self::WithoutEffect | Self::LeftOut => {
                Severity::Warning
            }
            _ => Severity::Info,
        }
    }
}

/// Something to know about the schema as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// What it is about.
    pub rule: Rule,
    /// Where, in which document.
    pub place: Place,
    /// What was found, and what became of it.
    pub message: String,
    /// What can be done about it; may be empty.
    pub help: String,
}

impl Note {
    pub(super) fn new(rule: Rule, place: Place, message: impl Into<String>) -> Self {
        Self { rule, place, message: message.into(), help: String::new() }
    }

    pub(super) fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }

    /// As a finding in its document.
    pub fn finding(&self) -> Finding {
        Finding {
            rule: self.rule.id().to_owned(),
            about: self.rule.about(),
            severity: self.rule.severity(),
            message: self.message.clone(),
            help: self.help.clone(),
            at: self.place.at.clone(),
            mark: Mark::Key,
        }
    }
}

/// One note for each thing there is to say: those that say the same of one document become the first of them,
/// with their number.
pub(super) fn gathered(notes: Vec<Note>) -> Vec<Note> {
    let mut first: BTreeMap<(usize, Rule, String), (Note, usize)> = BTreeMap::new();
    let mut notes = notes;
    notes.sort_by(|one, other| one.place.cmp(&other.place));
    notes.dedup();
    for note in notes {
        let key = (note.place.document, note.rule, note.message.clone());
        first.entry(key).or_insert((note, 0)).1 += 1;
    }
    let mut all: Vec<Note> = first
        .into_values()
        .map(|(mut note, count)| {
            if count > 1 {
                note.message = format!("{} ({count} places)", note.message);
            }
            note
        })
        .collect();
    all.sort_by(|one, other| (&one.place, one.rule).cmp(&(&other.place, other.rule)));
    all
}
