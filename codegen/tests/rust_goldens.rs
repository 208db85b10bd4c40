//! The recorded Rust files compile without a warning, and do what they say.

#![deny(warnings)]

#[rustfmt::skip]
#[path = "golden/configured/rust/mod.rs"]
mod configured;
#[rustfmt::skip]
#[path = "golden/demo/rust/mod.rs"]
mod demo;
#[rustfmt::skip]
#[path = "golden/empty-state/rust/mod.rs"]
mod empty_state;
#[rustfmt::skip]
#[path = "golden/fan-out/rust/mod.rs"]
mod fan_out;
#[rustfmt::skip]
#[path = "golden/hostile/rust/mod.rs"]
mod hostile;
#[rustfmt::skip]
#[path = "golden/nullable-optional/rust/mod.rs"]
mod nullable_optional;
#[rustfmt::skip]
#[path = "golden/recursion/rust/mod.rs"]
mod recursion;
#[rustfmt::skip]
#[path = "golden/text-and-kinds/rust/mod.rs"]
mod text_and_kinds;
#[rustfmt::skip]
#[path = "golden/unions/rust/mod.rs"]
mod unions;

use std::path::Path;

use peer_contract::{ErrorCode, Work};

/// The text that a value becomes after reading and writing.
macro_rules! round {
    ($type:ty, $text:expr) => {
        String::from_utf8(<$type>::from_json($text.as_bytes()).unwrap().to_json().unwrap()).unwrap()
    };
}

#[test]
fn every_case_is_compiled_here() {
    let compiled = [
        "configured",
        "demo",
        "empty-state",
        "fan-out",
        "hostile",
        "nullable-optional",
        "recursion",
        "text-and-kinds",
        "unions",
    ];
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir());
    let mut found: Vec<_> = entries.map(|path| path.file_name().unwrap().to_str().unwrap().to_owned()).collect();
    found.sort();
    assert_eq!(found, compiled);
}

#[test]
fn a_wrong_value_is_refused_at_its_place() {
    let error = demo::Question::from_json(b"{\"text\":3}").unwrap_err();
    assert_eq!((error.code(), error.at()), (ErrorCode::TypeMismatch, "/text"));
    let error = demo::Question::from_json(b"{\"text\":\"ab\"}").unwrap_err();
    assert_eq!((error.code(), error.at()), (ErrorCode::LengthMismatch, "/text"));
    let error = demo::Question::new("ab".into()).to_json().unwrap_err();
    assert_eq!((error.code(), error.at()), (ErrorCode::LengthMismatch, "/text"));
}

#[test]
fn unknown_fields_survive() {
    let text = r#"{"reason":"r","x":[1,{"y":null}]}"#;
    assert_eq!(round!(demo::Reason, text), text);
}

#[test]
fn whole_numbers_may_be_written_as_doubles() {
    assert_eq!(round!(demo::YearCount, r#"{"count":1.0,"year":18e2}"#), r#"{"count":1,"year":1800}"#);
    assert_eq!(round!(demo::YearCount, r#"{"count":-0,"year":-0.0}"#), r#"{"count":0,"year":0}"#);
}

#[test]
fn a_property_that_is_listed_cannot_come_twice() {
    let mut reason = demo::Reason::new("r".into());
    reason.extra.insert("reason".into(), "other".into());
    assert_eq!(reason.to_json().unwrap_err().code(), ErrorCode::JsonDuplicateKey);
}

#[test]
fn an_integer_that_not_every_reader_keeps_is_not_written() {
    let count = demo::YearCount::new(1800, (1 << 53) - 1);
    assert_eq!(round!(demo::YearCount, std::str::from_utf8(&count.to_json().unwrap()).unwrap()).len(), 38);
    assert_eq!(demo::YearCount::new(1800, 1 << 53).to_json().unwrap_err().at(), "/count");
}

#[test]
fn serde_takes_the_same_way() {
    let text = r#"{"item":{"items":[],"more":1,"op":"and"},"op":"not"}"#;
    let query = unions::Query::from_json(text.as_bytes()).unwrap();
    assert_eq!(serde_json::to_string(&query).unwrap(), text);
    assert_eq!(serde_json::from_str::<unions::Query>(text).unwrap(), query);
    assert!(serde_json::from_str::<unions::Query>("{\"op\":\"or\"}").is_err());
    let level: unions::Level = serde_json::from_value("low".into()).unwrap();
    assert_eq!(serde_json::to_value(level).unwrap(), level.as_str());
}

#[test]
fn absent_null_and_value_are_three_things() {
    let fixed = r#""must":"","mustAny":null,"mustInteger":1,"mustIntegerOrNull":null,"mustOrNull":null"#;
    for more in [
        "",
        r#""mayOrNull":null,"#,
        r#""mayOrNull":"x","#,
        r#""mayIntegerOrNull":null,"#,
        r#""mayIntegerOrNull":2,"#,
        r#""mayAny":null,"#,
        r#""mayNamedAny":null,"#,
        r#""mayNull":null,"#,
        r#""byName":null,"#,
        r#""inline":null,"#,
        r#""inline":{"x":1},"#,
        r#""kind":null,"#,
        r#""kind":"a","#,
        r#""list":["a",null],"#,
    ] {
        let text = format!("{{{more}{fixed}}}");
        assert_eq!(round!(nullable_optional::States, text), text);
    }
    let states = nullable_optional::States::from_json(format!("{{\"mayOrNull\":null,{fixed}}}").as_bytes()).unwrap();
    assert_eq!((states.may_or_null, states.may), (Some(None), None));
}

#[test]
fn a_tagged_union_is_found_by_its_tag() {
    let text = r#"{"item":{"items":[{"op":"term","text":"a"}],"op":"and"},"op":"not"}"#;
    assert_eq!(round!(unions::Query, text), text);
    let unions::Query::Not(not) = unions::Query::from_json(text.as_bytes()).unwrap() else { panic!("another variant") };
    assert!(matches!(not.item, unions::Query::And(_)));
    assert_eq!(unions::Query::from_json(b"{\"op\":\"or\"}").unwrap_err().code(), ErrorCode::UnionNone);
}

#[test]
fn an_untagged_union_is_the_first_that_validates() {
    use unions::Scalar;
    assert_eq!(Scalar::from_json(b"\"x\"").unwrap(), Scalar::String("x".into()));
    assert_eq!(Scalar::from_json(b"1.0").unwrap(), Scalar::Integer(1));
    assert_eq!(Scalar::from_json(b"{\"from\":1,\"to\":2}").unwrap(), unions::Span::new(1, 2).into());
    assert_eq!(round!(Scalar, "true"), "true");
}

#[test]
fn constants_cannot_be_set_wrongly() {
    let term = unions::Term::new("a".into());
    assert_eq!(term.to_json().unwrap(), br#"{"op":"term","text":"a"}"#);
    let whole = unions::Whole::new(unions::Level::Low, None);
    assert_eq!(whole.to_json().unwrap(), br#"{"flag":true,"level":"low","one":1,"size":null,"whole":"whole"}"#);
}

#[test]
fn text_with_a_format_keeps_its_text_beside_its_view() {
    let text = r#"{"at":"1969-12-31T23:59:59.5z","born":null,"id":"0190A5F2-7B1C-7d3e-8F00-0123456789AB","page":"HTTP://Example.ORG/%7e"}"#;
    assert_eq!(round!(text_and_kinds::Visit, text), text);
    let visit = text_and_kinds::Visit::from_json(text.as_bytes()).unwrap();
    assert_eq!((visit.at.unix_nanos().unwrap(), visit.born), (-500_000_000, Some(None)));
    assert_eq!(visit.page.parsed().unwrap().path, "/%7e");
    let wrong = text_and_kinds::Visit::new("0190".into(), visit.at, visit.page);
    assert_eq!(
        (wrong.to_json().unwrap_err().code(), wrong.to_json().unwrap_err().at()),
        (ErrorCode::FormatMismatch, "/id")
    );
}

#[test]
fn values_of_several_kinds_are_typed() {
    use text_and_kinds::{StringOrBoolean, StringOrVisitOriginObject, Visit};
    let given = r#""at":"2024-02-29T00:00:00Z","id":"0190a5f2-7b1c-7d3e-8f00-0123456789ab","mode":true,"#;
    let text = format!(r#"{{{given}"origin":{{"host":"h"}},"page":"a:b","size":7}}"#);
    assert_eq!(round!(Visit, text), text);
    let visit = Visit::from_json(text.as_bytes()).unwrap();
    assert_eq!((visit.mode, visit.size), (Some(StringOrBoolean::Boolean(true)), Some(7.into())));
    assert!(matches!(visit.origin, Some(StringOrVisitOriginObject::Object(origin)) if origin.host == "h"));
}

#[test]
fn one_alternative_of_a_union_takes_no_other() {
    use text_and_kinds::{EventClosed, EventCreated};
    let id = r#""id":"0190a5f2-7b1c-7d3e-8f00-0123456789ab","kind""#;
    let (created, closed) = (format!(r#"{{"by":"me",{id}:"created"}}"#), format!(r#"{{"by":"me",{id}:"closed"}}"#));
    assert_eq!((round!(EventCreated, created), round!(EventClosed, closed)), (created, closed.clone()));
    let error = EventCreated::from_json(closed.as_bytes()).unwrap_err();
    assert_eq!((error.code(), error.at()), (ErrorCode::ConstMismatch, "/kind"));
}

#[test]
fn types_that_contain_themselves_have_a_size() {
    let text = r#"{"next":{"previous":null,"value":2},"value":1}"#;
    assert_eq!(round!(recursion::Link, text), text);
    let text = r#"[{"a":["x",1.5]},"y"]"#;
    assert_eq!(round!(recursion::Value, text), text);
    let text = r#"{"both":[{"both":[{},"a"]},"b"]}"#;
    assert_eq!(round!(recursion::Twins, text), text);
    let twins = recursion::Twins::from_json(text.as_bytes()).unwrap();
    assert_eq!(twins.both.map(|both| both.1), Some("b".to_owned()));
}

#[test]
fn hostile_names_come_back_as_they_went() {
    let text = r###"{"":"a","\"quote\\":"b","#![x]":true,"*/":"c","class":"","fooBar":1,"foo_bar":2,"line\nbreak":"d","list":[],"self":"","type":"","{{x}}":"e"}"###;
    assert_eq!(round!(hostile::Object, text), text);
    assert_eq!(round!(hostile::String_, "\"\\u202e\""), "\"\u{202e}\"");
    let option = hostile::Option_ { ..Default::default() };
    assert_eq!(String::from_utf8(option.to_json().unwrap()).unwrap(), "{\"const\":\"\\\"\\\\*/\u{202e}\"}");
}

#[test]
fn the_embedded_contract_has_its_hash() {
    for contract in [
        &demo::CONTRACT,
        &empty_state::CONTRACT,
        &hostile::CONTRACT,
        &nullable_optional::CONTRACT,
        &recursion::CONTRACT,
        &text_and_kinds::CONTRACT,
        &unions::CONTRACT,
    ] {
        assert_eq!(contract.contract().unwrap().hash().to_string(), contract.hash());
    }
}

struct Two;

impl empty_state::two::Agent for Two {
    async fn second(
        &self,
        _: &mut Work<empty_state::State>,
        input: Vec<String>,
    ) -> Result<empty_state::two::SecondOutcome, empty_state::two::SecondError> {
        if input.is_empty() {
            return Ok(empty_state::one::again("more".into()).into());
        }
        Ok(input.join(" ").into())
    }

    async fn third(
        &self,
        _: &mut Work<empty_state::State>,
        input: String,
    ) -> Result<empty_state::two::ThirdOutcome, empty_state::two::ThirdError> {
        Ok(empty_state::TwoThirdOutput::new(input))
    }
}

#[test]
fn an_agent_may_reply_or_hand_over() {
    use empty_state::two::{Agent, SecondOutcome};
    let mut work = Work::new(empty_state::State::default());
    let future = Two.second(&mut work, Vec::new());
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    assert_eq!(runtime.block_on(future).unwrap(), SecondOutcome::Again(empty_state::one::Again("more".into())));
    let _served: Box<dyn peer_contract::Serve> = Box::new(empty_state::two::serve(Two));
}
