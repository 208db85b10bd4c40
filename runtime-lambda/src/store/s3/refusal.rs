//! What an answer of S3 that is no success means.

use http::StatusCode;
use peer_contract_core::Problem;

use super::super::failed;
use super::super::wire::{Reply, Verdict, misplaced};
use super::S3Store;
use crate::xml::text_of;

/// The word of an error, as <https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html> lists them; empty without one.
pub(super) fn code_of(body: &[u8]) -> &str {
    let text = std::str::from_utf8(body).ok().and_then(|xml| text_of(xml, "Code")).unwrap_or_default();
    if text.bytes().all(|c| c.is_ascii_alphanumeric()) { text } else { "" }
}

/// Whether another try may help.
pub(super) fn judge(status: StatusCode, body: &[u8]) -> Verdict {
    match (status.as_u16(), code_of(body)) {
        // Two conditional writes met, and this one was not made.
        (409, "ConditionalRequestConflict" | "OperationAborted") | (503, "SlowDown") | (429, _) => Verdict::Again,
        (400, "RequestTimeout") => Verdict::Unknown,
        (500..=599, _) => Verdict::Unknown,
        _ => Verdict::Final,
    }
}

impl S3Store {
    /// The problem of a request that needs the permission `action`.
    pub(super) fn refused(&self, action: &str, reply: &Reply) -> Problem {
        let (bucket, status) = (&self.place.bucket, reply.head.status.as_u16());
        match (status, code_of(&reply.body)) {
            (_, "NoSuchBucket") => misplaced(format!("there is no bucket `{bucket}`")),
            (301 | 307 | 308, _) | (400, "AuthorizationHeaderMalformed" | "IllegalLocationConstraintException") => {
                misplaced(format!(
                    "bucket `{bucket}` lies in {}, and requests go to `{}`",
                    region(reply),
                    self.wire.region()
                ))
                .with_help("set `AWS_REGION` to the region of the bucket")
            }
            (
                _,
                code @ ("InvalidAccessKeyId"
                | "SignatureDoesNotMatch"
                | "ExpiredToken"
                | "InvalidToken"
                | "RequestTimeTooSkewed"),
            ) => misplaced(format!("S3 does not accept the AWS credentials ({code})")),
            (403, _) => {
                let place = format!("arn:aws:s3:::{bucket}/{}*", self.place.prefix);
                let help = format!(
                    "allow `{action}` on `{place}`, and `s3:ListBucket` on the bucket: without that S3 says the same of a key that is not there"
                );
                misplaced(format!("S3 refuses `{action}` in bucket `{bucket}`")).with_help(help)
            }
            (status, code) => failed(format!("S3 answered `{action}` with status {status} {code}")),
        }
    }
}

/// Where the bucket lies, as far as the answer tells.
fn region(reply: &Reply) -> String {
    let of_header = reply.head.headers.get("x-amz-bucket-region").and_then(|value| value.to_str().ok());
    let of_body = || std::str::from_utf8(&reply.body).ok().and_then(|xml| text_of(xml, "Region"));
    let is_region = |text: &&str| text.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'-');
    of_header.or_else(of_body).filter(is_region).map_or_else(|| "another region".into(), |region| format!("`{region}`"))
}
