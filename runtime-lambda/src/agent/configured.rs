//! Agents that are made from their configuration.

use peer_contract_core::Contract;

use super::codec::{self, Decode};
use super::{BoxError, Embedded, Error, Serve};
use crate::BoxFuture;
use crate::host::Host;

/// What becomes an agent to serve: an agent, or what makes one from its configuration.
pub trait Prepare: Send + 'static {
    /// The contract it is generated from, and its name there.
    ///
    /// # Errors
    /// See [`Embedded::contract`].
    fn identity(&self) -> Result<(&Contract, &'static str), Error>;

    /// Makes the agent.
    ///
    /// # Errors
    /// As [`Host::config`], and whatever making the agent ends with.
    fn prepare<'a>(self: Box<Self>, host: &'a Host) -> BoxFuture<'a, Result<Box<dyn Serve>, Error>>;
}

impl<S: Serve> Prepare for S {
    fn identity(&self) -> Result<(&Contract, &'static str), Error> {
        Ok((self.contract()?, self.agent()))
    }

    fn prepare<'a>(self: Box<Self>, _: &'a Host) -> BoxFuture<'a, Result<Box<dyn Serve>, Error>> {
        Box::pin(std::future::ready(Ok(self as Box<dyn Serve>)))
    }
}

/// An agent that waits for its configuration. Generated code makes it, in `serve_with`.
pub struct Configured<C> {
    agent: &'static str,
    contract: &'static Embedded,
    make: Box<dyn FnOnce(C) -> Making + Send>,
}

/// An agent that is being made.
type Making = BoxFuture<'static, Result<Box<dyn Serve>, Error>>;

impl<C: Decode + 'static> Configured<C> {
    /// What `make` gives for the configuration is served as `serve` says.
    pub fn new<A, F, S: Serve>(
        agent: &'static str,
        contract: &'static Embedded,
        make: impl FnOnce(C) -> F + Send + 'static,
        serve: impl FnOnce(A) -> S + Send + 'static,
    ) -> Self
    where
        F: Future<Output = Result<A, BoxError>> + Send + 'static,
    {
        let made = |config| -> Making {
            let making = make(config);
            Box::pin(async move {
                let agent = making.await.map_err(Error::thrown)?;
                Ok(Box::new(serve(agent)) as Box<dyn Serve>)
            })
        };
        Self { agent, contract, make: Box::new(made) }
    }
}

impl<C: Decode + 'static> Prepare for Configured<C> {
    fn identity(&self) -> Result<(&Contract, &'static str), Error> {
        Ok((self.contract.contract()?, self.agent))
    }

    fn prepare<'a>(self: Box<Self>, host: &'a Host) -> BoxFuture<'a, Result<Box<dyn Serve>, Error>> {
        Box::pin(async move {
            let config = codec::from_checked(&host.config().await?)?;
            (self.make)(config).await
        })
    }
}
