//! Where a store is, as settings and commands name it.

use std::fmt;
use std::path::PathBuf;

use peer_contract_core::{ErrorCode, Pointer, Problem};

/// Where a store is: a folder, or `s3://bucket/prefix?table=name`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// A folder.
    Folder(PathBuf),
    /// A bucket, with or without a table beside it.
    S3(S3Place),
}

/// A place in a bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct S3Place {
    /// The bucket's name.
    pub(super) bucket: String,
    /// Empty, or with a slash at its end.
    pub(super) prefix: String,
    /// The DynamoDB table for what is small and changes: claims, outcomes, results.
    pub(super) table: Option<String>,
}

impl Location {
    /// Reads a folder's path or an `s3://` URL.
    ///
    /// # Errors
    /// `configuration_invalid` for a URL of another kind, and for names that S3 or DynamoDB cannot have.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        match text.split_once("://") {
            Some(("s3", rest)) => place_of(rest).map(Self::S3).ok_or_else(|| refused(BAD_PLACE)),
            Some(_) => Err(refused("a store is a folder, or `s3://bucket/prefix`, with or without `?table=name`")),
            None => Ok(Self::Folder(PathBuf::from(text))),
        }
    }
}

const BAD_PLACE: &str = "a store in S3 is `s3://bucket/prefix`, with or without `?table=name`: a bucket of 3 to 63 of `[a-z0-9.-]`, \
    parts of a prefix of `[A-Za-z0-9_.-]` that begin with no dot, a table of 3 to 255 of `[A-Za-z0-9_.-]`";

fn place_of(text: &str) -> Option<S3Place> {
    let (path, query) = text.split_once('?').map_or((text, None), |(path, query)| (path, Some(query)));
    let table = query.map(|query| query.strip_prefix("table=").filter(|table| is_table(table)).map(str::to_owned));
    let (bucket, prefix) = path.split_once('/').unwrap_or((path, ""));
    let prefix = prefix.trim_end_matches('/');
    let legal = is_bucket(bucket) && prefix.len() <= 256 && (prefix.is_empty() || prefix.split('/').all(is_part));
    let prefix = if prefix.is_empty() { String::new() } else { format!("{prefix}/") };
    (legal && table != Some(None)).then(|| S3Place { bucket: bucket.to_owned(), prefix, table: table.flatten() })
}

fn is_bucket(text: &str) -> bool {
    let inner = |c: u8| matches!(c, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-');
    (3..=63).contains(&text.len())
        && text.bytes().all(inner)
        && !text.starts_with(['.', '-'])
        && !text.ends_with(['.', '-'])
        && !text.contains("..")
}

fn is_part(text: &str) -> bool {
    !text.is_empty() && !text.starts_with('.') && text.bytes().all(is_plain)
}

fn is_table(text: &str) -> bool {
    (3..=255).contains(&text.len()) && text.bytes().all(is_plain)
}

fn is_plain(c: u8) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, b'_' | b'.' | b'-')
}

fn refused(message: &str) -> Problem {
    Problem::new(ErrorCode::ConfigurationInvalid, Pointer::root(), message)
}

/// As [`Location::parse`] reads it.
impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(folder) => write!(f, "{}", folder.display()),
            Self::S3(S3Place { bucket, prefix, table }) => {
                write!(f, "s3://{bucket}/{prefix}")?;
                table.as_ref().map_or(Ok(()), |table| write!(f, "?table={table}"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_location_reads_back_what_it_prints() {
        for text in
            ["s3://abc/", "s3://a.b-c/x/Y_1/", "s3://abc/?table=work", "s3://abc/p/?table=a.b-c_D", "/tmp/x", "x y"]
        {
            assert_eq!(Location::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(Location::parse("s3://abc"), Location::parse("s3://abc/"));
        assert_eq!(Location::parse("s3://abc/x"), Location::parse("s3://abc/x/"));
    }

    #[test]
    fn what_could_lead_elsewhere_is_no_location() {
        for text in [
            "s3://",
            "s3://ab",
            "s3://Abc",
            "s3://a@b.c/",
            "s3://abc:80/",
            "s3://abc/../x",
            "s3://abc/a//b",
            "s3://abc/.bad",
            "s3://abc/a b",
            "s3://abc/%2e",
            "s3://abc?table=",
            "s3://abc?table=a/b",
            "s3://abc?x=1",
            "s3://abc?table=abc&x=1",
            "s3://a..b",
            "s3://-abc",
            "s3://abc#x",
            "http://abc/",
            "gs://abc",
        ] {
            assert_eq!(Location::parse(text).unwrap_err().code, ErrorCode::ConfigurationInvalid, "{text}");
        }
    }
}
