//! Types of Rust, as `schemars` describes them.

use std::collections::BTreeMap;

use peerc::import::Options;
use schemars::{JsonSchema, schema_for};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::kit::{contract, imported, takes};

/// What somebody wants.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Order {
    id: String,
    lines: Vec<Line>,
    payment: Payment,
    level: Level,
    note: Option<String>,
    tags: BTreeMap<String, bool>,
    pair: (u8, String),
    #[serde(default)]
    parent: Option<Box<Order>>,
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct Line {
    sku: String,
    #[schemars(range(min = 1, max = 999))]
    count: u32,
    total: u64,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum Payment {
    Card { number: String },
    Invoice { days: u8 },
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Level {
    Low,
    High,
}

fn order() -> Value {
    json!({
        "id": "1", "lines": [{ "sku": "a", "count": 1, "total": 5 }], "payment": { "kind": "card", "number": "1" },
        "level": "low", "note": null, "tags": { "fast": true }, "pair": [255, "a"], "parent": null,
    })
}

#[test]
fn the_contract_takes_what_serde_takes() {
    let imported = imported(&schema_for!(Order).to_value(), &Options::default()).unwrap();
    assert_eq!(imported.roots, [Some("Order".to_owned())]);
    assert_eq!(imported.types.keys().collect::<Vec<_>>(), ["Level", "Line", "Order", "Payment"]);
    let contract = contract(&json!(imported.types));
    let mut nested = order();
    nested["parent"] = order();
    let mut samples = vec![order(), nested];
    for (at, value) in [
        ("/id", json!(1)),
        ("/lines/0/total", json!(-1)),
        ("/lines/0/total", json!(1.5)),
        ("/payment", json!({ "kind": "invoice", "days": 30 })),
        ("/payment", json!({ "kind": "invoice" })),
        ("/payment", json!({ "kind": "cash" })),
        ("/level", json!("middle")),
        ("/note", json!("text")),
        ("/tags/fast", json!(1)),
        ("/pair", json!([256, "a"])),
        ("/pair", json!([1])),
        ("/pair", json!([1, "a", 2])),
    ] {
        let mut sample = order();
        *sample.pointer_mut(at).unwrap() = value;
        samples.push(sample);
    }
    for gone in order().as_object().unwrap().keys() {
        let mut sample = order();
        sample.as_object_mut().unwrap().remove(gone);
        samples.push(sample);
    }
    let mut surplus = order();
    surplus["more"] = json!(1);
    samples.push(surplus);
    for sample in samples {
        let by_serde = serde_json::from_value::<Order>(sample.clone()).is_ok();
        assert_eq!(takes(&contract, "Order", &sample), by_serde, "{sample}");
    }
}

#[test]
fn what_schemars_bounds_is_bounded() {
    let imported = imported(&schema_for!(Line).to_value(), &Options::default()).unwrap();
    let contract = contract(&json!(imported.types));
    for (count, fits) in [(0, false), (1, true), (999, true), (1000, false)] {
        assert_eq!(takes(&contract, "Line", &json!({ "sku": "a", "count": count, "total": 0 })), fits);
    }
}
