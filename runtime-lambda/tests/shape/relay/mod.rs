//! Types and agents of the contract `relay` 1.0.0.
//!
//! Written by hand in the shape of generated code; `peerc generate` writes such files.
//! Contract sha256:578f523b47b9acbec389d8700a106e234647f8c2d750af1a3c4f1e351a189137

#![allow(dead_code)]

pub mod counter;
pub mod editor;
pub mod writer;

use peer_contract as pc;
use serde::{Deserialize, Serialize};

/// The contract itself.
pub static CONTRACT: pc::Embedded = pc::Embedded::new(
    r##"{"$defs":{"Article":{"properties":{"text":{"type":"string"},"words":{"type":"integer"}},"required":["text","words"],"type":"object"},"Count":{"properties":{"words":{"minimum":0,"type":"integer"}},"required":["words"],"type":"object"},"Desk":{"properties":{"drafts":{"minimum":0,"type":"integer"},"topic":{"type":"string"}},"required":["drafts"],"type":"object"},"Draft":{"properties":{"note":{"type":["string","null"]},"text":{"type":"string"}},"required":["text"],"type":"object"},"Reason":{"properties":{"reason":{"type":"string"}},"required":["reason"],"type":"object"},"Topic":{"additionalProperties":false,"properties":{"text":{"minLength":3,"type":"string"}},"required":["text"],"type":"object"}},"agents":{"counter":{"operations":{"count":{"constraints":{"attempts":2},"errors":{"empty":{}},"input":{"$ref":"#/$defs/Draft"},"output":{"schema":{"$ref":"#/$defs/Count"}}}}},"editor":{"operations":{"publish":{"calls":["counter.count"],"from":["drafted"],"handsTo":{"writer.redraft":"returned"},"input":{"$ref":"#/$defs/Draft"},"output":{"schema":{"$ref":"#/$defs/Article"},"to":"published"}}}},"writer":{"operations":{"draft":{"constraints":{"attempts":3},"errors":{"offTopic":{"data":{"$ref":"#/$defs/Reason"},"to":"dropped"}},"from":["asked"],"handsTo":{"editor.publish":"drafted"},"input":{"$ref":"#/$defs/Topic"}},"redraft":{"from":["returned"],"handsTo":{"editor.publish":"drafted"},"input":{"$ref":"#/$defs/Draft"}}}}},"constraints":{"deadline":"PT1M"},"initialState":{"drafts":0},"name":"relay","peerContract":"1","phases":{"end":["published","dropped"],"start":"asked"},"state":{"$ref":"#/$defs/Desk"},"version":"1.0.0"}"##,
    "sha256:578f523b47b9acbec389d8700a106e234647f8c2d750af1a3c4f1e351a189137",
);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Article {
    pub text: String,
    #[serde(deserialize_with = "pc::de::integer")]
    pub words: i64,
    /// Properties that the contract does not list.
    #[serde(flatten)]
    pub extra: pc::Extra,
}

impl Article {
    pub fn new(text: String, words: i64) -> Self {
        Self { text, words, extra: pc::Extra::new() }
    }

    /// Reads and validates.
    pub fn from_json(data: &[u8]) -> Result<Self, pc::Error> {
        pc::codec::from_json(&CONTRACT, "/$defs/Article", data)
    }

    /// Validates and writes.
    pub fn to_json(&self) -> Result<Vec<u8>, pc::Error> {
        pc::codec::to_json(&CONTRACT, "/$defs/Article", self)
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Count {
    #[serde(deserialize_with = "pc::de::integer")]
    pub words: i64,
    #[serde(flatten)]
    pub extra: pc::Extra,
}

impl Count {
    pub fn new(words: i64) -> Self {
        Self { words, extra: pc::Extra::new() }
    }
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Desk {
    #[serde(deserialize_with = "pc::de::integer")]
    pub drafts: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    #[serde(flatten)]
    pub extra: pc::Extra,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    pub text: String,
    /// Absent, `null`, or text.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "pc::de::double_option")]
    pub note: Option<Option<String>>,
    #[serde(flatten)]
    pub extra: pc::Extra,
}

impl Draft {
    pub fn new(text: String) -> Self {
        Self { text, ..Self::default() }
    }

    pub fn from_json(data: &[u8]) -> Result<Self, pc::Error> {
        pc::codec::from_json(&CONTRACT, "/$defs/Draft", data)
    }

    pub fn to_json(&self) -> Result<Vec<u8>, pc::Error> {
        pc::codec::to_json(&CONTRACT, "/$defs/Draft", self)
    }
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Reason {
    pub reason: String,
    #[serde(flatten)]
    pub extra: pc::Extra,
}

impl Reason {
    pub fn new(reason: String) -> Self {
        Self { reason, ..Self::default() }
    }
}

/// A closed object: no `extra`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Topic {
    pub text: String,
}

impl Topic {
    pub fn new(text: String) -> Self {
        Self { text }
    }
}
