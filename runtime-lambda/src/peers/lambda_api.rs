//! The Invoke API: `POST /2015-03-31/functions/{name}/invocations`, at AWS or at a local Lambda.

use std::sync::OnceLock;
use std::time::SystemTime;

use aws_credential_types::Credentials;
use http::response::Parts;
use http::{HeaderMap, HeaderValue, Request as HttpRequest, StatusCode};
use peer_contract_core::{Contract, ErrorCode, Pointer, Problem};
use serde_json::Value;
use url::Url;

use super::address::{Address, Addresses};
use super::client::Client;
use super::credentials::CredentialSource;
use super::sign::{Target, sign};
use super::{Answer, Invoke, Invoked, Mode, Request, Unreached};
use crate::BoxFuture;
use crate::host::Fault;
use crate::settings::Settings;

/// Invokes agents as Lambda functions, over HTTP.
///
/// Nothing is connected, and no credential read, before the first invocation.
pub struct LambdaApi {
    addresses: Addresses,
    endpoint: Option<Url>,
    region: Option<String>,
    client: Client,
    credentials: OnceLock<Result<CredentialSource, Unreached>>,
}

/// Where a request goes, and where it would be signed for.
struct Destination {
    url: String,
    region: Option<String>,
}

impl LambdaApi {
    /// A client for the agents of a contract.
    ///
    /// # Errors
    /// `configuration_invalid` for an endpoint or an address that is none.
    pub fn new(contract: &Contract, settings: &Settings) -> Result<Self, Problem> {
        let endpoint = settings.endpoint.as_deref().map(endpoint_of).transpose()?;
        Ok(Self {
            addresses: Addresses::new(contract, &settings.peers)?,
            endpoint,
            region: settings.region.clone(),
            client: Client::default(),
            credentials: OnceLock::new(),
        })
    }

    async fn send(&self, request: Request<'_>) -> Result<Invoked, Unreached> {
        let agent = request.agent.to_owned();
        let destination = self.destination(&agent, request.mode)?;
        let (mode, timeout) = (request.mode, request.timeout);
        let mut post = post(&destination.url, request)?;
        if let Some(credentials) = self.credentials().await? {
            let region = destination.region.as_deref().ok_or_else(|| misconfigured(NO_REGION))?;
            sign(&mut post, Target { region, service: "lambda" }, &credentials, SystemTime::now())?;
        } else if self.endpoint.is_none() && destination.url.starts_with("https://lambda.") {
            return Err(misconfigured("there are no AWS credentials to sign the invocation with"));
        }
        let (head, body) = self.client.send(post, LARGEST_ANSWER, timeout).await?;
        read(&agent, mode, &head, body.to_vec())
    }

    fn destination(&self, agent: &str, mode: Mode) -> Result<Destination, Unreached> {
        match self.addresses.of(agent)? {
            Address::Url(_) if mode == Mode::Event => {
                let message = format!("`{agent}` is reached by a URL, which takes no events; name its function");
                Err(Unreached::terminal(ErrorCode::AddressRefused, message))
            }
            Address::Url(url) => Ok(Destination { url: url.to_string(), region: self.region.clone() }),
            Address::Function(name) => self.function(name),
        }
    }

    fn function(&self, name: &str) -> Result<Destination, Unreached> {
        let of_arn = name.strip_prefix("arn:").and_then(|rest| rest.split(':').nth(2)).map(str::to_owned);
        let region = of_arn.or_else(|| self.region.clone());
        let base = match (&self.endpoint, &region) {
            (Some(endpoint), _) => endpoint.as_str().trim_end_matches('/').to_owned(),
            (None, Some(region)) => aws_endpoint(region),
            (None, None) => return Err(misconfigured(NO_REGION)),
        };
        let name = name.replace(':', "%3A").replace('$', "%24");
        Ok(Destination { url: format!("{base}/2015-03-31/functions/{name}/invocations"), region })
    }

    async fn credentials(&self) -> Result<Option<Credentials>, Unreached> {
        match self.credentials.get_or_init(CredentialSource::from_env) {
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
}

/// Pends once where no tokio runtime is around: a binding polls first, and finds a runtime only for
/// what is not ready at once. Sockets cannot be opened without one.
async fn on_executor() {
    if tokio::runtime::Handle::try_current().is_err() {
        tokio::task::yield_now().await;
    }
}

/// Lambda answers with 6 MB at most; some more for what surrounds it.
const LARGEST_ANSWER: usize = 7 << 20;
const NO_REGION: &str = "neither `AWS_REGION` nor `AWS_ENDPOINT_URL_LAMBDA` is set";

fn endpoint_of(text: &str) -> Result<Url, Problem> {
    match Address::parse(text) {
        Ok(Address::Url(url)) => Ok(url),
        _ => {
            let message = "`AWS_ENDPOINT_URL_LAMBDA` must be an `http` or `https` URL";
            Err(Problem::new(ErrorCode::ConfigurationInvalid, Pointer::root(), message))
        }
    }
}

fn aws_endpoint(region: &str) -> String {
    let domain = if region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" };
    format!("https://lambda.{region}.{domain}")
}

fn post(url: &str, request: Request<'_>) -> Result<HttpRequest<Vec<u8>>, Unreached> {
    let kind = match request.mode {
        Mode::Wait => "RequestResponse",
        Mode::Event => "Event",
    };
    let mut post = HttpRequest::post(url)
        .header(http::header::CONTENT_TYPE, "application/json")
        .header("x-amz-invocation-type", kind)
        .body(request.payload)
        .map_err(|_| misconfigured("the address of the peer is no URL"))?;
    // A trace id that is no header text is not worth failing for.
    if let Some(value) = request.trace_id.and_then(|text| HeaderValue::from_str(text).ok()) {
        post.headers_mut().insert("x-amzn-trace-id", value);
    }
    Ok(post)
}

fn read(agent: &str, mode: Mode, head: &Parts, body: Vec<u8>) -> Result<Invoked, Unreached> {
    if !head.status.is_success() {
        return Err(refused(agent, head, &body));
    }
    let header = |name: &str| text_of(&head.headers, name);
    let answer = match mode {
        _ if header("x-amz-function-error").is_some() => Answer::Fault(Fault::from_json(&body)),
        Mode::Wait => Answer::Payload(body),
        Mode::Event => Answer::Payload(Vec::new()),
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

fn misconfigured(message: &str) -> Unreached {
    Unreached::terminal(ErrorCode::ConfigurationInvalid, message)
}
