//! Whether a file is of its language at all, as parsers judge that tools of the language stand on: `syn`, ruff's and oxc's.

use oxc_allocator::Allocator;
use oxc_span::SourceType;

use super::reader::Flaw;
use crate::target::Language;

/// Parses a file to its end.
///
/// # Errors
/// What cannot be parsed, with the line where the parser gave up.
pub fn parse(language: Language, path: &str, text: &str) -> Result<(), Flaw> {
    let flaw = |what| move |line| Flaw { line, what };
    match language {
        Language::Rust => rust(text).map_err(flaw("text that is no Rust")),
        Language::Python => python(text).map_err(flaw("text that is no Python")),
        Language::JavaScript => javascript(path, text).map_err(flaw("text that is no JavaScript or TypeScript")),
    }
}

fn rust(text: &str) -> Result<(), usize> {
    syn::parse_file(text).map(drop).map_err(|error| error.span().start().line)
}

fn python(text: &str) -> Result<(), usize> {
    ruff_python_parser::parse_module(text).map(drop).map_err(|error| line_of(text, error.location.start().to_usize()))
}

fn javascript(path: &str, text: &str) -> Result<(), usize> {
    let kind = if path.ends_with(".d.mts") { SourceType::d_ts() } else { SourceType::mjs() };
    let allocator = Allocator::default();
    let parsed = oxc_parser::Parser::new(&allocator, text, kind).parse();
    match parsed.diagnostics.first() {
        None if !parsed.panicked => Ok(()),
        first => {
            let at = first.and_then(|found| found.labels.first()).map_or(0, |label| label.span().start as usize);
            Err(line_of(text, at))
        }
    }
}

/// The line of a byte, from 1.
fn line_of(text: &str, at: usize) -> usize {
    1 + text.bytes().take(at).filter(|&byte| byte == b'\n').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_language_does_not_know_is_found_with_its_line() {
        let broken = [
            (Language::Rust, "mod.rs", "fn a() {}\nfn b( {}"),
            (Language::Rust, "mod.rs", "fn a() {}\nlet b = 1;"),
            (Language::Rust, "mod.rs", "fn a() {}\nstruct 1;"),
            (Language::Python, "a.py", "a = 1\ndef b(:\n    pass\n"),
            (Language::Python, "a.py", "a = 1\nclass = 2\n"),
            (Language::Python, "a.py", "a = 1\n  b = 2\n"),
            (Language::JavaScript, "a.mjs", "const a = 1\nconst b = ;\n"),
            (Language::JavaScript, "a.mjs", "const a = 1\nconst b: number = 2\n"),
            (Language::JavaScript, "a.d.mts", "export const a: number\nexport interface { }\n"),
        ];
        for (language, path, text) in broken {
            assert_eq!(parse(language, path, text).expect_err(text).line, 2, "{text}");
        }
    }

    #[test]
    fn what_is_generated_parses() {
        for (language, path, text) in [
            (Language::Rust, "mod.rs", "//! A.\n#[derive(Debug)]\npub struct A<'a> { pub r#type: &'a str }\n"),
            (Language::Python, "a.py", "type A = int | None\nmatch = 1\n"),
            (Language::JavaScript, "a.mjs", "export const a = { 'b': 1n }\n"),
            (Language::JavaScript, "a.d.mts", "export declare const a: { readonly b?: string }\n"),
        ] {
            assert_eq!(parse(language, path, text), Ok(()), "{text}");
        }
    }
}
