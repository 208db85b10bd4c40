//! The Invoke API: `POST /2015-03-31/functions/{name}/invocations`, at AWS or at a local Lambda.

use std::sync::OnceLock;
use std::time::SystemTime;

use bytes::Bytes;
use http::response::Parts;
use http::{HeaderMap, HeaderValue, Request as HttpRequest, StatusCode, Uri};
use peer_contract_core::arn::{Arn, host};
use peer_contract_core::envelope::Room;
use peer_contract_core::{Contract, ErrorCode, Problem};
use serde_json::Value;

use super::address::{Address, Addresses, endpoint};
use super::client::{Client, on_executor};
use super::credentials::{CredentialSource, Credentials, Provider};
use super::sign::{Target, sign};
use super::trust::region_of;
use super::{Answer, Invoke, Invoked, Mode, Request, Unreached, url};
use crate::BoxFuture;
use crate::host::Fault;
use crate::settings::Settings;
use crate::xml;

/// Invokes agents as Lambda functions, over HTTP.
///
/// Nothing is connected, and no credential read, before the first invocation.
pub struct LambdaApi {
    addresses: Addresses,
    endpoint: Option<Uri>,
    endpoint_sqs: Option<Uri>,
    endpoint_sns: Option<Uri>,
    region: Option<String>,
    client: Client,
    provider: Provider,
    credentials: OnceLock<Result<CredentialSource, Unreached>>,
}

/// Where a request goes, and whether it is signed.
struct Destination {
    url: String,
    /// Content type: an endpoint of anybody is told that this is an event.
    kind: &'static str,
    signing: Signing,
}

enum Signing {
    /// AWS refuses what is not signed.
    Needed(String),
    /// For this region, where there are credentials.
    Possible(String),
    /// The credentials are no business of this host.
    Never,
}

impl LambdaApi {
    /// A client for the agents of a contract.
    ///
    /// # Errors
    /// `configuration_invalid` for an endpoint or an address that is none.
    pub fn new(contract: &Contract, settings: &Settings) -> Result<Self, Problem> {
        let at = |text: &Option<String>, variable| text.as_deref().map(|text| endpoint(text, variable)).transpose();
        Ok(Self {
            endpoint: at(&settings.endpoint, "AWS_ENDPOINT_URL_LAMBDA")?,
            endpoint_sqs: at(&settings.endpoint_sqs, "AWS_ENDPOINT_URL_SQS")?,
            endpoint_sns: at(&settings.endpoint_sns, "AWS_ENDPOINT_URL_SNS")?,
            addresses: Addresses::new(contract, &settings.peers)?.replying_to(&settings.reply_to)?,
            region: settings.region.clone(),
            client: Client::default(),
            provider: settings.credentials.clone(),
            credentials: OnceLock::new(),
        })
    }

    async fn send(&self, request: Request<'_>) -> Result<Invoked, Unreached> {
        let agent = request.agent.to_owned();
        let (mode, timeout) = (request.mode, request.timeout);
        let is_url = matches!(self.addresses.of(&agent)?, Address::Url(_));
        let post = self.prepared(request).await?;
        let (head, body) = self.client.send(post, LARGEST_ANSWER, timeout).await?;
        match is_url.then(|| url::told(mode, &head, &body)).flatten() {
            Some(answer) => Ok(Invoked { answer, cold: None, request_id: text_of(&head.headers, "x-amzn-requestid") }),
            None => read(&agent, mode, &head, body),
        }
    }

    async fn prepared(&self, request: Request<'_>) -> Result<HttpRequest<Bytes>, Unreached> {
        let destination = match self.addresses.of(request.agent)? {
            Address::Queue(queue) => {
                let endpoint = self.endpoint_sqs.as_ref();
                return self.taken("sqs", queue.post(endpoint, &request)?, &queue.region, endpoint, &request).await;
            }
            Address::Topic(topic) => {
                let endpoint = self.endpoint_sns.as_ref();
                return self.taken("sns", topic.post(endpoint, &request)?, &topic.region, endpoint, &request).await;
            }
            Address::Url(url) => {
                let signing = region_of(url).map_or(Signing::Never, Signing::Possible);
                Destination { url: url.to_string(), kind: "application/cloudevents+json", signing }
            }
            Address::Function(name) => self.function(name)?,
        };
        let post = post(&destination, request)?;
        self.signed(post, &destination.signing, "lambda").await
    }

    /// The request that gives a message to a service which passes it on, and from which nobody answers.
    async fn taken(
        &self,
        service: &str,
        post: HttpRequest<Bytes>,
        region: &str,
        endpoint: Option<&Uri>,
        request: &Request<'_>,
    ) -> Result<HttpRequest<Bytes>, Unreached> {
        if request.mode == Mode::Wait {
            let message =
                format!("`{}` is reached by a queue or a topic, which takes events and answers no call", request.agent);
            return Err(Unreached::terminal(ErrorCode::AddressRefused, message));
        }
        let region = region.to_owned();
        let signing = if endpoint.is_some() { Signing::Possible(region) } else { Signing::Needed(region) };
        self.signed(post, &signing, service).await
    }

    async fn signed(
        &self,
        mut post: HttpRequest<Bytes>,
        signing: &Signing,
        service: &str,
    ) -> Result<HttpRequest<Bytes>, Unreached> {
        let (region, needed) = match signing {
            Signing::Needed(region) => (region, true),
            Signing::Possible(region) => (region, false),
            Signing::Never => return Ok(post),
        };
        match self.credentials().await? {
            Some(credentials) => sign(&mut post, Target { region, service }, &credentials, SystemTime::now())?,
            None if needed => return Err(misconfigured("there are no AWS credentials to sign the invocation with")),
            None => {}
        }
        Ok(post)
    }

    fn function(&self, name: &str) -> Result<Destination, Unreached> {
        let region = Arn::read(name).map(|arn| arn.region.to_owned()).or_else(|| self.region.clone());
        let name = name.replace(':', "%3A").replace('$', "%24");
        let path = format!("2015-03-31/functions/{name}/invocations");
        let Some(endpoint) = &self.endpoint else {
            return at_aws(&region.ok_or_else(|| misconfigured(NO_REGION))?, &path);
        };
        // A local Lambda needs no region; AWS behind an endpoint of its own does.
        let signing = region.map_or(Signing::Never, Signing::Possible);
        Ok(Destination { url: format!("{}/{path}", endpoint.to_string().trim_end_matches('/')), kind: JSON, signing })
    }

    async fn credentials(&self) -> Result<Option<Credentials>, Unreached> {
        match self.credentials.get_or_init(|| CredentialSource::from_env(&self.provider)) {
            Ok(source) => source.get(&self.client).await,
            Err(unreached) => Err(unreached.clone()),
        }
    }
}

impl Invoke for LambdaApi {
    fn invoke<'a>(&'a self, request: Request<'a>) -> BoxFuture<'a, Result<Invoked, Unreached>> {
        Box::pin(async move {
            on_executor().await;
            self.send(request).await
        })
    }

    fn room(&self, agent: &str, shared_store: bool) -> Room {
        match self.addresses.of(agent) {
            Ok(Address::Topic(_)) => Room::topic(shared_store),
            _ => Room::event(shared_store),
        }
    }
}

/// Lambda answers with 6 MB at most; some more for what surrounds it.
const LARGEST_ANSWER: usize = 7 << 20;
const JSON: &str = "application/json";
const NO_REGION: &str = "neither `AWS_REGION` nor `AWS_ENDPOINT_URL_LAMBDA` is set";

fn at_aws(region: &str, path: &str) -> Result<Destination, Unreached> {
    let url = format!("https://{}/{path}", host("lambda", region));
    // What stands in `AWS_REGION` could lead to another host.
    let is_aws = url.parse().is_ok_and(|url| region_of(&url).as_deref() == Some(region));
    if !is_aws {
        return Err(misconfigured("the region in `AWS_REGION` or in the ARN is no name of a region"));
    }
    Ok(Destination { url, kind: JSON, signing: Signing::Needed(region.to_owned()) })
}

fn post(to: &Destination, request: Request<'_>) -> Result<HttpRequest<Bytes>, Unreached> {
    let mode = match request.mode {
        Mode::Wait => "RequestResponse",
        Mode::Event => "Event",
    };
    let mut post = HttpRequest::post(&to.url)
        .header(http::header::CONTENT_TYPE, to.kind)
        .header("x-amz-invocation-type", mode)
        .body(request.payload)
        .map_err(|_| Unreached::without_host())?;
    // A trace id that is no header text is not worth failing for.
    if let Some(value) = request.trace_id.and_then(|text| HeaderValue::from_str(text).ok()) {
        post.headers_mut().insert("x-amzn-trace-id", value);
    }
    Ok(post)
}

fn read(agent: &str, mode: Mode, head: &Parts, body: Bytes) -> Result<Invoked, Unreached> {
    if !head.status.is_success() {
        return Err(refused(agent, head, &body));
    }
    let header = |name: &str| text_of(&head.headers, name);
    let answer = match mode {
        _ if header("x-amz-function-error").is_some() => Answer::Fault(Fault::from_json(&body)),
        Mode::Wait => Answer::Payload(body),
        Mode::Event => Answer::Payload(Bytes::new()),
    };
    let cold = header("x-peer-contract-start").map(|start| start == "cold");
    Ok(Invoked { answer, cold, request_id: header("x-amzn-requestid") })
}

fn text_of(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

/// What a status that is no success means. AWS names the kind in a header, and explains in the body.
fn refused(agent: &str, head: &Parts, body: &[u8]) -> Unreached {
    let value: Value = serde_json::from_slice(body).unwrap_or_default();
    let of_body = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
    let kind = text_of(&head.headers, "x-amzn-errortype").or_else(|| of_body("__type")).unwrap_or_default();
    let kind = kind.split([':', '#']).find(|part| part.ends_with("Exception")).unwrap_or_default();
    // SNS answers in XML.
    let kind = if kind.is_empty() { code_of_xml(body) } else { kind };
    let status = head.status;
    let message = match of_body("Message").or_else(|| of_body("message")) {
        Some(text) => format!("`{agent}` cannot be invoked: {kind} ({}): {text}", status.as_u16()),
        None => format!("`{agent}` cannot be invoked: {kind} ({})", status.as_u16()),
    };
    match (kind, status) {
        ("RecursiveInvocationException", _) => Unreached::terminal(ErrorCode::HopLimit, message),
        (_, StatusCode::PAYLOAD_TOO_LARGE) => Unreached::terminal(ErrorCode::PayloadTooLarge, message),
        (_, StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT) => {
            Unreached::retryable(ErrorCode::PeerUnreachable, message)
        }
        (_, status) if status.is_server_error() => Unreached::retryable(ErrorCode::PeerUnreachable, message),
        _ => Unreached::terminal(ErrorCode::AddressRefused, message),
    }
}

/// The text of `<Code>`, where there is one.
fn code_of_xml(body: &[u8]) -> &str {
    let code = std::str::from_utf8(body).ok().and_then(|text| xml::text_of(text, "Code"));
    code.filter(|code| code.len() <= 64).unwrap_or_default()
}

fn misconfigured(message: &str) -> Unreached {
    Unreached::terminal(ErrorCode::ConfigurationInvalid, message)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const CONTRACT: &str = r#"{ "peerContract": "1", "name": "pair", "version": "1.0.0",
        "agents": { "one": { "operations": { "ask": { "input": {}, "output": { "schema": {} } } } } } }"#;

    /// The request for agent `one` at an address, by a function that has credentials.
    async fn prepared(address: &str, variables: &[(&str, &str)]) -> Result<HttpRequest<Bytes>, Unreached> {
        let peers = serde_json::json!({ "one": address }).to_string();
        let mut variables = variables.to_vec();
        variables.extend([("PEER_CONTRACT_PEERS", peers.as_str()), ("AWS_ACCESS_KEY_ID", "id")]);
        variables.extend([("AWS_SECRET_ACCESS_KEY", "secret"), ("AWS_SESSION_TOKEN", "token")]);
        let variable = |name: &str| variables.iter().find(|(key, _)| *key == name).map(|(_, text)| (*text).to_owned());
        let contract = Contract::parse(CONTRACT.as_bytes()).unwrap();
        let api = LambdaApi::new(&contract, &Settings::read(variable).unwrap()).unwrap();
        assert!(api.credentials.set(CredentialSource::read(variable, None)).is_ok());
        let timeout = Duration::from_secs(1);
        api.prepared(Request { agent: "one", payload: Bytes::new(), mode: Mode::Wait, trace_id: None, timeout }).await
    }

    #[tokio::test]
    async fn a_url_that_is_not_of_aws_sees_nothing_of_the_credentials() {
        let region = ("AWS_REGION", "eu-west-1");
        let endpoint = ("AWS_ENDPOINT_URL_LAMBDA", "http://127.0.0.1:9001");
        for address in ["https://example.com/", "http://127.0.0.1:9001/x", "http://a.lambda-url.eu-west-1.on.aws/"] {
            let post = prepared(address, &[region, endpoint]).await.unwrap();
            for name in ["authorization", "x-amz-security-token", "x-amz-date"] {
                assert!(!post.headers().contains_key(name), "{address}: {name}");
            }
        }
    }

    #[tokio::test]
    async fn functions_and_function_urls_are_signed_for_their_region() {
        let region = ("AWS_REGION", "eu-west-1");
        let endpoint = ("AWS_ENDPOINT_URL_LAMBDA", "http://127.0.0.1:9001");
        let cases = [
            ("f", vec![region], "eu-west-1"),
            ("f", vec![region, endpoint], "eu-west-1"),
            ("arn:aws:lambda:us-east-1:123456789012:function:f", vec![region], "us-east-1"),
            ("https://abc.lambda-url.us-east-2.on.aws/", vec![region], "us-east-2"),
        ];
        for (address, variables, region) in cases {
            let post = prepared(address, &variables).await.unwrap();
            let signature = post.headers()["authorization"].to_str().unwrap();
            assert!(signature.contains(&format!("/{region}/lambda/aws4_request")), "{address}: {signature}");
            assert_eq!(post.headers()["x-amz-security-token"], "token");
        }
    }

    #[tokio::test]
    async fn a_region_cannot_lead_to_another_host() {
        for region in ["example.com/", "x@example.com/", "a.b", "x#", "EU-WEST-1", "x:1"] {
            let unreached = prepared("f", &[("AWS_REGION", region)]).await.unwrap_err();
            assert_eq!(unreached.problem.code, ErrorCode::ConfigurationInvalid, "{region}");
        }
    }
}
