//! The drafts of JSON Schema that are read, and how to tell which one a schema was written in.

use serde_json::{Map, Value};

/// A version of JSON Schema, in the order in which they came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Draft {
    /// Draft 4, of 2013.
    Draft4,
    /// Schemas of OpenAPI 3.0: draft 4 with `nullable`.
    OpenApi30,
    /// Draft 6, of 2017.
    Draft6,
    /// Draft 7, of 2018.
    Draft7,
    /// Draft 2019-09.
    Draft2019,
    /// Draft 2020-12, which contracts are written in.
    Draft2020,
}

/// What `$schema` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Declared {
    /// One of the drafts that are read.
    Read(Draft),
    /// Draft 3 or older.
    TooOld,
    /// Something else: a meta-schema of somebody's own.
    Foreign,
}

impl Draft {
    /// Every draft, oldest first.
    pub const ALL: [Self; 6] =
        [Self::Draft4, Self::OpenApi30, Self::Draft6, Self::Draft7, Self::Draft2019, Self::Draft2020];

    /// As people and `--draft` name it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Draft4 => "4",
            Self::OpenApi30 => "openapi-3.0",
            Self::Draft6 => "6",
            Self::Draft7 => "7",
            Self::Draft2019 => "2019-09",
            Self::Draft2020 => "2020-12",
        }
    }

    /// As it stands in a sentence.
    pub(super) fn said(self) -> String {
        if self == Self::OpenApi30 { "OpenAPI 3.0".to_owned() } else { format!("draft {}", self.name()) }
    }

    /// What a `$schema` stands for.
    pub(super) fn declared(uri: &str) -> Declared {
        let uri = uri.strip_suffix('#').unwrap_or(uri).trim_end_matches('/');
        let bare = uri.strip_prefix("https://").or_else(|| uri.strip_prefix("http://")).unwrap_or(uri);
        match bare.strip_prefix("json-schema.org/") {
            Some("draft-04/schema") => Declared::Read(Self::Draft4),
            Some("draft-06/schema") => Declared::Read(Self::Draft6),
            Some("draft-07/schema") => Declared::Read(Self::Draft7),
            Some("draft/2019-09/schema") => Declared::Read(Self::Draft2019),
            // The unversioned address has always meant the newest one.
            Some("draft/2020-12/schema" | "schema") => Declared::Read(Self::Draft2020),
            Some("draft-03/schema" | "draft-02/schema" | "draft-01/schema" | "draft-00/schema") => Declared::TooOld,
            _ => Declared::Foreign,
        }
    }

    /// The keyword that names a schema.
    pub(super) fn id_keyword(self) -> &'static str {
        if self < Self::Draft6 { "id" } else { "$id" }
    }

    /// Whether whatever stands beside a `$ref` says nothing.
    pub(super) fn reference_stands_alone(self) -> bool {
        self < Self::Draft2019
    }

    /// The draft of a schema that does not say, by the words it uses; with the word that told.
    pub(super) fn guessed(schema: &Value) -> (Self, Option<&'static str>) {
        let mut seen = Seen::default();
        seen.look(schema, 0);
        match seen {
            Seen { draft4: Some(word), .. } => (Self::Draft4, Some(word)),
            Seen { newest: Some(_), tuple: Some(word), .. } => (Self::Draft2019, Some(word)),
            Seen { newest: None, older: Some(word), .. } => (Self::Draft7, Some(word)),
            Seen { newest, .. } => (Self::Draft2020, newest),
        }
    }
}

/// Words that only some drafts have.
#[derive(Default)]
struct Seen {
    draft4: Option<&'static str>,
    older: Option<&'static str>,
    tuple: Option<&'static str>,
    newest: Option<&'static str>,
}

impl Seen {
    /// Values of keywords look like schemas from here, data included. It is a guess, and says so.
    fn look(&mut self, value: &Value, depth: usize) {
        match value {
            Value::Object(members) => {
                self.note(members, depth);
                members.values().for_each(|member| self.look(member, depth + 1));
            }
            Value::Array(items) => items.iter().for_each(|item| self.look(item, depth + 1)),
            _ => {}
        }
    }

    fn note(&mut self, members: &Map<String, Value>, depth: usize) {
        let has = |keyword: &str, is: fn(&Value) -> bool| members.get(keyword).is_some_and(is);
        for keyword in ["exclusiveMinimum", "exclusiveMaximum"] {
            if has(keyword, Value::is_boolean) {
                self.draft4 = Some(keyword);
            }
        }
        if depth == 0 && has("id", |id| id.as_str().is_some_and(|id| id.contains([':', '#']))) {
            self.draft4.get_or_insert("id");
        }
        if has("items", Value::is_array) {
            self.tuple = Some("items");
            self.older.get_or_insert("items");
        }
        if depth == 0 && has("definitions", Value::is_object) {
            self.older.get_or_insert("definitions");
        }
        for keyword in ["dependencies", "additionalItems"] {
            if has(keyword, |value| value.is_object() || value.is_boolean()) {
                self.older.get_or_insert(keyword);
            }
        }
        let newest = ["$defs", "$dynamicRef", "dependentRequired", "dependentSchemas", "prefixItems"];
        if let Some(keyword) = newest.into_iter().find(|keyword| members.contains_key(*keyword)) {
            self.newest.get_or_insert(keyword);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn schemas_say_their_draft_in_several_ways() {
        for (uri, declared) in [
            ("http://json-schema.org/draft-04/schema#", Declared::Read(Draft::Draft4)),
            ("https://json-schema.org/draft-07/schema", Declared::Read(Draft::Draft7)),
            ("https://json-schema.org/draft/2019-09/schema", Declared::Read(Draft::Draft2019)),
            ("http://json-schema.org/draft-03/schema#", Declared::TooOld),
            ("https://example.com/my-meta-schema", Declared::Foreign),
        ] {
            assert_eq!(Draft::declared(uri), declared, "{uri}");
        }
    }

    #[test]
    fn a_schema_that_does_not_say_is_told_by_its_words() {
        for (schema, draft) in [
            (json!({ "minimum": 1, "exclusiveMinimum": true }), Draft::Draft4),
            (json!({ "items": [true] }), Draft::Draft7),
            (json!({ "definitions": {} }), Draft::Draft7),
            (json!({ "$defs": { "A": { "items": [true] } } }), Draft::Draft2019),
            (json!({ "$defs": {}, "definitions": {} }), Draft::Draft2020),
            (json!({ "type": "string" }), Draft::Draft2020),
        ] {
            assert_eq!(Draft::guessed(&schema).0, draft, "{schema}");
        }
    }
}
