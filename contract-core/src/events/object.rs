//! What happened to an object in S3, as the bucket tells it and as EventBridge does.

use super::parts::{Members, Part, invalid};
use super::{Cargo, Origin, Parcel};
use crate::contract::{ObjectChange, ObjectFact};
use crate::envelope::Object;
use crate::{ErrorCode, Pointer, Problem, percent};
use std::collections::BTreeMap;

/// Something that happened to an object.
pub(crate) struct ObjectEvent {
    pub(crate) change: ObjectChange,
    /// Where it stands in what came.
    pub(crate) at: Pointer,
    facts: Vec<(ObjectFact, Fact)>,
}

enum Fact {
    Text(String),
    /// A number as JSON writes it.
    Number(String),
}

impl ObjectEvent {
    /// The input that a mapping makes of it. What the event does not say is not in it.
    pub(crate) fn input(&self, mapping: &BTreeMap<String, ObjectFact>) -> Vec<u8> {
        let mut text = Vec::new();
        let mut input = Object::open(&mut text);
        for (property, fact) in mapping {
            match self.facts.iter().find(|(found, _)| found == fact) {
                Some((_, Fact::Text(value))) => input.string(property, value),
                Some((_, Fact::Number(value))) => input.literal(property, value),
                None => {}
            }
        }
        input.close();
        text
    }

    fn parcel(self, origin: Origin) -> Parcel {
        Parcel::of(Cargo::Object(Box::new(self)), Some(origin))
    }
}

/// A record of the bucket's own notification. Keys are encoded there as in a form.
pub(super) fn record(record: &Part) -> Result<Parcel, Problem> {
    const SHAPE: &str = "a record of S3";
    let members = record.members(&["awsRegion", "eventName", "eventTime", "s3"]);
    let name = members.needed("eventName", SHAPE)?;
    let s3 = members.object("s3", SHAPE)?.members(&["bucket", "object"]);
    let bucket = s3.object("bucket", SHAPE)?.members(&["name"]).needed("name", SHAPE)?;
    let found = s3.object("object", SHAPE)?;
    let object = found.members(&["eTag", "key", "sequencer", "size", "versionId"]);
    let encoded = object.needed("key", SHAPE)?.replace('+', " ");
    let key = percent::decoded(&encoded);
    let key = key.ok_or_else(|| invalid(found.at.key("key"), "a key is encoded as in a form"))?;
    let Some(change) = change_of(&name) else { return Ok(Parcel::broken(unmapped(record.at.key("eventName")))) };
    let mut facts = facts(&bucket, &key, &object, &["eTag", "versionId"]);
    facts.extend(of_members(&members, &[("awsRegion", ObjectFact::Region), ("eventTime", ObjectFact::Time)]));
    let origin = origin(&members, "eventTime", &[&name, &bucket, &key], &object);
    Ok(ObjectEvent { change, at: record.at.clone(), facts }.parcel(origin))
}

/// The detail of an event of EventBridge. Keys are as they are there.
pub(super) fn detail(event: &Members, detail: &Part, origin: Origin) -> Result<Parcel, Problem> {
    const SHAPE: &str = "an event of S3";
    let members = detail.members(&["bucket", "object"]);
    let bucket = members.object("bucket", SHAPE)?.members(&["name"]).needed("name", SHAPE)?;
    let object = members.object("object", SHAPE)?.members(&["etag", "key", "sequencer", "size", "version-id"]);
    let key = object.needed("key", SHAPE)?;
    let change = match event.string("detail-type").as_deref() {
        Some("Object Created") => ObjectChange::Created,
        Some("Object Deleted") => ObjectChange::Deleted,
        _ => return Ok(Parcel::broken(unmapped(Pointer::root().key("detail-type")))),
    };
    let mut facts = facts(&bucket, &key, &object, &["etag", "version-id"]);
    facts.extend(of_members(event, &[("region", ObjectFact::Region), ("time", ObjectFact::Time)]));
    Ok(ObjectEvent { change, at: detail.at.clone(), facts }.parcel(origin))
}

fn change_of(name: &str) -> Option<ObjectChange> {
    let family = name.strip_prefix("s3:").unwrap_or(name).split(':').next();
    match family {
        Some("ObjectCreated") => Some(ObjectChange::Created),
        Some("ObjectRemoved" | "LifecycleExpiration") => Some(ObjectChange::Deleted),
        _ => None,
    }
}

/// What is told of an object. The two forms call the same facts by names of their own.
fn facts(bucket: &str, key: &str, object: &Members, [tag, version]: &[&str; 2]) -> Vec<(ObjectFact, Fact)> {
    let mut facts =
        vec![(ObjectFact::Bucket, Fact::Text(bucket.to_owned())), (ObjectFact::Key, Fact::Text(key.to_owned()))];
    let named = [(*tag, ObjectFact::ETag), (*version, ObjectFact::VersionId), ("sequencer", ObjectFact::Sequencer)];
    facts.extend(of_members(object, &named));
    let size = object.get("size").and_then(|size| String::from_utf8(size.text().into()).ok());
    let is_number = |text: &String| text.bytes().all(|c| c.is_ascii_digit());
    facts.extend(size.filter(is_number).map(|size| (ObjectFact::Size, Fact::Number(size))));
    facts
}

fn of_members(members: &Members, named: &[(&str, ObjectFact)]) -> Vec<(ObjectFact, Fact)> {
    let mut facts = Vec::new();
    for (name, fact) in named {
        facts.extend(members.string(name).map(|text| (*fact, Fact::Text(text))));
    }
    facts
}

/// A notification has no id: its object, version and sequencer name what happened.
fn origin(event: &Members, time: &str, names: &[&str], object: &Members) -> Origin {
    let text = |name| object.string(name).unwrap_or_default();
    let (version, sequencer) = (text("versionId"), text("sequencer"));
    Origin::new(event.time_ms(time), &[names, &[version.as_str(), sequencer.as_str()]].concat())
}

/// Nothing of the contract takes it.
fn unmapped(at: Pointer) -> Problem {
    let message = "events of S3 start work when objects are created or deleted, where an entry says so by `events.s3`";
    Problem::new(ErrorCode::EventUnmapped, at, message)
}
