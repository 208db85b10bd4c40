//! `Event` invocations: accepted at once, tried until they succeed or are given up.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::time::{Instant, sleep, timeout_at};

use super::event::LocalEvent;
use super::platform::Platform;
use super::pool::{Pool, Task};
use super::refusal::Refusal;
use super::service::Status;

/// How an `Event` came to an end without success.
struct GivenUp {
    condition: &'static str,
    attempts: u32,
    error: Bytes,
}

/// Carries one queued invocation to its end.
pub(super) async fn carry(pool: Arc<Pool>, platform: Arc<Platform>, task: Task) {
    let Err(given_up) = attempt_all(&pool, &platform, &task).await else { return };
    let GivenUp { condition, attempts, error } = given_up;
    platform.bus.tell(&LocalEvent::Dropped {
        request_id: task.request_id,
        function: pool.function.name.clone(),
        attempts,
        condition,
        payload: task.payload,
        error,
    });
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
