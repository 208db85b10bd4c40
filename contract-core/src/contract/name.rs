//! Names: which are legal, and when two are too alike.

/// `[a-z][a-z0-9-]{0,63}`: the name of a contract, which becomes part of function names.
pub fn is_contract_name(name: &str) -> bool {
    name.len() <= 64
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

/// `[A-Za-z][A-Za-z0-9_]{0,63}`: every other name.
pub fn is_name(name: &str) -> bool {
    name.len() <= 64
        && name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// What is left of a name once case and underscores are gone; equal folds collide in generated code.
pub fn fold(name: &str) -> String {
    name.chars().filter(|c| *c != '_').map(|c| c.to_ascii_lowercase()).collect()
}

/// The agent of a target, `agent.operation`.
pub fn agent_of(target: &str) -> &str {
    target.split('.').next().unwrap_or_default()
}
