//! The ranker over the real addresses, which `npm ci` in examples/research-brief brings.

use std::sync::LazyLock;

use research_brief_ranker::index::Index;
use research_brief_ranker::rounds::{bar, is_thin};
use research_brief_ranker::search::{Found, Term, score, search};
use research_brief_ranker::{corpus, passages};

static INDEX: LazyLock<Index> = LazyLock::new(|| {
    let folder = corpus::folder().unwrap_or_else(|error| panic!("{error}"));
    Index::new(corpus::read(&folder).unwrap_or_else(|error| panic!("{error}")))
});

fn find(terms: &[(&str, f64)], round: i64) -> Found {
    let terms: Vec<_> = terms.iter().map(|(text, weight)| Term { text: (*text).into(), weight: *weight }).collect();
    search(&INDEX, &terms, bar(round), 12)
}

#[test]
fn every_address_is_read_with_its_year_and_president() {
    let addresses = INDEX.addresses();
    assert_eq!(addresses.len(), 233);
    assert_eq!((addresses[0].year, addresses[0].speaker.as_str()), (1790, "George Washington"));
    assert!(addresses.is_sorted_by_key(|address| address.year));
    assert!(addresses.iter().all(|address| !address.text.contains("[Applause]") && !address.text.contains("  ")));
}

#[test]
fn passages_have_a_readable_length() {
    let words = |text: &str| text.split(' ').count();
    let lengths: Vec<_> = (0..INDEX.len() as u32).map(|passage| words(INDEX.text(passage))).collect();
    let readable = lengths.iter().filter(|length| (40..=140).contains(*length)).count();
    assert!(readable * 10 > lengths.len() * 9, "{readable} of {}", lengths.len());
    // A sentence of a page without a semicolon stays whole; there are few.
    assert!(lengths.iter().filter(|length| **length > 200).count() < 30);
}

#[test]
fn passages_lose_no_word_of_an_address() {
    for address in INDEX.addresses() {
        let joined: Vec<_> = passages::passages(&address.text).into_iter().map(|place| &address.text[place]).collect();
        assert_eq!(joined.join(" "), address.text, "{}", address.year);
    }
}

#[test]
fn canals_are_found_where_they_were_dug() {
    let found = find(&[("canals", 0.8)], 1);
    assert!(!is_thin(&found, 1));
    assert_eq!(found.hits.len(), 12);
    assert!(found.hits.iter().all(|hit| hit.text.to_lowercase().contains("canal") && !hit.matches.is_empty()));
    assert!(found.by_year[&1912] > 5 && found.by_year[&1790] == 0);
}

#[test]
fn a_word_of_today_is_thin_until_older_words_join_it() {
    let own = find(&[("lighthouses", 0.8)], 1);
    assert!(is_thin(&own, 1), "{}", own.good);
    let wide = find(&[("lighthouses", 0.8), ("light house", 0.45), ("beacons", 0.45), ("buoys", 0.45)], 2);
    assert!(!is_thin(&wide, 2), "{}", wide.good);
    assert!(wide.hits.iter().any(|hit| hit.speaker == "John Quincy Adams"));
}

#[test]
fn a_word_that_nobody_said_is_not_found_in_any_round() {
    assert_eq!([1, 2, 3].map(|round| find(&[("xyzzy", 0.8)], round).good), [0, 0, 0]);
}

#[test]
fn the_same_question_has_the_same_answer() {
    let terms = [("inflation", 0.8), ("prices", 0.8)];
    assert_eq!(find(&terms, 1), find(&terms, 1));
}

#[test]
fn a_score_tells_an_answer_from_another_text() {
    let terms = ["climate change".to_owned(), "climate".to_owned()];
    assert!(score(&INDEX, "No challenge poses a greater threat than climate change.", &terms) > 0.6);
    assert_eq!(score(&INDEX, "The Treasury is full.", &terms), 0.0);
}
