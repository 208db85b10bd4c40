//! From an event to the point where a handler runs.

use std::borrow::Cow;

use peer_contract_core::envelope::Travel;
use peer_contract_core::events::Via;
use peer_contract_core::inbox::{Delivery, Event, Refusal};
use peer_contract_core::{ErrorCode, Pointer, Problem};

use super::answer::receipt;
use super::claims::Claimed;
use super::post::Post;
use super::turn::Turn;
use super::{Begun, Host, Invocation, Response, Sandbox};
use super::{repeats, requests};
use crate::clock::now_ms;

impl Host {
    /// Takes an invocation to the point where the handler runs. Awaits only when something must be loaded or claimed.
    pub async fn begin(&self, event: Event, invocation: Invocation) -> Begun {
        self.sandbox.publish_once().await;
        let opened = self.sandbox.inbox.open(event, &self.sandbox.arrival(&invocation));
        self.begin_with(opened, invocation).await
    }

    pub(super) async fn claim(&self, mut delivery: Delivery, invocation: Invocation) -> Begun {
        let sandbox = &self.sandbox;
        if let Some(tracer) = &sandbox.trace {
            tracer.decide(&mut delivery);
        }
        if let Err(problem) = requests::settle(sandbox.store.as_deref(), &mut delivery).await {
            sandbox.refused(Some(delivery.header()), &problem, &invocation).await;
            return Begun::Done(sandbox.not_asked(&delivery, problem, &invocation).await);
        }
        let Some(store) = sandbox.store.clone() else {
            return Begun::Run(Turn::new(sandbox.clone(), delivery, invocation, None));
        };
        match repeats::take(store, &delivery, &invocation).await {
            Ok(Claimed::Mine(claim)) => Begun::Run(Turn::new(sandbox.clone(), delivery, invocation, Some(claim))),
            Ok(Claimed::Sealed(sealed)) => {
                let again = sandbox.trace(delivery.header(), &invocation);
                let response = Post::new(sandbox, &invocation).send_again(sealed, &delivery).await;
                sandbox.repeated(again, &delivery, &invocation, &response).await;
                Begun::Done(response)
            }
            Ok(Claimed::Busy) => {
                let beside = sandbox.trace(delivery.header(), &invocation);
                let busy = sandbox.busy(&delivery, &invocation).await;
                Begun::Done(sandbox.beside(beside, busy, &invocation).await)
            }
            Err(problem) => {
                sandbox.refused(Some(delivery.header()), &problem, &invocation).await;
                Begun::Done(problem.into())
            }
        }
    }
}

/// A platform that names no request gets no request's claim: each delivery is one of its own.
pub(super) fn request_id(invocation: &Invocation) -> Cow<'_, str> {
    if invocation.request_id.is_empty() {
        format!("unnamed-{:016x}", u64::from_le_bytes(crate::entropy::bytes())).into()
    } else {
        invocation.request_id.as_str().into()
    }
}

impl Sandbox {
    /// A request that is none, or that cannot be remembered. Who sends plain inputs reads no envelopes.
    async fn not_asked(&self, delivery: &Delivery, problem: Problem, invocation: &Invocation) -> Response {
        let unheard = invocation.via == Via::Queue && delivery.travel() == Travel::Return;
        if delivery.is_plain() || problem.code.retryable() || unheard {
            return problem.into();
        }
        let refusal = delivery.refuse(&problem, now_ms());
        Post::new(self, invocation).post_or_throw(&refusal).await
    }

    /// Another delivery of the message is being worked on: an event ends quietly, a waiting invoker may ask again, and a queue
    /// keeps the message in case that the other delivery comes to nothing.
    ///
    /// The second part is what a caller that waits was told.
    async fn busy(&self, delivery: &Delivery, invocation: &Invocation) -> (Response, Option<ErrorCode>) {
        let message = "another delivery of this message is being worked on";
        let problem = Problem::new(ErrorCode::InProgress, Pointer::root(), message);
        // Who waits for the outcome of another work has it delivered again by Lambda.
        if invocation.via == Via::Queue || delivery.awaited().is_some() {
            return (problem.into(), None);
        }
        // A child whose request another one makes must end, or its group would not; of what is the same message, one delivery does.
        let is_another = delivery.repeats() && delivery.operation().is_callable();
        if delivery.travel() == Travel::Event && !is_another {
            return (receipt(&delivery.header().work), None);
        }
        let refusal = delivery.refuse(&problem, now_ms());
        (Post::new(self, invocation).post_or_throw(&refusal).await, Some(problem.code))
    }

    /// Answers what no handler sees. On `event` only what cannot be cured is replied, for which there must be a store;
    /// the rest is thrown, for Lambda to retry.
    pub(super) async fn refuse(&self, refusal: Refusal, invocation: &Invocation) -> Response {
        let Refusal { problem, header, reply } = refusal;
        self.refused(header.as_ref(), &problem, invocation).await;
        let event = header.is_some_and(|header| header.travel == Travel::Event);
        let is_heard = event || invocation.via != Via::Queue;
        match reply.filter(|_| is_heard) {
            Some(reply) if !(event && (problem.code.retryable() || self.store.is_none())) => {
                Post::new(self, invocation).post_or_throw(&reply).await
            }
            _ => problem.into(),
        }
    }
}
