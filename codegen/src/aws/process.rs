//! Programs that print credentials.

use std::io::Read;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant, UNIX_EPOCH};

use peer_contract::peers::Credentials;
use peer_contract_core::Problem;
use peer_contract_core::envelope::from_rfc3339;
use serde::Deserialize;

use super::refuse;

/// As long as AWS's own tools wait for one: somebody may have to touch a key.
const LONGEST: Duration = Duration::from_secs(60);
/// Bytes of an answer.
const ANSWER: u64 = 64 << 10;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    version: u64,
    access_key_id: String,
    secret_access_key: String,
    session_token: Option<String>,
    expiration: Option<String>,
}

/// Runs the program of a profile. What it prints is a secret: nothing of it stands in a message.
pub(super) fn ask(command: &str, profile: &str) -> Result<Credentials, Problem> {
    let named = |what: &str| refuse(format!("the `credential_process` of {profile} {what}"));
    let mut child = shell(command).spawn().map_err(|error| named(&format!("cannot be started: {error}")))?;
    let reader = child.stdout.take().map(|stdout| {
        std::thread::spawn(move || {
            let mut text = Vec::new();
            stdout.take(ANSWER).read_to_end(&mut text).map(|_| text)
        })
    });
    let status = wait(&mut child).map_err(|error| named(&format!("cannot be waited for: {error}")))?;
    let Some(status) = status else { return Err(named(&format!("did not end within {} s", LONGEST.as_secs()))) };
    if !status.success() {
        return Err(named(&format!("ended with {status}")));
    }
    let text = reader.and_then(|reader| reader.join().ok()?.ok()).unwrap_or_default();
    let answer = serde_json::from_slice::<Answer>(&text).ok().filter(|answer| answer.version == 1);
    let none = || {
        named("printed no credentials")
            .with_help(r#"they are `{"Version": 1, "AccessKeyId": …, "SecretAccessKey": …}`"#)
    };
    let Answer { access_key_id: id, secret_access_key: secret, session_token: token, expiration, .. } =
        answer.ok_or_else(none)?;
    let expiry = expiration.as_deref().and_then(from_rfc3339).map(|ms| UNIX_EPOCH + Duration::from_millis(ms));
    Ok(Credentials { id, secret, token, expiry })
}

fn shell(line: &str) -> Command {
    let mut command = if cfg!(windows) { Command::new("cmd") } else { Command::new("sh") };
    command.arg(if cfg!(windows) { "/C" } else { "-c" }).arg(line);
    command.stdin(Stdio::null()).stdout(Stdio::piped());
    command
}

/// How it ended; nothing when it had to be ended.
fn wait(child: &mut Child) -> std::io::Result<Option<ExitStatus>> {
    let until = Instant::now() + LONGEST;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if Instant::now() > until {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}
