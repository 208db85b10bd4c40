//! AWS Signature Version 4, by `aws-sigv4`.

use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SigningSettings, UriPathNormalizationMode,
    sign as signature_of,
};
use aws_sigv4::sign::v4::SigningParams;
use http::Request;
use peer_contract_core::ErrorCode;

use super::Unreached;

/// What a signature is made for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Target<'a> {
    pub(crate) region: &'a str,
    pub(crate) service: &'a str,
}

/// Signs a request in its headers.
pub(crate) fn sign<B: AsRef<[u8]>>(
    request: &mut Request<B>,
    target: Target<'_>,
    credentials: &Credentials,
    time: SystemTime,
) -> Result<(), Unreached> {
    let identity = credentials.clone().into();
    let params = SigningParams::builder()
        .identity(&identity)
        .region(target.region)
        .name(target.service)
        .time(time)
        .settings(settings_of(target.service))
        .build()
        .map_err(|_| unsigned())?;
    let headers = request.headers().iter();
    let headers = headers.map(|(name, value)| Ok((name.as_str(), value.to_str().map_err(|_| unsigned())?)));
    let headers = headers.collect::<Result<Vec<_>, Unreached>>()?;
    let body = SignableBody::Bytes(request.body().as_ref());
    let uri = request.uri().to_string();
    let signable = SignableRequest::new(request.method().as_str(), uri, headers.into_iter(), body);
    let signed = signature_of(signable.map_err(|_| unsigned())?, &params.into()).map_err(|_| unsigned())?;
    let (instructions, _) = signed.into_parts();
    instructions.apply_to_request_http1x(request);
    Ok(())
}

/// S3 takes paths as they come, and wants the hash of the body in a header.
fn settings_of(service: &str) -> SigningSettings {
    let mut settings = SigningSettings::default();
    if service == "s3" {
        settings.percent_encoding_mode = PercentEncodingMode::Single;
        settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
        settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
    }
    settings
}

fn unsigned() -> Unreached {
    Unreached::terminal(ErrorCode::ConfigurationInvalid, "the request to the peer could not be signed")
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;

    // The worked example of the AWS documentation for Signature Version 4: its inputs, and its published result.
    #[test]
    fn the_published_example_has_the_published_signature() {
        let mut request = Request::get("https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08")
            .header("content-type", "application/x-www-form-urlencoded; charset=utf-8")
            .body(Vec::new())
            .unwrap();
        let secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
        let credentials = Credentials::new("AKIDEXAMPLE", secret, None, None, "example");
        let time = UNIX_EPOCH + Duration::from_secs(1_440_938_160);
        sign(&mut request, Target { region: "us-east-1", service: "iam" }, &credentials, time).unwrap();
        assert_eq!(request.headers()["x-amz-date"], "20150830T123600Z");
        let expected = "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, \
            SignedHeaders=content-type;host;x-amz-date, \
            Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7";
        assert_eq!(request.headers()["authorization"], expected);
    }
}
