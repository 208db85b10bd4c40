//! The last look before files are written: what a contract says may change literals and comments, never code.
//!
//! Every file is parsed to its end, by what tools of its language parse with. And it is made twice, from the graph and
//! from the same graph with plain words in place of all free text. Both are read as their language reads them; without
//! literals and comments, the same must be left. So a text that leaves its place is found whatever it holds and whichever
//! template let it out, also where what came of it parses; and an unclosed string, bracket or comment, a wrong indent, or
//! a character that hides others is found on the way.

mod grammar;
mod javascript;
mod neutral;
mod python;
mod reader;
mod rust;

#[cfg(test)]
mod tests;

use peer_contract_core::{ErrorCode, Pointer, Problem};

use crate::ir::Graph;
use crate::target::{GeneratedFile, Language};
use reader::{Flaw, read};

/// Holds the files of one language to the graph they were made of.
///
/// # Errors
/// `generated_unsafe` names the file and the line, and quotes nothing of it.
pub fn check(language: Language, graph: &Graph, files: &[GeneratedFile]) -> Result<(), Problem> {
    let plain = language.generate(&neutral::of(graph));
    let paths = |files: &[GeneratedFile]| files.iter().map(|file| file.path.clone()).collect::<Vec<_>>();
    if paths(files) != paths(&plain) {
        return Err(problem("the names of generated files would come from free text of the contract".to_owned()));
    }
    files.iter().zip(&plain).try_for_each(|(file, plain)| {
        grammar::parse(language, &file.path, &file.text)
            .and_then(|()| same_code(language, &file.text, &plain.text))
            .map_err(|Flaw { line, what }| problem(format!("line {line} of `{}` would be {what}", file.path)))
    })
}

/// Compares two texts without their literals and comments.
fn same_code(language: Language, text: &str, plain: &str) -> Result<(), Flaw> {
    let (found, expected) = (read(language, text)?, read(language, plain)?);
    let surplus = found.iter().find(|(word, uses)| uses.count > expected.get(**word).map_or(0, |uses| uses.count));
    match surplus {
        Some((_, uses)) => Err(Flaw { line: uses.line, what: "code that no template holds" }),
        None if found.len() != expected.len() => Err(Flaw { line: 1, what: "without code that a template holds" }),
        None => Ok(()),
    }
}

fn problem(message: String) -> Problem {
    Problem::new(ErrorCode::GeneratedUnsafe, Pointer::root(), message)
        .with_help("nothing was written; this is a mistake of peerc: please report it with the contract")
}
