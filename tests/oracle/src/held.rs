//! A schema of ours beside the `jsonschema` crate's reading of it.

use std::collections::BTreeSet;
use std::sync::Arc;

use jsonschema::error::ValidationErrorKind;
use jsonschema::{Draft, PatternOptions, ValidationError, Validator};
use peer_contract_core::schema::Schema;
use peer_contract_core::{Pointer, Value};

use crate::formats;

/// Keywords that the crate words otherwise, or lists only as far as it likes: `unevaluated…` counts what failed
/// keywords have looked at.
const LISTED_OTHERWISE: &[&str] = &["unevaluatedProperties", "unevaluatedItems"];

/// A schema, and what it is held to.
pub struct Held {
    /// Ours.
    pub schema: Arc<Schema>,
    reference: Validator,
    /// Whether some `multipleOf` is no whole number.
    divides_finely: bool,
}

/// Doubles from here on are whole, and not all whole numbers are doubles: 2^53.
const COARSE: f64 = 9_007_199_254_740_992.0;

/// Where a keyword is broken, and which.
type Broken = BTreeSet<(String, String)>;

impl Held {
    /// Compiles the schema for the crate.
    ///
    /// # Panics
    /// The crate cannot read it: a document of ours is not JSON Schema.
    pub fn new(schema: Arc<Schema>) -> Self {
        let mut options = jsonschema::options()
            .with_draft(Draft::Draft202012)
            .offline()
            .should_validate_formats(true)
            .with_pattern_options(PatternOptions::regex().size_limit(10 << 20));
        // Formats are held to the crate's by a test of their own, which knows where they differ.
        for name in formats::NAMES {
            options = options.with_format(*name, |text: &str| formats::is(name, text));
        }
        let document = schema.document();
        let divides_finely = has(&document, &|key, member| {
            key == "multipleOf" && member.as_f64().is_some_and(|divisor| divisor.fract() != 0.0)
        });
        let reference = options.build(&document);
        let reference = reference.expect("a schema that contracts may have is one to the crate");
        Self { schema, reference, divides_finely }
    }

    /// The verdict of the crate, or of our own walk over the tree where the crate is known to be wrong.
    pub fn fits(&self, value: &Value) -> bool {
        if self.is_beyond_the_crate(value) { self.schema.is_valid(value) } else { self.reference.is_valid(value) }
    }

    /// Whether the crate may be wrong: by its fractions, 10^38 is no multiple of 2.5.
    fn is_beyond_the_crate(&self, value: &Value) -> bool {
        let is_coarse = |_: &str, member: &Value| member.as_f64().is_some_and(|number| number.abs() >= COARSE);
        self.divides_finely && (is_coarse("", value) || has(value, &is_coarse))
    }

    /// Holds our list of broken keywords to the crate's.
    ///
    /// # Errors
    /// What only one of them has.
    pub fn same_list(&self, value: &Value) -> Result<(), String> {
        if self.is_beyond_the_crate(value) {
            return Ok(());
        }
        let plain = |keyword: &str| !LISTED_OTHERWISE.contains(&keyword);
        let ours = self.schema.broken(value).into_iter().filter(|(_, keyword)| plain(keyword));
        let ours: Broken = ours.map(|(at, keyword)| (at.to_string(), keyword.to_owned())).collect();
        let errors = self.reference.iter_errors(value).filter(|error| !is_mistaken(error));
        let theirs = errors.map(|error| (error.instance_path().to_string(), keyword(&error)));
        let theirs: Broken = theirs.filter(|(_, keyword)| plain(keyword)).collect();
        match (ours.difference(&theirs).next(), theirs.difference(&ours).next()) {
            (None, None) => Ok(()),
            (only_ours, only_theirs) => {
                Err(format!("lists of findings differ: only ours {only_ours:?}, only the crate's {only_theirs:?}"))
            }
        }
    }
}

/// Whether a member of an object, or an item of an array (under the key ``), somewhere in the value is so.
fn has(value: &Value, is_so: &impl Fn(&str, &Value) -> bool) -> bool {
    match value {
        Value::Object(members) => members.iter().any(|(key, member)| is_so(key, member) || has(member, is_so)),
        Value::Array(items) => items.iter().any(|item| is_so("", item) || has(item, is_so)),
        _ => false,
    }
}

/// Whether the crate misses a property that is there: it does where `additionalProperties: false` refuses that one.
fn is_mistaken(error: &ValidationError<'_>) -> bool {
    let ValidationErrorKind::Required { property } = error.kind() else { return false };
    property.as_str().is_some_and(|name| error.instance().get(name).is_some())
}

/// The keyword of an error, as our lists have it.
fn keyword(error: &ValidationError<'_>) -> String {
    let path: Pointer = error.schema_path().to_string().parse().expect("a pointer");
    let last = path.parent().map(|(_, last)| last).unwrap_or_default();
    match error.kind().keyword() {
        // An object that allows no member at all, or no name.
        "falseSchema" if matches!(last.as_str(), "additionalProperties" | "propertyNames") => last,
        "falseSchema" => "false".to_owned(),
        "required" if last != "required" => "dependentRequired".to_owned(),
        keyword => keyword.to_owned(),
    }
}
