//! From a handler to the command that serves it.

use std::path::{Path, PathBuf};

use peer_contract_core::{ErrorCode, Pointer, Problem};

use super::agents::{Agent, Language, Start};

/// The command of an agent; paths in it are from the folder of `peerc.toml`, or absolute.
///
/// # Errors
/// `configuration_invalid` at the setting, when the file, the interpreter or the package is not there.
pub(super) fn command(root: &Path, agent: &Agent) -> Result<Vec<String>, Problem> {
    match (&agent.start, agent.language) {
        (Start::Run(command), _) => Ok(command.clone()),
        (Start::Handler(handler), Some(Language::Node)) => node(root, agent, handler),
        (Start::Handler(handler), _) => python(root, agent, handler),
    }
}

fn python(root: &Path, agent: &Agent, handler: &str) -> Result<Vec<String>, Problem> {
    must_exist(root, agent, handler, &["py"])?;
    Ok(vec![python_of(root, agent)?, "-m".to_owned(), "peer_contract".to_owned(), handler.to_owned()])
}

/// The interpreter of an agent.
///
/// # Errors
/// `configuration_invalid` for one that is named and not there.
pub fn python_of(root: &Path, agent: &Agent) -> Result<String, Problem> {
    match &agent.python {
        Some(python) => named_python(root, agent, python),
        None => Ok(usual_python(root, std::env::var_os("VIRTUAL_ENV").map(PathBuf::from))),
    }
}

/// A path is from the folder of `peerc.toml`; a bare name is looked up as shells do.
fn named_python(root: &Path, agent: &Agent, python: &str) -> Result<String, Problem> {
    if !python.contains('/') {
        return Ok(python.to_owned());
    }
    let path = root.join(python);
    if path.is_file() {
        return Ok(absolute(&path));
    }
    let problem = refuse(agent, "python", format!("`{python}` is not there"));
    Err(problem.with_help("`python3 -m venv .venv` makes an environment; or leave `python` out"))
}

/// `.venv` of the project, else the active environment, else a `.venv` further up, else the one on the path.
fn usual_python(root: &Path, active: Option<PathBuf>) -> String {
    // An empty path is the working folder, and not taken for one.
    let root = if root.as_os_str().is_empty() { Path::new(".") } else { root };
    let whole = std::path::absolute(root).unwrap_or_else(|_| root.to_owned());
    let mut upward = whole.ancestors().map(|folder| folder.join(".venv"));
    let own = upward.next();
    let mut candidates = own.into_iter().chain(active).chain(upward).map(|environment| environment.join("bin/python"));
    candidates.find(|python| python.is_file()).map_or_else(|| "python3".to_owned(), |path| absolute(&path))
}

fn node(root: &Path, agent: &Agent, handler: &str) -> Result<Vec<String>, Problem> {
    let runtime = absolute(&node_package_of(root, agent, handler)?.join("bin/runtime.mjs"));
    Ok(vec!["node".to_owned(), runtime, handler.to_owned()])
}

/// The folder of the package that a handler finds.
///
/// # Errors
/// `configuration_invalid` when the handler has no file, or the package is nowhere.
pub fn node_package_of(root: &Path, agent: &Agent, handler: &str) -> Result<PathBuf, Problem> {
    let file = must_exist(root, agent, handler, &["mjs", "js", "cjs"])?;
    let folder = std::path::absolute(root.join(&file)).unwrap_or_else(|_| root.join(&file));
    let packages = folder.ancestors().skip(1).map(|folder| folder.join("node_modules/peer-contract"));
    packages.into_iter().find(|package| package.is_dir()).ok_or_else(|| {
        let message = format!("the package `peer-contract` is in no `node_modules` from `{}` upward", file.display());
        refuse(agent, "handler", message).with_help("`npm install` fetches what `package.json` names")
    })
}

/// The file of `path/of/file.name`, with or without its ending: `formatter.handler`, `formatter.mjs.handler`.
fn must_exist(root: &Path, agent: &Agent, handler: &str, endings: &[&str]) -> Result<PathBuf, Problem> {
    let file = handler.rsplit_once('.').map_or(handler, |(file, _)| file);
    let with_ending = endings.iter().map(|ending| PathBuf::from(format!("{file}.{ending}")));
    let candidates = std::iter::once(PathBuf::from(file)).chain(with_ending);
    let package = (agent.language == Some(Language::Python)).then(|| Path::new(file).join("__init__.py"));
    candidates.chain(package).find(|path| root.join(path).is_file()).ok_or_else(|| {
        let tried = endings.iter().map(|ending| format!("`{file}.{ending}`")).collect::<Vec<_>>().join(", ");
        let help = format!("looked for {tried} in `{}`", shown(root));
        refuse(agent, "handler", format!("there is no file for the handler `{handler}`")).with_help(help)
    })
}

fn shown(root: &Path) -> String {
    if root.as_os_str().is_empty() { ".".to_owned() } else { root.display().to_string() }
}

fn refuse(agent: &Agent, key: &str, message: String) -> Problem {
    Problem::new(ErrorCode::ConfigurationInvalid, Pointer::root().key("agents").key(&agent.name).key(key), message)
}

fn absolute(path: &Path) -> String {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned()).to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn agent(language: Language, handler: &str) -> Agent {
        let (start, env) = (Start::Handler(handler.to_owned()), BTreeMap::new());
        let name = "one".to_owned();
        Agent {
            name,
            language: Some(language),
            start,
            build: None,
            python: None,
            env,
            concurrency: None,
            watch: None,
            on_failure: None,
            config: None,
            bootstrap: None,
            release: None,
            address: None,
            events: crate::project::Sources::default(),
        }
    }

    #[test]
    fn a_python_handler_runs_in_the_environment_of_the_project() {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(root.path().join(".venv/bin")).unwrap();
        std::fs::write(root.path().join(".venv/bin/python"), "").unwrap();
        std::fs::write(root.path().join("one.py"), "").unwrap();
        let command = command(root.path(), &agent(Language::Python, "one.handler")).unwrap();
        assert!(command[0].ends_with("/.venv/bin/python") && command[0].starts_with('/'));
        assert_eq!(command[1..], ["-m", "peer_contract", "one.handler"]);
    }

    #[test]
    fn the_environment_of_a_project_further_up_serves_the_projects_in_it() {
        let root = tempfile::tempdir().unwrap();
        let project = root.path().join("examples/one");
        std::fs::create_dir_all(root.path().join(".venv/bin")).unwrap();
        std::fs::create_dir_all(project.join(".venv/bin")).unwrap();
        std::fs::write(root.path().join(".venv/bin/python"), "").unwrap();
        assert_eq!(usual_python(&project, None), absolute(&root.path().join(".venv/bin/python")));
        let active = root.path().join("active");
        std::fs::create_dir_all(active.join("bin")).unwrap();
        std::fs::write(active.join("bin/python"), "").unwrap();
        assert_eq!(usual_python(&project, Some(active.clone())), absolute(&active.join("bin/python")));
        std::fs::write(project.join(".venv/bin/python"), "").unwrap();
        assert_eq!(usual_python(&project, Some(active)), absolute(&project.join(".venv/bin/python")));
    }

    #[test]
    fn the_node_package_is_found_upward_from_the_handler() {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(root.path().join("node_modules/peer-contract")).unwrap();
        std::fs::create_dir_all(root.path().join("agents")).unwrap();
        std::fs::write(root.path().join("agents/one.mjs"), "").unwrap();
        let command = command(root.path(), &agent(Language::Node, "agents/one.handler")).unwrap();
        assert!(command[1].ends_with("/node_modules/peer-contract/bin/runtime.mjs"), "{command:?}");
    }

    #[test]
    fn a_handler_without_file_is_refused_at_its_place() {
        let root = tempfile::tempdir().unwrap();
        let problem = command(root.path(), &agent(Language::Python, "agents/one.handler")).unwrap_err();
        assert_eq!(problem.at.as_str(), "/agents/one/handler");
        assert!(problem.help.contains("`agents/one.py`"), "{}", problem.help);
    }
}
