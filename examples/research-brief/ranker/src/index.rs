//! The addresses, cut into passages and indexed by the stems of their words.
//!
//! Everything is made in memory when the agent starts; a query then reads a few short lists.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::ops::Range;

use crate::corpus::Address;
use crate::passages::passages;
use crate::words::{stem, words};

/// A stem by its number in the vocabulary.
pub type StemId = u32;

/// How often a stem, or a phrase, occurs in one passage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Posting {
    /// The passage by its number.
    pub passage: u32,
    /// At least 1.
    pub count: u32,
}

struct Passage {
    address: usize,
    text: Range<usize>,
    stems: Range<usize>,
}

/// The searchable addresses.
pub struct Index {
    addresses: Vec<Address>,
    passages: Vec<Passage>,
    /// The stem of every word of the corpus, in order: what a phrase is looked up in.
    stems: Vec<StemId>,
    vocabulary: HashMap<String, StemId>,
    postings: Vec<Vec<Posting>>,
}

impl Index {
    /// Indexes `addresses`.
    pub fn new(addresses: Vec<Address>) -> Self {
        let mut index = Self {
            addresses: Vec::new(),
            passages: Vec::new(),
            stems: Vec::new(),
            vocabulary: HashMap::new(),
            postings: Vec::new(),
        };
        // Words repeat: each spelling is stemmed once, and found again by one look-up.
        let mut spellings = HashMap::<&str, StemId, BuildHasherDefault<Fnv>>::default();
        for (number, address) in addresses.iter().enumerate() {
            for place in passages(&address.text) {
                let start = index.stems.len();
                let text = &address.text[place.clone()];
                for word in words(text) {
                    let word = &text[word];
                    let stem = *spellings.entry(word).or_insert_with(|| index.learn(word));
                    index.stems.push(stem);
                }
                index.close(Passage { address: number, text: place, stems: start..index.stems.len() });
            }
        }
        index.addresses = addresses;
        index
    }

    fn learn(&mut self, word: &str) -> StemId {
        let next = self.postings.len() as StemId;
        let stem = *self.vocabulary.entry(stem(word)).or_insert(next);
        if stem == next {
            self.postings.push(Vec::new());
        }
        stem
    }

    fn close(&mut self, passage: Passage) {
        let number = self.passages.len() as u32;
        for stem in &self.stems[passage.stems.clone()] {
            let postings = &mut self.postings[*stem as usize];
            match postings.last_mut() {
                Some(last) if last.passage == number => last.count += 1,
                _ => postings.push(Posting { passage: number, count: 1 }),
            }
        }
        self.passages.push(passage);
    }

    /// How many passages there are.
    pub fn len(&self) -> usize {
        self.passages.len()
    }

    /// Whether there is nothing to search.
    pub fn is_empty(&self) -> bool {
        self.passages.is_empty()
    }

    /// The addresses in the order in which they were given.
    pub fn addresses(&self) -> &[Address] {
        &self.addresses
    }

    /// The number of the address that a passage is from.
    pub fn address_of(&self, passage: u32) -> usize {
        self.passages[passage as usize].address
    }

    /// The text of a passage.
    pub fn text(&self, passage: u32) -> &str {
        let Passage { address, text, .. } = &self.passages[passage as usize];
        &self.addresses[*address].text[text.clone()]
    }

    /// How many words a passage has.
    pub fn words(&self, passage: u32) -> usize {
        self.passages[passage as usize].stems.len()
    }

    /// How many words a passage has on average.
    pub fn average_words(&self) -> f64 {
        self.stems.len() as f64 / self.len().max(1) as f64
    }

    /// Where a word, or a phrase of several, occurs, in the order of the corpus.
    pub fn postings(&self, term: &str) -> Vec<Posting> {
        let Some(stems) = self.stems_of(term) else { return Vec::new() };
        let rarest = stems.iter().map(|stem| &self.postings[*stem as usize]).min_by_key(|postings| postings.len());
        let rarest = rarest.map(Vec::as_slice).unwrap_or_default();
        if stems.len() == 1 {
            return rarest.to_vec();
        }
        let phrase = |posting: &Posting| Posting { count: self.occurrences(posting.passage, &stems), ..*posting };
        rarest.iter().map(phrase).filter(|posting| posting.count > 0).collect()
    }

    /// The stems of a term; `None` when one of them is nowhere in the corpus.
    fn stems_of(&self, term: &str) -> Option<Vec<StemId>> {
        words(term).map(|word| self.vocabulary.get(&stem(&term[word])).copied()).collect()
    }

    fn occurrences(&self, passage: u32, phrase: &[StemId]) -> u32 {
        let stems = &self.stems[self.passages[passage as usize].stems.clone()];
        stems.windows(phrase.len()).filter(|window| *window == phrase).count() as u32
    }
}

/// FNV-1a. The words come from files that were installed with the agent, so nobody chooses them to collide.
struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for Fnv {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3);
        }
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index(texts: &[&str]) -> Index {
        let address =
            |(at, text): (usize, &&str)| Address { year: 1800 + at as i64, speaker: "A".into(), text: (*text).into() };
        Index::new(texts.iter().enumerate().map(address).collect())
    }

    fn found(index: &Index, term: &str) -> Vec<(u32, u32)> {
        index.postings(term).iter().map(|posting| (posting.passage, posting.count)).collect()
    }

    #[test]
    fn a_word_is_found_in_every_number_and_case() {
        let index = index(&["Canals and a canal.", "No water here.", "The canal's locks."]);
        assert_eq!(found(&index, "canals"), [(0, 2), (2, 1)]);
    }

    #[test]
    fn a_phrase_is_found_only_in_its_order() {
        let index = index(&["the right to vote and rights to vote", "vote the right to", "right to work"]);
        assert_eq!(found(&index, "right to vote"), [(0, 2)]);
    }

    #[test]
    fn what_is_nowhere_is_nowhere() {
        let index = index(&["one text"]);
        for term in ["xyzzy", "one xyzzy", "", "…"] {
            assert_eq!(found(&index, term), [], "{term}");
        }
    }

    #[test]
    fn a_passage_knows_its_text_and_address() {
        let index = index(&["First address.", "Second address of five words."]);
        assert_eq!((index.len(), index.text(1), index.words(1)), (2, "Second address of five words.", 5));
        assert_eq!(index.addresses()[index.address_of(1)].year, 1801);
    }
}
