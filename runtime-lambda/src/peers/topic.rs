//! Topics of SNS as targets: `Publish` in the query protocol, the only one that SNS has. A topic takes events only.
//!
//! Action and parameters stand in docs.aws.amazon.com/sns/latest/api/API_Publish.html, and that a message has 262,144 bytes at most;
//! names of topics in docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html.

use bytes::Bytes;
use http::{HeaderValue, Request as HttpRequest, Uri, header};
use peer_contract_core::Problem;
use peer_contract_core::arn::{Arn, host};

use super::address::refused;
use super::carried::{InOrder, within_xml};
use super::sign::encoded;
use super::{Request, Unreached};

/// A topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topic {
    /// Where it is, for signatures.
    pub(super) region: String,
    /// The service at AWS.
    host: String,
    arn: String,
}

/// Characters of a topic's name.
const LONGEST_NAME: usize = 256;

impl Topic {
    /// Reads an ARN; nothing for anything else.
    ///
    /// # Errors
    /// `configuration_invalid` for what is nearly one.
    pub(super) fn parse(text: &str) -> Result<Option<Self>, Problem> {
        match Arn::read(text).filter(|arn| arn.service == "sns") {
            Some(arn) if arn.is_named("sns", LONGEST_NAME) => {
                Ok(Some(Self { region: arn.region.to_owned(), host: host("sns", arn.region), arn: text.to_owned() }))
            }
            Some(_) => Err(refused("a topic is `arn:aws:sns:<region>:<account>:<name>`")),
            None => Ok(None),
        }
    }

    /// Its name at AWS.
    pub fn arn(&self) -> &str {
        &self.arn
    }

    /// The request that publishes a message, at AWS or at `endpoint`; not signed yet.
    pub(super) fn post(&self, endpoint: Option<&Uri>, request: &Request<'_>) -> Result<HttpRequest<Bytes>, Unreached> {
        let url = match endpoint {
            Some(endpoint) => format!("{}/", endpoint.to_string().trim_end_matches('/')),
            None => format!("https://{}/", self.host),
        };
        let body = Bytes::from(self.form(request));
        let mut post = HttpRequest::post(url).body(body).map_err(|_| Unreached::without_host())?;
        let headers = post.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
        // SNS passes it on to queues, functions and endpoints where active tracing is on for the topic.
        if let Some(value) = request.trace_id.and_then(|text| HeaderValue::from_str(text).ok()) {
            headers.insert("x-amzn-trace-id", value);
        }
        Ok(post)
    }

    fn form(&self, request: &Request<'_>) -> String {
        let mut form = "Action=Publish&Version=2010-03-31".to_owned();
        let mut add = |name: &str, value: &str| {
            form.push('&');
            form.push_str(name);
            form.push('=');
            form.push_str(&encoded(value.as_bytes(), b""));
        };
        add("TopicArn", &self.arn);
        add("Message", &within_xml(&request.payload));
        if self.arn.ends_with(".fifo") {
            let InOrder { group, deduplication } = InOrder::of(&request.payload);
            add("MessageGroupId", &group.unwrap_or_default());
            add("MessageDeduplicationId", &deduplication.unwrap_or_default());
        }
        form
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::peers::Mode;

    const PAYLOAD: &str = r#"{"id":"11111111-2222","data":{"input":"ä +&=￿"},"subject":"33333333-4444"}"#;

    fn sent(topic: &str, endpoint: Option<&str>) -> (HttpRequest<Bytes>, String) {
        let endpoint: Option<Uri> = endpoint.map(|text| text.parse().unwrap());
        let (mode, timeout) = (Mode::Event, Duration::from_secs(1));
        let request = Request { agent: "one", payload: PAYLOAD.into(), mode, trace_id: Some("Root=1-a"), timeout };
        let post = Topic::parse(topic).unwrap().unwrap().post(endpoint.as_ref(), &request).unwrap();
        let form = String::from_utf8(post.body().to_vec()).unwrap();
        (post, form)
    }

    #[test]
    fn a_message_is_published_as_a_form() {
        let (post, form) = sent("arn:aws-cn:sns:cn-north-1:123456789012:news", None);
        assert_eq!(post.uri().to_string(), "https://sns.cn-north-1.amazonaws.com.cn/");
        assert_eq!(post.headers()["x-amzn-trace-id"], "Root=1-a");
        assert!(
            form.starts_with(
                "Action=Publish&Version=2010-03-31&TopicArn=arn%3Aaws-cn%3Asns%3Acn-north-1%3A123456789012%3Anews&Message=%7B"
            ),
            "{form}"
        );
        assert!(form.contains("%C3%A4%20%2B%26%3D%5Cuffff"), "{form}");
        assert!(!form.contains("MessageGroupId"));
        let (post, _) = sent("arn:aws:sns:eu-west-1:123456789012:news", Some("http://127.0.0.1:1/"));
        assert_eq!(post.uri().to_string(), "http://127.0.0.1:1/");
    }

    #[test]
    fn a_fifo_topic_orders_a_work_and_drops_what_is_sent_again() {
        let (_, form) = sent("arn:aws:sns:eu-west-1:123456789012:news.fifo", None);
        assert!(form.ends_with("&MessageGroupId=33333333-4444&MessageDeduplicationId=11111111-2222"), "{form}");
    }

    #[test]
    fn what_is_nearly_a_topic_is_refused_and_what_is_none_is_left_alone() {
        for text in [
            "arn:aws:sns:eu-west-1:123456789012:",
            "arn:aws:sns:x.example.com/:123456789012:news",
            "arn:aws:sns:eu-west-1:123456789012:news:11111111-2222-3333-4444-555555555555",
        ] {
            assert!(Topic::parse(text).is_err(), "{text}");
        }
        for text in ["news", "arn:aws:sqs:eu-west-1:123456789012:jobs", "https://sns.eu-west-1.amazonaws.com/"] {
            assert_eq!(Topic::parse(text), Ok(None), "{text}");
        }
    }
}
