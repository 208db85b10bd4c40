//! Which hosts may see a request signed with the function's credentials.
//!
//! A signature carries the session token. A URL may lead anywhere, so only hosts of AWS get one, and only over TLS.

use http::Uri;
use peer_contract_core::arn::is_label;

/// The region to sign for, when the host is the Lambda API of AWS or a function URL.
pub(super) fn region_of(url: &Uri) -> Option<String> {
    let authority = url.authority()?;
    if url.scheme_str() != Some("https")
        || !matches!(url.port_u16(), None | Some(443))
        || authority.as_str().contains('@')
    {
        return None;
    }
    let host = authority.host().to_ascii_lowercase();
    let labels: Vec<&str> = host.split('.').collect();
    let region = match labels[..] {
        ["lambda" | "lambda-fips", region, "amazonaws", "com"] | ["lambda", region, "amazonaws", "com", "cn"] => region,
        [id, "lambda-url", region, "on", "aws"] if is_label(id) => region,
        _ => return None,
    };
    is_label(region).then(|| region.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn region(text: &str) -> Option<String> {
        text.parse().ok().and_then(|url| region_of(&url))
    }

    #[test]
    fn hosts_of_aws_are_signed_for_in_their_own_region() {
        for text in [
            "https://lambda.eu-west-1.amazonaws.com/2015-03-31/functions/f/invocations",
            "https://LAMBDA-fips.eu-west-1.amazonaws.com:443/",
            "https://abc.lambda-url.eu-west-1.on.aws/",
        ] {
            assert_eq!(region(text).as_deref(), Some("eu-west-1"), "{text}");
        }
        assert_eq!(region("https://lambda.cn-north-1.amazonaws.com.cn/").as_deref(), Some("cn-north-1"));
    }

    #[test]
    fn nobody_else_is() {
        for text in [
            "http://lambda.eu-west-1.amazonaws.com/",
            "http://abc.lambda-url.eu-west-1.on.aws/",
            "https://abc.lambda-url.eu-west-1.on.aws:8443/",
            "https://abc.lambda-url.eu-west-1.on.aws.example.com/",
            "https://lambda-url.eu-west-1.on.aws/",
            "https://a.b.lambda-url.eu-west-1.on.aws/",
            "https://a%2e.lambda-url.eu-west-1.on.aws/",
            "https://lambda.eu-west-1.amazonaws.com.example.com/",
            "https://lambda.eu-west-1.amazonaws.com@example.com/",
            "https://example.com/lambda.eu-west-1.amazonaws.com",
            "https://s3.eu-west-1.amazonaws.com/",
            "https://lambda..amazonaws.com/",
            "https://127.0.0.1/",
            "https://[::1]/",
        ] {
            assert_eq!(region(text), None, "{text}");
        }
    }
}
