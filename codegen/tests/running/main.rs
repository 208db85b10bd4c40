//! `peerc run`, `dev` and `invoke` as a user meets them, with agents in Python that need no package.

mod project;

use std::io::Read;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use project::{Lines, Project, is_gone_soon, lines_of, pids_below};
use serde_json::{Value, json};

#[test]
fn a_run_shows_every_hop_and_the_output() {
    let project = Project::new();
    let run = project.peerc(&["run", "--set", "text=canals"]);
    assert_eq!(run.code, 0, "{run:?}");
    let lines: Vec<_> = run.stdout.lines().collect();
    assert!(lines[0].starts_with("work ") && lines[0].contains("  chat 1.0.0  sha256:"), "{run:?}");
    for (line, expected) in [
        (lines[1], ["  1  asker.ask", "python", "new → asked", "cold", " ms", " KB   state 0.0 KB"]),
        (lines[2], ["  2  teller.tell", "", "asked → told", "cold", " ms", " KB   state 0.0 KB"]),
    ] {
        expected.iter().for_each(|part| assert!(line.contains(part), "`{part}` in `{line}`"));
    }
    assert!(
        lines[3].starts_with("told in ") && lines[3].contains("(agents ") && lines[3].contains("starts "),
        "{run:?}"
    );
    assert_eq!(serde_json::from_str::<Value>(&lines[4..].join("\n")).unwrap(), json!({"said": "canals"}));
    assert!(!run.stdout.contains('\u{1b}'), "no colours without a terminal");
}

#[test]
fn programs_get_one_object_per_line() {
    let project = Project::new();
    let run = project.peerc(&["run", "input.json", "--format", "json"]);
    let objects = lines_of(&run.stdout);
    let types: Vec<_> = objects.iter().map(|object| object["type"].as_str().unwrap()).collect();
    assert_eq!(types, ["work", "hop", "hop", "end"]);
    assert_eq!(
        (&objects[1]["from"], &objects[1]["to"], &objects[1]["cold"]),
        (&json!("new"), &json!("asked"), &json!(true))
    );
    assert_eq!((&objects[3]["output"], &objects[3]["phase"]), (&json!({"said": "canals"}), &json!("told")));
    assert!(objects[3]["tookMs"].as_f64().unwrap() >= objects[3]["agentsMs"].as_f64().unwrap());
}

#[test]
fn a_page_becomes_a_file() {
    let project = Project::new();
    let run = project.peerc(&["run", "--set", "text=page"]);
    let file = run.stdout.lines().last().unwrap().strip_prefix("output: ").unwrap().to_owned();
    assert!(file.starts_with(".peerc/out/") && file.ends_with("/story.html"), "{file}");
    assert_eq!(project.read(&file), "<p>page</p>");
    assert_eq!(project.peerc(&["run", "--set", "text=page", "-o", "here.html"]).code, 0);
    assert_eq!(project.read("here.html"), "<p>page</p>");
    let run = project.peerc(&["run", "--set", "text=page", "-o", "-"]);
    assert_eq!(serde_json::from_str::<Value>(&run.stdout).unwrap(), json!({"html": "<p>page</p>"}));
}

#[test]
fn a_declared_error_ends_with_1() {
    let run = Project::new().peerc(&["run", "--set", "text=refuse"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(
        run.stdout.contains("declined in ") && run.stdout.contains("unanswerable: nothing to search for"),
        "{run:?}"
    );
}

#[test]
fn a_crash_is_explained_with_what_the_agent_wrote() {
    let run = Project::new().peerc(&["run", "--set", "text=crash"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.stdout.contains("try 2"), "the contract allows two attempts: {run:?}");
    assert!(run.stderr.contains("error[peer_failed]") && run.stderr.contains("signal: killed"), "{run:?}");
    assert!(
        run.stderr.contains("what `teller.tell` wrote at hop 2:") && run.stderr.contains("about to crash"),
        "{run:?}"
    );
}

#[test]
fn an_event_that_is_given_up_ends_the_wait() {
    let began = Instant::now();
    let run = Project::new().peerc(&["run", "--set", "text=travel, then crash", "--delivery", "event"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.stderr.contains("`teller.tell` was given up at hop 2 after 2 tries: Runtime.ExitError"), "{run:?}");
    assert!(run.stderr.contains("about to crash"), "{run:?}");
    assert!(began.elapsed() < Duration::from_secs(30), "the work could have lived for 40 s");
}

#[test]
fn an_agent_that_is_killed_once_is_tried_again() {
    let run = Project::new().peerc(&["run", "--set", "text=crash once"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stdout.contains("peer_failed") && run.stdout.contains("try 2"), "{run:?}");
}

#[test]
fn an_agent_that_hangs_is_ended_by_its_timeout() {
    let began = Instant::now();
    let run = Project::new().peerc(&["run", "--set", "text=hang"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.stderr.contains("error[deadline_exceeded]") || run.stderr.contains("error[peer_"), "{run:?}");
    assert!(began.elapsed() < Duration::from_secs(60));
}

#[test]
fn a_wrong_input_is_shown_in_its_file() {
    let project = Project::new();
    project.write("wrong.json", "{\n  \"text\": 3\n}\n");
    let run = project.peerc(&["run", "wrong.json"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("error[type_mismatch]") && run.stderr.contains("wrong.json:2:11"), "{run:?}");
}

#[test]
fn a_wrong_setting_is_shown_in_peerc_toml() {
    let project = Project::new();
    let text = project.read("peerc.toml").replace("language = \"python\"", "langauge = \"python\"");
    project.write("peerc.toml", &text);
    let run = project.peerc(&["run", "input.json"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("peerc.toml:") && run.stderr.contains("did you mean `language`?"), "{run:?}");
}

#[test]
fn a_failed_build_shows_its_output() {
    let project = Project::new();
    let text = project.read("peerc.toml") + "build = \"echo no compiler; exit 3\"\n";
    project.write("peerc.toml", &text);
    let run = project.peerc(&["run", "input.json"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("no compiler\n") && run.stderr.contains("the build of teller failed"), "{run:?}");
}

#[test]
fn an_interrupted_run_leaves_no_process() {
    let project = Project::new();
    let mut child = project.spawn(&["run", "--set", "text=hang"]);
    Lines::of(&mut child).until("asker.ask");
    let agents = pids_below(child.id());
    assert!(!agents.is_empty());
    interrupt(&child);
    assert_eq!(child.wait().unwrap().code(), Some(130));
    let mut stderr = String::new();
    child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
    assert_eq!(stderr, "", "nothing ugly is printed");
    agents.into_iter().for_each(|pid| assert!(is_gone_soon(pid)));
}

#[test]
fn a_run_uses_the_warm_agents_of_dev() {
    let project = Project::new();
    let mut dev = project.spawn(&["dev"]);
    let lines = Lines::of(&mut dev);
    ["AWS_ENDPOINT_URL_LAMBDA=", "started in", "started in"].into_iter().for_each(|wanted| lines.until(wanted));
    let run = project.peerc(&["run", "input.json", "--format", "json"]);
    let objects = lines_of(&run.stdout);
    assert_eq!((run.code, &objects[0]["dev"]), (0, &json!(true)), "{run:?}");
    for hop in &objects[1..3] {
        assert_eq!(hop["cold"], false, "{hop}");
    }
    lines.until("asked with 6 characters");
    let agents = pids_below(dev.id());
    interrupt(&dev);
    assert_eq!(dev.wait().unwrap().code(), Some(0));
    agents.into_iter().for_each(|pid| assert!(is_gone_soon(pid)));
    assert!(!project.path(".peerc/dev.json").exists());
}

#[test]
fn a_dev_that_was_killed_is_not_used() {
    let project = Project::new();
    let mut dev = project.spawn(&["dev"]);
    Lines::of(&mut dev).until("started in");
    dev.kill().unwrap();
    dev.wait().unwrap();
    assert!(project.path(".peerc/dev.json").exists());
    assert_eq!(project.peerc(&["run", "input.json"]).code, 0);
}

#[test]
fn one_operation_can_be_invoked_alone() {
    let project = Project::new();
    let call = project.peerc(&["invoke", "teller.count", "input.json"]);
    assert_eq!(
        (call.code, serde_json::from_str::<Value>(&call.stdout).unwrap()),
        (0, json!({"length": 6})),
        "{call:?}"
    );
    let handoff = project.peerc(&["invoke", "asker.ask", "input.json", "--format", "json"]);
    let object = &lines_of(&handoff.stdout)[0];
    assert_eq!((&object["type"], &object["to"]), (&json!("handoff"), &json!("teller.tell")));
    assert_eq!(project.peerc(&["invoke", "asker.ask", "--set", "text=refuse"]).code, 1);
    let slip = project.peerc(&["invoke", "asker.aks", "input.json"]);
    assert!(slip.code == 2 && slip.stderr.contains("did you mean `asker.ask`?"), "{slip:?}");
}

fn interrupt(child: &Child) {
    let sent =
        std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).stderr(Stdio::null()).status();
    assert!(sent.unwrap().success());
}
