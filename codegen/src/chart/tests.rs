use peer_contract_core::Contract;
use serde_json::{Value, json};

use super::*;

fn demo() -> Contract {
    let text = include_str!("../../../examples/research-brief/research-brief.contract.yaml");
    let limits = peer_contract_core::Limits::default();
    crate::source::Source::of("a", text.as_bytes(), crate::source::Notation::Yaml, &limits).contract().unwrap()
}

/// A chain of agents, each of which hands over to the next, calls one of all, and may hand back.
fn chain(count: usize) -> Contract {
    let schema = json!({ "type": "object" });
    let mut agents = serde_json::Map::new();
    for index in 0..count {
        let mut operation = json!({ "input": schema, "from": [format!("p{index}")], "calls": ["helper.help"] });
        let next = if index + 1 < count {
            json!({ (format!("a{}.go", index + 1)): format!("p{}", index + 1) })
        } else {
            json!({})
        };
        operation["handsTo"] = next;
        if index > 1 {
            operation["handsTo"][format!("a{}.go", index - 2)] = json!(format!("p{}", index - 2));
        }
        if index + 1 == count {
            operation["output"] = json!({ "schema": schema, "to": "end" });
        }
        agents.insert(format!("a{index}"), json!({ "operations": { "go": operation } }));
    }
    agents.insert(
        "helper".into(),
        json!({ "operations": { "help": { "input": schema, "output": { "schema": schema } } } }),
    );
    let document = json!({ "peerContract": "1", "name": "chain", "version": "1.0.0", "state": schema, "phases": { "start": "p0", "end": ["end"] }, "agents": agents });
    Contract::from_value(document).unwrap_or_else(|problems| panic!("{problems}"))
}

fn attribute(tag: &str, name: &str) -> f64 {
    let start = tag.find(&format!("{name}=\"")).unwrap() + name.len() + 2;
    tag[start..].split('"').next().unwrap().parse().unwrap()
}

/// Left, top, width and height of each agent.
fn boxes(svg: &str) -> Vec<[f64; 4]> {
    let groups = svg.split("<g class=\"agent\" transform=\"translate(").skip(1);
    groups
        .map(|group| {
            let (place, rest) = group.split_once(")\"").unwrap();
            let (x, y) = place.split_once(' ').unwrap();
            let rect = &rest[rest.find("<rect").unwrap()..];
            [x.parse().unwrap(), y.parse().unwrap(), attribute(rect, "width"), attribute(rect, "height")]
        })
        .collect()
}

#[test]
fn a_picture_shows_every_name_and_phase() {
    let svg = to_svg(&Chart::of(&demo())).unwrap();
    for word in [
        "reasoner",
        "widen",
        "ranker",
        "score",
        "formatter",
        "asked",
        "delivered",
        "declined",
        "thin → reasoner.widen",
        "calls ranker.score",
    ] {
        assert!(svg.contains(&format!(">{word}<")), "{word}");
    }
}

#[test]
fn agents_do_not_lie_over_each_other_and_stay_in_the_picture() {
    for contract in [demo(), chain(1), chain(2), chain(12), chain(60)] {
        let svg = to_svg(&Chart::of(&contract)).unwrap();
        let (width, height) = (attribute(&svg, "width"), attribute(&svg, "height"));
        let boxes = boxes(&svg);
        assert_eq!(boxes.len(), contract.agents().len());
        for (index, [x, y, w, h]) in boxes.iter().enumerate() {
            assert!(
                *x >= 0.0 && *y >= 0.0 && x + w <= width && y + h <= height,
                "{contract:?}",
                contract = contract.name()
            );
            for [x2, y2, w2, h2] in &boxes[index + 1..] {
                assert!(x + w <= *x2 || x2 + w2 <= *x || y + h <= *y2 || y2 + h2 <= *y, "agents {index} overlap");
            }
        }
    }
}

#[test]
fn what_nobody_can_read_is_not_drawn() {
    assert_eq!(to_svg(&Chart::of(&chain(400))), Err(TooLarge));
    assert!(to_mermaid(&Chart::of(&chain(400))).contains("a399"));
}

#[test]
fn the_same_contract_is_the_same_picture() {
    assert_eq!(to_svg(&Chart::of(&chain(12))), to_svg(&Chart::of(&chain(12))));
}

#[test]
fn descriptions_cannot_leave_their_place() {
    let hostile = "</title><script>alert(1)</script>]]>\" onload=\"x\u{0}\u{202e}--> %%{init: {}}%% \"]; end; A[\"";
    let mut document = demo().value().clone();
    document["agents"]["ranker"]["description"] = Value::from(hostile);
    document["agents"]["ranker"]["operations"]["rank"]["description"] = Value::from(hostile);
    let chart = Chart::of(&Contract::from_value(document).unwrap());
    let svg = to_svg(&chart).unwrap();
    assert!(!svg.contains("<script") && !svg.contains("\" onload") && !svg.contains('\u{0}'));
    assert_eq!(svg.matches("<title>").count(), svg.matches("</title>").count());
    assert!(!to_mermaid(&chart).contains("init") && !to_dot(&chart).contains("alert"));
}
