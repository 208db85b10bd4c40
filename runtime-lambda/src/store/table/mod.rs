//! A store in a bucket with a DynamoDB table beside it.
//!
//! Records (claims, outcomes, results: small, and some of them change) lie in the table, where a condition costs a tenth of what it
//! costs in S3 and takes a tenth of the time. Blobs and contracts lie in the bucket; so do the bytes of a record that an item cannot
//! hold, under their hash, with the item as pointer to them.

mod api;
mod item;

use peer_contract_core::Problem;
use sha2::{Digest, Sha256};

use self::api::{Condition, Conditional, Listed, Table};
use self::item::{Content, Item, Name, PART};
use super::wire::{Wire, Written, base, write_id};
use super::{Entry, Found, Inventory, Key, Put, S3Store, Scope, Store, Swap, Version, failed};
use crate::BoxFuture;
use crate::clock::now_ms;
use crate::peers::address::endpoint;
use crate::settings::Settings;

/// A store in a bucket and a table. Connects when it is first used.
pub struct TableStore {
    table: Table,
    bucket: S3Store,
}

/// Bytes of a record that lie in its item: DynamoDB takes 400 KB in all.
const LARGEST_HERE: usize = 256 << 10;

impl TableStore {
    /// A store of `bucket` with the table `name` beside it. The table has the partition key `work` and the sort key `key`, both texts.
    ///
    /// # Errors
    /// `configuration_invalid` without a region.
    pub fn new(name: &str, bucket: S3Store, settings: &Settings) -> Result<Self, Problem> {
        let url = match &settings.endpoint_dynamodb {
            Some(text) => format!("{}/", base(&endpoint(text, "AWS_ENDPOINT_URL_DYNAMODB")?)),
            None => format!("https://{}/", settings.aws_host("dynamodb")?),
        };
        let wire = Wire::new("dynamodb", "DynamoDB", settings);
        Ok(Self { table: Table { wire, url, name: name.to_owned() }, bucket })
    }

    fn name(&self, key: &Key) -> Option<Name> {
        Name::of(self.bucket.prefix(), key)
    }

    async fn read(&self, name: &Name) -> Result<Option<Found>, Problem> {
        let Some(item) = self.table.get(name).await? else { return Ok(None) };
        let bytes = match item.content {
            Content::Here(bytes) => bytes,
            Content::Part(part) => self.part(&part).await?,
        };
        Ok(Some(Found { bytes, version: Version(item.version) }))
    }

    /// Bytes of a record that lie in the bucket: what their name says, or moved aside.
    async fn part(&self, key: &Key) -> Result<Vec<u8>, Problem> {
        let found = self.bucket.get(key).await?.ok_or_else(|| failed("the bytes of a record are not in the bucket"))?;
        if key.as_str().ends_with(&hash_of(&found.bytes)) {
            return Ok(found.bytes);
        }
        self.bucket.set_aside(key).await?;
        Err(failed("the bytes of a record were not what its hash says; they were moved aside"))
    }

    async fn write(&self, key: &Key, name: Name, condition: Condition<'_>, bytes: &[u8]) -> Result<Written, Problem> {
        let content = self.content(key, bytes).await?;
        let version = write_id();
        let item = Item { name, version: version.clone(), content, bytes: bytes.len() as u64, modified_ms: now_ms() };
        Ok(match self.table.put(&item, condition).await? {
            Conditional::Done => Written::Done(Version(version)),
            Conditional::Refused { found: Some(found), .. } if found.version == version => {
                Written::Done(Version(version))
            }
            Conditional::Refused { in_doubt: true, .. } => Written::Unknown,
            Conditional::Refused { in_doubt: false, .. } => Written::Refused,
        })
    }

    /// Puts bytes that an item cannot hold into the bucket, before the item points to them.
    async fn content(&self, key: &Key, bytes: &[u8]) -> Result<Content, Problem> {
        if bytes.len() <= LARGEST_HERE {
            return Ok(Content::Here(bytes.to_vec()));
        }
        let work = key.as_str().split('/').nth(1).unwrap_or_default();
        let part = Key::parse(&format!("work/{work}/{PART}/{}", hash_of(bytes)))?;
        super::put_blob(&self.bucket, &part, bytes).await?;
        Ok(Content::Part(part))
    }

    async fn put_record(&self, key: &Key, name: Name, bytes: &[u8]) -> Result<Put, Problem> {
        // What is there stays, so that large bytes need not be moved for nothing.
        if bytes.len() > LARGEST_HERE && self.table.get(&name).await?.is_some() {
            return Ok(Put::Present);
        }
        Ok(self.write(key, name, Condition::Absent, bytes).await?.put())
    }

    fn entry(&self, item: &Item) -> Option<Entry> {
        let work = item.name.work.strip_prefix(self.bucket.prefix())?;
        let key = Key::parse(&format!("{work}/{}", item.name.key)).ok()?;
        Some(Entry { key, bytes: item.bytes, modified_ms: item.modified_ms })
    }

    /// Records whose keys begin with `start`.
    async fn records(&self, start: &str) -> Result<Vec<Entry>, Problem> {
        let prefix = self.bucket.prefix();
        let items = match start.strip_prefix("work/").and_then(|rest| rest.split_once('/')) {
            Some((work, _)) => self.table.list(Listed::Work(&format!("{prefix}work/{work}"))).await?,
            None if start.starts_with("work/") => {
                self.table.list(Listed::Beginning(&format!("{prefix}{start}"))).await?
            }
            None if "work/".starts_with(start) => self.table.list(Listed::Beginning(&format!("{prefix}work/"))).await?,
            None => Vec::new(),
        };
        let entries = items.iter().filter_map(|item| self.entry(item));
        Ok(entries.filter(|entry| entry.key.as_str().starts_with(start)).collect())
    }
}

impl Store for TableStore {
    fn scope(&self) -> Scope {
        Scope::Shared
    }

    fn get<'a>(&'a self, key: &'a Key) -> BoxFuture<'a, Result<Option<Found>, Problem>> {
        Box::pin(async move {
            match self.name(key) {
                Some(name) => self.read(&name).await,
                None => self.bucket.get(key).await,
            }
        })
    }

    fn put_if_absent<'a>(&'a self, key: &'a Key, bytes: &'a [u8]) -> BoxFuture<'a, Result<Put, Problem>> {
        Box::pin(async move {
            match self.name(key) {
                Some(name) => self.put_record(key, name, bytes).await,
                None => self.bucket.put_if_absent(key, bytes).await,
            }
        })
    }

    fn compare_and_set<'a>(
        &'a self,
        key: &'a Key,
        expected: Option<&'a Version>,
        bytes: &'a [u8],
    ) -> BoxFuture<'a, Result<Swap, Problem>> {
        Box::pin(async move {
            let Some(name) = self.name(key) else { return self.bucket.compare_and_set(key, expected, bytes).await };
            let condition = expected.map_or(Condition::Absent, |version| Condition::Is(&version.0));
            self.write(key, name, condition, bytes).await?.swap()
        })
    }

    fn set_aside<'a>(&'a self, key: &'a Key) -> BoxFuture<'a, Result<(), Problem>> {
        Box::pin(async move {
            let Some(name) = self.name(key) else { return self.bucket.set_aside(key).await };
            let Some(item) = self.table.get(&name).await? else { return Ok(()) };
            if let Content::Here(bytes) = &item.content {
                self.bucket.keep_aside(key, bytes).await?;
            }
            self.table.delete(&name, Some(&item.version)).await
        })
    }
}

impl Inventory for TableStore {
    fn list<'a>(&'a self, start: &'a str) -> BoxFuture<'a, Result<Vec<Entry>, Problem>> {
        Box::pin(async move {
            let mut entries = self.records(start).await?;
            entries.extend(self.bucket.list(start).await?);
            Ok(entries)
        })
    }

    fn remove<'a>(&'a self, key: &'a Key) -> BoxFuture<'a, Result<(), Problem>> {
        Box::pin(async move {
            match self.name(key) {
                Some(name) => self.table.delete(&name, None).await,
                None => self.bucket.remove(key).await,
            }
        })
    }

    fn sweep<'a>(&'a self, start: &'a str, before_ms: u64) -> BoxFuture<'a, Result<u64, Problem>> {
        self.bucket.sweep(start, before_ms)
    }
}

fn hash_of(bytes: &[u8]) -> String {
    peer_contract_core::hex::hex(&Sha256::digest(bytes))
}
