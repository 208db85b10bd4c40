//! Strings: by pattern, by format, or words of the right length.

use super::facts::Facts;
use super::maker::{Fill, Maker};
use crate::compat::formats;
use crate::schema::pattern_example;

/// Characters of a text, however many a schema asks for.
const LONGEST: usize = 4_096;
/// Texts of a pattern that are tried, until one has the right length.
const TRIES: usize = 12;

const WORDS: [&str; 24] = [
    "river", "canal", "harbour", "lantern", "granite", "orchard", "meadow", "copper", "willow", "ember", "quarry",
    "thistle", "beacon", "cedar", "pebble", "saddle", "velvet", "anchor", "kettle", "marble", "ferry", "barley",
    "hazel", "tunnel",
];

impl<'a> Maker<'a, '_> {
    pub(super) fn string(&mut self, facts: &Facts<'a>) -> Option<String> {
        let least = facts.greatest("minLength").unwrap_or(0.0) as usize;
        let most = facts.least("maxLength").map_or(usize::MAX, |most| most as usize);
        let pattern = facts.texts("pattern").next();
        if let Some(pattern) = pattern {
            let fits = |text: &String| (least..=most).contains(&text.chars().count());
            return (0..TRIES).filter_map(|_| self.matching(pattern)).find(fits);
        }
        if let Some(format) = facts.texts("format").next()
            && let Some(text) = self.formatted(format)
        {
            return Some(text);
        }
        (least <= most && least <= LONGEST).then(|| self.words(least, most))
    }

    /// A text that matches a pattern, plain parts preferred.
    pub(super) fn matching(&mut self, pattern: &str) -> Option<String> {
        let random = &mut *self.random;
        let mut way = |_| if random.once_in(8) { random.below(4) } else { 4 + random.below(56) };
        pattern_example(pattern, &mut way)
    }

    /// A text of a format, where one is known.
    fn formatted(&mut self, format: &str) -> Option<String> {
        let random = &mut *self.random;
        let date = format!("20{:02}-{:02}-{:02}", 20 + random.below(10), 1 + random.below(12), 1 + random.below(28));
        let time = format!("{:02}:{:02}:{:02}Z", random.below(24), random.below(60), random.below(60));
        let word = *random.pick(&WORDS);
        Some(match format {
            "date-time" => format!("{date}T{time}"),
            "date" => date,
            "time" => time,
            "duration" => format!("PT{}M", 1 + random.below(59)),
            "email" | "idn-email" => format!("{word}@example.org"),
            "hostname" | "idn-hostname" => format!("{word}.example.org"),
            "ipv4" => format!("192.0.2.{}", 1 + random.below(254)),
            "ipv6" => format!("2001:db8::{:x}", 1 + random.below(0xffff)),
            "uri" | "iri" | "uri-reference" | "iri-reference" => format!("https://example.org/{word}"),
            "uuid" => {
                let (high, low) = (random.bits(), random.bits());
                let (a, b, c) = (high >> 32, (high >> 16) & 0xffff, high & 0xfff);
                format!("{a:08x}-{b:04x}-4{c:03x}-{:04x}-{:012x}", 0x8000 | low >> 50, low & 0xffff_ffff_ffff)
            }
            "json-pointer" => format!("/{word}"),
            "int64" => random.below(1_000_000).to_string(),
            other => formats::example(other)?.to_owned(),
        })
    }

    /// Words, as many as fit; as long as is asked for.
    fn words(&mut self, least: usize, most: usize) -> String {
        // At a bound now and then, for that is where readers are wrong.
        let is_at_bound = self.fill == Fill::Some && self.random.once_in(5);
        let mut text = (*self.random.pick(&WORDS)).to_owned();
        if self.random.once_in(3) {
            text = format!("{text} {}", self.random.pick(&WORDS));
        }
        while text.len() < least {
            text.push(' ');
            text.push_str(self.random.pick::<&str>(&WORDS));
        }
        let length = match is_at_bound {
            true => least,
            false => text.len().min(most),
        };
        text.truncate(length.max(least).min(LONGEST));
        text
    }
}
