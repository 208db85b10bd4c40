//! The messages that `python -m workload` wrote.

use std::path::Path;

use serde_json::Value;

/// The sizes, as they are called everywhere.
pub const SIZES: [&str; 3] = ["600 B", "20 KB", "1 MB"];

/// One message in the forms that the cases take.
pub struct Message {
    /// Members in the order of the contract.
    pub author: Vec<u8>,
    /// RFC 8785, made by the Python package.
    pub canonical: Vec<u8>,
    /// Members in any order.
    pub shuffled: Vec<u8>,
    /// Messages with one thing wrong each, and what that is.
    pub broken: Vec<(String, String)>,
}

impl Message {
    /// The message of one size.
    pub fn read(folder: &Path, size: &str) -> Self {
        let name = size.replace(' ', "");
        let bytes = |kind: &str| std::fs::read(folder.join(format!("{name}.{kind}.json")));
        let form = |kind: &str| bytes(kind).expect("`python -m workload` writes every form");
        // The broken forms of the largest message would only be large.
        let broken = bytes("broken").map_or_else(|_| Vec::new(), |text| pairs(&text));
        Self { author: form("author"), canonical: form("canonical"), shuffled: form("shuffled"), broken }
    }
}

/// The schema of the message, for engines that know no contracts.
pub fn schema(folder: &Path) -> Value {
    let text = std::fs::read(folder.join("schema.json")).expect("`python -m workload` writes the schema");
    serde_json::from_slice(&text).expect("the schema is JSON")
}

fn pairs(text: &[u8]) -> Vec<(String, String)> {
    let list: Vec<Value> = serde_json::from_slice(text).expect("a list of messages");
    let field = |item: &Value, name: &str| item[name].as_str().expect("text").to_owned();
    list.iter().map(|item| (field(item, "about"), field(item, "text"))).collect()
}
