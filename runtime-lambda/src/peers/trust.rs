//! Which hosts may see a request signed with the function's credentials.
//!
//! A signature carries the session token. A URL may lead anywhere, so only hosts of AWS get one, and only over TLS.

use url::Url;

/// The region to sign for, when the host is the Lambda API of AWS or a function URL.
pub(super) fn region_of(url: &Url) -> Option<&str> {
    if url.scheme() != "https" || url.port().is_some() {
        return None;
    }
    let labels: Vec<&str> = url.host_str()?.split('.').collect();
    match labels[..] {
        ["lambda" | "lambda-fips", region, "amazonaws", "com"]
        | ["lambda", region, "amazonaws", "com", "cn"]
        | [_, "lambda-url", region, "on", "aws"] => is_region(region).then_some(region),
        _ => None,
    }
}

fn is_region(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|c| matches!(c, b'a'..=b'z' | b'0'..=b'9' | b'-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn region(text: &str) -> Option<String> {
        region_of(&Url::parse(text).unwrap()).map(str::to_owned)
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
