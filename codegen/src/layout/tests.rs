use rustix::time::{ClockId, clock_gettime};
use serde_json::json;

use super::*;

fn laid_out(text: &str, notation: Notation) -> Result<String, Unwritten> {
    lay_out(&Source::of("a", text.as_bytes(), notation, &Limits::default()), notation)
}

fn yaml(text: &str) -> String {
    let once = laid_out(text, Notation::Yaml).unwrap_or_else(|why| panic!("{why:?} in\n{text}"));
    let twice = laid_out(&once, Notation::Yaml).unwrap_or_else(|why| panic!("{why:?} in\n{once}"));
    assert_eq!(once, twice, "laid out again it is another text");
    once
}

fn byte_refused(text: &str) -> usize {
    match laid_out(text, Notation::Yaml) {
        Err(Unwritten::Refused(refusal)) => refusal.byte,
        other => panic!("{other:?} for\n{text}"),
    }
}

#[test]
fn members_stand_in_the_order_of_the_manual_and_names_keep_theirs() {
    let text = "agents:\n    zeta: {operations: {b: {output: {to: x,schema: true}, input: true}, a: {input: true}}}\n    alpha: {operations: {c: {input: true}}}\nversion: 1.0.0\nname: 'x'\npeerContract: \"1\"\n";
    let expected = "peerContract: \"1\"\nname: \"x\"\nversion: 1.0.0\nagents:\n  zeta: { operations: { b: { input: true, output: { schema: true, to: x } }, a: { input: true } } }\n  alpha: { operations: { c: { input: true } } }\n";
    assert_eq!(yaml(text), expected);
}

#[test]
fn comments_stay_with_what_they_are_about() {
    let text = "# yaml-language-server: $schema=x\n# about the file\n\n# about agents\nagents: # beside agents\n  # about one\n  one:\n    operations: {}   # none yet\n    # below operations\n  # below one\n\n# about the name\nname: a # beside name\n# the end\n";
    let expected = "# yaml-language-server: $schema=x\n# about the file\n\n# about the name\nname: a # beside name\n\n# about agents\nagents: # beside agents\n  # about one\n  one:\n    operations: {} # none yet\n    # below operations\n  # below one\n# the end\n";
    assert_eq!(yaml(text), expected);
}

#[test]
fn what_is_too_long_for_a_line_or_has_comments_inside_gets_lines_of_its_own() {
    let long = "word ".repeat(30);
    let text = format!(
        "$defs:\n  A: {{ description: {long}, type: object }}\n  B: [ # first\n    1, 2 # second\n    # last\n  ] # behind\n  C: {{ type: integer, description: short }}\n"
    );
    let expected = format!(
        "$defs:\n  A:\n    description: {}\n    type: object\n  B: # first\n    - 1\n    - 2 # second\n    # last\n    # behind\n  C: {{ type: integer, description: short }}\n",
        long.trim()
    );
    assert_eq!(yaml(&text), expected);
}

#[test]
fn comments_that_compete_for_a_line_stay_in_their_order() {
    for (text, expected) in [
        ("a: # one\n  x # two\nb: 1\n", "# one\na: x # two\nb: 1\n"),
        ("a: # one\n  { # two\n    x: 1 } # three\nb: 1\n", "# one\na: # two\n  x: 1\n  # three\nb: 1\n"),
        ("a: { # one\n  x: { y: 1 }\n  } # two\nb: 1\n", "a: # one\n  x: { y: 1 }\n  # two\nb: 1\n"),
        ("a: [ # one\n  ] # two\nb: 1\n", "# one\na: [] # two\nb: 1\n"),
    ] {
        assert_eq!(yaml(text), expected);
    }
}

#[test]
fn a_comma_behind_the_last_one_is_taken_out() {
    for (text, expected) in [
        ("a: { x: 1, }\n", "a: { x: 1 }\n"),
        ("a: [1, [2,],]\n", "a: [1, [2]]\n"),
        ("a: { x: [y , ] ,\t}\nb: 1\n", "a: { x: [y] }\nb: 1\n"),
        ("a: {\n  x: 1, # one\n  y: 2 , # two\n} # three\n", "a: # three\n  x: 1 # one\n  y: 2 # two\n"),
        ("a: [\n  1,\n  # last\n  ]\nb: 1\n", "a:\n  - 1\n  # last\nb: 1\n"),
    ] {
        assert_eq!(yaml(text), expected);
    }
}

#[test]
fn texts_over_several_lines_keep_their_words_and_lines() {
    let text = "description: |\n      one\n        two\n\n      three\ntitle: >-\n   folded\n   text\n\n   next\nname: plain\n       over lines\nx-a: \"quoted\n  over\n\n  lines\"\nx-b: |+\n  kept\n\n\nx-c: |2\n   led by a space\nx-d: |-\n\n  after a break\n";
    let got = yaml(text);
    for part in [
        "description: |\n  one\n    two\n\n  three\n",
        "title: >-\n  folded\n  text\n\n  next\n",
        "name: plain\n  over lines\n",
        "x-a: \"quoted\n  over\n\n  lines\"\n",
    ] {
        assert!(got.contains(part), "{part}\nis not in\n{got}");
    }
}

#[test]
fn lists_nest_and_empty_lines_stay_single() {
    let text = "a:\n- 1\n\n\n- - x\n  - y\n-\n  b: 1\n  c: [  ]\n- # why\n  d: 2\n-\n\n\n\nb: {  }\n";
    assert_eq!(yaml(text), "a:\n  - 1\n\n  - - x\n    - y\n  - b: 1\n    c: []\n  - # why\n    d: 2\n  -\n\nb: {}\n");
}

#[test]
fn quotes_are_double_where_that_needs_no_escapes() {
    assert_eq!(
        yaml("a: 'x'\nb: 'it''s'\nc: '\\d'\nd: \"y\"\n'e': 'say \"x\"'\n"),
        "a: \"x\"\nb: 'it''s'\nc: '\\d'\nd: \"y\"\n\"e\": 'say \"x\"'\n"
    );
}

#[test]
fn a_comment_behind_a_quote_is_a_comment() {
    let text = "a: \"x\"   # one\nb: ['y' , \"z\\\"\" ]  # two\nc: { d: 'it''s'  } # three\n";
    let expected = "a: \"x\" # one\nb: [\"y\", \"z\\\"\"] # two\nc: { d: 'it''s' } # three\n";
    assert_eq!(yaml(text), expected);
    assert_eq!(read_yaml::comments(text), ["# one", "# three", "# two"]);
}

#[test]
fn what_would_be_lost_is_refused_with_its_place() {
    assert_eq!(byte_refused("a: &x 1\n"), 3);
    assert_eq!(byte_refused("a: 1\n? b\n: 2\n"), 5);
    assert_eq!(byte_refused("%YAML 1.2\n---\na: 1\n"), 0);
    assert!(matches!(laid_out("a: !t 1\n", Notation::Yaml), Err(Unwritten::Unread(_))));
    assert!(matches!(laid_out("a: [1\n", Notation::Yaml), Err(Unwritten::Unread(_))));
}

#[test]
fn json_keeps_its_numbers_and_escapes_as_they_were_written() {
    let text = r#"{"version":"1.0.0","name":"a\u0062","$defs":{"N":{"maximum":1e3,"type":"number"},"M":{
        "type":"object"}},"peerContract":"1"}"#;
    let once = laid_out(text, Notation::Json).unwrap();
    let expected = "{\n  \"peerContract\": \"1\",\n  \"name\": \"a\\u0062\",\n  \"version\": \"1.0.0\",\n  \"$defs\": { \"N\": { \"type\": \"number\", \"maximum\": 1e3 }, \"M\": { \"type\": \"object\" } }\n}\n";
    let opened = expected.replace("\"$defs\": { \"N\": { \"type\": \"number\", \"maximum\": 1e3 }, \"M\": { \"type\": \"object\" } }", "\"$defs\": {\n    \"N\": { \"type\": \"number\", \"maximum\": 1e3 },\n    \"M\": {\n      \"type\": \"object\"\n    }\n  }");
    assert_eq!(once, opened);
    assert_eq!(laid_out(&once, Notation::Json).unwrap(), once);
}

#[test]
fn a_schema_on_one_line_ends_with_its_description_and_one_on_several_begins_with_it() {
    let text = "$defs:\n  A: { description: what, type: string }\n  B:\n    type: string\n    description: what\n";
    assert_eq!(
        yaml(text),
        "$defs:\n  A: { type: string, description: what }\n  B:\n    description: what\n    type: string\n"
    );
}

#[test]
fn every_contract_of_the_examples_keeps_value_and_comments() {
    for text in [
        include_str!("../../../examples/research-brief/research-brief.contract.yaml"),
        include_str!("../../templates/init/contract.yaml.hbs"),
    ] {
        let text = text.replace("{{name}}", "research");
        let again = yaml(&text);
        let value =
            |text: &str| Source::of("a", text.as_bytes(), Notation::Yaml, &Limits::default()).value().cloned().unwrap();
        assert_eq!(value(&text), value(&again));
        assert_ne!(value(&again), json!(null));
    }
}

#[test]
fn a_text_of_one_long_line_takes_no_longer_than_its_length() {
    // Of this thread on a processor, whatever else the machine does.
    let seconds = || clock_gettime(ClockId::ThreadCPUTime).tv_sec;
    let began = seconds();
    let items = "[a, 1], ".repeat(30_000);
    let text = format!("{}a: {{ b: [{items}] }}\n", "\n".repeat(100_000));
    assert!(yaml(&text).lines().count() > 30_000);
    assert!(seconds() - began < 20);
}

#[test]
fn texts_made_of_what_is_hard_to_read_are_laid_out_or_refused() {
    let pieces = [
        "a: ", "- ", "\n", "  ", "# c\n", "{ ", "}", "[", "] ", ", ", "'x' ", "\"y\" ", "|\n", ">-\n", "? ", ": ", "b",
        "&x ", "ä", "\r\n", "---\n", "...\n", "#", "\t", "~",
    ];
    let mut random = peer_contract_core::sample::Random::new(1);
    let mut laid = 0;
    for _ in 0..40_000 {
        let count = 1 + random.below(14);
        let text: String = (0..count).map(|_| *random.pick::<&str>(&pieces)).collect();
        // A text that would lose something is left alone, too.
        let Ok(once) = laid_out(&text, Notation::Yaml) else { continue };
        laid += 1;
        let twice = laid_out(&once, Notation::Yaml).unwrap_or_else(|why| panic!("{why:?} for {once:?} of {text:?}"));
        assert_eq!(once, twice, "{text:?}");
    }
    assert!(laid > 100, "{laid}");
}
