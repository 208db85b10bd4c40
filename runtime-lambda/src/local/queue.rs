//! `Event` invocations: accepted at once, tried until they succeed or are given up.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::time::{Instant, sleep, timeout_at};

use super::destination::{About, GivenUp, record};
use super::event::LocalEvent;
use super::lambda::Router;
use super::platform::Platform;
use super::pool::{Pool, Task};
use super::refusal::Refusal;
use super::service::{Invocation, InvocationType, Status};
use crate::clock::now_ms;

/// Carries one queued invocation to its end.
pub(super) async fn carry(router: Arc<Router>, pool: Arc<Pool>, task: Task) {
    let Err(given_up) = attempt_all(&pool, &router.platform, &task).await else { return };
    give_up(&router, &pool, task, given_up);
}

/// Tells the listeners and the on-failure destination.
pub(super) fn give_up(router: &Arc<Router>, pool: &Pool, task: Task, given_up: GivenUp) {
    let Task { request_id, payload, trace_id, .. } = task;
    let (bus, function) = (&router.platform.bus, &pool.function);
    if let Some(destination) = &function.on_failure {
        let arn = router.platform.arn(&function.name);
        let about = About { request_id: &request_id, arn: &arn, payload: &payload, now_ms: now_ms() };
        let told = Invocation {
            function: destination.clone(),
            kind: InvocationType::Event,
            payload: record(about, &given_up),
            trace_id: Some(trace_id),
            client_context: None,
        };
        if let Err(refusal) = router.deliver(told) {
            bus.tell(&LocalEvent::Undelivered {
                request_id: request_id.clone(),
                function: function.name.clone(),
                destination: destination.clone(),
                refusal,
            });
        }
    }
    let GivenUp { condition, attempts, error } = given_up;
    let function = function.name.clone();
    bus.tell(&LocalEvent::Dropped { request_id, function, attempts, condition, payload, error });
}

async fn attempt_all(pool: &Arc<Pool>, platform: &Platform, task: &Task) -> Result<(), GivenUp> {
    let too_old = Instant::now() + platform.max_event_age;
    let mut attempts = 0;
    let mut error = Bytes::new();
    loop {
        match attempt(pool, task, too_old).await {
            None => return Err(GivenUp { condition: "EventAgeExceeded", attempts, error }),
            Some(Err(_shutting_down)) => return Ok(()),
            Some(Ok(answer)) if answer.status == Status::Ok => return Ok(()),
            Some(Ok(answer)) => error = answer.payload,
        }
        if attempts == pool.function.retries {
            return Err(GivenUp { condition: "RetriesExhausted", attempts: attempts + 1, error });
        }
        attempts += 1;
        let after = delay(platform, attempts);
        platform.bus.tell(&LocalEvent::Retrying {
            request_id: task.request_id.clone(),
            function: pool.function.name.clone(),
            retry: attempts,
            after,
        });
        sleep(after).await;
    }
}

/// One run, as soon as there is a sandbox; nothing when the event grows too old meanwhile.
async fn attempt(pool: &Arc<Pool>, task: &Task, too_old: Instant) -> Option<Result<super::Answer, Refusal>> {
    while Instant::now() < too_old {
        let freed = pool.freed();
        match pool.run(task).await {
            // Throttling is no attempt.
            Err(Refusal::TooManyRequests) => drop(timeout_at(too_old, or_a_moment(freed)).await),
            ended => return Some(ended),
        }
    }
    None
}

/// Whatever frees a sandbox between the question and the wait is not missed for long.
async fn or_a_moment(freed: impl Future<Output = ()>) {
    let _ = tokio::time::timeout(Duration::from_millis(100), freed).await;
}

fn delay(platform: &Platform, retry: u32) -> Duration {
    platform.retry_delays[usize::from(retry > 1)]
}
