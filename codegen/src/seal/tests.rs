use super::*;
use reader::read;

const HOSTILE: &str = include_str!("../../tests/golden/hostile/contract.json");

fn graph() -> Graph {
    crate::ir::lower(&peer_contract_core::Contract::parse(HOSTILE.as_bytes()).unwrap())
}

fn words(language: Language, text: &str) -> Vec<String> {
    let mut words: Vec<String> = read(language, text).unwrap().into_keys().map(str::to_owned).collect();
    words.sort();
    words
}

#[test]
fn what_is_generated_from_hostile_text_is_what_plain_text_gives() {
    for language in Language::ALL {
        check(language, &graph(), &language.generate(&graph())).unwrap();
    }
}

#[test]
fn text_that_leaves_its_place_is_found() {
    let graph = graph();
    let attempts = [
        (Language::Rust, "\n/// */", "\nfn canary() {}\n/// */"),
        (Language::Rust, "\"sha256:", "\"\" + canary() + \"sha256:"),
        (Language::Rust, "/// ", "/// \u{202e}"),
        (Language::Python, "    \"\"\"", "    canary()\n    \"\"\""),
        (Language::Python, "\"\"\"", "\"\"\"\"\"\" + canary() + \"\"\""),
        (Language::Python, "\n    ", "\n     "),
        (Language::JavaScript, " * ", " */ canary() /* "),
        (Language::JavaScript, "'", "' + canary() + '"),
        (Language::JavaScript, "'", "`"),
        (Language::JavaScript, "(", "(("),
    ];
    for (language, from, to) in attempts {
        let mut files = language.generate(&graph);
        let index = files.iter().position(|file| file.text.contains(from)).expect("a file has such a place");
        files[index].text = files[index].text.replacen(from, to, 1);
        let problem = check(language, &graph, &files).expect_err(&format!("{language:?} {to:?}"));
        assert_eq!(problem.code, ErrorCode::GeneratedUnsafe);
        assert!(problem.message.contains(&files[index].path) && !problem.message.contains("canary"), "{problem}");
    }
}

#[test]
fn literals_and_comments_are_not_code() {
    assert_eq!(words(Language::Rust, "a(r#\"b\"c\"#, \"d\\\"e\"); // f\n/// g\n'h"), ["'", "(", ")", ";", "a", "h"]);
    assert_eq!(words(Language::Python, "a = (b'c', \"\"\"d\n\"e\\\"\"\"\") # f\n"), ["(", ")", "=", "a"]);
    assert_eq!(words(Language::JavaScript, "a('b\\'c', \"d\"); /* e * / */ // f\n"), ["(", ")", ";", "a"]);
}

#[test]
fn what_is_not_closed_is_found_with_its_line() {
    let broken = [
        (Language::Rust, "a\n\"b"),
        (Language::Rust, "a\nr#\"b\""),
        (Language::Rust, "a\n'b'"),
        (Language::Rust, "a\n/* b */"),
        (Language::Rust, "a\nb\"c\""),
        (Language::Python, "a\n'b\n'"),
        (Language::Python, "a\nf'b'"),
        (Language::Python, "a\n  b"),
        (Language::Python, "if a:\nb"),
        (Language::JavaScript, "a\n'b\\\n'"),
        (Language::JavaScript, "a\n/* b"),
        (Language::JavaScript, "a\n/b/"),
        (Language::JavaScript, "a\nb'c'"),
        (Language::JavaScript, "(\n]"),
        (Language::JavaScript, "a\n}"),
        (Language::JavaScript, "a\né"),
    ];
    for (language, text) in broken {
        assert_eq!(read(language, text).expect_err(text).line, 2, "{text}");
    }
}
