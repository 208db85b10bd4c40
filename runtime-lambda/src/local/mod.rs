//! The Lambda of a laptop: every function is a process of its own, callers see the Invoke API.
//!
//! ```text
//! caller ─ POST /2015-03-31/functions/{name}/invocations ─→ invoke_api ─→ pool ─→ sandbox ─ process
//!                                          RequestResponse │ Event ─ queue ┘        ↑ runtime_api
//!                                                                 GET …/invocation/next, POST …/{id}/response
//! ```
//!
//! Each sandbox is one process with a Runtime API listener of its own, so the port says who is
//! asking. One task owns the life of a sandbox; the pool of a function starts and reuses them.
//!
//! # What is copied from the service, and from where we know it
//!
//! | fact | value | source |
//! | --- | --- | --- |
//! | path, headers, status codes of `Invoke` | 200, 202 for `Event`, 204 for `DryRun` | API reference, `Invoke` |
//! | request of `RequestResponse`, response | 6 MB, that is 6,291,556 bytes as its messages say | quotas page; text of the error |
//! | request of `Event` | 1 MB (was 256 KB until 2025) | API reference, `Invoke` |
//! | too large a request | 413 `RequestTooLargeException` | API reference, errors of `Invoke` |
//! | request that is not JSON | 400 `InvalidRequestContentException` | API reference, errors of `Invoke` |
//! | unknown function | 404 `ResourceNotFoundException` | API reference, errors of `Invoke` |
//! | all sandboxes busy | 429 `TooManyRequestsException`, reason `ReservedFunctionConcurrentInvocationLimitExceeded` | API reference, errors of `Invoke` |
//! | shape of these errors | header `x-amzn-ErrorType`, body `{"Type": "User", "Message": …}` | the service model of the AWS SDKs (`rest-json`) |
//! | function error | 200, `X-Amz-Function-Error: Unhandled`, body as the runtime posted it | API reference, `Invoke` |
//! | timeout | `Sandbox.Timedout`, `RequestId: … Error: Task timed out after 3.00 seconds` | troubleshooting page; aws-appsync-community#386 |
//! | process ended | `Runtime.ExitError`, `RequestId: … Error: Runtime exited with error: signal: killed` | logs of the service as quoted in its troubleshooting page |
//! | response too large | `Function.ResponseSizeTooLarge`, and 413 to the runtime | seen in the official emulator |
//! | log tail | last 4 KB, base64, with `START`, `END` and `REPORT` lines | API reference, `LogType` |
//! | client context | 3,583 bytes of base64, `RequestResponse` only | API reference, `Invoke` |
//! | Runtime API | paths, headers, 202 for answers, 400 for a wrong request id, 403 for a wrong state | custom runtimes page and its OpenAPI file |
//! | environment | [`environment`](self) variables of the runtime; time zone `:UTC` | page on environment variables |
//! | `Event`: two retries after 1 and 2 minutes, six hours at most | delays are scaled down, see [`Config::retry_delays`] | page on asynchronous invocation |
//! | init | ten seconds | page on the execution environment |
//! | on-failure destination | record `1.0`: request context with condition and count, request, response | page on asynchronous invocation |
//! | loop detection | the invocation after the 16th in one chain: 400 `RecursiveInvocationException`; an `Event` goes to its destination | AWS Compute Blog, "Detecting and stopping recursive loops in AWS Lambda functions", 2023; page on recursive loop detection |
//! | how a chain is counted | part `Lineage=…` of `X-Amzn-Trace-Id`, which SDKs hand on inside functions | headers as quoted in the X-Ray guide; middleware `recursion-detection` of the SDK for JavaScript |
//! | log group, log stream | `/aws/lambda/{function}`, `{yyyy}/{mm}/{dd}/[$LATEST]{32 hex digits}` | page on CloudWatch Logs |
//! | reading logs | `DescribeLogGroups`, `DescribeLogStreams`, `FilterLogEvents`, `GetLogEvents`; 10,000 lines or 1 MB an answer | CloudWatch Logs API reference |
//! | function URLs | `/url/{function}`; events of format 2.0; a response without `statusCode` is a body with 200; 502 for a function error | page on invoking function URLs |
//! | sandboxes without work end | after some minutes nobody promises; ten here | page on the execution environment |
//!
//! Where it differs on purpose: memory is announced, not enforced; every alias and version leads to
//! the same code; signatures are not checked; a sandbox whose init takes too long is not started a
//! second time; a destination is another function of this Lambda, never a queue; of each log group the
//! newest 20,000 lines are kept, in memory.

mod config;
mod destination;
mod environment;
mod event;
mod http_io;
mod invoke_api;
mod lambda;
mod launch;
mod lineage;
mod log_lines;
mod logs;
mod platform;
mod pool;
mod process;
mod queue;
mod refusal;
mod report;
mod runtime_api;
mod sandbox;
mod service;
mod tasks;
mod url;

pub use config::{Config, Function};
pub use event::{Ended, LocalEvent, StopReason, Stream};
pub use lambda::LocalLambda;
pub use refusal::Refusal;
pub use service::{Accepted, Answer, Invocation, InvocationType, Status};
