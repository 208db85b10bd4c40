//! What S3 and DynamoDB may answer, by a server that plays a script.

use std::sync::{Arc, Mutex};

use peer_contract::ErrorCode;
use peer_contract::store::{Inventory, Key, Put, Swap};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::cloud::{Place, store_of_child};

/// Answers each request with the next line of a script, and closes the connection.
struct Script {
    url: String,
    asked: Arc<Mutex<Vec<String>>>,
}

/// An answer: status, headers, body. Without a status the connection breaks after the request was read.
#[derive(Clone)]
struct Line(Option<u16>, String, String);

fn line(status: u16, headers: &str, body: &str) -> Line {
    Line(Some(status), headers.to_owned(), body.to_owned())
}

fn error(status: u16, code: &str) -> Line {
    line(status, "", &format!("<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>m</Message></Error>"))
}

fn exception(kind: &str) -> Line {
    line(400, "", &format!("{{\"__type\":\"com.amazonaws.dynamodb.v20120810#{kind}\",\"message\":\"m\"}}"))
}

const BROKEN: Line = Line(None, String::new(), String::new());

impl Script {
    async fn of(lines: Vec<Line>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let seen = asked.clone();
        tokio::spawn(async move {
            for line in lines {
                let (stream, _) = listener.accept().await.unwrap();
                serve(stream, line, &seen).await;
            }
        });
        Self { url, asked }
    }

    /// Runs a test in a process of its own; gives what was asked.
    async fn run(self, store: &str, test: &str) -> Vec<String> {
        let place = Place::at(&self.url, store);
        let test = test.to_owned();
        tokio::task::spawn_blocking(move || place.run(&test)).await.unwrap();
        self.asked.lock().unwrap().clone()
    }
}

async fn serve(mut stream: TcpStream, Line(status, headers, body): Line, asked: &Mutex<Vec<String>>) {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    while !is_whole(&bytes) {
        let read = stream.read(&mut buffer).await.unwrap();
        assert!(read > 0, "the request ends too early");
        bytes.extend(&buffer[..read]);
    }
    asked.lock().unwrap().push(String::from_utf8(bytes).unwrap());
    let Some(status) = status else { return };
    let length = body.len();
    let answer = format!("HTTP/1.1 {status} X\r\ncontent-length: {length}\r\nconnection: close\r\n{headers}\r\n{body}");
    stream.write_all(answer.as_bytes()).await.unwrap();
}

fn is_whole(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
    body.len() >= length.unwrap_or(0)
}

fn header<'a>(asked: &'a str, name: &str) -> &'a str {
    let found = asked.lines().find_map(|line| line.split_once(": ").filter(|(key, _)| key.eq_ignore_ascii_case(name)));
    found.map_or("", |(_, value)| value)
}

fn claim() -> Key {
    Key::parse("work/w/claim/m").unwrap()
}

/// In a process with a store: the code with which reading a key fails.
async fn fails_with(store: Arc<dyn Inventory>, code: ErrorCode, words: &str) {
    let problem = store.get(&claim()).await.unwrap_err();
    assert_eq!(problem.code, code, "{problem:?}");
    let all = format!("{} {}", problem.message, problem.help);
    assert!(words.split('|').all(|word| all.contains(word)), "{all}");
}

macro_rules! refusals {
    ($($part:ident, $test:ident: $store:literal, $lines:expr => $code:expr, $words:literal;)*) => {$(
        #[tokio::test]
        async fn $part() {
            let Some(store) = store_of_child(concat!("answers::", stringify!($part))) else { return };
            fails_with(store, $code, $words).await;
        }

        #[tokio::test]
        async fn $test() {
            Script::of($lines).await.run($store, concat!("answers::", stringify!($part))).await;
        }
    )*};
}

refusals! {
    no_bucket, a_missing_bucket_is_named: "s3://my-bucket/p", vec![error(404, "NoSuchBucket")]
        => ErrorCode::ConfigurationInvalid, "no bucket `my-bucket`";
    no_right, a_missing_permission_is_named: "s3://my-bucket/p", vec![error(403, "AccessDenied")]
        => ErrorCode::ConfigurationInvalid, "`s3:GetObject`|arn:aws:s3:::my-bucket/p/*|s3:ListBucket";
    moved, a_wrong_region_is_named_with_the_right_one: "s3://my-bucket/p",
        vec![line(301, "x-amz-bucket-region: eu-west-1\r\n", "<Error><Code>PermanentRedirect</Code></Error>")]
        => ErrorCode::ConfigurationInvalid, "`my-bucket` lies in `eu-west-1`|`us-east-1`|AWS_REGION";
    malformed, a_region_in_the_body_is_found_too: "s3://my-bucket/p",
        vec![line(400, "", "<Error><Code>AuthorizationHeaderMalformed</Code><Region>eu-central-1</Region></Error>")]
        => ErrorCode::ConfigurationInvalid, "`eu-central-1`";
    stranger, credentials_that_are_not_accepted_are_told_from_permissions: "s3://my-bucket/p", vec![error(403, "InvalidAccessKeyId")]
        => ErrorCode::ConfigurationInvalid, "credentials|InvalidAccessKeyId";
    odd, an_answer_nobody_foresaw_is_a_failed_store: "s3://my-bucket/p", vec![error(418, "Teapot")]
        => ErrorCode::StoreFailed, "418|Teapot";
    slow, a_store_that_stays_slow_is_given_up_after_five_tries: "s3://my-bucket/p", vec![error(503, "SlowDown"); 5]
        => ErrorCode::StoreFailed, "5 tries|503";
    no_table, a_missing_table_is_named_with_the_keys_it_needs: "s3://my-bucket/p?table=records", vec![exception("ResourceNotFoundException")]
        => ErrorCode::ConfigurationInvalid, "no table `records`|partition key `work`";
    no_table_right, a_missing_permission_for_a_table_is_named: "s3://my-bucket/p?table=records", vec![exception("AccessDeniedException")]
        => ErrorCode::ConfigurationInvalid, "`dynamodb:GetItem`|table/records";
    other_keys, a_table_with_other_keys_is_no_table_for_a_store: "s3://my-bucket/p?table=records", vec![exception("ValidationException")]
        => ErrorCode::ConfigurationInvalid, "table `records`|sort key `key`";
    throttled, a_table_that_stays_throttled_is_given_up: "s3://my-bucket/p?table=records", vec![exception("ThrottlingException"); 5]
        => ErrorCode::StoreFailed, "DynamoDB|5 tries";
}

#[tokio::test]
async fn after_slowness() {
    let Some(store) = store_of_child("answers::after_slowness") else { return };
    assert_eq!(store.put_if_absent(&claim(), b"x").await.unwrap(), Put::Stored);
    let found = store.get(&claim()).await.unwrap().unwrap();
    let Swap::Swapped(_) = store.compare_and_set(&claim(), Some(&found.version), b"y").await.unwrap() else { panic!() };
}

#[tokio::test]
async fn what_was_refused_without_effect_is_sent_again_with_the_same_condition() {
    let (etag, slow) = ("etag: \"a\"\r\n", error(503, "SlowDown"));
    let lines = vec![
        slow.clone(),
        error(409, "ConditionalRequestConflict"),
        line(200, etag, ""),
        slow,
        line(200, etag, "x"),
        line(429, "", ""),
        line(200, "etag: \"b\"\r\n", ""),
    ];
    let asked = Script::of(lines).await.run("s3://my-bucket/p", "answers::after_slowness").await;
    assert!(asked[..3].iter().all(|put| put.starts_with("PUT /my-bucket/p/work/w/claim/m ")), "{asked:?}");
    assert!(asked[..3].iter().all(|put| header(put, "if-none-match") == "*"), "{asked:?}");
    assert!(asked[5..].iter().all(|put| header(put, "if-match") == "\"a\""), "{asked:?}");
    let hash = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881";
    assert_eq!(header(&asked[2], "x-amz-content-sha256"), hash, "S3 holds the body to its hash");
    assert!(header(&asked[2], "authorization").contains("/us-east-1/s3/aws4_request"));
}

#[tokio::test]
async fn swap_once() {
    let Some(store) = store_of_child("answers::swap_once") else { return };
    let expected = store.get(&claim()).await.unwrap().unwrap().version;
    match std::env::var("EXPECTED").unwrap().as_str() {
        "swapped" => {
            assert!(matches!(store.compare_and_set(&claim(), Some(&expected), b"y").await, Ok(Swap::Swapped(_))))
        }
        "lost" => assert_eq!(store.compare_and_set(&claim(), Some(&expected), b"y").await, Ok(Swap::Lost)),
        _ => {
            let problem = store.compare_and_set(&claim(), Some(&expected), b"y").await.unwrap_err();
            assert_eq!(problem.code, ErrorCode::StoreFailed);
            assert!(problem.message.contains("not known"), "{problem:?}");
        }
    }
}

/// What a swap comes to when these are the answers to it, and to the get before.
async fn swap(lines: Vec<Line>, expected: &str) {
    let script = Script::of(lines).await;
    let mut place = Place::at(&script.url, "s3://my-bucket/p");
    place.variables.push(("EXPECTED".to_owned(), expected.to_owned()));
    tokio::task::spawn_blocking(move || place.run("answers::swap_once")).await.unwrap();
}

#[tokio::test]
async fn a_lost_race_is_no_failure_and_an_overtaken_write_is_no_lost_race() {
    let there = line(200, "etag: \"a\"\r\n", "x");
    let changed = error(412, "PreconditionFailed");
    let theirs = line(200, "etag: \"c\"\r\nx-amz-meta-write: somebody\r\n", "z");
    swap(vec![there.clone(), changed.clone()], "lost").await;
    swap(vec![there.clone(), error(404, "NoSuchKey")], "lost").await;
    swap(vec![there.clone(), error(503, "SlowDown"), changed.clone()], "lost").await;
    swap(vec![there.clone(), BROKEN, line(200, "etag: \"b\"\r\n", "")], "swapped").await;
    // The first try may have been made, and what lies there now is of somebody else.
    swap(vec![there.clone(), BROKEN, changed.clone(), theirs.clone()], "unknown").await;
    swap(vec![there, error(500, "InternalError"), changed, theirs], "unknown").await;
}
