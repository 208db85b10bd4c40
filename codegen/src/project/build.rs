//! What must be built before agents start.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};

use super::Project;

/// A build that did not work.
#[derive(Debug)]
pub struct BuildFailure {
    /// The agents it was for.
    pub agents: Vec<String>,
    /// The command.
    pub command: String,
    /// How it ended.
    pub end: String,
    /// All that it printed.
    pub output: String,
}

/// What a build is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Running here.
    Run,
    /// Running on Lambda.
    Release,
}

/// The builds of a project, each once, with the agents that ask for it.
pub fn builds(project: &Project, purpose: Purpose) -> BTreeMap<&str, Vec<&str>> {
    let mut builds = BTreeMap::<_, Vec<_>>::new();
    for agent in project.agents.values() {
        let release = agent.release.as_ref().filter(|_| purpose == Purpose::Release);
        if let Some(command) = release.or(agent.build.as_ref()) {
            builds.entry(command.as_str()).or_default().push(agent.name.as_str());
        }
    }
    builds
}

/// Runs one of them in the folder of `peerc.toml`, output kept.
///
/// # Errors
/// When it could not start, or ended with another status than 0.
pub fn build(root: &Path, command: &str, agents: &[&str]) -> Result<(), BuildFailure> {
    let failed = |end: String, output: String| BuildFailure {
        agents: agents.iter().map(|&agent| agent.to_owned()).collect(),
        command: command.to_owned(),
        end,
        output,
    };
    let folder = if root.as_os_str().is_empty() { Path::new(".") } else { root };
    // One pipe for both streams keeps the lines in their order.
    let run = Command::new("sh")
        .args(["-c", &format!("exec 2>&1\n{command}")])
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| failed(error.to_string(), String::new()))?;
    if run.status.success() {
        return Ok(());
    }
    Err(failed(run.status.to_string(), String::from_utf8_lossy(&run.stdout).into_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_build_keeps_all_it_printed_in_order() {
        let failure = build(Path::new(""), "echo one; echo two >&2; echo three; exit 4", &["ranker"]).unwrap_err();
        assert_eq!(failure.output, "one\ntwo\nthree\n");
        assert!(failure.end.contains('4'), "{}", failure.end);
    }
}
