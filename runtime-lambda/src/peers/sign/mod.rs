//! AWS Signature Version 4, in the headers of a request.
//!
//! What is signed: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html>.

mod canonical;
#[cfg(test)]
mod tests;

use std::time::{SystemTime, UNIX_EPOCH};

use hmac::{Hmac, KeyInit, Mac};
use http::{HeaderValue, Request};
use peer_contract_core::{ErrorCode, envelope};
use sha2::{Digest, Sha256};

use self::canonical::Paths;
pub(super) use self::canonical::encoded;
use super::Unreached;
use super::credentials::Credentials;
use peer_contract_core::hex::hex;

/// What a signature is made for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Target<'a> {
    pub(crate) region: &'a str,
    pub(crate) service: &'a str,
}

/// Signs a request in its headers.
///
/// # Errors
/// `configuration_invalid` where the URL has no host, or something does not fit into a header.
pub(crate) fn sign<B: AsRef<[u8]>>(
    request: &mut Request<B>,
    target: Target<'_>,
    credentials: &Credentials,
    time: SystemTime,
) -> Result<(), Unreached> {
    // S3 takes paths as they come, and wants the hash of the body in a header.
    let is_s3 = target.service == "s3";
    let paths =
        if is_s3 { Paths { normalized: false, encoded: false } } else { Paths { normalized: true, encoded: true } };
    sign_as(request, target, credentials, time, Form { paths, body_in_header: is_s3 }).ok_or_else(unsigned)
}

/// How services differ in what they sign.
#[derive(Clone, Copy)]
struct Form {
    paths: Paths,
    body_in_header: bool,
}

fn sign_as<B: AsRef<[u8]>>(
    request: &mut Request<B>,
    target: Target<'_>,
    credentials: &Credentials,
    time: SystemTime,
    form: Form,
) -> Option<()> {
    let time = timestamp(time)?;
    let body = hex(&Sha256::digest(request.body().as_ref()));
    let headers = request.headers_mut();
    headers.insert("x-amz-date", HeaderValue::try_from(&time).ok()?);
    if let Some(token) = &credentials.token {
        headers.insert("x-amz-security-token", secret(token)?);
    }
    if form.body_in_header {
        headers.insert("x-amz-content-sha256", HeaderValue::try_from(&body).ok()?);
    }
    let scope = format!("{}/{}/{}/aws4_request", &time[..8], target.region, target.service);
    let canonical = canonical::request(request, form.paths, &body)?;
    let text = format!("AWS4-HMAC-SHA256\n{time}\n{scope}\n{}", hex(&Sha256::digest(&canonical.text)));
    let signature = hex(&keyed(&key(credentials, &time[..8], target), &text));
    let authorization = format!(
        "AWS4-HMAC-SHA256 Credential={}/{scope}, SignedHeaders={}, Signature={signature}",
        credentials.id, canonical.signed_headers
    );
    request.headers_mut().insert(http::header::AUTHORIZATION, secret(&authorization)?);
    Some(())
}

/// `20150830T123600Z`.
fn timestamp(time: SystemTime) -> Option<String> {
    let seconds = time.duration_since(UNIX_EPOCH).ok()?.as_secs();
    let text = envelope::to_rfc3339(seconds * 1_000);
    Some(text.replace(['-', ':'], "").replace(".000", ""))
}

/// The key of one day, region and service: who learns it has not learned the secret.
fn key(credentials: &Credentials, day: &str, target: Target<'_>) -> [u8; 32] {
    let first = keyed(format!("AWS4{}", credentials.secret).as_bytes(), day);
    [target.region, target.service, "aws4_request"].into_iter().fold(first, |key, text| keyed(&key, text))
}

fn keyed(key: &[u8], text: &str) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().into()
}

/// The value of a header that no log shows.
fn secret(text: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::try_from(text).ok()?;
    value.set_sensitive(true);
    Some(value)
}

fn unsigned() -> Unreached {
    Unreached::terminal(ErrorCode::ConfigurationInvalid, "the request to the peer could not be signed")
}
