//! ARNs of what takes messages, and the texts that they are made of.

/// `arn:<partition>:<service>:<region>:<account>:<name>`.
pub(super) struct Arn<'a> {
    partition: &'a str,
    pub(super) service: &'a str,
    pub(super) region: &'a str,
    pub(super) account: &'a str,
    pub(super) name: &'a str,
}

impl<'a> Arn<'a> {
    /// The parts of what begins as one; those that are not there are empty.
    pub(super) fn read(text: &'a str) -> Option<Self> {
        let mut parts = text.strip_prefix("arn:")?.splitn(5, ':').chain(std::iter::repeat(""));
        let mut next = || parts.next().unwrap_or_default();
        Some(Self { partition: next(), service: next(), region: next(), account: next(), name: next() })
    }

    /// The host of the service at AWS.
    pub(super) fn host(&self) -> String {
        let domain = if self.partition == "aws-cn" { "amazonaws.com.cn" } else { "amazonaws.com" };
        format!("{}.{}.{domain}", self.service, self.region)
    }

    /// Whether region, account and name are such, and the name has at most so many characters.
    pub(super) fn is_whole(&self, longest: usize) -> bool {
        is_region(self.region) && is_account(self.account) && is_name(self.name, longest)
    }
}

/// Characters that cannot lead to another host.
pub(super) fn is_region(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|c| matches!(c, b'a'..=b'z' | b'0'..=b'9' | b'-'))
}

pub(super) fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|c| c.is_ascii_digit())
}

/// The name of a queue or a topic.
pub(super) fn is_name(text: &str, longest: usize) -> bool {
    let allowed = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_' | b'.');
    (1..=longest).contains(&text.len()) && text.bytes().all(allowed)
}
