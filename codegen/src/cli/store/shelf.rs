//! `peerc store ls`: works, or the keys of one.

use std::collections::BTreeMap;

use peer_contract::store::{Entry, Inventory, Key};
use peer_contract_core::Problem;
use peer_contract_core::envelope::to_rfc3339;
use serde_json::{Value, json};

use super::super::paint::size;
use super::super::{Console, Format};

/// What is listed.
pub(super) enum Shelf {
    /// By work.
    Works(BTreeMap<String, Sum>),
    /// Of one work.
    Keys(Vec<Entry>),
}

/// What lies there of one work.
#[derive(Default)]
pub(super) struct Sum {
    keys: u64,
    bytes: u64,
    modified_ms: u64,
}

impl Shelf {
    pub(super) async fn read(store: &dyn Inventory, work: Option<&str>) -> Result<Self, Problem> {
        let Some(work) = work else {
            let mut works = BTreeMap::<String, Sum>::new();
            for entry in store.list("work/").await? {
                let work = entry.key.as_str().split('/').nth(1).unwrap_or_default();
                let sum = works.entry(work.to_owned()).or_default();
                sum.keys += 1;
                sum.bytes += entry.bytes;
                sum.modified_ms = sum.modified_ms.max(entry.modified_ms);
            }
            return Ok(Self::Works(works));
        };
        Key::result(work)?;
        let mut entries = store.list(&format!("work/{work}/")).await?;
        entries.sort_by(|one, other| one.key.cmp(&other.key));
        Ok(Self::Keys(entries))
    }

    pub(super) fn tell(&self, console: &Console) {
        match (self, console.format) {
            (_, Format::Json) => console.json(&self.to_json()),
            (Self::Works(works), Format::Text) if works.is_empty() => console.say("no work lies there"),
            (Self::Works(works), Format::Text) => {
                for (work, Sum { keys, bytes, modified_ms }) in works {
                    console.say(format!("{}  {:>9}  {keys:>4} keys  {work}", to_rfc3339(*modified_ms), sized(*bytes)));
                }
            }
            (Self::Keys(entries), Format::Text) if entries.is_empty() => console.say("nothing lies there of this work"),
            (Self::Keys(entries), Format::Text) => {
                for Entry { key, bytes, modified_ms, .. } in entries {
                    console.say(format!("{}  {:>9}  {key}", to_rfc3339(*modified_ms), sized(*bytes)));
                }
            }
        }
    }

    fn to_json(&self) -> Value {
        match self {
            Self::Works(works) => works
                .iter()
                .map(|(work, Sum { keys, bytes, modified_ms })| {
                    json!({ "work": work, "keys": keys, "bytes": bytes, "modified": to_rfc3339(*modified_ms) })
                })
                .collect(),
            Self::Keys(entries) => entries
                .iter()
                .map(|Entry { key, bytes, modified_ms, .. }| {
                    json!({ "key": key.as_str(), "bytes": bytes, "modified": to_rfc3339(*modified_ms) })
                })
                .collect(),
        }
    }
}

fn sized(bytes: u64) -> String {
    size(usize::try_from(bytes).unwrap_or(usize::MAX))
}
