//! Members of an event that was read before, without a tree: each a slice of its text.

use std::borrow::Cow;

use bytes::Bytes;

use crate::envelope::from_rfc3339;
use crate::json::Json;
use crate::{ErrorCode, Limits, Pointer, Problem, plan};

/// A value of an event, and its place there. Clones share the text.
#[derive(Clone)]
pub(super) struct Part {
    text: Bytes,
    pub(super) at: Pointer,
}

/// The members of an object that somebody asked for.
pub(super) struct Members {
    found: Vec<(&'static str, Part)>,
    at: Pointer,
}

impl Part {
    /// A whole text. Only what was read strictly is of use; nothing breaks with others.
    pub(super) fn whole(text: Bytes) -> Self {
        Self::placed(text, Pointer::root())
    }

    /// The same text as if it stood at `at`: what a string of an event holds is told at the place of the string.
    pub(super) fn placed(text: Bytes, at: Pointer) -> Self {
        let space = text.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r')).count();
        Self { text: text.slice(space..), at }
    }

    pub(super) fn text(&self) -> Bytes {
        self.text.clone()
    }

    /// Those of the `names` that the object has and that are not `null`, in one walk.
    pub(super) fn members(&self, names: &[&'static str]) -> Members {
        let mut found: Vec<(&'static str, Self)> = Vec::new();
        for (key, range) in plan::members(&self.text) {
            let Some(name) = names.iter().find(|name| name.as_bytes() == &*key) else { continue };
            if &self.text[range.clone()] != b"null" {
                found.push((name, Self { text: self.text.slice(range), at: self.at.key(name) }));
            }
        }
        Members { found, at: self.at.clone() }
    }

    /// One member, if it is there and not `null`.
    pub(super) fn member(&self, name: &'static str) -> Option<Self> {
        self.members(&[name]).take(name)
    }

    /// All members of an object.
    pub(super) fn all(&self) -> impl Iterator<Item = (Cow<'_, [u8]>, Self)> {
        plan::members(&self.text).map(|(key, range)| {
            let at = self.at.key(&String::from_utf8_lossy(&key));
            (key, Self { text: self.text.slice(range), at })
        })
    }

    /// The items of an array; nothing for anything else.
    pub(super) fn items(&self) -> impl Iterator<Item = Self> {
        plan::items(&self.text)
            .enumerate()
            .map(|(index, range)| Self { text: self.text.slice(range), at: self.at.index(index) })
    }

    pub(super) fn is_object(&self) -> bool {
        self.text.first() == Some(&b'{')
    }

    pub(super) fn is_array(&self) -> bool {
        self.text.first() == Some(&b'[')
    }

    pub(super) fn is_true(&self) -> bool {
        &*self.text == b"true"
    }

    /// The string that it is.
    pub(super) fn string(&self) -> Option<String> {
        String::from_utf8(plan::string(&self.text)?.into_owned()).ok()
    }

    /// The bytes of the string that it is, shared where nothing was escaped.
    pub(super) fn string_bytes(&self) -> Option<Bytes> {
        match plan::string(&self.text)? {
            Cow::Borrowed(raw) => Some(self.text.slice_ref(raw)),
            Cow::Owned(plain) => Some(plain.into()),
        }
    }

    /// Whether it is this string.
    pub(super) fn is(&self, text: &str) -> bool {
        plan::string(&self.text).is_some_and(|found| *found == *text.as_bytes())
    }

    /// A text that came inside of a string, once it was read as strictly as what came by itself.
    pub(super) fn read(&self, limits: &Limits) -> Result<Self, Problem> {
        Json::read(self.text.clone(), limits).map_err(|problem| Problem { at: self.at.clone(), ..problem })?;
        Ok(self.clone())
    }
}

impl Members {
    pub(super) fn get(&self, name: &str) -> Option<&Part> {
        self.found.iter().find(|(found, _)| *found == name).map(|(_, part)| part)
    }

    pub(super) fn take(&mut self, name: &str) -> Option<Part> {
        let index = self.found.iter().position(|(found, _)| *found == name)?;
        Some(self.found.swap_remove(index).1)
    }

    pub(super) fn string(&self, name: &str) -> Option<String> {
        self.get(name)?.string()
    }

    /// A point in time, milliseconds since 1970. Zero where there is none: an id made of the rest is still the same each time.
    pub(super) fn time_ms(&self, name: &str) -> u64 {
        self.string(name).as_deref().and_then(from_rfc3339).unwrap_or_default()
    }

    /// A string that the shape cannot do without.
    pub(super) fn needed(&self, name: &'static str, shape: &str) -> Result<String, Problem> {
        self.string(name).ok_or_else(|| self.missing(name, shape, "a string"))
    }

    /// A string's bytes that the shape cannot do without, with their place.
    pub(super) fn needed_text(&self, name: &'static str, shape: &str) -> Result<Part, Problem> {
        let missing = || self.missing(name, shape, "a string");
        let part = self.get(name).ok_or_else(missing)?;
        Ok(Part::placed(part.string_bytes().ok_or_else(missing)?, part.at.clone()))
    }

    /// An object that the shape cannot do without.
    pub(super) fn object(&self, name: &'static str, shape: &str) -> Result<&Part, Problem> {
        let found = self.get(name).filter(|part| part.is_object());
        found.ok_or_else(|| self.missing(name, shape, "an object"))
    }

    pub(super) fn missing(&self, name: &str, shape: &str, what: &str) -> Problem {
        invalid(self.at.key(name), format!("an event that looks like {shape} has {what} in `{name}`"))
    }
}

pub(super) fn invalid(at: Pointer, message: impl Into<String>) -> Problem {
    Problem::new(ErrorCode::EventInvalid, at, message)
}
