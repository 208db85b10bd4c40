//! Filter patterns of plain terms: words and quoted phrases, all of which a line must hold.

/// A pattern that can be asked of a line.
#[derive(Debug, Default)]
pub(super) struct Pattern {
    wanted: Vec<String>,
    unwanted: Vec<String>,
}

impl Pattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// Patterns of other kinds (JSON, space-delimited, `?` and `%`), as a sentence.
    pub fn read(text: &str) -> Result<Self, String> {
        let mut pattern = Self::default();
        let mut rest = text.trim_start();
        while let Some(first) = rest.chars().next() {
            let is_unwanted = first == '-' && rest.len() > 1;
            let (term, after) = term(&rest[usize::from(is_unwanted)..]).ok_or_else(|| unreadable(text))?;
            if is_unwanted { &mut pattern.unwanted } else { &mut pattern.wanted }.push(term.to_owned());
            rest = after.trim_start();
        }
        Ok(pattern)
    }

    pub fn fits(&self, line: &str) -> bool {
        self.wanted.iter().all(|term| line.contains(term)) && !self.unwanted.iter().any(|term| line.contains(term))
    }
}

fn term(text: &str) -> Option<(&str, &str)> {
    match text.strip_prefix('"') {
        Some(quoted) => quoted.split_once('"'),
        None if text.starts_with(['{', '[', '?', '%']) => None,
        None => {
            let end = text.find(char::is_whitespace).unwrap_or(text.len());
            Some(text.split_at(end))
        }
    }
}

fn unreadable(pattern: &str) -> String {
    format!(
        "The filter pattern `{pattern}` is not read here: words and \"quoted phrases\" are, with - before those that must be missing"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_terms_must_be_there_and_none_of_those_with_a_minus() {
        let pattern = Pattern::read(r#"ERROR "two words" -ignored"#).unwrap();
        assert!(pattern.fits("an ERROR of two words"));
        assert!(!pattern.fits("an ERROR of words, two"));
        assert!(!pattern.fits("an ignored ERROR of two words"));
        assert!(Pattern::read("").unwrap().fits("anything"));
        assert!(Pattern::read("-").unwrap().fits("a - b"));
    }

    #[test]
    fn patterns_of_other_kinds_are_refused() {
        for text in ["{ $.a = 1 }", "[a, b]", "?ERROR ?WARN", "%x%", "\"open"] {
            assert!(Pattern::read(text).is_err(), "{text}");
        }
    }
}
