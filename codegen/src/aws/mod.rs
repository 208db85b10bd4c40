//! Whoever runs the command, as AWS knows them: profiles of `~/.aws`, and programs that give credentials. Agents have neither.
//!
//! ```text
//! AWS_ACCESS_KEY_ID … │ profile: keys │ credential_process │ endpoint of a container
//! ```
//!
//! Files, their sections and the answer of a program stand in docs.aws.amazon.com/sdkref/latest/guide/file-format.html and
//! docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html.

mod ini;
mod process;
mod profile;

use std::sync::Arc;

use peer_contract::host::Settings;
use peer_contract_core::{ErrorCode, Pointer, Problem};

use profile::Profile;

/// The settings of the environment, with the credentials and the region of the profile where the environment has none.
///
/// # Errors
/// As [`Settings::from_env`].
pub fn settings() -> Result<Settings, Problem> {
    let profile = Profile::of(|name| std::env::var(name).ok());
    let mut settings = Settings::from_env()?;
    settings.region = settings.region.or_else(|| profile.region());
    settings.credentials = Some(Arc::new(profile));
    Ok(settings)
}

fn refuse(message: impl Into<String>) -> Problem {
    Problem::new(ErrorCode::ConfigurationInvalid, Pointer::root(), message)
}
