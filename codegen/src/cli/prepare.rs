//! What `run`, `dev` and `invoke` begin with: the project, its contract, and what must be built.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use peer_contract::store::Location;
use peer_contract_core::Contract;
use serde_json::json;

use super::paint::duration;
use super::{Console, Exit, Format};
use crate::project::{BuildFailure, Project, Purpose, build, builds};
use crate::report::Report;
use crate::running::Agents;
use crate::source::Source;

/// A build that takes longer is announced.
const NOTICEABLE: Duration = Duration::from_millis(600);

/// A project whose contract holds.
pub struct Prepared {
    /// The project.
    pub project: Project,
    /// Its contract.
    pub contract: Contract,
}

impl Prepared {
    /// Reads project and contract; problems are reported here.
    ///
    /// # Errors
    /// The exit code to end with.
    pub fn open(console: &Console) -> Result<Self, Exit> {
        let mut project = Project::find().map_err(|flawed| {
            match &flawed.source {
                Some(source) => console.report(&Report::of(source, &flawed.problems)),
                None => console.report(&Report::without_source(&flawed.problems)),
            };
            Exit::Unreadable
        })?;
        let unreadable = |_| Exit::Unreadable;
        let source = Source::read(&project.contract).map_err(|problem| console.fail(&problem))?;
        let contract = source
            .contract()
            .map_err(|problems| console.report(&Report::of(&source, problems.as_slice())))
            .map_err(unreadable)?;
        project
            .check_against(&contract)
            .map_err(|problems| console.report(&Report::of(&project.source, &problems)))
            .map_err(unreadable)?;
        if let Err(flawed) = project.configure(&contract) {
            for one in &flawed {
                console.report(&Report::of(one.source.as_ref().unwrap_or(&project.source), &one.problems));
            }
            return Err(Exit::Unreadable);
        }
        Ok(Self { project, contract })
    }

    /// The agents of a `peerc dev` that runs, else our own, built first.
    ///
    /// # Errors
    /// The exit code to end with.
    pub async fn agents(&self, store: Option<&Location>, console: &Console) -> Result<Agents, Exit> {
        if let Some(agents) = Agents::next_door(&self.project, &self.contract, store).await {
            return Ok(agents);
        }
        self.build(console)?;
        Agents::start(&self.project, &self.contract, store).await.map_err(|unstarted| {
            console.report(&unstarted.report(&self.project.source));
            Exit::Unreadable
        })
    }

    /// Builds what the agents ask for, one after the other.
    ///
    /// # Errors
    /// The exit code to end with, after the output of the build that failed.
    pub fn build(&self, console: &Console) -> Result<(), Exit> {
        let all: Vec<String> = self.project.agents.keys().cloned().collect();
        self.build_for(&all, console)
    }

    /// The builds that one of these agents asks for.
    ///
    /// # Errors
    /// As [`Prepared::build`].
    pub fn build_for(&self, wanted: &[String], console: &Console) -> Result<(), Exit> {
        self.build_all(wanted, Purpose::Run, console)
    }

    /// The builds of what goes to Lambda.
    ///
    /// # Errors
    /// As [`Prepared::build`].
    pub fn build_release(&self, wanted: &[String], console: &Console) -> Result<(), Exit> {
        self.build_all(wanted, Purpose::Release, console)
    }

    fn build_all(&self, wanted: &[String], purpose: Purpose, console: &Console) -> Result<(), Exit> {
        let is_wanted = |agents: &[&str]| agents.iter().any(|agent| wanted.iter().any(|one| one == agent));
        for (command, agents) in builds(&self.project, purpose).into_iter().filter(|(_, agents)| is_wanted(agents)) {
            let began = Instant::now();
            let built = patiently(
                || build(&self.project.root, command, &agents),
                || {
                    if console.format == Format::Text {
                        console.note(format!("building {} …", agents.join(", ")));
                    }
                },
            );
            built.map_err(|failure| report(&failure, console))?;
            let ms = began.elapsed().as_secs_f64() * 1e3;
            if console.format == Format::Json {
                console.say(json!({"type": "built", "agents": agents, "ms": ms}).to_string());
            } else if ms > 2_000.0 {
                console.note(format!("built {} in {}", agents.join(", "), duration(ms)));
            }
        }
        Ok(())
    }

    /// A folder or file below `.peerc`.
    pub fn work_folder(&self) -> PathBuf {
        self.project.root.join(crate::project::WORK_FOLDER)
    }
}

/// Does `work`, and tells the user when it takes long enough to wonder.
fn patiently<T: Send>(work: impl FnOnce() -> T + Send, tell: impl FnOnce()) -> T {
    std::thread::scope(|scope| {
        let working = scope.spawn(work);
        let began = Instant::now();
        while !working.is_finished() && began.elapsed() < NOTICEABLE {
            std::thread::sleep(Duration::from_millis(5));
        }
        if !working.is_finished() {
            tell();
        }
        working.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

fn report(failure: &BuildFailure, console: &Console) -> Exit {
    let BuildFailure { agents, command, end, output } = failure;
    match console.format {
        Format::Json => {
            console.say(
                json!({"type": "buildFailed", "agents": agents, "command": command, "end": end, "output": output})
                    .to_string(),
            );
        }
        Format::Text => {
            console.note(output.trim_end());
            console.note(format!("the build of {} failed ({end}): {command}", agents.join(", ")));
        }
    }
    Exit::Unreadable
}
