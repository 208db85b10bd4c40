//! Texts that are nearly right.

use peer_contract_oracle::random::Random;

/// What the grammars give a meaning to, and some that nearly have one.
const SIGNS: &str = "aZfgtTzZvV0129-_.~:/?#[]@!$&'()*+,;=%{}|\\^\"<> `\tPWDYMHSknuxp\u{7f}\u{80}éÄßς·\u{301}\u{323}͵׳אبي٠۰\
    क्\u{200c}\u{200d}ァ・一。．｡ａＡ☃\u{640}\u{fdd0}\u{e000}\u{e0001}\u{f0000}\u{fffe}\u{1fffe}😀실";

/// One of the texts, changed in one to three places.
pub fn of(texts: &[&str], random: &mut Random) -> String {
    let mut text: Vec<char> = random.pick(texts).chars().collect();
    let signs: Vec<char> = SIGNS.chars().collect();
    for _ in 0..=random.below(3) {
        let at = random.below(text.len() + 1);
        let to = (at + random.below(4)).min(text.len());
        match random.below(6) {
            0 if at < text.len() => text[at] = *random.pick(&signs),
            1 => text.insert(at, *random.pick(&signs)),
            2 => drop(text.drain(at..to)),
            3 => {
                let again: Vec<char> = text[at..to].to_vec();
                text.splice(at..at, again);
            }
            4 if to < text.len() => text.swap(at, to),
            _ => {
                let other: Vec<char> = random.pick(texts).chars().collect();
                let from = random.below(other.len() + 1);
                text.splice(at.., other[from..].iter().copied());
            }
        }
    }
    text.into_iter().collect()
}
