//! ARNs, the names of resources at AWS, and the texts that they are made of: one reading for peers, settings and templates.
//!
//! The form stands in docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html. A part that is empty is one that the text does not
//! say: names of buckets have no region and no account. Whoever needs such a part asks [`Arn::is_whole`].

/// `arn:<partition>:<service>:<region>:<account>:<resource>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arn<'a> {
    /// `aws`, `aws-cn`, `aws-us-gov`.
    pub partition: &'a str,
    /// `sqs`, for example.
    pub service: &'a str,
    /// `eu-west-1`, for example.
    pub region: &'a str,
    /// Twelve digits.
    pub account: &'a str,
    /// The rest: it may have colons.
    pub resource: &'a str,
}

impl<'a> Arn<'a> {
    /// The parts of what begins as an ARN; those that are not there are empty.
    pub fn read(text: &'a str) -> Option<Self> {
        let mut parts = text.strip_prefix("arn:")?.splitn(5, ':').chain(std::iter::repeat(""));
        let mut next = || parts.next().unwrap_or_default();
        Some(Self { partition: next(), service: next(), region: next(), account: next(), resource: next() })
    }

    /// Whether it names something of this service in a region and an account.
    pub fn is_whole(&self, service: &str) -> bool {
        self.service == service
            && is_label(self.partition)
            && is_label(self.region)
            && is_account(self.account)
            && !self.resource.is_empty()
    }

    /// The same where the resource is a name of at most so many characters, as queues and topics have.
    pub fn is_named(&self, service: &str, longest: usize) -> bool {
        self.is_whole(service) && is_name(self.resource, longest)
    }
}

/// Whether this may be a region, or another label of a host: characters that cannot lead to another one.
pub fn is_label(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|c| matches!(c, b'a'..=b'z' | b'0'..=b'9' | b'-'))
}

/// Whether this is the number of an account.
pub fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|c| c.is_ascii_digit())
}

/// Whether a queue or a topic may be called so.
pub fn is_name(text: &str, longest: usize) -> bool {
    let allowed = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_' | b'.');
    (1..=longest).contains(&text.len()) && text.bytes().all(allowed)
}

/// The host of a service at AWS: `sqs.eu-west-1.amazonaws.com`.
pub fn host(service: &str, region: &str) -> String {
    let domain = if region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" };
    format!("{service}.{region}.{domain}")
}

/// The partition that a region is in.
pub fn partition_of(region: &str) -> &'static str {
    match region {
        region if region.starts_with("cn-") => "aws-cn",
        region if region.starts_with("us-gov-") => "aws-us-gov",
        _ => "aws",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rest_of_an_arn_is_its_resource() {
        let arn = Arn::read("arn:aws:lambda:eu-west-1:123456789012:function:ranker:live").unwrap();
        assert_eq!((arn.service, arn.region, arn.resource), ("lambda", "eu-west-1", "function:ranker:live"));
        assert!(arn.is_whole("lambda") && !arn.is_whole("sqs"));
    }

    #[test]
    fn what_is_not_said_is_empty_and_nothing_whole() {
        assert_eq!(Arn::read("jobs"), None);
        let bucket = Arn::read("arn:aws:s3:::uploads").unwrap();
        assert_eq!((bucket.region, bucket.account, bucket.resource), ("", "", "uploads"));
        for text in [
            "arn:",
            "arn:aws:sqs",
            "arn:aws:sqs::123456789012:jobs",
            "arn:aws:sqs:eu-west-1:1234:jobs",
            "arn:aws:sqs:eu-west-1:123456789012:",
            "arn::sqs:eu-west-1:123456789012:jobs",
            "arn:aws:sqs:x.example.com/:123456789012:jobs",
        ] {
            assert!(!Arn::read(text).unwrap().is_whole("sqs"), "{text}");
        }
    }

    #[test]
    fn a_name_holds_nothing_that_leads_elsewhere() {
        let named =
            |name: &str| Arn::read(&format!("arn:aws:sqs:eu-west-1:123456789012:{name}")).unwrap().is_named("sqs", 80);
        assert!(named("jobs.fifo") && named(&"x".repeat(80)));
        assert!(!named("a/b") && !named("a:b") && !named(&"x".repeat(81)));
    }

    #[test]
    fn a_region_says_its_partition_and_its_domain() {
        assert_eq!(host("sns", "cn-north-1"), "sns.cn-north-1.amazonaws.com.cn");
        assert_eq!(["cn-north-1", "us-gov-west-1", "eu-west-1"].map(partition_of), ["aws-cn", "aws-us-gov", "aws"]);
    }
}
