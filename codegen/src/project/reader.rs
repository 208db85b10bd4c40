//! Typed reading of a table that notes every problem at its place and goes on.

use std::cell::RefCell;
use std::collections::BTreeMap;

use peer_contract_core::{ErrorCode, Pointer, Problem};
use serde_json::{Map, Value};

use super::nearest::suggestion;

/// Problems found so far.
#[derive(Debug, Default)]
pub(super) struct Notes(RefCell<Vec<Problem>>);

impl Notes {
    pub fn add(&self, at: Pointer, message: impl Into<String>, help: impl Into<String>) {
        let problem = Problem::new(ErrorCode::ConfigurationInvalid, at, message).with_help(help);
        self.0.borrow_mut().push(problem);
    }

    pub fn into_vec(self) -> Vec<Problem> {
        self.0.into_inner()
    }
}

/// One table of the file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Table<'a> {
    at: &'a Pointer,
    members: &'a Map<String, Value>,
    notes: &'a Notes,
}

impl<'a> Table<'a> {
    /// The table at `at`; notes when it is none.
    pub fn of(value: &'a Value, at: &'a Pointer, notes: &'a Notes) -> Option<Self> {
        let members = value.as_object();
        if members.is_none() {
            notes.add(at.clone(), "a table belongs here", "");
        }
        Some(Self { at, members: members?, notes })
    }

    pub fn at(&self, key: &str) -> Pointer {
        self.at.key(key)
    }

    /// Notes keys that nobody reads.
    pub fn allow(&self, known: &[&str]) {
        for key in self.members.keys().filter(|key| !known.contains(&key.as_str())) {
            let help = suggestion(key, known.iter().copied());
            self.notes.add(self.at(key), format!("`{key}` is no setting here"), help);
        }
    }

    pub fn get(&self, key: &str) -> Option<&'a Value> {
        self.members.get(key)
    }

    pub fn text(&self, key: &str) -> Option<String> {
        self.read(key, "a string", |value| value.as_str().map(str::to_owned))
    }

    pub fn texts(&self, key: &str) -> Option<Vec<String>> {
        let item = |item: &Value| item.as_str().map(str::to_owned);
        self.read(key, "a list of strings with at least one in it", |value| {
            let items: Option<Vec<_>> = value.as_array()?.iter().map(item).collect();
            items.filter(|items| !items.is_empty())
        })
    }

    pub fn count(&self, key: &str) -> Option<usize> {
        self.read(key, "a number from 1 to 1000", |value| {
            value.as_u64().filter(|count| (1..=1000).contains(count)).map(|count| count as usize)
        })
    }

    pub fn environment(&self, key: &str) -> BTreeMap<String, String> {
        let pair = |(name, value): (&String, &Value)| Some((name.clone(), value.as_str()?.to_owned()));
        self.read(key, "a table of strings", |value| value.as_object()?.iter().map(pair).collect()).unwrap_or_default()
    }

    fn read<T>(&self, key: &str, wanted: &str, convert: impl Fn(&'a Value) -> Option<T>) -> Option<T> {
        let value = self.members.get(key)?;
        let read = convert(value);
        if read.is_none() {
            self.notes.add(self.at(key), format!("`{key}` must be {wanted}"), "");
        }
        read
    }
}
