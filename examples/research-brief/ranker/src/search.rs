//! Weighted BM25 over the passages, and what of it is good enough to show.

use std::collections::BTreeMap;

use crate::index::{Index, Posting};
use crate::words::{stem, words};

/// Saturation of repeated words, the usual value.
const K1: f64 = 1.2;
/// How much the length of a passage counts, the usual value.
const B: f64 = 0.75;
/// Terms from this weight on are what the question is about; lighter ones only help.
const CORE_WEIGHT: f64 = 0.5;
/// A page of quotations from one address would be an excerpt, not a survey.
const PER_ADDRESS: usize = 2;
/// So would one from one president; there, further passages only wait until everybody was heard.
const PER_SPEAKER: usize = 2;

/// A word or a phrase, and how much it counts: above 0, at most 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Term {
    /// Words as they are typed; several are a phrase.
    pub text: String,
    /// Its share in the score.
    pub weight: f64,
}

/// A passage worth quoting.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// The passage, whole sentences.
    pub text: String,
    /// When it was said.
    pub year: i64,
    /// Who said it.
    pub speaker: String,
    /// BM25, weighted; higher is better, comparable within one search only.
    pub score: f64,
    /// What matched, as it stands in the text, each once.
    pub matches: Vec<String>,
}

/// What a search found.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The best passages, best first.
    pub hits: Vec<Hit>,
    /// Good passages by year, for every year with an address.
    pub by_year: BTreeMap<i64, i64>,
    /// How many passages are good, shown or not.
    pub good: usize,
}

/// Searches for `terms`. A passage is good when the terms in it carry at least the share `bar` of what the question is
/// about; of these the best `limit` come back.
pub fn search(index: &Index, terms: &[Term], bar: f64, limit: usize) -> Found {
    let scored = good(index, terms, bar);
    let mut by_year: BTreeMap<i64, i64> = index.addresses().iter().map(|address| (address.year, 0)).collect();
    for (passage, _) in &scored {
        *by_year.entry(index.addresses()[index.address_of(*passage)].year).or_default() += 1;
    }
    let good = scored.len();
    Found { hits: best(index, terms, scored, limit), by_year, good }
}

#[derive(Clone, Copy, Default)]
struct Sums {
    score: f64,
    covered: f64,
}

fn good(index: &Index, terms: &[Term], bar: f64) -> Vec<(u32, f64)> {
    let mut sums = vec![Sums::default(); index.len()];
    let mut asked = 0.0;
    for term in terms {
        let postings = index.postings(&term.text);
        let weight = term.weight * rarity(index, &postings);
        if term.weight >= CORE_WEIGHT && words(&term.text).count() == 1 {
            asked += weight;
        }
        for posting in postings {
            let sums = &mut sums[posting.passage as usize];
            sums.score += weight * saturation(index, posting);
            sums.covered += weight;
        }
    }
    let found = sums.iter().enumerate().filter(|(_, sums)| sums.covered > 0.0 && sums.covered >= bar * asked);
    found.map(|(passage, sums)| (passage as u32, sums.score)).collect()
}

/// Inverse document frequency, always positive.
fn rarity(index: &Index, postings: &[Posting]) -> f64 {
    let (all, with) = (index.len() as f64, postings.len() as f64);
    (1.0 + (all - with + 0.5) / (with + 0.5)).ln()
}

fn saturation(index: &Index, posting: Posting) -> f64 {
    let length = index.words(posting.passage) as f64 / index.average_words();
    saturated(f64::from(posting.count), length)
}

fn saturated(count: f64, length: f64) -> f64 {
    count * (K1 + 1.0) / (count + K1 * (1.0 - B + B * length))
}

/// Best first; equal scores in the order of the corpus, so that the same question has the same answer.
fn best(index: &Index, terms: &[Term], mut scored: Vec<(u32, f64)>, limit: usize) -> Vec<Hit> {
    let order = |(a, score_a): &(u32, f64), (b, score_b): &(u32, f64)| score_b.total_cmp(score_a).then(a.cmp(b));
    scored.sort_by(order);
    let mut addresses = BTreeMap::new();
    scored.retain(|(passage, _)| counted(&mut addresses, index.address_of(*passage)) <= PER_ADDRESS);
    let mut speakers = BTreeMap::new();
    let (mut chosen, waiting): (Vec<_>, Vec<_>) = scored.into_iter().partition(|(passage, _)| {
        let speaker = index.addresses()[index.address_of(*passage)].speaker.as_str();
        counted(&mut speakers, speaker) <= PER_SPEAKER
    });
    chosen.extend(waiting);
    chosen.truncate(limit);
    chosen.sort_by(order);
    chosen.into_iter().map(|(passage, score)| hit(index, terms, passage, score)).collect()
}

/// How often `key` was counted, this time included.
fn counted<K: Ord>(counts: &mut BTreeMap<K, usize>, key: K) -> usize {
    let count = counts.entry(key).or_default();
    *count += 1;
    *count
}

fn hit(index: &Index, terms: &[Term], passage: u32, score: f64) -> Hit {
    let address = &index.addresses()[index.address_of(passage)];
    let text = index.text(passage).to_owned();
    let matches = terms.iter().flat_map(|term| occurrences(&text, &term.text)).fold(Vec::new(), |mut all, found| {
        if !all.iter().any(|known| known == found) {
            all.push(found.to_owned());
        }
        all
    });
    // Three digits tell scores apart; more would only be noise in the message.
    Hit {
        year: address.year,
        speaker: address.speaker.clone(),
        score: (score * 1000.0).round() / 1000.0,
        matches,
        text,
    }
}

/// Where `term` stands in `text`, word by word of the same stem.
fn occurrences<'t>(text: &'t str, term: &str) -> Vec<&'t str> {
    let phrase: Vec<String> = words(term).map(|word| stem(&term[word])).collect();
    let places: Vec<_> = words(text).collect();
    if phrase.is_empty() {
        return Vec::new();
    }
    let window = places.windows(phrase.len());
    window
        .filter(|window| {
            window.iter().zip(&phrase).all(|(word, stem_wanted)| stem(&text[word.clone()]) == *stem_wanted)
        })
        .map(|window| &text[window[0].start..window[phrase.len() - 1].end])
        .collect()
}

/// How well any text answers `terms`, from 0 to 1: one minus the chance that every term misses it, where the rarest
/// term of the corpus counts in full and a commoner one less.
pub fn score(index: &Index, text: &str, terms: &[String]) -> f64 {
    let rarities: Vec<f64> = terms.iter().map(|term| rarity(index, &index.postings(term))).collect();
    let rarest = rarities.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
    let length = words(text).count() as f64 / index.average_words();
    let missed: f64 = terms
        .iter()
        .zip(rarities)
        .map(|(term, rarity)| {
            let count = occurrences(text, term).len() as f64;
            1.0 - rarity / rarest * saturated(count, length) / (K1 + 1.0)
        })
        .product();
    ((1.0 - missed) * 1000.0).round() / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::Address;

    fn index(addresses: &[(i64, &str, &str)]) -> Index {
        let address = |(year, speaker, text): &(i64, &str, &str)| Address {
            year: *year,
            speaker: (*speaker).into(),
            text: (*text).into(),
        };
        Index::new(addresses.iter().map(address).collect())
    }

    fn corpus() -> Index {
        index(&[
            (1825, "Adams", "Roads and canals were made."),
            (1826, "Adams", "A canal is better than a road."),
            (1827, "Adams", "This canal, that canal, every canal."),
            (1881, "Arthur", "The post office prospered."),
            (1904, "Roosevelt", "We dig the Canal at Panama."),
        ])
    }

    fn terms(terms: &[(&str, f64)]) -> Vec<Term> {
        terms.iter().map(|(text, weight)| Term { text: (*text).into(), weight: *weight }).collect()
    }

    fn years(found: &Found) -> Vec<i64> {
        found.hits.iter().map(|hit| hit.year).collect()
    }

    #[test]
    fn more_of_what_was_asked_for_comes_first() {
        let found = search(&corpus(), &terms(&[("canals", 1.0)]), 0.6, 10);
        assert_eq!(years(&found)[0], 1827);
        assert_eq!(found.good, 4);
    }

    #[test]
    fn other_presidents_are_heard_before_one_is_heard_again_and_again() {
        assert_eq!(years(&search(&corpus(), &terms(&[("canal", 1.0)]), 0.6, 3)), [1827, 1825, 1904]);
    }

    #[test]
    fn a_passage_with_half_of_the_question_is_good_only_under_a_lower_bar() {
        let asked = terms(&[("canal", 1.0), ("panama", 1.0)]);
        assert_eq!(search(&corpus(), &asked, 0.8, 10).good, 1);
        assert_eq!(search(&corpus(), &asked, 0.1, 10).good, 4);
    }

    #[test]
    fn a_light_term_helps_a_passage_over_the_bar() {
        let alone = terms(&[("canal", 1.0), ("xyzzy", 0.5)]);
        let helped = terms(&[("canal", 1.0), ("xyzzy", 0.5), ("panama", 0.4)]);
        assert!(search(&corpus(), &alone, 0.3, 10).hits.is_empty());
        assert_eq!(years(&search(&corpus(), &helped, 0.3, 10)), [1904]);
    }

    #[test]
    fn every_year_with_an_address_is_counted() {
        let found = search(&corpus(), &terms(&[("canal", 1.0)]), 0.6, 1);
        assert_eq!(
            found.by_year.into_iter().collect::<Vec<_>>(),
            [(1825, 1), (1826, 1), (1827, 1), (1881, 0), (1904, 1)]
        );
    }

    #[test]
    fn what_matched_is_named_as_it_stands_in_the_text() {
        let found = search(&corpus(), &terms(&[("canals at panama", 1.0), ("canals", 0.8)]), 0.6, 10);
        assert_eq!(found.hits[0].matches, ["Canal at Panama", "Canal"]);
    }

    #[test]
    fn nothing_asked_for_finds_nothing() {
        assert_eq!(search(&corpus(), &terms(&[("xyzzy", 1.0)]), 0.0, 10).good, 0);
        assert_eq!(search(&Index::new(Vec::new()), &terms(&[("canal", 1.0)]), 0.0, 10).good, 0);
    }

    #[test]
    fn a_score_lies_between_nothing_and_all() {
        let (index, asked) = (corpus(), ["canal".to_owned(), "panama".to_owned()]);
        let [none, one, both] =
            ["no word of it", "one canal here", "the Panama canal"].map(|text| score(&index, text, &asked));
        assert_eq!(none, 0.0);
        assert!(none < one && one < both && both < 1.0, "{one} {both}");
        assert_eq!(score(&index, "any text", &[]), 0.0);
    }
}
