//! Credentials for signing: the environment of the function, the endpoint of its container, or whoever the settings name.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use http::{HeaderValue, Request, Uri};
use peer_contract_core::{ErrorCode, Problem, envelope};
use serde::Deserialize;
use tokio::sync::Mutex;

use super::Unreached;
use super::client::Client;

/// What a request is signed with. Not `Debug`: nothing of it belongs into a log.
#[derive(Clone)]
pub struct Credentials {
    /// The access key's id.
    pub id: String,
    /// Its secret.
    pub secret: String,
    /// Of a session.
    pub token: Option<String>,
    /// Until when they are good; for ever by default.
    pub expiry: Option<SystemTime>,
}

/// Gives credentials where the environment has none, such as those of a person's profile. It may take its time.
pub trait Provide: fmt::Debug + Send + Sync + 'static {
    /// Credentials, or nothing where there are none. It is asked again some minutes before they expire.
    ///
    /// # Errors
    /// `configuration_invalid` with what is to be done; no secret in it.
    fn provide(&self) -> Result<Option<Credentials>, Problem>;
}

/// Where credentials come from, and the ones that are still good.
pub(crate) struct CredentialSource {
    kind: Kind,
    provider: Provider,
    kept: Mutex<Option<Credentials>>,
}

enum Kind {
    None,
    Fixed(Credentials),
    Container(Container),
}

/// Whoever the settings name, if anybody.
pub(crate) type Provider = Option<Arc<dyn Provide>>;

struct Container {
    url: Uri,
    token: Token,
}

enum Token {
    None,
    Text(String),
    /// Read each time: it is renewed on disk.
    File(String),
}

impl CredentialSource {
    /// Reads the variables that AWS defines for it. Keys there go before the provider, and that before a container.
    pub(crate) fn from_env(provider: &Provider) -> Result<Self, Unreached> {
        Self::read(|name| std::env::var(name).ok(), provider.clone())
    }

    pub(crate) fn read(variable: impl Fn(&str) -> Option<String>, provider: Provider) -> Result<Self, Unreached> {
        let variable = |name: &str| variable(name).filter(|text| !text.is_empty());
        let kind = match (variable("AWS_ACCESS_KEY_ID"), variable("AWS_SECRET_ACCESS_KEY")) {
            (Some(id), Some(secret)) => {
                Kind::Fixed(Credentials { id, secret, token: variable("AWS_SESSION_TOKEN"), expiry: None })
            }
            _ => container(&variable)?.map_or(Kind::None, Kind::Container),
        };
        Ok(Self { kind, provider, kept: Mutex::new(None) })
    }

    /// Credentials that are good for some minutes; `None` where none are configured.
    pub(crate) async fn get(&self, client: &Client) -> Result<Option<Credentials>, Unreached> {
        if let Kind::Fixed(credentials) = &self.kind {
            return Ok(Some(credentials.clone()));
        }
        // Held while asking, so that many calls at once ask once.
        let mut kept = self.kept.lock().await;
        if kept.as_ref().is_none_or(|credentials| !is_fresh(credentials)) {
            *kept = self.ask(client).await?;
        }
        Ok(kept.clone())
    }

    async fn ask(&self, client: &Client) -> Result<Option<Credentials>, Unreached> {
        if let Some(provider) = self.provider.clone()
            && let Some(provided) = provided(provider).await?
        {
            return Ok(Some(provided));
        }
        match &self.kind {
            Kind::Container(container) => container.ask(client).await.map(Some),
            Kind::None | Kind::Fixed(_) => Ok(None),
        }
    }
}

/// On a thread of its own: it may read files, and run programs.
async fn provided(provider: Arc<dyn Provide>) -> Result<Option<Credentials>, Unreached> {
    let asked = tokio::task::spawn_blocking(move || provider.provide()).await;
    let ended = |_| Unreached::terminal(ErrorCode::ConfigurationInvalid, "whoever gives credentials ended without any");
    Ok(asked.map_err(ended)??)
}

fn is_fresh(credentials: &Credentials) -> bool {
    credentials.expiry.is_none_or(|expiry| expiry > SystemTime::now() + RENEW_BEFORE)
}

const RENEW_BEFORE: Duration = Duration::from_secs(300);

fn container(variable: &impl Fn(&str) -> Option<String>) -> Result<Option<Container>, Unreached> {
    let relative = variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI").map(|path| format!("http://169.254.170.2{path}"));
    let Some(text) = relative.or_else(|| variable("AWS_CONTAINER_CREDENTIALS_FULL_URI")) else { return Ok(None) };
    let url = text.parse().ok().filter(may_hold_credentials).ok_or_else(|| {
        let message = "the endpoint for container credentials must be `https`, or `http` on this machine";
        Unreached::terminal(ErrorCode::ConfigurationInvalid, message)
    })?;
    let file = variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE").map(Token::File);
    let token = file.or_else(|| variable("AWS_CONTAINER_AUTHORIZATION_TOKEN").map(Token::Text)).unwrap_or(Token::None);
    Ok(Some(Container { url, token }))
}

/// Plain `http` only to this machine and the addresses that ECS and EKS use for it.
fn may_hold_credentials(url: &Uri) -> bool {
    let host = url.host().unwrap_or_default();
    match (url.scheme_str(), host.trim_matches(['[', ']']).parse()) {
        (Some("https"), _) => !host.is_empty(),
        (Some("http"), Ok(IpAddr::V4(ip))) => ip.is_loopback() || matches!(ip.octets(), [169, 254, 170, 2 | 23]),
        (Some("http"), Ok(IpAddr::V6(ip))) => ip.is_loopback() || ip.segments() == [0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x23],
        (Some("http"), Err(_)) => host.eq_ignore_ascii_case("localhost"),
        _ => false,
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    access_key_id: String,
    secret_access_key: String,
    token: Option<String>,
    expiration: Option<String>,
}

impl Container {
    async fn ask(&self, client: &Client) -> Result<Credentials, Unreached> {
        let mut request = Request::get(&self.url).body(Bytes::new()).map_err(|_| unusable())?;
        if let Some(mut token) = self.token()? {
            token.set_sensitive(true);
            request.headers_mut().insert(http::header::AUTHORIZATION, token);
        }
        let (head, body) = client.send(request, ANSWER_BYTES, ANSWER_TIME).await?;
        if !head.status.is_success() {
            let message = format!("the endpoint for credentials answered with status {}", head.status.as_u16());
            return Err(Unreached::retryable(ErrorCode::PeerUnreachable, message));
        }
        let answer: Answer = serde_json::from_slice(&body).map_err(|_| unusable())?;
        let expiry = answer.expiration.as_deref().and_then(envelope::from_rfc3339);
        let expiry = expiry.map(|ms| UNIX_EPOCH + Duration::from_millis(ms));
        let (id, secret) = (answer.access_key_id, answer.secret_access_key);
        Ok(Credentials { id, secret, token: answer.token, expiry })
    }

    fn token(&self) -> Result<Option<HeaderValue>, Unreached> {
        let text = match &self.token {
            Token::None => return Ok(None),
            Token::Text(text) => text.clone(),
            Token::File(path) => std::fs::read_to_string(path).map_err(|_| unusable())?,
        };
        HeaderValue::from_str(text.trim_end()).map(Some).map_err(|_| unusable())
    }
}

const ANSWER_BYTES: usize = 64 << 10;
const ANSWER_TIME: Duration = Duration::from_secs(5);

fn unusable() -> Unreached {
    Unreached::terminal(ErrorCode::ConfigurationInvalid, "the endpoint for container credentials cannot be used")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Result<CredentialSource, Unreached> {
        let find = |name: &str| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        CredentialSource::read(find, None)
    }

    #[derive(Debug)]
    struct Known;

    impl Provide for Known {
        fn provide(&self) -> Result<Option<Credentials>, Problem> {
            Ok(Some(Credentials { id: "p".into(), secret: "q".into(), token: None, expiry: None }))
        }
    }

    #[tokio::test]
    async fn a_provider_is_asked_where_the_environment_has_no_keys() {
        for (keys, id) in [(vec![], "p"), (vec![("AWS_ACCESS_KEY_ID", "a"), ("AWS_SECRET_ACCESS_KEY", "b")], "a")] {
            let variable = |name: &str| keys.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
            let source = CredentialSource::read(variable, Some(Arc::new(Known))).unwrap();
            assert_eq!(source.get(&Client::default()).await.unwrap().unwrap().id, id);
        }
    }

    #[tokio::test]
    async fn keys_of_the_environment_go_first() {
        let keys = [("AWS_ACCESS_KEY_ID", "a"), ("AWS_SECRET_ACCESS_KEY", "b"), ("AWS_SESSION_TOKEN", "c")];
        let credentials = read(&keys).unwrap().get(&Client::default()).await.unwrap().unwrap();
        assert_eq!((credentials.id.as_str(), credentials.token.as_deref()), ("a", Some("c")));
        assert!(read(&[]).unwrap().get(&Client::default()).await.unwrap().is_none());
    }

    #[test]
    fn credentials_are_not_asked_for_in_the_clear_elsewhere() {
        let ask = |url| read(&[("AWS_CONTAINER_CREDENTIALS_FULL_URI", url)]).is_ok();
        for url in ["http://127.0.0.1:80/x", "http://[::1]/x", "http://169.254.170.23/v1", "https://example.org/x"] {
            assert!(ask(url), "{url}");
        }
        for url in ["http://example.org/", "http://169.254.169.254/", "file:///x", "http://10.0.0.1/", "x"] {
            assert!(!ask(url), "{url}");
        }
    }
}
