//! Processes that never outlive us: one group per sandbox, ended as a group.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::io;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::sync::{Mutex, mpsc};

use tokio::process::{Child, Command};
use tokio::sync::oneshot;

/// Starts processes, and remembers the groups that live.
///
/// All are started by one thread: on Linux a child is told to die with its parent, and the kernel
/// takes the *thread* that made it for its parent. Worker threads of a runtime come and go.
#[derive(Debug)]
pub(super) struct Processes {
    orders: mpsc::Sender<Order>,
    groups: Mutex<Groups>,
}

type Order = (Command, oneshot::Sender<io::Result<Child>>);

#[derive(Debug, Default)]
struct Groups {
    live: BTreeSet<u32>,
    closed: bool,
}

impl Processes {
    /// Must run inside a tokio runtime.
    pub fn new() -> io::Result<Self> {
        let (orders, inbox) = mpsc::channel::<Order>();
        let runtime = tokio::runtime::Handle::current();
        std::thread::Builder::new().name("sandbox-starter".to_owned()).spawn(move || {
            let _entered = runtime.enter();
            for (mut command, started) in inbox {
                // A caller that stopped waiting drops the child, which kills it.
                let _ = started.send(command.spawn());
            }
        })?;
        Ok(Self { orders, groups: Mutex::default() })
    }

    /// Starts `command` in a group of its own, output piped, input empty.
    pub async fn start(
        &self,
        command: &[String],
        cwd: &Path,
        variables: impl IntoIterator<Item = (OsString, OsString)>,
    ) -> io::Result<Group> {
        let (answer, started) = oneshot::channel();
        let order = (prepared(command, cwd, variables), answer);
        let gone = || io::Error::other("the local Lambda is shutting down");
        self.orders.send(order).map_err(|_| gone())?;
        let child = started.await.map_err(|_| gone())??;
        let id = child.id().expect("a child that nobody waited for has an id");
        let mut groups = self.groups.lock().expect("no holder of the groups panics");
        groups.live.insert(id);
        if groups.closed {
            signal(id, libc::SIGKILL);
        }
        Ok(Group { id, child })
    }

    /// The group is gone.
    pub fn ended(&self, group: &Group) {
        self.groups.lock().expect("no holder of the groups panics").live.remove(&group.id);
    }

    /// Kills whatever lives, now, and whatever is started later.
    pub fn kill_all(&self) {
        let mut groups = self.groups.lock().expect("no holder of the groups panics");
        groups.closed = true;
        for id in &groups.live {
            signal(*id, libc::SIGKILL);
        }
    }
}

/// A process that leads a group.
#[derive(Debug)]
pub(super) struct Group {
    id: u32,
    pub child: Child,
}

impl Group {
    pub fn id(&self) -> u32 {
        self.id
    }

    /// Asks all of the group to end.
    pub fn terminate(&self) {
        signal(self.id, libc::SIGTERM);
    }

    /// Ends all of the group.
    pub fn kill(&self) {
        signal(self.id, libc::SIGKILL);
    }
}

fn signal(group: u32, signal: i32) {
    let Ok(group) = i32::try_from(group) else { return };
    // SAFETY: `kill` takes two integers and touches no memory of ours. A group that is gone is an error we ignore.
    unsafe { libc::kill(-group, signal) };
}

fn prepared(command: &[String], cwd: &Path, variables: impl IntoIterator<Item = (OsString, OsString)>) -> Command {
    let (program, arguments) = command.split_first().expect("`Config::check` refuses an empty command");
    let mut prepared = Command::new(resolved(program, cwd));
    prepared.args(arguments).current_dir(cwd).env_clear().envs(variables);
    prepared.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    prepared.process_group(0).kill_on_drop(true);
    #[cfg(target_os = "linux")]
    die_with_parent(&mut prepared);
    prepared
}

/// A relative program with a `/` in it starts from `cwd`, which the standard library leaves open.
fn resolved(program: &str, cwd: &Path) -> OsString {
    if program.contains('/') { cwd.join(program).into_os_string() } else { program.into() }
}

#[cfg(target_os = "linux")]
fn die_with_parent(command: &mut Command) {
    let parent = std::process::id();
    let die = move || {
        // SAFETY: both are plain system calls, allowed between fork and exec; neither allocates.
        let set = unsafe { libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL) };
        let orphan = unsafe { libc::getppid() } as u32 != parent;
        if set != 0 || orphan { Err(io::Error::from_raw_os_error(libc::ESRCH)) } else { Ok(()) }
    };
    // SAFETY: the closure only makes system calls that are safe after fork.
    unsafe { command.pre_exec(die) };
}

/// `exit status 1`, `signal: killed`, or nothing for a clean end.
pub(super) fn describe(status: ExitStatus) -> Option<String> {
    match (status.code(), status.signal()) {
        (Some(0), _) => None,
        (Some(code), _) => Some(format!("exit status {code}")),
        (None, Some(signal)) => Some(format!("signal: {}", signal_name(signal))),
        (None, None) => Some("unknown end".to_owned()),
    }
}

/// The words that Lambda uses.
fn signal_name(signal: i32) -> String {
    match signal {
        libc::SIGHUP => "hangup".to_owned(),
        libc::SIGINT => "interrupt".to_owned(),
        libc::SIGQUIT => "quit".to_owned(),
        libc::SIGILL => "illegal instruction".to_owned(),
        libc::SIGABRT => "aborted".to_owned(),
        libc::SIGBUS => "bus error".to_owned(),
        libc::SIGFPE => "floating point exception".to_owned(),
        libc::SIGKILL => "killed".to_owned(),
        libc::SIGSEGV => "segmentation fault".to_owned(),
        libc::SIGPIPE => "broken pipe".to_owned(),
        libc::SIGTERM => "terminated".to_owned(),
        other => format!("signal {other}"),
    }
}
