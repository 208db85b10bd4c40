//! The command as its users meet it.

mod kit;
#[path = "kit/project.rs"]
mod project;

use serde_json::Value;

use kit::peerc;
use project::project;

#[test]
fn a_new_project_passes_its_own_checks() {
    let folder = project();
    let root = folder.path().join("research");
    let checked = peerc(&root, &["check"]);
    assert!(checked.out.starts_with("research 1.0.0  3 agents, 4 operations, 5 phases  sha256:"), "{}", checked.out);
    assert_eq!((checked.code, checked.err.as_str()), (0, ""));
    assert_eq!(peerc(&root, &["generate", "--check"]).code, 0);
    assert!(peerc(&root.join("agents"), &["check"]).code == 0, "a folder above has `peerc.toml`");
}

#[test]
fn init_leaves_a_folder_with_files_alone() {
    let folder = project();
    let again = peerc(folder.path(), &["init", "research"]);
    assert_eq!(again.code, 2);
    assert!(again.err.contains("`research` is there already"), "{}", again.err);
    let names: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["research"], "nothing half made stays");
}

#[test]
fn a_mistake_is_shown_with_code_place_and_help() {
    let folder = project();
    let root = folder.path().join("research");
    let path = root.join("research.contract.yaml");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replace("formatter.render: ranked", "formatter.render: ranekd")).unwrap();
    let checked = peerc(&root, &["check"]);
    assert_eq!((checked.code, checked.out.as_str()), (1, ""));
    for part in ["error[", "ranekd", "[research.contract.yaml:23:", "help: ", " in research.contract.yaml"] {
        assert!(checked.err.contains(part), "{part} is not in\n{}", checked.err);
    }
    let listed = peerc(&root, &["check", "--format", "json"]);
    let problems: Value = serde_json::from_str(&listed.out).unwrap();
    let first = problems.as_array().unwrap().iter().find(|problem| problem["line"] == 23).unwrap();
    for key in ["code", "message", "help", "at", "file", "line", "column", "endLine", "endColumn"] {
        assert!(first.get(key).is_some_and(|value| !value.is_null()), "{key}: {problems:#}");
    }
}

#[test]
fn what_cannot_be_read_exits_with_2() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("broken.yaml"), "a: [1").unwrap();
    std::fs::write(folder.path().join("broken.json"), "{\"a\":1,\"a\":2}").unwrap();
    for arguments in [["check", "missing.yaml"], ["check", "broken.yaml"], ["check", "broken.json"], ["check", "x.txt"]]
    {
        let ended = peerc(folder.path(), &arguments);
        assert_eq!(ended.code, 2, "{arguments:?} {}", ended.err);
        assert!(ended.err.starts_with("error["), "{}", ended.err);
    }
}

#[test]
fn yaml_and_json_have_one_hash() {
    let folder = tempfile::tempdir().unwrap();
    let yaml = "peerContract: '1'\nname: tiny\nversion: 1.0.0\nagents:\n  one:\n    operations:\n      \
                double: { input: { type: integer, maximum: 1e3 }, output: { schema: { type: number } } }\n";
    let json = r#"{"agents":{"one":{"operations":{"double":{"output":{"schema":{"type":"number"}},
                "input":{"maximum":1000,"type":"integer"}}}}},"version":"1.0.0","name":"tiny","peerContract":"1"}"#;
    std::fs::write(folder.path().join("a.yaml"), yaml).unwrap();
    std::fs::write(folder.path().join("b.json"), json).unwrap();
    let (one, other) = (peerc(folder.path(), &["hash", "a.yaml"]), peerc(folder.path(), &["hash", "b.json"]));
    assert_eq!((one.code, one.out.as_str()), (0, other.out.as_str()), "{}", one.err);
    let operation = peerc(folder.path(), &["hash", "a.yaml", "--operation", "one.double"]);
    assert!(operation.out.starts_with("sha256:") && operation.out != one.out);
    let unknown = peerc(folder.path(), &["hash", "a.yaml", "--operation", "one.treble"]);
    assert_eq!(unknown.code, 2);
    assert!(unknown.err.contains("`one.double`"), "{}", unknown.err);
}

#[test]
fn generate_check_lists_what_is_stale_and_writes_nothing() {
    let folder = project();
    let root = folder.path().join("research");
    let stale = root.join("agents/ranker/src/research/types.rs");
    let text = std::fs::read_to_string(&stale).unwrap() + "// changed\n";
    std::fs::write(&stale, &text).unwrap();
    std::fs::remove_file(root.join("agents/research/ranker.py")).unwrap();
    let listed = peerc(&root, &["generate", "--check"]);
    assert_eq!(listed.code, 1);
    assert!(listed.out.contains("stale     agents/ranker/src/research/types.rs"), "{}", listed.out);
    assert!(listed.out.contains("missing   agents/research/ranker.py"), "{}", listed.out);
    assert_eq!(std::fs::read_to_string(&stale).unwrap(), text);
    assert_eq!(peerc(&root, &["generate"]).code, 0);
    assert_eq!(peerc(&root, &["generate", "--check"]).code, 0);
}

#[test]
fn one_language_leaves_the_files_of_another_in_the_same_folder() {
    let folder = project();
    let root = folder.path().join("research");
    assert_eq!(peerc(&root, &["generate", "--python", "agents/research"]).code, 0);
    assert_eq!(peerc(&root, &["generate", "--check"]).code, 0);
}

#[test]
fn generate_does_not_write_outside_the_project_or_over_foreign_files() {
    let folder = project();
    let root = folder.path().join("research");
    std::fs::write(root.join("agents/research/ranker.py"), "mine = 1\n").unwrap();
    std::fs::remove_file(root.join("agents/research/reasoner.py")).unwrap();
    let refused = peerc(&root, &["generate"]);
    assert_eq!(refused.code, 2);
    assert!(refused.err.contains("was not written by peerc"), "{}", refused.err);
    assert!(!root.join("agents/research/reasoner.py").exists(), "all or nothing");
    std::fs::write(root.join("peerc.toml"), "contract = \"research.contract.yaml\"\n[generate]\nrust = \"../out\"\n")
        .unwrap();
    let refused = peerc(&root, &["generate"]);
    assert_eq!(refused.code, 2);
    assert!(refused.err.contains("leads out of the project"), "{}", refused.err);
}

#[test]
fn schemas_and_completions_are_printed() {
    let folder = tempfile::tempdir().unwrap();
    for which in ["contract", "envelope", "errors"] {
        let printed = peerc(folder.path(), &["schema", which]);
        assert_eq!(printed.code, 0);
        serde_json::from_str::<Value>(&printed.out).unwrap();
    }
    assert!(peerc(folder.path(), &["completions", "bash"]).out.contains("peerc"));
}

#[test]
fn a_pipe_gets_no_colours() {
    let folder = tempfile::tempdir().unwrap();
    assert!(!peerc(folder.path(), &["check", "missing.yaml"]).err.contains('\u{1b}'));
    assert!(peerc(folder.path(), &["check", "missing.yaml", "--color", "always"]).err.contains('\u{1b}'));
}

/// A contract of one callable operation.
fn small(name: &str) -> String {
    format!(
        "peerContract: \"1\"\nname: {name}\nversion: 1.0.0\n\
         agents: {{ a: {{ operations: {{ op: {{ input: {{ type: string }}, output: {{ schema: true }} }} }} }} }}\n"
    )
}

#[test]
fn several_contracts_are_generated_in_one_command() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("all")).unwrap();
    for name in ["one", "two-three"] {
        std::fs::write(folder.path().join(format!("all/{name}.contract.yaml")), small(name)).unwrap();
    }
    std::fs::write(folder.path().join("four.yaml"), small("four")).unwrap();
    let arguments = ["generate", "all", "four.yaml", "--rust", "out/rust", "--javascript", "out/web"];
    let made = peerc(folder.path(), &arguments);
    assert_eq!((made.code, made.err.as_str()), (0, ""));
    assert!(made.out.starts_with("rust        out/rust  3 contracts, 9 files, 9 changed\n"), "{}", made.out);
    for file in ["rust/one/mod.rs", "rust/two_three/types.rs", "rust/four/a.rs", "web/two_three/index.mjs"] {
        assert!(folder.path().join("out").join(file).exists(), "{file}");
    }
    assert_eq!(peerc(folder.path(), &[&arguments[..], &["--check"]].concat()).code, 0);

    std::fs::write(folder.path().join("all/other.contract.yaml"), small("one")).unwrap();
    let twice = peerc(folder.path(), &arguments);
    assert!(twice.code == 2 && twice.err.contains("two of these contracts are called `one`"), "{}", twice.err);

    for name in ["five", "six"] {
        std::fs::write(folder.path().join(format!("all/{name}.contract.yaml")), small(name).replace("1.0", "x"))
            .unwrap();
    }
    let wrong = peerc(folder.path(), &arguments);
    assert_eq!((wrong.code, wrong.out.as_str()), (1, ""));
    assert!(wrong.err.contains("five.contract.yaml") && wrong.err.contains("six.contract.yaml"), "{}", wrong.err);
    assert!(!folder.path().join("out/rust/five").exists(), "all or nothing");
    assert_eq!(peerc(folder.path(), &["generate", "out", "--rust", "x"]).code, 2, "a folder without contracts");
}

#[test]
fn code_of_a_contract_that_was_renamed_is_named_and_stays() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["one", "two"] {
        std::fs::write(folder.path().join(format!("{name}.yaml")), small(name)).unwrap();
    }
    std::fs::create_dir_all(folder.path().join("out/mine")).unwrap();
    std::fs::write(folder.path().join("out/mine/mod.rs"), "mine").unwrap();
    let arguments = ["generate", "one.yaml", "two.yaml", "--rust", "out"];
    assert_eq!(peerc(folder.path(), &arguments).err, "");
    std::fs::write(folder.path().join("two.yaml"), small("three")).unwrap();
    let made = peerc(folder.path(), &arguments);
    assert_eq!((made.code, made.err.as_str()), (0, "out/two holds code of `two`, which is none of these contracts\n"));
    assert!(folder.path().join("out/two/mod.rs").exists());
    let checked = peerc(folder.path(), &[&arguments[..], &["--check"]].concat());
    assert!(checked.code == 0 && checked.err.starts_with("out/two holds"), "{}", checked.err);
}

#[test]
fn standard_input_is_refused_where_a_file_is_needed() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.json"), r#"{"type":"string"}"#).unwrap();
    let into = peerc(folder.path(), &["import", "a.json", "--into", "-"]);
    assert!(into.code == 2 && into.err.contains("`--into` changes the file of a contract"), "{}", into.err);
    let watch = peerc(folder.path(), &["generate", "--watch", "-", "--rust", "out"]);
    assert!(watch.code == 2 && watch.err.contains("`--watch` waits for a file"), "{}", watch.err);
}
