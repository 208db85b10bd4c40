//! S3 and DynamoDB on this machine, and this program again as a process that uses them.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use peer_contract::host::Settings;
use peer_contract::store::{Inventory, open_inventory};

/// A server; it ends with its standard input.
pub struct Cloud {
    server: Child,
    url: String,
}

impl Cloud {
    /// `ministack` or `moto`, with a bucket and a table.
    pub fn start(kind: &str) -> Self {
        let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
        let mut command = Command::new(root.join(".venv/bin/python"));
        command.arg(root.join("tests/cloud.py")).arg(kind).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut server = command.spawn().expect("`make setup` installs the stand-ins for S3 and DynamoDB");
        let mut url = String::new();
        BufReader::new(server.stdout.take().unwrap()).read_line(&mut url).unwrap();
        assert!(url.starts_with("http://127.0.0.1:"), "{kind} did not start");
        Self { server, url: url.trim_end().to_owned() }
    }

    /// A place in the bucket that nothing uses yet.
    pub fn bucket(&self) -> Place {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let prefix = COUNT.fetch_add(1, Ordering::Relaxed);
        Place::at(&self.url, &format!("s3://store-tests/p{prefix}"))
    }

    /// The same with the table.
    pub fn table(&self) -> Place {
        let Place { mut variables } = self.bucket();
        variables[0].1.push_str("?table=records");
        Place { variables }
    }
}

impl Drop for Cloud {
    fn drop(&mut self) {
        drop(self.server.stdin.take());
        let _ = self.server.wait();
    }
}

/// A store as a process finds it: by its environment.
pub struct Place {
    pub variables: Vec<(String, String)>,
}

impl Place {
    /// A store by its name, where S3 and DynamoDB are at this URL.
    pub fn at(url: &str, store: &str) -> Self {
        let variables = [
            ("PEER_CONTRACT_STORE", store),
            ("AWS_ENDPOINT_URL", url),
            ("AWS_REGION", "us-east-1"),
            ("AWS_ACCESS_KEY_ID", "test"),
            ("AWS_SECRET_ACCESS_KEY", "test"),
        ];
        Self { variables: variables.map(|(name, value)| (name.to_owned(), value.to_owned())).into() }
    }

    /// A store in a folder.
    pub fn folder(path: &std::path::Path) -> Self {
        Self { variables: vec![("PEER_CONTRACT_STORE".to_owned(), path.to_str().unwrap().to_owned())] }
    }

    /// This program as the process that runs one of its tests, with the store.
    pub fn process(&self, test: &str) -> Command {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", test, "--nocapture", "--test-threads", "1"]);
        command.env(IS_CHILD, test).envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Runs one of the tests with the store to its end.
    pub fn run(&self, test: &str) {
        let ran = self.process(test).stdout(Stdio::null()).status().unwrap();
        assert!(ran.success(), "{test} on {}", self.variables[0].1);
    }
}

const IS_CHILD: &str = "PEER_CONTRACT_TEST_PART";

/// The store of the environment where this process runs one test of another; nothing in the process that runs all tests.
pub fn store_of_child(test: &str) -> Option<Arc<dyn Inventory>> {
    (std::env::var(IS_CHILD).ok()? == test).then_some(())?;
    let settings = Settings::from_env().unwrap();
    Some(open_inventory(settings.store.as_ref().unwrap(), &settings).unwrap())
}
