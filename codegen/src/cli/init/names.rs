//! Names of new projects, and of the modules that their agents import.

use peer_contract_core::ErrorCode;
use peer_contract_core::Problem;
use peer_contract_core::contract::is_contract_name;

use super::refuse;

/// Modules that Python or a language knows already, or that the agents are called.
const TAKEN: &[&str] = &[
    "abc",
    "alloc",
    "array",
    "ast",
    "asyncio",
    "base64",
    "bisect",
    "calendar",
    "code",
    "codecs",
    "collections",
    "copy",
    "core",
    "csv",
    "dataclasses",
    "datetime",
    "decimal",
    "dis",
    "email",
    "enum",
    "fnmatch",
    "formatter",
    "fractions",
    "functools",
    "gc",
    "getpass",
    "glob",
    "graphlib",
    "gzip",
    "hashlib",
    "heapq",
    "hmac",
    "html",
    "http",
    "inspect",
    "io",
    "ipaddress",
    "itertools",
    "json",
    "keyword",
    "locale",
    "logging",
    "lzma",
    "main",
    "marshal",
    "math",
    "numbers",
    "operator",
    "os",
    "pathlib",
    "peer_contract",
    "pickle",
    "platform",
    "plistlib",
    "pprint",
    "profile",
    "queue",
    "random",
    "ranker",
    "re",
    "reasoner",
    "sched",
    "secrets",
    "select",
    "selectors",
    "shelve",
    "shutil",
    "signal",
    "site",
    "socket",
    "sqlite3",
    "ssl",
    "stat",
    "statistics",
    "std",
    "string",
    "struct",
    "subprocess",
    "symtable",
    "sys",
    "tempfile",
    "test",
    "textwrap",
    "threading",
    "time",
    "timeit",
    "token",
    "tokio",
    "tokenize",
    "tomllib",
    "trace",
    "traceback",
    "types",
    "typing",
    "uuid",
    "venv",
    "warnings",
    "wave",
    "weakref",
    "xml",
    "zipfile",
    "zlib",
    "zoneinfo",
];

const KEYWORDS: &[&str] = &[
    "abstract", "and", "as", "assert", "async", "await", "become", "box", "break", "class", "const", "continue",
    "crate", "def", "del", "do", "dyn", "elif", "else", "except", "extern", "false", "final", "finally", "fn", "for",
    "from", "gen", "global", "if", "impl", "import", "in", "is", "lambda", "let", "loop", "macro", "match", "mod",
    "move", "mut", "nonlocal", "not", "or", "override", "pass", "priv", "pub", "raise", "ref", "return", "self",
    "static", "super", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where",
    "while", "with", "yield",
];

/// The name of the generated module: what an agent imports.
pub fn module_name(name: &str) -> String {
    let module = name.trim_end_matches('-').replace('-', "_");
    if TAKEN.contains(&module.as_str()) || KEYWORDS.contains(&module.as_str()) {
        format!("{module}_contract")
    } else {
        module
    }
}

/// Refuses what is no name of a contract.
///
/// # Errors
/// `name_invalid`, with a better name where one can be made.
pub fn check_name(name: &str) -> Result<(), Problem> {
    if is_contract_name(name) {
        return Ok(());
    }
    let message =
        "the name of a contract begins with a lowercase letter and has up to 64 lowercase letters, digits and hyphens";
    let problem = refuse(ErrorCode::NameInvalid, message.to_owned());
    let better: String = name
        .to_lowercase()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .skip_while(|c| !c.is_ascii_lowercase())
        .take(64)
        .collect();
    Err(if is_contract_name(&better) { problem.with_help(format!("such as `{better}`")) } else { problem })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_mean_something_else_get_another_module() {
        assert_eq!(module_name("my-research"), "my_research");
        assert_eq!(module_name("json"), "json_contract");
        assert_eq!(module_name("match"), "match_contract");
        assert_eq!(module_name("ranker"), "ranker_contract");
    }

    #[test]
    fn a_name_that_is_none_gets_a_better_one() {
        let problem = check_name("My Research").unwrap_err();
        assert_eq!((problem.code, problem.help.as_str()), (ErrorCode::NameInvalid, "such as `my-research`"));
        assert!(check_name("../up").is_err() && check_name("").is_err());
    }
}
