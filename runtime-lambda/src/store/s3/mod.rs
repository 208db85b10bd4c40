//! A store in a bucket, by conditional writes: `If-None-Match: *` for what must be new, `If-Match` for what must be unchanged.
//!
//! Never mixed with a mount (S3 Files) on one prefix: what is written there comes to the bucket later, without conditions.

mod list;
mod refusal;

use bytes::Bytes;
use http::{Method, Request, StatusCode, request};
use peer_contract_core::Problem;

use super::location::S3Place;
use super::wire::{Reply, Wire, Written, base, write_id};
use super::{Found, Key, Put, Scope, Store, Swap, Version, failed};
use crate::BoxFuture;
use crate::peers::address::endpoint;
use crate::settings::Settings;

/// A store in a bucket of S3, or of what speaks as S3 does. Connects when it is first used.
pub struct S3Store {
    wire: Wire,
    place: S3Place,
    /// URL of the bucket, with a slash.
    base: String,
}

/// What must hold for a write.
enum Condition<'a> {
    /// Nothing.
    None,
    /// Nothing lies there.
    Absent,
    /// This version lies there.
    Is(&'a Version),
}

/// Names a write, so that it is known again when its answer was lost.
const WRITE_ID: &str = "x-amz-meta-write";
/// Where bad bytes are moved to. No key begins with a dot.
const ASIDE: &str = ".bad/";

impl S3Store {
    /// A store at a place, with the region and the endpoint of the settings.
    ///
    /// # Errors
    /// `configuration_invalid` without a region or with an endpoint that is none.
    pub fn new(place: S3Place, settings: &Settings) -> Result<Self, Problem> {
        let base = base_of(&place.bucket, settings)?;
        Ok(Self { wire: Wire::new("s3", "S3", settings), place, base })
    }

    /// What the names of its objects begin with.
    pub(super) fn prefix(&self) -> &str {
        &self.place.prefix
    }

    fn request(&self, method: Method, name: &str) -> request::Builder {
        Request::builder().method(method).uri(format!("{}{}{name}", self.base, self.place.prefix))
    }

    async fn send(&self, request: request::Builder, body: Bytes) -> Result<Reply, Problem> {
        let request = request.body(body).map_err(|_| failed("a request to S3 could not be made"))?;
        self.wire.send(&request, refusal::judge).await
    }

    async fn read(&self, name: &str) -> Result<Option<(Found, Option<String>)>, Problem> {
        let reply = self.send(self.request(Method::GET, name), Bytes::new()).await?;
        match reply.head.status {
            StatusCode::OK => {}
            StatusCode::NOT_FOUND if refusal::code_of(&reply.body) != "NoSuchBucket" => return Ok(None),
            _ => return Err(self.refused("s3:GetObject", &reply)),
        }
        let id = reply.head.headers.get(WRITE_ID).and_then(|id| id.to_str().ok()).map(str::to_owned);
        Ok(Some((Found { version: version_of(&reply)?, bytes: reply.body.into() }, id)))
    }

    async fn write(&self, name: &str, condition: Condition<'_>, bytes: &[u8]) -> Result<Written, Problem> {
        let id = write_id();
        let request = self.request(Method::PUT, name).header(WRITE_ID, &id);
        let request = match &condition {
            Condition::None => request,
            Condition::Absent => request.header("if-none-match", "*"),
            Condition::Is(version) => request.header("if-match", &version.0),
        };
        let reply = self.send(request, Bytes::copy_from_slice(bytes)).await?;
        match reply.head.status.as_u16() {
            200 => version_of(&reply).map(Written::Done),
            412 if reply.in_doubt => self.look_for(name, &id).await,
            412 => Ok(Written::Refused),
            // Nothing lies there whose version could be the expected one.
            404 if matches!(condition, Condition::Is(_)) && refusal::code_of(&reply.body) == "NoSuchKey" => {
                Ok(Written::Refused)
            }
            _ => Err(self.refused("s3:PutObject", &reply)),
        }
    }

    /// Whether a write whose answer was lost was made after all.
    async fn look_for(&self, name: &str, id: &str) -> Result<Written, Problem> {
        match self.read(name).await? {
            Some((found, Some(theirs))) if theirs == id => Ok(Written::Done(found.version)),
            _ => Ok(Written::Unknown),
        }
    }

    /// Keeps bytes where a person can look at them.
    pub(super) async fn keep_aside(&self, key: &Key, bytes: &[u8]) -> Result<(), Problem> {
        self.write(&format!("{ASIDE}{key}/{}", write_id()), Condition::None, bytes).await.map(drop)
    }

    /// Removes what lies there, if it is still this version where one is given.
    async fn delete(&self, name: &str, version: Option<&Version>) -> Result<(), Problem> {
        let mut request = self.request(Method::DELETE, name);
        if let Some(version) = version {
            request = request.header("if-match", &version.0);
        }
        let reply = self.send(request, Bytes::new()).await?;
        match (reply.head.status.as_u16(), refusal::code_of(&reply.body)) {
            (200 | 204 | 412, _) | (404, "NoSuchKey" | "") => Ok(()),
            _ => Err(self.refused("s3:DeleteObject", &reply)),
        }
    }
}

impl Store for S3Store {
    fn scope(&self) -> Scope {
        Scope::Shared
    }

    fn get<'a>(&'a self, key: &'a Key) -> BoxFuture<'a, Result<Option<Found>, Problem>> {
        Box::pin(async move { Ok(self.read(key.as_str()).await?.map(|(found, _)| found)) })
    }

    fn put_if_absent<'a>(&'a self, key: &'a Key, bytes: &'a [u8]) -> BoxFuture<'a, Result<Put, Problem>> {
        Box::pin(async move { Ok(self.write(key.as_str(), Condition::Absent, bytes).await?.put()) })
    }

    fn compare_and_set<'a>(
        &'a self,
        key: &'a Key,
        expected: Option<&'a Version>,
        bytes: &'a [u8],
    ) -> BoxFuture<'a, Result<Swap, Problem>> {
        Box::pin(async move {
            self.write(key.as_str(), expected.map_or(Condition::Absent, Condition::Is), bytes).await?.swap()
        })
    }

    fn set_aside<'a>(&'a self, key: &'a Key) -> BoxFuture<'a, Result<(), Problem>> {
        Box::pin(async move {
            let Some((found, _)) = self.read(key.as_str()).await? else { return Ok(()) };
            self.keep_aside(key, &found.bytes).await?;
            self.delete(key.as_str(), Some(&found.version)).await
        })
    }
}

fn version_of(reply: &Reply) -> Result<Version, Problem> {
    let etag = reply.head.headers.get("etag").and_then(|value| value.to_str().ok());
    etag.map(|etag| Version(etag.to_owned())).ok_or_else(|| failed("S3 answered without an `ETag`"))
}

/// The bucket in the path where an endpoint is given or the name has dots, which certificates do not cover; else in the host.
fn base_of(bucket: &str, settings: &Settings) -> Result<String, Problem> {
    if let Some(text) = &settings.endpoint_s3 {
        return Ok(format!("{}/{bucket}/", base(&endpoint(text, "AWS_ENDPOINT_URL_S3")?)));
    }
    let host = settings.aws_host("s3")?;
    Ok(if bucket.contains('.') { format!("https://{host}/{bucket}/") } else { format!("https://{bucket}.{host}/") })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base(bucket: &str, variables: &[(&str, &str)]) -> Result<String, Problem> {
        let find = |name: &str| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        base_of(bucket, &Settings::read(find).unwrap())
    }

    #[test]
    fn a_bucket_stands_in_the_host_at_aws_and_in_the_path_elsewhere() {
        let at = |region| base("abc", &[("AWS_REGION", region)]).unwrap();
        assert_eq!(at("eu-west-1"), "https://abc.s3.eu-west-1.amazonaws.com/");
        assert_eq!(at("cn-north-1"), "https://abc.s3.cn-north-1.amazonaws.com.cn/");
        assert_eq!(base("a.bc", &[("AWS_REGION", "eu-west-1")]).unwrap(), "https://s3.eu-west-1.amazonaws.com/a.bc/");
        let elsewhere = [("AWS_ENDPOINT_URL", "http://x:1"), ("AWS_ENDPOINT_URL_S3", "http://y:2/")];
        assert_eq!(base("abc", &elsewhere).unwrap(), "http://y:2/abc/");
        assert_eq!(base("abc", &elsewhere[..1]).unwrap(), "http://x:1/abc/");
    }

    #[test]
    fn neither_region_nor_endpoint_leads_elsewhere() {
        for variables in [
            &[][..],
            &[("AWS_REGION", "x.example.com/")],
            &[("AWS_ENDPOINT_URL_S3", "ftp://x")],
            &[("AWS_ENDPOINT_URL_S3", "x")],
        ] {
            let problem = base("abc", variables).unwrap_err();
            assert_eq!(problem.code, peer_contract_core::ErrorCode::ConfigurationInvalid, "{variables:?}");
        }
    }
}
