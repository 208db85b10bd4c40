//! Messages as services bring them to a function.
//!
//! A function is invoked with one of our envelopes, with the plain input of an entry, or with an event of a service that
//! carries such messages. Only what is no envelope is looked at here. An event is told by a mark that no other shape has,
//! and must then be whole: half a shape, or the marks of two, is `event_invalid`. Whoever gets messages in a queue may get
//! an event inside of an event; what came in an HTTP request may be a CloudEvent, and is nothing else of a service.
//!
//! **Which goes first.** Our envelope; then what the contract names: where the input of the agent's only entry has a property
//! with the name of the mark, and the whole event fits that input, it is the input; then the shape; and what has no mark at
//! all is plain input. A schema that takes anything names nothing, so it does not turn events of services into input.
//!
//! | event | mark, and what it must have | message | who hears of a failure |
//! | --- | --- | --- | --- |
//! | SQS [1] | `Records` with `eventSource` `aws:sqs`; `messageId`, `body`, `eventSourceARN` | `body` | the queue, by `batchItemFailures` [2]; in a FIFO queue the rest of its group fails too |
//! | SNS [3] | `Records` with `EventSource` `aws:sns`; `Sns.Message`, `Sns.MessageId`, `Sns.TopicArn` | `Sns.Message` | Lambda, which tries again |
//! | S3 [4] | `Records` with `eventSource` `aws:s3`; `eventName`, `s3.bucket.name`, `s3.object.key` | the input that `events.s3` of an entry makes | Lambda |
//! | EventBridge [5] | `detail-type`; `detail`, `source`, `id` | `detail`; for `aws.s3` [6] as S3 | Lambda |
//! | HTTP API 2.0 [7], function URL [8] | `requestContext.http`; `version` `2.0`, `headers`, `isBase64Encoded` | `body` | the client, by a status |
//! | CloudEvent [9] | `specversion`; `id`, `source`, `type` | `data`, or `data_base64` | whoever invoked |
//! | destination [10] | `requestContext.condition`; `requestPayload`, `responseContext` | `responsePayload`, after a failure `requestPayload` | Lambda |
//! | SNS in a queue [11] | `TopicArn` with `Type` `Notification`; `Message`, `MessageId` | `Message` | the queue |
//! | test event of S3 [12] | `Event` `s3:TestEvent` | none | nobody |
//!
//! 1. docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
//! 2. docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
//! 3. docs.aws.amazon.com/lambda/latest/dg/with-sns.html
//! 4. docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html; keys are URL-encoded there
//! 5. docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html
//! 6. docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html; keys are not encoded there
//! 7. docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
//! 8. docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
//! 9. github.com/cloudevents/spec, `cloudevents/formats/json-format.md` and `cloudevents/bindings/http-protocol-binding.md`
//! 10. docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
//! 11. docs.aws.amazon.com/sns/latest/dg/sns-large-payload-raw-message-delivery.html
//! 12. docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html

mod answer;
mod bus;
mod cloud_event;
mod http;
mod object;
mod parts;
mod queue;
mod rehearse;
mod shape;
mod unload;

use bytes::Bytes;
use sha2::{Digest, Sha256};

use crate::Problem;
use crate::envelope::TraceContext;

pub use answer::{Ended, Failure};
pub use rehearse::rehearse;
pub(crate) use unload::unload;

use answer::Carrier;
pub(crate) use object::ObjectEvent;

/// An event of a service, and the messages in it, in their order.
pub struct Carried {
    carrier: Carrier,
    parcels: std::vec::IntoIter<Parcel>,
}

/// One message that an event carries.
pub struct Parcel {
    pub(crate) cargo: Result<Cargo, Problem>,
    pub(crate) origin: Option<Origin>,
    item: usize,
    request_id: Option<String>,
    trace_id: Option<String>,
    trace: Option<TraceContext>,
}

/// What is in a parcel.
pub(crate) enum Cargo {
    /// The text of an envelope or of a plain input.
    Text(Bytes),
    /// Something happened to an object in S3.
    Object(Box<ObjectEvent>),
}

/// What makes the id of a work that starts with a message, so that each delivery of the message starts the same work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Origin {
    /// When the message was sent, milliseconds since 1970.
    pub(crate) time_ms: u64,
    /// Of what names the message.
    pub(crate) digest: [u8; 10],
}

/// How the messages of an event came, as far as it matters to whoever answers them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Via {
    /// By themselves.
    #[default]
    Invocation,
    /// In a queue, which takes no answer: what is not done is delivered again.
    Queue,
    /// In an HTTP request, whose answer is a string in JSON.
    Request,
}

impl Carried {
    /// How its messages came.
    pub fn via(&self) -> Via {
        self.carrier.via()
    }

    /// The next message that is to be opened. Tell how it ended before asking for another one.
    pub fn next_parcel(&mut self) -> Option<Parcel> {
        let Self { carrier, parcels } = self;
        parcels.find(|parcel| !carrier.passes_over(parcel.item))
    }

    /// Notes how a message ended.
    pub fn ended(&mut self, item: usize, ended: Ended) {
        self.carrier.note(item, ended);
    }

    /// Fails all messages that were not opened yet, because there is no time left for them.
    pub fn give_up(&mut self, why: &Problem) {
        for parcel in self.parcels.by_ref() {
            self.carrier.note(parcel.item, Ended::Failed(why.clone().into()));
        }
    }

    /// What the platform gets.
    pub fn answer(self) -> Ended {
        self.carrier.answer()
    }
}

impl Parcel {
    /// Which item of the event it belongs to: what its end is noted for.
    pub fn item(&self) -> usize {
        self.item
    }

    /// What stands for the platform's request id, where the message has an id that its next delivery has too.
    pub fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    /// The trace that the message goes on with, as what carried it says: its attribute or header `traceparent`, or else X-Ray.
    pub fn trace(&self) -> Option<TraceContext> {
        self.trace.clone().or_else(|| TraceContext::of_xray(self.trace_id.as_deref()?))
    }

    /// `X-Amzn-Trace-Id`, where the message has one of its own.
    pub fn trace_id(&self) -> Option<&str> {
        self.trace_id.as_deref()
    }
}

impl Origin {
    pub(crate) fn new(time_ms: u64, names: &[&str]) -> Self {
        let mut sha = Sha256::new();
        for name in names {
            sha.update(name.as_bytes());
            sha.update([0]);
        }
        let whole: [u8; 32] = sha.finalize().into();
        let mut digest = [0; 10];
        digest.copy_from_slice(&whole[..10]);
        Self { time_ms, digest }
    }
}
