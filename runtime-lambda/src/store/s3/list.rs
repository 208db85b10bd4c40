//! What lies in a bucket, and what is left over there.

use bytes::Bytes;
use http::Method;
use peer_contract_core::Problem;
use peer_contract_core::envelope::from_rfc3339;

use super::super::{Entry, Inventory, Key};
use super::{ASIDE, S3Store};
use crate::BoxFuture;
use crate::xml::{elements, text_of};

/// An object under the prefix of the store.
struct Object {
    name: String,
    bytes: u64,
    modified_ms: u64,
}

impl S3Store {
    /// All objects whose names, below the prefix of the store, begin with `start`.
    async fn objects(&self, start: &str) -> Result<Vec<Object>, Problem> {
        let mut objects = Vec::new();
        let mut token = String::new();
        loop {
            let prefix = in_query(&format!("{}{start}", self.place.prefix));
            let uri = format!("{}?{token}list-type=2&prefix={prefix}", self.base);
            let request = http::Request::builder().method(Method::GET).uri(uri);
            let reply = self.send(request, Bytes::new()).await?;
            let xml = std::str::from_utf8(&reply.body).unwrap_or_default();
            if !reply.head.status.is_success() {
                return Err(self.refused("s3:ListBucket", &reply));
            }
            objects.extend(elements(xml, "Contents").filter_map(|each| self.object(each)));
            match text_of(xml, "NextContinuationToken") {
                Some(next) => token = format!("continuation-token={}&", in_query(next)),
                None => return Ok(objects),
            }
        }
    }

    fn object(&self, xml: &str) -> Option<Object> {
        let name = text_of(xml, "Key")?.strip_prefix(&self.place.prefix)?.to_owned();
        let bytes = text_of(xml, "Size")?.parse().ok()?;
        Some(Object { name, bytes, modified_ms: text_of(xml, "LastModified").and_then(from_rfc3339)? })
    }
}

impl Inventory for S3Store {
    fn list<'a>(&'a self, start: &'a str) -> BoxFuture<'a, Result<Vec<Entry>, Problem>> {
        Box::pin(async move {
            let objects = self.objects(start).await?.into_iter();
            // What is no key was not written by a store.
            let entry =
                |Object { name, bytes, modified_ms }| Some(Entry { key: Key::parse(&name).ok()?, bytes, modified_ms });
            Ok(objects.filter_map(entry).collect())
        })
    }

    fn remove<'a>(&'a self, key: &'a Key) -> BoxFuture<'a, Result<(), Problem>> {
        Box::pin(self.delete(key.as_str(), None))
    }

    fn sweep<'a>(&'a self, start: &'a str, before_ms: u64) -> BoxFuture<'a, Result<u64, Problem>> {
        Box::pin(async move {
            let mut swept = 0;
            for object in self.objects(&format!("{ASIDE}{start}")).await? {
                if object.modified_ms < before_ms {
                    self.delete(&object.name, None).await?;
                    swept += 1;
                }
            }
            Ok(swept)
        })
    }
}

/// A text in the query of a URL.
fn in_query(text: &str) -> String {
    let mut query = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => query.push(char::from(byte)),
            _ => query.push_str(&format!("%{byte:02X}")),
        }
    }
    query
}
