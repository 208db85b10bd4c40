//! What is filled into the files of a new project.

use std::path::Path;

use peer_contract_core::{ErrorCode, Problem};
use serde::Serialize;
use serde_json::json;

use super::names::module_name;
use super::{failed, refuse};

/// What the templates print.
#[derive(Debug, Serialize)]
pub struct Words {
    /// Of the contract.
    pub name: String,
    module: String,
    rust_dependency: String,
    python_dependency: String,
    node_dependency: String,
    python_build: String,
    /// What lies in the checkout and is used again; `None` when packages come from the registries.
    pub checkout: Option<Checkout>,
}

/// What a project takes over from a checkout, so that little is compiled twice.
#[derive(Debug, Serialize)]
pub struct Checkout {
    /// Text of its `Cargo.lock`: the same versions as there.
    #[serde(skip)]
    pub lock: String,
    target: String,
}

impl Words {
    /// Words for a project that takes the packages from a checkout, or from the registries.
    ///
    /// # Errors
    /// `configuration_invalid` when `sdk` is no checkout of peer-contract.
    pub fn of(name: &str, sdk: Option<&Path>) -> Result<Self, Problem> {
        let version = env!("CARGO_PKG_VERSION");
        let (name, module) = (name.to_owned(), module_name(name));
        let Some(sdk) = sdk else {
            return Ok(Self {
                name,
                module,
                rust_dependency: format!("\"{version}\""),
                python_dependency: format!("peer-contract=={version}"),
                node_dependency: format!("\"{version}\""),
                python_build: quoted(&python_build(None)),
                checkout: None,
            });
        };
        let part = |folder: &str, proof: &str| sdk_part(sdk, folder, proof);
        let target = part("", "Cargo.toml")? + "/target";
        let lock = std::fs::read_to_string(sdk.join("Cargo.lock")).map_err(|error| failed(&error))?;
        let python = part("bindings-python", "pyproject.toml")? + "/python";
        let built = has_module(&Path::new(&python).join("peer_contract"));
        Ok(Self {
            name,
            module,
            rust_dependency: format!("{{ path = {} }}", quoted(&part("runtime-lambda", "Cargo.toml")?)),
            python_dependency: if built {
                "# peer-contract comes from the checkout: `.venv` has its path (see peerc.toml).".to_owned()
            } else {
                format!("peer-contract @ file://{}", url_path(python.trim_end_matches("/python")))
            },
            node_dependency: quoted(&format!("file:{}", part("bindings-node", "package.json")?)),
            python_build: quoted(&python_build(built.then_some(&python))),
            checkout: Some(Checkout { lock, target: quoted(&target) }),
        })
    }
}

/// Whether the native module of the Python package is there, for whichever version of Python.
fn has_module(package: &Path) -> bool {
    let is_module = |name: &str| name.starts_with("_native.") && name.ends_with(".so");
    let files = std::fs::read_dir(package).into_iter().flatten().flatten();
    files.map(|file| file.file_name()).any(|name| name.to_str().is_some_and(is_module))
}

/// The shell command that makes `.venv`, again when the requirements changed. A checkout that was set up lends its module
/// by path: pip would compile it anew.
fn python_build(borrowed: Option<&String>) -> String {
    let fresh = "test .venv/ready -nt requirements.txt";
    let install = "python3 -m venv .venv && .venv/bin/python -m pip install --quiet -r requirements.txt";
    let borrow = borrowed.map_or_else(String::new, |path| {
        let path = path.replace('\'', "'\\''");
        format!(" && (cd .venv/lib/python3*/site-packages && echo '{path}' > peer-contract.pth)")
    });
    format!("{fresh} || ({install}{borrow} && touch .venv/ready)")
}

/// The absolute path of a part of the checkout.
fn sdk_part(sdk: &Path, folder: &str, proof: &str) -> Result<String, Problem> {
    let path = sdk.join(folder);
    if !path.join(proof).is_file() {
        let message = format!("`{}` is no checkout of peer-contract: it has no `{folder}/{proof}`", sdk.display());
        return Err(refuse(ErrorCode::ConfigurationInvalid, message));
    }
    let path = path.canonicalize().map_err(|error| failed(&error))?;
    let text = path.to_str().filter(|text| !text.contains(['\n', '\r']));
    text.map(str::to_owned)
        .ok_or_else(|| refuse(ErrorCode::ConfigurationInvalid, "the path of the checkout is not plain text".to_owned()))
}

/// JSON and TOML write such strings alike.
fn quoted(text: &str) -> String {
    json!(text).to_string()
}

/// pip reads a requirement as a URL, where most characters must be escaped.
fn url_path(path: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte);
    path.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_sdk_must_be_a_checkout() {
        let folder = tempfile::tempdir().unwrap();
        assert!(Words::of("research", Some(folder.path())).is_err());
        let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        assert!(Words::of("research", Some(&here)).unwrap().rust_dependency.contains("runtime-lambda"));
    }
}
