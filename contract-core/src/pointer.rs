//! Places in a JSON document, as RFC 6901 writes them.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

/// A JSON Pointer: empty for the whole document, else `/` and a token per step.
///
/// Tokens are kept escaped (`~0` for `~`, `~1` for `/`), so that printing is free.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Pointer(String);

impl Pointer {
    /// The whole document.
    pub const fn root() -> Self {
        Self(String::new())
    }

    /// One step down, into the member `key`.
    #[must_use]
    #[inline(never)]
    pub fn key(&self, key: &str) -> Self {
        let mut text = String::with_capacity(self.0.len() + key.len() + 1);
        text.push_str(&self.0);
        text.push('/');
        push_escaped(&mut text, key);
        Self(text)
    }

    /// One step down, into the item at `index`.
    #[must_use]
    #[inline(never)]
    pub fn index(&self, index: usize) -> Self {
        Self(format!("{}/{index}", self.0))
    }

    /// This place, and from there on along `rest`.
    #[must_use]
    pub fn join(&self, rest: &Self) -> Self {
        Self(format!("{}{}", self.0, rest.0))
    }

    /// One step up, with the token that led here; `None` at the root.
    pub fn parent(&self) -> Option<(Self, String)> {
        let (parent, token) = self.0.rsplit_once('/')?;
        Some((Self(parent.to_owned()), unescape(token).into_owned()))
    }

    /// The steps from the root, unescaped.
    pub fn tokens(&self) -> impl Iterator<Item = String> + '_ {
        self.steps().map(Cow::into_owned)
    }

    /// The steps from the root, borrowed where nothing was escaped.
    pub(crate) fn steps(&self) -> impl Iterator<Item = Cow<'_, str>> {
        self.0.split('/').skip(1).map(unescape)
    }

    /// Goes one step down in place; [`Pointer::cut`] to the length before leads back.
    pub(crate) fn push_key(&mut self, key: &str) {
        self.0.push('/');
        push_escaped(&mut self.0, key);
    }

    /// Leaves so many bytes of the text.
    pub(crate) fn cut(&mut self, length: usize) {
        self.0.truncate(length);
    }

    /// The text of RFC 6901.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn push_escaped(text: &mut String, token: &str) {
    if !token.bytes().any(|byte| matches!(byte, b'~' | b'/')) {
        return text.push_str(token);
    }
    for c in token.chars() {
        match c {
            '~' => text.push_str("~0"),
            '/' => text.push_str("~1"),
            c => text.push(c),
        }
    }
}

fn unescape(token: &str) -> Cow<'_, str> {
    if token.contains('~') { token.replace("~1", "/").replace("~0", "~").into() } else { token.into() }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Pointer {
    type Err = NotAPointer;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let escapes_hold = text.split('~').skip(1).all(|rest| rest.starts_with(['0', '1']));
        if (text.is_empty() || text.starts_with('/')) && escapes_hold {
            Ok(Self(text.to_owned()))
        } else {
            Err(NotAPointer)
        }
    }
}

/// The text is no JSON Pointer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a JSON Pointer is empty or begins with `/`, and escapes `~` as `~0` and `/` as `~1`")]
pub struct NotAPointer;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_survive_escaping() {
        let pointer = Pointer::root().key("a/b").key("~c").index(3);
        assert_eq!(pointer.as_str(), "/a~1b/~0c/3");
        assert_eq!(pointer.tokens().collect::<Vec<_>>(), ["a/b", "~c", "3"]);
    }

    #[test]
    fn a_lone_tilde_is_no_pointer() {
        assert_eq!("/a~2".parse::<Pointer>(), Err(NotAPointer));
        assert_eq!("a".parse::<Pointer>(), Err(NotAPointer));
    }
}
