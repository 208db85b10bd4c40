//! Types and agents of the contract `relay` 1.0.0.
//!
//! Written by hand in the shape of generated code; `peerc generate` writes such files.
//! Contract sha256:578f523b47b9acbec389d8700a106e234647f8c2d750af1a3c4f1e351a189137

#![allow(dead_code)]

pub mod counter;
pub mod editor;
pub mod writer;

use peer_contract as pc;

/// The contract itself.
pub static CONTRACT: pc::Embedded = pc::Embedded::new(
    r##"{"$defs":{"Article":{"properties":{"text":{"type":"string"},"words":{"type":"integer"}},"required":["text","words"],"type":"object"},"Count":{"properties":{"words":{"minimum":0,"type":"integer"}},"required":["words"],"type":"object"},"Desk":{"properties":{"drafts":{"minimum":0,"type":"integer"},"topic":{"type":"string"}},"required":["drafts"],"type":"object"},"Draft":{"properties":{"note":{"type":["string","null"]},"text":{"type":"string"}},"required":["text"],"type":"object"},"Reason":{"properties":{"reason":{"type":"string"}},"required":["reason"],"type":"object"},"Topic":{"additionalProperties":false,"properties":{"text":{"minLength":3,"type":"string"}},"required":["text"],"type":"object"}},"agents":{"counter":{"operations":{"count":{"constraints":{"attempts":2},"errors":{"empty":{}},"input":{"$ref":"#/$defs/Draft"},"output":{"schema":{"$ref":"#/$defs/Count"}}}}},"editor":{"operations":{"publish":{"calls":["counter.count"],"from":["drafted"],"handsTo":{"writer.redraft":"returned"},"input":{"$ref":"#/$defs/Draft"},"output":{"schema":{"$ref":"#/$defs/Article"},"to":"published"}}}},"writer":{"operations":{"draft":{"constraints":{"attempts":3},"errors":{"offTopic":{"data":{"$ref":"#/$defs/Reason"},"to":"dropped"}},"from":["asked"],"handsTo":{"editor.publish":"drafted"},"input":{"$ref":"#/$defs/Topic"}},"redraft":{"from":["returned"],"handsTo":{"editor.publish":"drafted"},"input":{"$ref":"#/$defs/Draft"}}}}},"constraints":{"deadline":"PT1M"},"initialState":{"drafts":0},"name":"relay","peerContract":"1","phases":{"end":["published","dropped"],"start":"asked"},"state":{"$ref":"#/$defs/Desk"},"version":"1.0.0"}"##,
    "sha256:578f523b47b9acbec389d8700a106e234647f8c2d750af1a3c4f1e351a189137",
);

#[derive(Debug, Clone, PartialEq)]
pub struct Article {
    pub text: String,
    pub words: i64,
    /// Properties that the contract does not list.
    pub extra: pc::Extra,
}

impl Article {
    pub fn new(text: String, words: i64) -> Self {
        Self { text, words, extra: pc::Extra::new() }
    }
}

pc::record!(Article at "/$defs/Article" of CONTRACT {
    "text" => text,
    "words" => words,
    ..extra
});

#[derive(Debug, Clone, PartialEq)]
pub struct Count {
    pub words: i64,
    pub extra: pc::Extra,
}

impl Count {
    pub fn new(words: i64) -> Self {
        Self { words, extra: pc::Extra::new() }
    }
}

pc::record!(Count at "/$defs/Count" of CONTRACT {
    "words" => words,
    ..extra
});

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Desk {
    pub drafts: i64,
    pub topic: Option<String>,
    pub extra: pc::Extra,
}

pc::record!(Desk at "/$defs/Desk" of CONTRACT {
    "drafts" => drafts,
    "topic" => topic: optional,
    ..extra
});

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Draft {
    pub text: String,
    /// Absent, `null`, or text.
    pub note: Option<Option<String>>,
    pub extra: pc::Extra,
}

impl Draft {
    pub fn new(text: String) -> Self {
        Self { text, ..Self::default() }
    }
}

pc::record!(Draft at "/$defs/Draft" of CONTRACT {
    "note" => note: optional,
    "text" => text,
    ..extra
});

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reason {
    pub reason: String,
    pub extra: pc::Extra,
}

impl Reason {
    pub fn new(reason: String) -> Self {
        Self { reason, ..Self::default() }
    }
}

pc::record!(Reason at "/$defs/Reason" of CONTRACT {
    "reason" => reason,
    ..extra
});

/// A closed object: no `extra`.
#[derive(Debug, Clone, PartialEq)]
pub struct Topic {
    pub text: String,
}

impl Topic {
    pub fn new(text: String) -> Self {
        Self { text }
    }
}

pc::record!(Topic at "/$defs/Topic" of CONTRACT {
    "text" => text,
});
