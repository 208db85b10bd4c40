//! `peerc package`: one zip per agent and a template, for AWS Lambda.

use std::path::{Path, PathBuf};

use peer_contract_core::{Contract, ErrorCode, Pointer, Problem};
use serde_json::{Value, json};

use super::paint::size;
use super::prepare::Prepared;
use super::{Console, Exit, Format};
use crate::package::{Arch, LARGEST_UPLOAD, Packed, pack, template};
use crate::project::{Agent, WORK_FOLDER, suggestion};
use crate::report::Report;

/// Arguments of `peerc package`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  peerc package
  peerc package --arch arm64 --out dist
  peerc package --only reasoner --format json
  sam deploy --guided --template-file .peerc/package/template.yaml --capabilities CAPABILITY_IAM

The packages `peer_contract` and `peer-contract` go along as they are installed in the project; other requirements of an agent, from
`requirements.txt` or `package.json`, are installed for Lambda by pip and npm. A Rust agent is built by `release` of `peerc.toml`.
Exit codes: 0 done; 2 an agent cannot be packed, or something could not be read or written.")]
pub struct Args {
    /// Where the zips and `template.yaml` go; `.peerc/package` by default.
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
    /// Pack this agent alone; the template then has this function alone. May be given several times.
    #[arg(long, value_name = "AGENT")]
    only: Vec<String>,
    /// The processor of the functions.
    #[arg(long, value_enum, default_value_t = Arch::X86)]
    arch: Arch,
}

impl Args {
    /// Runs the command.
    pub fn run(self, console: &Console) -> Exit {
        self.begin(console).map_or_else(|exit| exit, |()| Exit::Clean)
    }

    fn begin(&self, console: &Console) -> Result<(), Exit> {
        let prepared = Prepared::open(console)?;
        self.check_names(&prepared.contract).map_err(|problem| console.fail(&problem))?;
        let names: Vec<String> = self.wanted(&prepared).map(|agent| agent.name.clone()).collect();
        prepared.build_release(&names, console)?;
        let (packed, problems): (Vec<_>, Vec<_>) = self
            .wanted(&prepared)
            .map(|agent| pack(&prepared.project, &prepared.contract, agent, self.arch))
            .partition(Result::is_ok);
        let problems: Vec<Problem> = problems.into_iter().filter_map(Result::err).collect();
        if !problems.is_empty() {
            console.report(&Report::of(&prepared.project.source, &problems));
            return Err(Exit::Unreadable);
        }
        let packed: Vec<Packed> = packed.into_iter().flatten().collect();
        let template = template(&prepared.project, &prepared.contract, &packed, self.arch);
        let out = self.out.clone().unwrap_or_else(|| prepared.project.root.join(WORK_FOLDER).join("package"));
        write(&out, &packed, &template)
            .map_err(|error| console.fail(&refuse(format!("`{}` cannot be written: {error}", out.display()))))?;
        tell(&out, &packed, console);
        Ok(())
    }

    fn wanted<'a>(&self, prepared: &'a Prepared) -> impl Iterator<Item = &'a Agent> {
        prepared.project.agents.values().filter(|agent| self.only.is_empty() || self.only.contains(&agent.name))
    }

    fn check_names(&self, contract: &Contract) -> Result<(), Problem> {
        let Some(unknown) = self.only.iter().find(|name| !contract.agents().contains_key(*name)) else { return Ok(()) };
        let known: Vec<&str> = contract.agents().keys().map(String::as_str).collect();
        Err(refuse(format!("the contract `{}` has no agent `{unknown}`", contract.name()))
            .with_help(suggestion(unknown, known)))
    }
}

/// Writes all, each file whole: a file that is there is replaced by its successor at once.
fn write(out: &Path, packed: &[Packed], template: &str) -> std::io::Result<()> {
    std::fs::create_dir_all(out)?;
    let zips = packed.iter().map(|one| (format!("{}.zip", one.agent), one.zip.as_slice()));
    let files: Vec<(String, &[u8])> = zips.chain([("template.yaml".to_owned(), template.as_bytes())]).collect();
    for (name, bytes) in &files {
        std::fs::write(out.join(format!("{name}.new")), bytes)?;
    }
    files.iter().try_for_each(|(name, _)| std::fs::rename(out.join(format!("{name}.new")), out.join(name)))
}

fn tell(out: &Path, packed: &[Packed], console: &Console) {
    let template = out.join("template.yaml");
    if console.format == Format::Json {
        let functions: Vec<Value> = packed.iter().map(|one| describe(out, one)).collect();
        console.json(&json!({ "template": template, "functions": functions }));
        return;
    }
    let width = packed.iter().map(|one| one.agent.len()).max().unwrap_or(0);
    for one in packed {
        let (zipped, unpacked) = (size(one.zip.len()), size(usize::try_from(one.unpacked).unwrap_or(usize::MAX)));
        console.say(format!("{:width$}  {:<15}  {zipped:>9} zipped  {unpacked:>9} unpacked", one.agent, one.runtime));
        one.notes.iter().for_each(|note| console.note(format!("{}: {note}", one.agent)));
        if one.zip.len() as u64 > LARGEST_UPLOAD {
            console.note(format!(
                "{}: above 50 MB Lambda takes a zip through S3 only, as `sam deploy` brings it",
                one.agent
            ));
        }
    }
    console.say(template.display().to_string());
}

fn describe(out: &Path, one: &Packed) -> Value {
    json!({
        "agent": one.agent,
        "function": one.function,
        "runtime": one.runtime,
        "handler": one.handler,
        "zip": out.join(format!("{}.zip", one.agent)),
        "bytes": one.zip.len(),
        "unpacked": one.unpacked,
        "notes": one.notes,
    })
}

fn refuse(message: String) -> Problem {
    Problem::new(ErrorCode::ConfigurationInvalid, Pointer::root(), message)
}
