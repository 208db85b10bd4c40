//! One version of the contract, and the schemas in it.

use std::cell::{Cell, OnceCell};

use serde_json::Value;

use crate::contract::target_of;
use crate::{Contract, Pointer};

/// Schemas that are thought up during the proofs for one pair of contracts.
const MOST_KEPT: usize = 512;

/// Looks into conditions and parts of schemas during them.
const MOST_LOOKS: usize = 1_000_000;

/// A contract as its canonical form says it: without annotations, with everything in its place.
pub(crate) struct Side<'a> {
    pub(crate) contract: &'a Contract,
    canonical: Value,
    kept: OnceCell<Box<Kept>>,
    looks: Cell<usize>,
}

/// A schema that was thought up during a proof, and those after it. Only added to, so that proofs may refer to it.
struct Kept {
    value: Value,
    next: OnceCell<Box<Kept>>,
}

/// A schema and its place in the contract.
#[derive(Clone)]
pub(crate) struct Node<'a> {
    pub(crate) value: &'a Value,
    pub(crate) at: Pointer,
}

impl<'a> Side<'a> {
    pub(crate) fn of(contract: &'a Contract) -> Self {
        let canonical = serde_json::from_slice(contract.canonical()).expect("a canonical form is JSON");
        Self { contract, canonical, kept: OnceCell::new(), looks: Cell::new(0) }
    }

    /// Counts a look into a schema that is not counted as a step of a proof; `false` when there were too many.
    pub(super) fn look(&self) -> bool {
        self.looks.set(self.looks.get() + 1);
        self.looks.get() <= MOST_LOOKS
    }

    /// Keeps a schema that is no place of the contract, or finds it where it is kept already; `None` when there are
    /// too many.
    pub(super) fn keep(&self, value: Value) -> Option<&Value> {
        let mut cell = &self.kept;
        for _ in 0..MOST_KEPT {
            match cell.get() {
                Some(kept) if kept.value == value => return Some(&kept.value),
                Some(kept) => cell = &kept.next,
                None => return Some(&cell.get_or_init(|| Box::new(Kept { value, next: OnceCell::new() })).value),
            }
        }
        None
    }

    /// The canonical form.
    pub(crate) fn whole(&self) -> &Value {
        &self.canonical
    }

    /// The place that a schema which only refers leads to in the end.
    pub(crate) fn resolved(&self, at: Pointer) -> Pointer {
        let next = |at: &Pointer| {
            let node = self.node(at)?;
            let only = node.value.as_object().is_some_and(|words| words.len() == 1);
            node.get("$ref").filter(|_| only).and_then(|target| self.follow(target)).map(|node| node.at)
        };
        // A contract has no cycle of references; the bound is for those who do not believe it.
        std::iter::successors(Some(at), next).take(256).last().expect("the first is there")
    }

    pub(crate) fn node(&self, at: &Pointer) -> Option<Node<'_>> {
        Some(Node { value: self.canonical.pointer(at.as_str())?, at: at.clone() })
    }

    /// The schema that `$ref` leads to; `None` where it is no place of this contract.
    pub(crate) fn follow(&self, reference: &Value) -> Option<Node<'_>> {
        self.node(&target_of(reference.as_str()?)?)
    }
}

impl<'a> Node<'a> {
    /// The keyword's value.
    pub(crate) fn get(&self, keyword: &str) -> Option<&'a Value> {
        self.value.get(keyword)
    }

    /// The schema that is the keyword's value.
    pub(crate) fn schema(&self, keyword: &str) -> Option<Self> {
        Some(Self { value: self.get(keyword)?, at: self.at.key(keyword) })
    }

    /// The schemas in the keyword's array.
    pub(crate) fn list(&self, keyword: &str) -> Vec<Self> {
        let at = self.at.key(keyword);
        let items = self.get(keyword).and_then(Value::as_array).into_iter().flatten().enumerate();
        items.map(|(index, value)| Self { value, at: at.index(index) }).collect()
    }

    /// The schemas in the keyword's object, by name.
    pub(crate) fn map(&self, keyword: &str) -> Vec<(&'a str, Self)> {
        let at = self.at.key(keyword);
        let members = self.get(keyword).and_then(Value::as_object).into_iter().flatten();
        members.map(|(name, value)| (name.as_str(), Self { value, at: at.key(name) })).collect()
    }

    /// The schema of this name in the keyword's object.
    pub(crate) fn member(&self, keyword: &str, name: &str) -> Option<Self> {
        let value = self.get(keyword)?.get(name)?;
        Some(Self { value, at: self.at.key(keyword).key(name) })
    }

    /// The texts in the keyword's array.
    pub(crate) fn texts(&self, keyword: &str) -> Vec<&'a str> {
        self.get(keyword).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect()
    }

    pub(crate) fn number(&self, keyword: &str) -> Option<f64> {
        self.get(keyword).and_then(Value::as_f64)
    }
}
