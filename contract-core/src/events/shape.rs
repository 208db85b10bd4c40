//! What an event looks like. Each shape has a mark that only it has, and a list of what must be there besides.

use super::parts::{Members, Part, invalid};
use crate::Problem;

/// How an event of a service is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// `Records` of one `eventSource`: SQS, SNS, S3.
    Records,
    /// A request to an HTTP API or a function URL.
    Http,
    /// An event of EventBridge.
    Bus,
    /// What Lambda tells a destination of an asynchronous invocation.
    Destination,
    /// A CloudEvent of somebody else.
    CloudEvent,
    /// What SNS puts into a queue where raw delivery is off.
    Notification,
    /// What S3 sends once, when notifications are set up.
    S3Test,
}

/// Where an event was found, which decides what it may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Inside {
    /// It is what the function was invoked with.
    Nothing,
    /// In a message of a queue, a topic or a bus, or in the record of a destination: what services pass on.
    Service,
    /// In a request. Anybody may have written it, so it says nothing about services.
    Request,
}

/// All that marks are looked for in.
const NAMES: &[&str] =
    &["Event", "Records", "TopicArn", "Type", "detail-type", "httpMethod", "requestContext", "specversion"];

impl Shape {
    /// The shape of an object; nothing when it has no mark of any.
    ///
    /// # Errors
    /// `event_invalid` for one that has the marks of two, and for a shape of services that is not read here.
    pub(super) fn of(event: &Part, inside: Inside) -> Result<Option<Self>, Problem> {
        if !event.is_object() {
            return Ok(None);
        }
        let members = event.members(NAMES);
        let mut marked = Self::ALL.into_iter().filter(|shape| shape.may_be(inside) && shape.marks(&members));
        let first = marked.next();
        if let (Some(first), Some(second)) = (first, marked.next()) {
            let message = format!("this looks like {}, and like {} as well", first.name(), second.name());
            return Err(invalid(event.at.clone(), message));
        }
        Ok(first)
    }

    const ALL: [Self; 7] =
        [Self::Records, Self::Http, Self::Bus, Self::Destination, Self::CloudEvent, Self::Notification, Self::S3Test];

    fn may_be(self, inside: Inside) -> bool {
        match inside {
            Inside::Nothing => !matches!(self, Self::Notification | Self::S3Test),
            Inside::Service => self != Self::Http,
            Inside::Request => self == Self::CloudEvent,
        }
    }

    /// The member that marks the shape. A contract whose input has a property of this name gets it.
    pub(super) const fn mark(self) -> &'static str {
        match self {
            Self::Records => "Records",
            Self::Http | Self::Destination => "requestContext",
            Self::Bus => "detail-type",
            Self::CloudEvent => "specversion",
            Self::Notification => "TopicArn",
            Self::S3Test => "Event",
        }
    }

    fn marks(self, members: &Members) -> bool {
        let Some(mark) = members.get(self.mark()) else { return false };
        match self {
            Self::Records => {
                let first = mark.items().next();
                first.is_some_and(|first| source_of(&first).is_some())
            }
            Self::Http => mark.member("http").is_some() || members.get("httpMethod").is_some(),
            Self::Destination => mark.member("condition").is_some(),
            Self::Bus | Self::CloudEvent => mark.string().is_some(),
            Self::Notification => members.get("Type").is_some_and(|kind| kind.is("Notification")),
            Self::S3Test => mark.is("s3:TestEvent"),
        }
    }

    /// For sentences.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Records => "records of a queue, a topic or a bucket",
            Self::Http => "a request of an HTTP API or a function URL",
            Self::Bus => "an event of EventBridge",
            Self::Destination => "a record for a destination of Lambda",
            Self::CloudEvent => "a CloudEvent",
            Self::Notification => "a notification of SNS",
            Self::S3Test => "a test event of S3",
        }
    }
}

/// SNS writes the name with a capital letter, all others do not.
pub(super) fn source_of(record: &Part) -> Option<String> {
    let members = record.members(&["eventSource", "EventSource"]);
    members.string("eventSource").or_else(|| members.string("EventSource"))
}
