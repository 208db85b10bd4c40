//! A Rust agent on AWS Lambda: a loop around the Runtime API.
//!
//! The Runtime API is one server on the same machine, asked one thing at a time, and what asks peers can ask it, too. So a
//! function carries one HTTP client. The body of an invocation is taken as the bytes that came, so that strict JSON sees all
//! of them, and the answer may be an error object of ours, which has a place beside type and message.

#[cfg(any(panic = "abort", test))]
mod last_words;
mod runtime_api;

use peer_contract_core::ErrorCode;
use peer_contract_core::inbox::Event;

use self::runtime_api::RuntimeApi;
use crate::agent::{Endpoint, Error, Prepare};
use crate::host::Host;
use crate::settings::Settings;

/// Serves an agent for as long as the sandbox lives. Settings come from the environment.
///
/// A handler that panics is answered with `handler_failed`. In a program that is built with `panic = "abort"` its sandbox ends
/// after that answer, and Lambda starts another for the next message.
///
/// # Errors
/// `configuration_invalid` outside of a Lambda runtime, and for settings and configurations that cannot be used;
/// `contract_mismatch` and the like for generated code that was changed by hand: callers are told, too. `peer_unreachable` when
/// the Runtime API goes away.
pub async fn run(agent: impl Prepare) -> Result<(), Error> {
    let address = std::env::var("AWS_LAMBDA_RUNTIME_API").map_err(|_| by_hand())?;
    let mut platform = RuntimeApi::new(&address);
    let endpoint = match endpoint(agent).await {
        Ok(endpoint) => endpoint,
        Err(error) => {
            // A platform that cannot be told sees this process end.
            let _ = platform.fail_start(&error.to_fault()).await;
            return Err(error);
        }
    };
    #[cfg(panic = "abort")]
    last_words::install(&address);
    if std::env::var("AWS_LAMBDA_INITIALIZATION_TYPE").is_ok_and(|kind| kind == "snap-start") {
        platform = platform.restored().await?;
    }
    loop {
        let task = platform.next().await?;
        #[cfg(panic = "abort")]
        let _working = last_words::working_on(&task.facts.request_id);
        let response = endpoint.answer(Event::Bytes(task.event), task.facts).await;
        platform.answer(&task.sender, response).await?;
    }
}

/// An agent for a loop of one's own, such as that of `lambda_runtime`, which asks it with [`Endpoint::answer`]. Settings come from the
/// environment.
///
/// # Errors
/// As [`run`], but for the Runtime API.
pub async fn endpoint(agent: impl Prepare) -> Result<Endpoint, Error> {
    let agent = Box::new(agent);
    let (contract, name) = agent.identity()?;
    let host = Host::new(contract.clone(), name, Settings::from_env()?)?;
    let agent = agent.prepare(&host).await?;
    Ok(Endpoint::new(host, agent))
}

/// An agent that was started by hand deserves a sentence.
fn by_hand() -> Error {
    let message = "`AWS_LAMBDA_RUNTIME_API` is not set: this program is started by AWS Lambda, or by `peerc run`";
    Error::new(ErrorCode::ConfigurationInvalid, message)
}
