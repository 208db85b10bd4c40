//! Queues of SQS as targets: `SendMessage` in the JSON protocol. A queue takes events only; nobody answers from there.
//!
//! Action, members and target stand in docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html,
//! the characters a body may have there, too.

use bytes::Bytes;
use http::{HeaderValue, Request as HttpRequest, Uri, header};
use peer_contract_core::Problem;
use peer_contract_core::arn::{Arn, host, is_account, is_label, is_name, partition_of};
use serde_json::{Value, json};

use super::address::refused;
use super::carried::{InOrder, within_xml};
use super::{Request, Unreached};

/// Characters of a queue's name.
const LONGEST_NAME: usize = 80;

/// A queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queue {
    /// Where it is, for signatures.
    pub(super) region: String,
    /// The service at AWS.
    host: String,
    /// `<account>/<name>`.
    path: String,
}

impl Queue {
    /// Reads an ARN, or the URL of a queue at AWS; nothing for anything else.
    ///
    /// # Errors
    /// `configuration_invalid` for what is nearly one.
    pub(super) fn parse(text: &str) -> Result<Option<Self>, Problem> {
        match of_arn(text).or_else(|| of_url(&text.parse().ok()?)) {
            Some(queue) if queue.is_whole() => Ok(Some(queue)),
            Some(_) => Err(refused("a queue is `arn:aws:sqs:<region>:<account>:<name>`, or its URL")),
            None => Ok(None),
        }
    }

    fn is_whole(&self) -> bool {
        let Some((account, queue)) = self.path.split_once('/') else { return false };
        is_account(account) && is_label(&self.region) && is_name(queue, LONGEST_NAME)
    }

    /// Its name at AWS.
    pub fn arn(&self) -> String {
        let Self { region, path, .. } = self;
        format!("arn:{}:sqs:{region}:{}", partition_of(region), path.replace('/', ":"))
    }

    fn is_fifo(&self) -> bool {
        self.path.ends_with(".fifo")
    }

    /// The request that sends a message, at AWS or at `endpoint`; not signed yet.
    pub(super) fn post(&self, endpoint: Option<&Uri>, request: &Request<'_>) -> Result<HttpRequest<Bytes>, Unreached> {
        let base = match endpoint {
            Some(endpoint) => endpoint.to_string().trim_end_matches('/').to_owned(),
            None => format!("https://{}", self.host),
        };
        let body = self.message(&base, request).to_string();
        let mut post =
            HttpRequest::post(format!("{base}/")).body(Bytes::from(body)).map_err(|_| Unreached::without_host())?;
        let headers = post.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/x-amz-json-1.0"));
        headers.insert("x-amz-target", HeaderValue::from_static("AmazonSQS.SendMessage"));
        Ok(post)
    }

    fn message(&self, base: &str, request: &Request<'_>) -> Value {
        let mut message =
            json!({ "QueueUrl": format!("{base}/{}", self.path), "MessageBody": within_xml(&request.payload) });
        if self.is_fifo() {
            let InOrder { group, deduplication } = InOrder::of(&request.payload);
            message["MessageGroupId"] = json!(group);
            message["MessageDeduplicationId"] = json!(deduplication);
        }
        if let Some(trace_id) = request.trace_id {
            message["MessageSystemAttributes"] =
                json!({ "AWSTraceHeader": { "DataType": "String", "StringValue": trace_id } });
        }
        message
    }
}

fn of_arn(text: &str) -> Option<Queue> {
    let arn = Arn::read(text).filter(|arn| arn.service == "sqs")?;
    let Arn { region, account, resource, .. } = arn;
    Some(Queue { region: region.to_owned(), host: host("sqs", region), path: format!("{account}/{resource}") })
}

/// Only hosts of AWS are queues by their URL: the credentials are no business of any other.
fn of_url(url: &Uri) -> Option<Queue> {
    let host = url.authority()?.as_str();
    let region = match host.split('.').collect::<Vec<_>>()[..] {
        ["sqs", region, "amazonaws", "com"] | ["sqs", region, "amazonaws", "com", "cn"] => region,
        _ => return None,
    };
    let is_secured = url.scheme_str() == Some("https");
    let path = if is_secured { url.path().trim_start_matches('/').to_owned() } else { String::new() };
    Some(Queue { region: region.to_owned(), host: host.to_owned(), path })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::peers::Mode;

    const PAYLOAD: &str = r#"{"id":"11111111-2222","data":{"input":"￿","id":"x"},"subject":"33333333-4444"}"#;

    fn sent(queue: &str, endpoint: Option<&str>) -> (String, Value) {
        let endpoint: Option<Uri> = endpoint.map(|text| text.parse().unwrap());
        let (mode, timeout) = (Mode::Event, Duration::from_secs(1));
        let request = Request { agent: "one", payload: PAYLOAD.into(), mode, trace_id: Some("Root=1-a"), timeout };
        let post = Queue::parse(queue).unwrap().unwrap().post(endpoint.as_ref(), &request).unwrap();
        assert_eq!(post.headers()["x-amz-target"], "AmazonSQS.SendMessage");
        (post.uri().to_string(), serde_json::from_slice(post.body()).unwrap())
    }

    #[test]
    fn a_message_goes_to_the_queue_of_an_arn_or_a_url() {
        for queue in
            ["arn:aws:sqs:eu-west-1:123456789012:jobs", "https://sqs.eu-west-1.amazonaws.com/123456789012/jobs"]
        {
            assert_eq!(Queue::parse(queue).unwrap().unwrap().arn(), "arn:aws:sqs:eu-west-1:123456789012:jobs");
            let (url, message) = sent(queue, None);
            assert_eq!(url, "https://sqs.eu-west-1.amazonaws.com/");
            assert_eq!(message["QueueUrl"], "https://sqs.eu-west-1.amazonaws.com/123456789012/jobs");
            assert_eq!(message["MessageSystemAttributes"]["AWSTraceHeader"]["StringValue"], "Root=1-a");
            assert!(message.get("MessageGroupId").is_none());
        }
        let (url, message) = sent("arn:aws:sqs:eu-west-1:123456789012:jobs", Some("http://127.0.0.1:1/"));
        assert_eq!(
            (url.as_str(), &message["QueueUrl"]),
            ("http://127.0.0.1:1/", &json!("http://127.0.0.1:1/123456789012/jobs"))
        );
    }

    #[test]
    fn a_fifo_queue_orders_a_work_and_drops_what_is_sent_again() {
        let (_, message) = sent("arn:aws:sqs:eu-west-1:123456789012:jobs.fifo", None);
        assert_eq!(
            (&message["MessageGroupId"], &message["MessageDeduplicationId"]),
            (&json!("33333333-4444"), &json!("11111111-2222"))
        );
    }

    #[test]
    fn what_a_message_may_not_hold_is_escaped() {
        let (_, message) = sent("arn:aws:sqs:eu-west-1:123456789012:jobs", None);
        let body = message["MessageBody"].as_str().unwrap();
        assert!(!body.contains('\u{ffff}'));
        assert_eq!(serde_json::from_str::<Value>(body).unwrap(), serde_json::from_str::<Value>(PAYLOAD).unwrap());
    }

    #[test]
    fn what_is_nearly_a_queue_is_refused_and_what_is_none_is_left_alone() {
        for text in [
            "arn:aws:sqs:eu-west-1:123456789012:",
            "arn:aws:sqs::123456789012:jobs",
            "arn:aws:sqs:eu-west-1:1234:jobs",
            "arn:aws:sqs:eu-west-1:123456789012:a/b",
            "arn:aws:sqs:x.example.com/:123456789012:jobs",
            "http://sqs.eu-west-1.amazonaws.com/123456789012/jobs",
            "https://sqs.eu-west-1.amazonaws.com/",
        ] {
            assert!(Queue::parse(text).is_err(), "{text}");
        }
        for text in
            ["jobs", "arn:aws:lambda:eu-west-1:123456789012:function:f", "https://sqs.example.com/123456789012/jobs"]
        {
            assert_eq!(Queue::parse(text), Ok(None), "{text}");
        }
    }
}
