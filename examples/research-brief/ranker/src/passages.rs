//! An address in passages that one can read and quote: whole sentences, about a hundred words.

use std::ops::Range;

/// A passage is closed once it has this many words …
const ENOUGH: usize = 60;
/// … and takes no further sentence that would bring it beyond this many.
const MOST: usize = 120;
/// A single sentence may be longer than a passage should be; beyond this it is parted at a semicolon.
const LONGEST_SENTENCE: usize = 140;

/// The places of the passages of `text`, in order; together they are the text but for the spaces between them.
pub fn passages(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut open: Option<(Range<usize>, usize)> = None;
    for sentence in sentences(text).into_iter().flat_map(|sentence| part(text, sentence)) {
        let count = count(text, &sentence);
        open = match open.take() {
            Some((passage, so_far))
                if so_far < ENOUGH && so_far + count <= MOST && !opens_section(text, &passage, &sentence) =>
            {
                Some((passage.start..sentence.end, so_far + count))
            }
            Some((passage, _)) => {
                found.push(passage);
                Some((sentence, count))
            }
            None => Some((sentence, count)),
        };
    }
    found.extend(open.map(|(passage, _)| passage));
    found
}

fn count(text: &str, place: &Range<usize>) -> usize {
    text.as_bytes()[place.clone()].iter().filter(|byte| **byte == b' ').count() + 1
}

/// Whether a heading stands between the two; headings of one another's section stay together.
fn opens_section(text: &str, before: &Range<usize>, sentence: &Range<usize>) -> bool {
    is_heading(&text[sentence.clone()]) && !is_heading(&text[before.clone()])
}

fn is_heading(sentence: &str) -> bool {
    sentence.len() > 3 && !sentence.bytes().any(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit())
}

/// A sentence of the nineteenth century can fill a page: its clauses then count as sentences.
fn part(text: &str, sentence: Range<usize>) -> Vec<Range<usize>> {
    if count(text, &sentence) <= LONGEST_SENTENCE {
        return vec![sentence];
    }
    let mut clauses = Vec::new();
    let mut start = sentence.start;
    for (at, _) in text[sentence.clone()].match_indices("; ") {
        clauses.push(start..sentence.start + at + 1);
        start = sentence.start + at + 2;
    }
    clauses.push(start..sentence.end);
    clauses
}

fn sentences(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut start = 0;
    for at in memchr_marks(bytes) {
        let end = at + 1 + closing(&text[at + 1..]);
        if end < bytes.len() && bytes[end] == b' ' && ends_here(text, start, at) && starts_after(text, end + 1) {
            found.push(start..end);
            start = end + 1;
        }
    }
    if start < bytes.len() {
        found.push(start..bytes.len());
    }
    found
}

fn memchr_marks(bytes: &[u8]) -> impl Iterator<Item = usize> + '_ {
    bytes.iter().enumerate().filter(|(_, byte)| matches!(byte, b'.' | b'!' | b'?')).map(|(at, _)| at)
}

/// How many bytes of closing quotes and brackets follow a mark.
fn closing(rest: &str) -> usize {
    rest.len() - rest.trim_start_matches(['"', '\'', '”', '’', ')', ']']).len()
}

/// Whether the mark at `at` ends a sentence, rather than an abbreviation or an initial.
fn ends_here(text: &str, start: usize, at: usize) -> bool {
    if text.as_bytes()[at] != b'.' {
        return true;
    }
    let word = text[start..at].rsplit([' ', '-', '(', '"']).next().unwrap_or_default();
    let initial = word.len() == 1 && word.as_bytes()[0].is_ascii_uppercase();
    !(initial || word.contains('.') || ABBREVIATIONS.contains(&word))
}

const ABBREVIATIONS: [&str; 22] = [
    "Mr", "Mrs", "Ms", "Dr", "Messrs", "St", "Gen", "Col", "Capt", "Lieut", "Maj", "Adm", "Rev", "Hon", "Jr", "Sr",
    "Sen", "Rep", "No", "Nos", "Prof", "vs",
];

/// Whether what follows can open a sentence.
fn starts_after(text: &str, at: usize) -> bool {
    let next = text[at..].trim_start_matches(['"', '\'', '“', '‘', '(', '[']).chars().next();
    next.is_some_and(|letter| letter.is_uppercase() || letter.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<&str> {
        passages(text).into_iter().map(|place| &text[place]).collect()
    }

    #[test]
    fn a_sentence_does_not_end_after_a_title_or_an_initial() {
        let text = "I thank Mr. Jay and John Q. Adams of the U.S. Senate. They went to St. Louis! Did they? \"Yes.\" So it was.";
        let split: Vec<_> = sentences(text).into_iter().map(|place| &text[place]).collect();
        assert_eq!(
            split,
            [
                "I thank Mr. Jay and John Q. Adams of the U.S. Senate.",
                "They went to St. Louis!",
                "Did they?",
                "\"Yes.\"",
                "So it was."
            ]
        );
    }

    #[test]
    fn passages_are_whole_sentences_of_readable_length() {
        let text = "Ten words are in this one sentence, no more here. ".repeat(40);
        let found = texts(text.trim());
        assert_eq!(found.len(), 7);
        assert!(found.iter().all(|passage| passage.ends_with("here.")));
        assert_eq!(found.join(" "), text.trim());
    }

    #[test]
    fn a_sentence_of_a_page_is_parted_at_its_semicolons() {
        let text = ["so it was that many words came together in one clause"; 30].join("; ") + ".";
        let found = texts(&text);
        assert!(found.len() > 2);
        assert!(found.iter().all(|passage| passage.split(' ').count() <= MOST));
        assert_eq!(found.join(" "), text);
    }

    #[test]
    fn a_heading_opens_a_passage() {
        let text = "So much for the farmers. COMMERCE AND LABOR. THE LIGHT-HOUSE BOARD. The board has worked well.";
        assert_eq!(
            texts(text),
            ["So much for the farmers.", "COMMERCE AND LABOR. THE LIGHT-HOUSE BOARD. The board has worked well."]
        );
    }

    #[test]
    fn an_empty_text_has_no_passage() {
        assert!(passages("").is_empty());
    }
}
