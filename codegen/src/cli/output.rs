//! The output of a work: short things are shown, long texts become files that one can open.

use std::io;
use std::path::{Path, PathBuf};

use peer_contract_core::contract::{Operation, target_of};
use peer_contract_core::{Contract, Value};

/// Strings beyond this are files.
const SHORT: usize = 400;

/// A text of the output that becomes a file.
#[derive(Debug, PartialEq, Eq)]
struct Text<'a> {
    member: &'a str,
    file: String,
    text: &'a str,
}

/// What is shown, and what was written.
#[derive(Debug, PartialEq, Eq)]
pub struct Shown {
    /// The files, the main one first.
    pub files: Vec<PathBuf>,
    /// The rest of the output as JSON; empty when the files are all of it.
    pub rest: String,
}

/// Writes the long texts of an output to `folder`; an output that is long as a whole goes there, too.
///
/// # Errors
/// As the file system says.
pub fn present(contract: &Contract, operation: Option<&Operation>, output: &Value, folder: &Path) -> io::Result<Shown> {
    let texts = texts(contract, operation, output);
    let rest = without(output, &texts);
    let long = rest.len() > SHORT;
    if texts.is_empty() && !long {
        return Ok(Shown { files: Vec::new(), rest });
    }
    std::fs::create_dir_all(folder)?;
    let mut files = Vec::new();
    for text in &texts {
        let path = folder.join(&text.file);
        std::fs::write(&path, text.text)?;
        files.push(path);
    }
    let whole = folder.join("output.json");
    std::fs::write(&whole, serde_json::to_vec_pretty(output)?)?;
    if long {
        files.push(whole);
    }
    Ok(Shown { files, rest: if long { String::new() } else { rest } })
}

/// Writes the output to the one file that was asked for: its main text, unless the name asks for JSON.
///
/// # Errors
/// As the file system says.
pub fn write_to(contract: &Contract, operation: Option<&Operation>, output: &Value, file: &Path) -> io::Result<()> {
    let texts = texts(contract, operation, output);
    let wants_json = file.extension().is_some_and(|ending| ending == "json");
    match texts.first().filter(|_| !wants_json) {
        Some(text) => std::fs::write(file, text.text),
        None => std::fs::write(file, serde_json::to_vec_pretty(output)?),
    }
}

/// The members that are texts of their own: of a media type, or long. Those with a type come first.
fn texts<'a>(contract: &Contract, operation: Option<&Operation>, output: &'a Value) -> Vec<Text<'a>> {
    let Some(members) = output.as_object() else { return Vec::new() };
    let schema = operation.and_then(|operation| schema_of(contract, operation));
    let mut texts: Vec<_> = members
        .iter()
        .filter_map(|(member, value)| {
            let text = value.as_str()?;
            let ending = ending(member, schema, text);
            let is_file = ending.is_some() || text.len() > SHORT || text.contains('\n');
            is_file.then_some((ending, member.as_str(), text))
        })
        .collect();
    texts.sort_by_key(|(ending, member, _)| (ending.is_none(), *member));
    let title = operation.and_then(|operation| title_of(contract, operation));
    let alone = texts.len() == 1;
    let file = |(ending, member, text): (Option<&str>, &'a str, &'a str)| {
        let ending = ending.unwrap_or("txt");
        let stem = title.as_deref().filter(|_| alone && member == ending).unwrap_or(member);
        Text { member, file: format!("{}.{ending}", plain(stem)), text }
    };
    texts.into_iter().map(file).collect()
}

/// File ending by media type, by the name of the member, or by what the text obviously is.
fn ending(member: &str, schema: Option<&Value>, text: &str) -> Option<&'static str> {
    let media_type = schema.and_then(|schema| schema.get("properties")?.get(member)?.get("contentMediaType")?.as_str());
    match (media_type, member) {
        (Some("text/html"), _) | (None, "html") => Some("html"),
        (Some("text/markdown"), _) | (None, "markdown") => Some("md"),
        (Some("image/svg+xml"), _) | (None, "svg") => Some("svg"),
        (Some("text/csv"), _) | (None, "csv") => Some("csv"),
        _ if text.trim_start().starts_with("<!doctype html") || text.starts_with("<!DOCTYPE html") => Some("html"),
        _ => None,
    }
}

/// The schema of the output, one reference followed.
fn schema_of<'a>(contract: &'a Contract, operation: &Operation) -> Option<&'a Value> {
    let schema = contract.value().pointer(operation.output.as_ref()?.schema.as_str())?;
    match schema.get("$ref").and_then(Value::as_str) {
        Some(reference) => contract.value().pointer(target_of(reference)?.as_str()),
        None => Some(schema),
    }
}

/// `report` for `#/$defs/Report`.
fn title_of(contract: &Contract, operation: &Operation) -> Option<String> {
    let schema = contract.value().pointer(operation.output.as_ref()?.schema.as_str())?;
    let name = schema.get("$ref")?.as_str()?.rsplit('/').next()?;
    Some(name.to_lowercase())
}

/// A name of a member can be anything; a file's name cannot.
fn plain(name: &str) -> String {
    let keep = |c: char| if c.is_alphanumeric() || c == '-' || c == '_' { c } else { '_' };
    name.chars().take(60).map(keep).collect()
}

fn without(output: &Value, texts: &[Text<'_>]) -> String {
    let Some(members) = output.as_object().filter(|_| !texts.is_empty()) else {
        return serde_json::to_string_pretty(output).unwrap_or_default();
    };
    let is_file = |member: &str| texts.iter().any(|text| text.member == member);
    let rest: serde_json::Map<_, _> = members
        .iter()
        .filter(|(member, _)| !is_file(member))
        .map(|(member, value)| (member.clone(), value.clone()))
        .collect();
    if rest.is_empty() { String::new() } else { serde_json::to_string(&rest).unwrap_or_default() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn contract() -> Contract {
        let contract = json!({
            "peerContract": "1", "name": "paper", "version": "1.0.0",
            "agents": { "writer": { "operations": { "write": {
                "input": { "type": "object" }, "output": { "schema": { "$ref": "#/$defs/Report" } },
            } } } },
            "$defs": { "Report": { "type": "object", "properties": {
                "title": { "type": "string" }, "html": { "type": "string", "contentMediaType": "text/html" },
            } } },
        });
        Contract::from_value(contract).unwrap()
    }

    #[test]
    fn a_page_is_a_file_named_after_its_type() {
        let folder = tempfile::tempdir().unwrap();
        let contract = contract();
        let output = json!({"title": "Canals", "html": "<p>short</p>"});
        let shown = present(&contract, contract.operation("writer.write"), &output, folder.path()).unwrap();
        assert_eq!(shown.files, [folder.path().join("report.html")]);
        assert_eq!(shown.rest, r#"{"title":"Canals"}"#);
        assert_eq!(std::fs::read_to_string(&shown.files[0]).unwrap(), "<p>short</p>");
    }

    #[test]
    fn a_short_output_is_shown_and_leaves_no_file() {
        let folder = tempfile::tempdir().unwrap();
        let shown = present(&contract(), None, &json!({"score": 1}), &folder.path().join("none")).unwrap();
        assert_eq!((shown.files, shown.rest), (vec![], "{\n  \"score\": 1\n}".to_owned()));
        assert!(!folder.path().join("none").exists());
    }

    #[test]
    fn a_long_output_goes_to_one_file_as_a_whole() {
        let folder = tempfile::tempdir().unwrap();
        let shown = present(&contract(), None, &json!(vec![12345; 200]), folder.path()).unwrap();
        assert_eq!(shown.files, [folder.path().join("output.json")]);
        assert_eq!(shown.rest, "");
    }

    #[test]
    fn names_of_members_stay_in_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        let shown = present(&contract(), None, &json!({"../../a/b": "x\ny"}), folder.path()).unwrap();
        assert_eq!(shown.files, [folder.path().join("______a_b.txt")]);
    }
}
