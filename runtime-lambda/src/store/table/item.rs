//! A record as an item of a table: `work` and `key` name it, `version` is the write that made it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use peer_contract_core::Problem;
use serde_json::{Value, json};

use super::super::{Key, failed};

/// Partition and sort key of a record: all of one work lie together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Name {
    pub(super) work: String,
    pub(super) key: String,
}

impl Name {
    /// The name of what belongs into the table: all of a work but its blobs and its parts, which may be large.
    pub(super) fn of(prefix: &str, key: &Key) -> Option<Self> {
        let mut segments = key.as_str().splitn(4, '/');
        let (Some("work"), Some(work), Some(kind)) = (segments.next(), segments.next(), segments.next()) else {
            return None;
        };
        let rest = &key.as_str()["work/".len() + work.len() + 1..];
        let is_record = !matches!(kind, "blob" | PART);
        is_record.then(|| Self { work: format!("{prefix}work/{work}"), key: rest.to_owned() })
    }

    pub(super) fn to_json(&self) -> Value {
        json!({ "work": { "S": self.work }, "key": { "S": self.key } })
    }
}

/// Where the bytes of a record lie in the bucket when an item cannot hold them: `work/<work>/part/<sha256>`.
pub(super) const PART: &str = "part";

/// What a record holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Content {
    Here(Vec<u8>),
    /// In the bucket, under this key.
    Part(Key),
}

/// A record as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Item {
    pub(super) name: Name,
    pub(super) version: String,
    pub(super) content: Content,
    pub(super) bytes: u64,
    pub(super) modified_ms: u64,
}

impl Item {
    pub(super) fn to_json(&self) -> Value {
        let mut item = self.name.to_json();
        item["version"] = json!({ "S": self.version });
        item["size"] = json!({ "N": self.bytes.to_string() });
        item["modified"] = json!({ "N": self.modified_ms.to_string() });
        match &self.content {
            Content::Here(bytes) => item["bytes"] = json!({ "B": STANDARD.encode(bytes) }),
            Content::Part(key) => item["part"] = json!({ "S": key.as_str() }),
        }
        item
    }

    /// Reads an item; `bytes` and `part` may be left out of what is listed.
    pub(super) fn read(item: &Value) -> Result<Self, Problem> {
        Self::try_read(item).ok_or_else(|| failed("an item of the table is no record of a store"))
    }

    fn try_read(item: &Value) -> Option<Self> {
        let text = |name: &str| item[name]["S"].as_str().map(str::to_owned);
        let number = |name: &str| item[name]["N"].as_str()?.parse().ok();
        let content = match text("part") {
            Some(part) => Content::Part(Key::parse(&part).ok()?),
            None => Content::Here(STANDARD.decode(item["bytes"]["B"].as_str().unwrap_or_default()).ok()?),
        };
        let name = Name { work: text("work")?, key: text("key")? };
        Some(Self {
            name,
            version: text("version")?,
            content,
            bytes: number("size")?,
            modified_ms: number("modified")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_go_into_the_table_and_what_may_be_large_does_not() {
        let name = |key: &str| Name::of("p/", &Key::parse(key).unwrap()).map(|name| (name.work, name.key));
        assert_eq!(name("work/a/claim/b"), Some(("p/work/a".into(), "claim/b".into())));
        assert_eq!(name("work/a/result"), Some(("p/work/a".into(), "result".into())));
        for key in ["work/a/blob/ff", "work/a/part/ff", "contract/ff", "work/a"] {
            assert_eq!(name(key), None, "{key}");
        }
    }

    #[test]
    fn an_item_reads_back_what_it_writes() {
        let name = Name { work: "work/a".into(), key: "result".into() };
        for content in [
            Content::Here(b"\0\xff".to_vec()),
            Content::Here(vec![]),
            Content::Part(Key::parse("work/a/part/b").unwrap()),
        ] {
            let item = Item { name: name.clone(), version: "v".into(), content, bytes: 2, modified_ms: 7 };
            assert_eq!(Item::read(&item.to_json()).unwrap(), item);
        }
        assert!(Item::read(&json!({ "work": { "S": "x" } })).is_err());
    }
}
