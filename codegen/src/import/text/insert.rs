//! Types into a contract that somebody wrote: nothing else in its text changes.

use std::ops::Range;

use peer_contract_core::Pointer;
use peer_contract_core::json::Span;
use serde_json::Value;

use crate::source::{Notation, Source};
use crate::text::{Node, json, yaml};

/// Spaces of a level where the text does not show how many it likes.
const STEP: usize = 2;

/// A change to one text.
struct Change {
    range: Range<usize>,
    text: String,
}

/// The text of a contract with types put into its `$defs`: a type that is there is replaced, a new one comes last.
/// `None` where the text is laid out in a way that this cannot follow.
pub fn insert(source: &Source, notation: Notation, types: &[(String, Node)]) -> Option<String> {
    let editor = Editor { source, text: &source.text, notation };
    let mut changes = Vec::new();
    let mut new = Vec::new();
    let defs = Pointer::root().key("$defs");
    for (name, node) in types {
        match source.extent(&defs.key(name)) {
            Some((key, value)) => changes.push(editor.replaced(key, value, node)?),
            None => new.push((name.clone(), node.clone())),
        }
    }
    if !new.is_empty() {
        changes.push(editor.added(&new)?);
    }
    changes.sort_by_key(|change| change.range.start);
    let mut text = source.text.clone();
    for change in changes.iter().rev() {
        text.replace_range(change.range.clone(), &editor.ended(&change.text));
    }
    Some(text)
}

struct Editor<'e> {
    source: &'e Source,
    text: &'e str,
    notation: Notation,
}

impl Editor<'_> {
    /// A type in the place of the one that stands there.
    fn replaced(&self, key: Span, value: Span, node: &Node) -> Option<Change> {
        let line = self.line_start(key.start);
        let indent = key.start - line;
        let has_lines = self.text[line..key.start].trim().is_empty() && !self.is_flow(self.whole_defs()?);
        if !has_lines {
            let text = json(node, &self.indent_at(key.start), &self.step());
            return Some(Change { range: value.start..value.end, text });
        }
        let name = self.text.get(key.start..key.end)?;
        let text = self.entry(name, node, indent);
        let own = if self.is_flow(value) { self.line_end(value.end) } else { 0 };
        let end = self.block_end(line, indent).max(own);
        Some(Change { range: line..end, text })
    }

    /// New types behind those that are there.
    fn added(&self, types: &[(String, Node)]) -> Option<Change> {
        let defs = Pointer::root().key("$defs");
        let root = self.source.extent_of_root()?;
        match self.source.extent(&defs) {
            Some((_, value)) if self.is_flow(value) => self.between_braces(&defs, value, types),
            Some((key, _)) => self.behind_block(key, types),
            None if self.is_flow(root) => {
                let node = vec![("$defs".to_owned(), Node::Map(types.to_vec()))];
                self.between_braces(&Pointer::root(), root, &node)
            }
            None => {
                let end = self.text.len();
                let lead = if self.text.ends_with('\n') { "" } else { "\n" };
                let entries = yaml(&Node::Map(types.to_vec()), STEP, STEP);
                Some(Change { range: end..end, text: format!("{lead}$defs:\n{entries}") })
            }
        }
    }

    /// Members between the braces of an object: JSON, which YAML reads too.
    fn between_braces(&self, at: &Pointer, object: Span, members: &[(String, Node)]) -> Option<Change> {
        let (outer, step) = (self.indent_at(object.start), self.step());
        let inner = format!("{outer}{step}");
        let lines: Vec<String> = members
            .iter()
            .map(|(name, node)| format!("\n{inner}{}: {}", Value::from(name.as_str()), json(node, &inner, &step)))
            .collect();
        let lines = lines.join(",");
        match self.last_member(at) {
            Some(last) => Some(Change { range: last.end..last.end, text: format!(",{lines}") }),
            None => Some(Change { range: object.start..object.end, text: format!("{{{lines}\n{outer}}}") }),
        }
    }

    /// Where the last member of an object ends.
    fn last_member(&self, at: &Pointer) -> Option<Span> {
        let members = self.source.value().ok()?.pointer(at.as_str())?.as_object()?;
        let ends = members.keys().filter_map(|key| self.source.extent(&at.key(key)).map(|(_, value)| value));
        ends.max_by_key(|span| span.end)
    }

    fn behind_block(&self, key: Span, types: &[(String, Node)]) -> Option<Change> {
        let line = self.line_start(key.start);
        let indent = key.start - line;
        let end = self.block_end(line, indent);
        let inner = self.text[line..end].lines().skip(1).find_map(indent_of).unwrap_or(indent + STEP);
        let lead = if self.text[..end].ends_with('\n') { "" } else { "\n" };
        let text = yaml(&Node::Map(types.to_vec()), inner, (inner - indent).max(1));
        (inner > indent).then(|| Change { range: end..end, text: format!("{lead}{text}") })
    }

    fn entry(&self, name: &str, node: &Node, indent: usize) -> String {
        let text = yaml(&Node::Map(vec![(name.trim_matches(['"', '\'']).to_owned(), node.clone())]), indent, STEP);
        if self.text.ends_with('\n') { text } else { text.trim_end().to_owned() }
    }

    /// Where the block ends that the line at `line` opens: behind its last line that says something.
    fn block_end(&self, line: usize, indent: usize) -> usize {
        let mut at = line;
        let mut end = self.text.len();
        for (number, text) in self.text[line..].split_inclusive('\n').enumerate() {
            at += text.len();
            match indent_of(text) {
                _ if number == 0 => end = at,
                Some(found) if found > indent => end = at,
                Some(_) if !text.trim_start().starts_with('#') => break,
                _ => {}
            }
        }
        end
    }

    fn whole_defs(&self) -> Option<Span> {
        self.source.extent(&Pointer::root().key("$defs")).map(|(_, value)| value)
    }

    fn line_end(&self, byte: usize) -> usize {
        self.text[byte..].find('\n').map_or(self.text.len(), |end| byte + end + 1)
    }

    fn is_flow(&self, value: Span) -> bool {
        self.notation == Notation::Json || self.text[value.start..].starts_with(['{', '['])
    }

    fn line_start(&self, byte: usize) -> usize {
        self.text[..byte].rfind('\n').map_or(0, |end| end + 1)
    }

    /// The white space that the line begins with on which a byte stands.
    fn indent_at(&self, byte: usize) -> String {
        let line = &self.text[self.line_start(byte)..];
        line.chars().take_while(|c| *c == ' ' || *c == '\t').collect()
    }

    /// What one level is indented by: what the first indented line is.
    fn step(&self) -> String {
        let first = self.text.lines().map(|line| &line[..line.len() - line.trim_start().len()]);
        first.filter(|lead| !lead.is_empty()).map(str::to_owned).next().unwrap_or_else(|| " ".repeat(STEP))
    }

    /// The same line breaks as the rest of the text.
    fn ended(&self, text: &str) -> String {
        if self.text.contains("\r\n") { text.replace('\n', "\r\n") } else { text.to_owned() }
    }
}

/// Spaces before what a line says; none for a line that says nothing.
fn indent_of(line: &str) -> Option<usize> {
    let said = line.trim_start();
    (!said.is_empty()).then(|| line.len() - said.len())
}

#[cfg(test)]
mod tests {
    use peer_contract_core::Limits;
    use serde_json::json;

    use super::*;

    fn inserted(text: &str, notation: Notation, types: &Value) -> String {
        let source = Source::of("a", text.as_bytes(), notation, &Limits::default());
        let nodes: Vec<_> =
            types.as_object().unwrap().iter().map(|(name, node)| (name.clone(), Node::of(node))).collect();
        let changed = insert(&source, notation, &nodes).unwrap();
        let mut wanted = source.value().unwrap().clone();
        for (name, node) in types.as_object().unwrap() {
            wanted["$defs"][name] = node.clone();
        }
        let read = Source::of("b", changed.as_bytes(), notation, &Limits::default());
        assert_eq!(read.value(), Ok(&wanted), "{changed}");
        changed
    }

    #[test]
    fn yaml_keeps_its_comments_and_layout() {
        let text = "# top\n$defs:\n    A: { type: string } # a\n    # between\n    B:\n        type: object # b\n\n# behind\nname: x\n";
        let changed = inserted(text, Notation::Yaml, &json!({ "C": { "type": "null" } }));
        assert_eq!(changed, text.replace("# b\n", "# b\n    C: { type: 'null' }\n").replace("'null'", "\"null\""));
        let replaced = inserted(text, Notation::Yaml, &json!({ "A": true, "B": { "type": "array" } }));
        for comment in ["# top", "# between", "# behind"] {
            assert!(replaced.contains(comment), "{replaced}");
        }
    }

    #[test]
    fn every_way_to_write_defs_takes_types() {
        let types = json!({ "New": { "type": "object", "properties": { "a": { "$ref": "#/$defs/New" }, "b": {} } }, "Other": true });
        for text in [
            "name: x\n",
            "name: x",
            "name: x\n$defs: {}\n",
            "$defs: {}\nname: x",
            "$defs: { A: true }\nname: x",
            "$defs: {\n  A: true,\n}\nname: x\n",
            "$defs:\n  A: true",
            "{ name: x }",
            "name: x\r\n$defs:\r\n  A: true\r\nz: 1\r\n",
            "name: x\n$defs:\n  A:\n    description: |\n      # no comment\n\n      more\n  # last\n",
            "$defs:\n  'A': { type: string }\n",
        ] {
            inserted(text, Notation::Yaml, &types);
        }
        for text in [
            "{}",
            "{ \"a\": 1 }",
            "{\n\t\"$defs\": {\n\t\t\"A\": true\n\t},\n\t\"b\": 1\n}\n",
            "{\"$defs\":{}}",
            "{\"$defs\":{\"New\":{}}}",
        ] {
            inserted(text, Notation::Json, &types);
        }
    }
}
