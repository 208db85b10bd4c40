//! A project in a folder of its own.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use peer_contract_core::Contract;
use serde_json::{Value, json};
use tempfile::TempDir;

pub struct Project {
    folder: TempDir,
}

/// What a command did.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Project {
    pub fn new() -> Self {
        let project = Self { folder: tempfile::tempdir().unwrap() };
        let contract = contract();
        project.write("chat.contract.json", &contract.to_string());
        project.write("input.json", r#"{"text": "canals"}"#);
        let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/running/agent.py");
        let agent =
            |name: &str, more: &str| format!("[agents.{name}]\n{more}run = [\"python3\", {script:?}, \"{name}\"]\n");
        let contract = Contract::from_value(contract).unwrap();
        let hashes: Value =
            contract.operations().map(|one| (one.target.clone(), json!(one.hash().to_string()))).collect();
        let env = format!("env = {{ OPERATIONS = '{hashes}' }}\n");
        let asker = agent("asker", &format!("language = \"python\"\n{env}"));
        let teller = agent("teller", &env);
        project.write("peerc.toml", &format!("contract = \"chat.contract.json\"\n{asker}{teller}"));
        project
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).unwrap();
    }

    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    pub fn peerc(&self, arguments: &[&str]) -> Ran {
        let output = self.spawn(arguments).wait_with_output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Ran { code: output.status.code().unwrap(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }

    pub fn spawn(&self, arguments: &[&str]) -> Child {
        let mut command = Command::new(env!("CARGO_BIN_EXE_peerc"));
        command.args(arguments).current_dir(self.folder.path()).stdin(Stdio::null());
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }
}

fn contract() -> Value {
    let text = json!({"$ref": "#/$defs/Text"});
    json!({
        "peerContract": "1", "name": "chat", "version": "1.0.0",
        "state": {"type": "object", "required": ["asked"], "properties": {"asked": {"type": "integer"}}},
        "initialState": {"asked": 0},
        "phases": {"start": "new", "end": ["told", "declined"]},
        "agents": {
            "asker": {"operations": {"ask": {
                "input": text, "from": ["new"], "handsTo": {"teller.tell": "asked"},
                "errors": {"unanswerable": {"to": "declined"}},
            }}},
            "teller": {"operations": {
                "tell": {
                    "input": text, "from": ["asked"], "output": {"schema": {"$ref": "#/$defs/Story"}, "to": "told"},
                    "constraints": {"timeout": "PT3S", "attempts": 2},
                },
                "count": {"input": text, "output": {"schema": {"type": "object"}}},
            }},
        },
        "constraints": {"deadline": "PT40S"},
        "$defs": {
            "Text": {"type": "object", "required": ["text"], "properties": {"text": {"type": "string"}}},
            "Story": {"type": "object", "properties": {"said": {"type": "string"}, "html": {"type": "string"}}},
        },
    })
}

/// What a process prints, line by line, with an end to all patience.
pub struct Lines(Receiver<String>);

impl Lines {
    pub fn of(child: &mut Child) -> Self {
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let (sender, lines) = channel();
        std::thread::spawn(move || stdout.lines().map_while(Result::ok).try_for_each(|line| sender.send(line)));
        Self(lines)
    }

    /// Reads until a line contains `wanted`.
    pub fn until(&self, wanted: &str) {
        let mut seen = Vec::new();
        loop {
            let next = self.0.recv_timeout(Duration::from_secs(60));
            let line = next.unwrap_or_else(|end| panic!("no `{wanted}` in {seen:#?}: {end}"));
            if line.contains(wanted) {
                return;
            }
            seen.push(line);
        }
    }
}

/// One JSON value per line.
pub fn lines_of(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The processes that `parent` started.
pub fn pids_below(parent: u32) -> Vec<u32> {
    let found = Command::new("ps").args(["-o", "pid=", "--ppid", &parent.to_string()]).output().unwrap();
    String::from_utf8(found.stdout).unwrap().split_whitespace().map(|pid| pid.parse().unwrap()).collect()
}

/// Waits until a process is gone.
pub fn is_gone_soon(pid: u32) -> bool {
    let began = Instant::now();
    let lives =
        || Command::new("kill").args(["-0", &pid.to_string()]).stderr(Stdio::null()).status().unwrap().success();
    while lives() && began.elapsed() < Duration::from_secs(5) {
        std::thread::sleep(Duration::from_millis(20));
    }
    !lives()
}
