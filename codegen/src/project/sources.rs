//! The files an agent is made of, as far as they can be told: a change of one restarts it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::agents::{Agent, Language, Start};
use super::{FILE, Project};

/// Files looked after for one agent; a folder with more is not looked at to its end.
const MOST_FILES: usize = 2_000;
/// Folders in one another.
const DEEPEST: usize = 16;
/// Folders that hold what others wrote.
const NOT_OURS: [&str; 3] = ["node_modules", "target", "__pycache__"];

impl Project {
    /// The files whose change restarts an agent: those of `watch`; else the sources beside its handler and below, with
    /// its generated code; of a program the program itself, or all that it may be built from.
    pub fn sources_of(&self, agent: &Agent) -> BTreeSet<PathBuf> {
        let mut files = BTreeSet::new();
        let endings = endings(agent);
        if let Some(named) = &agent.watch {
            named.iter().for_each(|path| self.gather(Path::new(path), None, &mut files));
            return files;
        }
        match &agent.start {
            Start::Handler(handler) => {
                let file = handler.rsplit_once('.').map_or(handler.as_str(), |(file, _)| file);
                let folder = Path::new(file).parent().unwrap_or(Path::new(""));
                self.gather(folder, Some(endings), &mut files);
                let generated = self.generated_for(agent);
                generated.iter().for_each(|folder| self.gather(Path::new(folder), Some(endings), &mut files));
            }
            // A program that is built is restarted when it has been built again, not while that is underway.
            Start::Run(_) if agent.build.is_some() => self.gather(Path::new(""), Some(endings), &mut files),
            Start::Run(command) => command.iter().for_each(|part| {
                files.extend(Some(self.root.join(part)).filter(|file| part.contains('/') && file.is_file()));
            }),
        }
        files
    }

    fn generated_for(&self, agent: &Agent) -> Option<String> {
        let language = match agent.language? {
            Language::Python => "python",
            Language::Node => "javascript",
            Language::Rust => "rust",
        };
        let settings = self.source.value().ok()?;
        settings.get("generate")?.get(language)?.as_str().map(str::to_owned)
    }

    /// A file, or those below a folder, of these endings or of any.
    fn gather(&self, path: &Path, endings: Option<&[&str]>, files: &mut BTreeSet<PathBuf>) {
        let start = self.root.join(path);
        if start.is_file() {
            files.insert(start);
            return;
        }
        let mut folders = vec![(start, 0)];
        while let Some((folder, depth)) = folders.pop() {
            let shown = if folder.as_os_str().is_empty() { Path::new(".") } else { &folder };
            let Ok(entries) = std::fs::read_dir(shown) else { continue };
            for entry in entries.flatten() {
                if files.len() == MOST_FILES {
                    return;
                }
                // A link is not followed: it may lead anywhere, and in circles.
                let Ok(kind) = entry.file_type() else { continue };
                let inner = folder.join(entry.file_name());
                if kind.is_dir() && depth < DEEPEST && is_ours(&inner) {
                    folders.push((inner, depth + 1));
                } else if kind.is_file() && fits(&inner, endings) {
                    files.insert(inner);
                }
            }
        }
    }
}

fn endings(agent: &Agent) -> &'static [&'static str] {
    match agent.language {
        Some(Language::Python) => &["py"],
        Some(Language::Node) => &["js", "mjs", "cjs", "json"],
        Some(Language::Rust) => &["rs", "toml", "lock"],
        None => &["py", "js", "mjs", "cjs", "ts", "json", "rs", "toml", "go", "c", "cc", "cpp", "h", "java", "kt"],
    }
}

fn fits(file: &Path, endings: Option<&[&str]>) -> bool {
    let name = file.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    let ending = file.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    // The settings are nobody's source: their change restarts all.
    !name.starts_with('.') && name != FILE && endings.is_none_or(|endings| endings.contains(&ending))
}

fn is_ours(folder: &Path) -> bool {
    let name = folder.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    !name.starts_with('.') && !NOT_OURS.contains(&&*name) && !folder.join("pyvenv.cfg").exists()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn project(folder: &Path, files: &[&str], settings: &str) -> Project {
        for file in files {
            let path = folder.join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "").unwrap();
        }
        std::fs::write(folder.join(FILE), format!("contract = \"a.contract.yaml\"\n{settings}")).unwrap();
        Project::read(folder.to_owned()).unwrap()
    }

    fn sources(project: &Project, agent: &str) -> Vec<String> {
        let files = project.sources_of(&project.agents[agent]);
        let shown = |file: &PathBuf| file.strip_prefix(&project.root).unwrap().to_string_lossy().into_owned();
        files.iter().map(shown).collect()
    }

    #[test]
    fn a_handler_is_restarted_by_the_sources_beside_it_and_by_its_generated_code() {
        let folder = tempfile::tempdir().unwrap();
        let files = [
            "agents/one.py",
            "agents/lib/a.py",
            "agents/two.mjs",
            "agents/.venv/x.py",
            "agents/env/pyvenv.cfg",
            "agents/env/lib/y.py",
            "agents/node_modules/p/i.js",
            "gen/python/types.py",
            "gen/js/types.js",
            "other.py",
        ];
        let settings = "[generate]\npython = \"gen/python\"\njavascript = \"gen/js\"\n\
                        [agents.one]\nlanguage = \"python\"\nhandler = \"agents/one.handler\"\n\
                        [agents.two]\nlanguage = \"node\"\nhandler = \"agents/two.handler\"\n";
        let project = project(folder.path(), &files, settings);
        assert_eq!(sources(&project, "one"), ["agents/lib/a.py", "agents/one.py", "gen/python/types.py"]);
        assert_eq!(sources(&project, "two"), ["agents/two.mjs", "gen/js/types.js"]);
    }

    #[test]
    fn a_program_is_restarted_by_itself_or_by_what_it_is_built_from() {
        let folder = tempfile::tempdir().unwrap();
        let files = ["bin/one", "src/main.rs", "Cargo.toml", "target/debug/two", "target/debug/build/x.rs", "notes.md"];
        let settings = "[agents.one]\nrun = [\"bin/one\", \"-v\"]\n\
                        [agents.two]\nlanguage = \"rust\"\nbuild = \"cargo build\"\nrun = [\"target/debug/two\"]\n\
                        [agents.three]\nrun = [\"three\"]\nwatch = [\"notes.md\", \"src\", \"missing\"]\n";
        let project = project(folder.path(), &files, settings);
        assert_eq!(sources(&project, "one"), ["bin/one"]);
        assert_eq!(sources(&project, "two"), ["Cargo.toml", "src/main.rs"]);
        assert_eq!(sources(&project, "three"), ["notes.md", "src/main.rs"]);
    }

    #[cfg(unix)]
    #[test]
    fn folders_that_lead_back_to_themselves_end() {
        let folder = tempfile::tempdir().unwrap();
        let project = project(
            folder.path(),
            &["agents/one.py"],
            "[agents.one]\nlanguage = \"python\"\nhandler = \"agents/one.handler\"\n",
        );
        std::os::unix::fs::symlink(folder.path(), folder.path().join("agents/back")).unwrap();
        assert_eq!(sources(&project, "one"), ["agents/one.py"]);
    }
}
