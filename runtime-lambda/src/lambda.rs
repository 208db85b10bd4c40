//! A Rust agent on AWS Lambda, over `lambda_runtime`.
//!
//! The official runtime polls for invocations and knows the environment. Between it and the agent
//! stands a layer that takes the body as the bytes that came, so that strict JSON sees all of them,
//! and answers with our own error objects, which have a place beside type and message.

use std::sync::Arc;
use std::task::{Context, Poll};

use http::Request;
use lambda_runtime::tower::{Layer, Service, service_fn};
use lambda_runtime::{LambdaEvent, LambdaInvocation, Runtime};
use lambda_runtime_api_client::body::Body;
use lambda_runtime_api_client::{BoxError, PooledClient, build_request};
use peer_contract_core::ErrorCode;
use peer_contract_core::inbox::Event;
use serde::de::IgnoredAny;

use crate::BoxFuture;
use crate::agent::{Endpoint, Error, Serve};
use crate::host::{Fault, Host, Invocation, Response};
use crate::settings::Settings;

/// Serves an agent for as long as the sandbox lives. Settings come from the environment.
///
/// # Errors
/// `configuration_invalid` outside of a Lambda runtime, and for settings that cannot be used;
/// `contract_mismatch` and the like for generated code that was changed by hand.
pub async fn run(agent: impl Serve) -> Result<(), Error> {
    check_environment()?;
    let host = Host::new(agent.contract()?.clone(), agent.agent(), Settings::from_env()?)?;
    let served = Served { endpoint: Arc::new(Endpoint::new(host, Box::new(agent))), client: Arc::new(client()) };
    let never = service_fn(|_: LambdaEvent<IgnoredAny>| async { Ok::<_, BoxError>(()) });
    Runtime::new(never).layer(served).run().await.map_err(Error::from)
}

/// The official runtime panics without these; an agent that was started by hand deserves a sentence.
fn check_environment() -> Result<(), Error> {
    let needed = [
        "AWS_LAMBDA_RUNTIME_API",
        "AWS_LAMBDA_FUNCTION_NAME",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
        "AWS_LAMBDA_FUNCTION_VERSION",
    ];
    let Some(missing) = needed.into_iter().find(|name| std::env::var_os(name).is_none()) else { return Ok(()) };
    let message = format!("`{missing}` is not set: this program is started by AWS Lambda, or by `peerc run`");
    Err(Error::new(ErrorCode::ConfigurationInvalid, message))
}

fn client() -> PooledClient {
    PooledClient::builder().with_pool_size(1).build()
}

/// Stands in place of the runtime's own way from a body to a handler and back.
#[derive(Clone)]
struct Served {
    endpoint: Arc<Endpoint>,
    client: Arc<PooledClient>,
}

impl<S> Layer<S> for Served {
    type Service = Self;

    fn layer(&self, _: S) -> Self {
        self.clone()
    }
}

impl Service<LambdaInvocation> for Served {
    type Response = ();
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<(), BoxError>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, invocation: LambdaInvocation) -> Self::Future {
        let Self { endpoint, client } = self.clone();
        Box::pin(async move {
            let LambdaInvocation { parts, body, context } = invocation;
            let facts = Invocation {
                request_id: context.request_id.clone(),
                deadline_ms: Some(context.deadline),
                trace_id: context.xray_trace_id,
            };
            let response = endpoint.answer(Event::Bytes(body), facts).await;
            let mut request = request(&context.request_id, response)?;
            // Tells the platform which of several invocations of one request this answers.
            if let Some(id) = parts.headers.get(INVOCATION_ID) {
                request.headers_mut().insert(INVOCATION_ID, id.clone());
            }
            client.call(request).await.map(drop)
        })
    }
}

const INVOCATION_ID: &str = "lambda-runtime-invocation-id";
const ERROR_TYPE: &str = "lambda-runtime-function-error-type";

fn request(request_id: &str, response: Response) -> Result<Request<Body>, http::Error> {
    let invocation = format!("/2018-06-01/runtime/invocation/{request_id}");
    match response {
        Response::Payload(bytes) => {
            build_request().method("POST").uri(format!("{invocation}/response")).body(Body::from(bytes))
        }
        Response::Fault(fault) => error_request(&invocation, &fault),
    }
}

fn error_request(invocation: &str, fault: &Fault) -> Result<Request<Body>, http::Error> {
    build_request()
        .method("POST")
        .uri(format!("{invocation}/error"))
        .header(ERROR_TYPE, &fault.code)
        .body(Body::from(fault.to_json()))
}
