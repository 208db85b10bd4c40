//! A tree as YAML that reads as JSON would.

/// A part of a template.
pub enum Node {
    /// Text.
    Text(String),
    /// A number.
    Number(u64),
    /// A truth.
    Flag(bool),
    /// Members, in their order.
    Map(Vec<(String, Node)>),
    /// Items.
    List(Vec<Node>),
}

impl Node {
    /// Text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// Members.
    pub fn map<const N: usize>(members: [(&str, Node); N]) -> Self {
        Self::Map(members.into_iter().map(|(name, node)| (name.to_owned(), node)).collect())
    }

    /// The whole, as a document.
    pub fn to_yaml(&self) -> String {
        let mut text = String::new();
        self.write(0, &mut text);
        text
    }

    fn write(&self, indent: usize, text: &mut String) {
        match self {
            Self::Map(members) => members.iter().enumerate().for_each(|(index, (name, node))| {
                // The first member of an item stands behind its dash.
                if index > 0 || text.is_empty() || text.ends_with('\n') {
                    text.push_str(&" ".repeat(indent));
                }
                text.push_str(&scalar(name));
                text.push(':');
                node.below(indent, text);
            }),
            Self::List(items) => items.iter().for_each(|item| {
                text.push_str(&" ".repeat(indent));
                text.push_str("- ");
                match item {
                    Self::Map(members) if !members.is_empty() => item.write(indent + 2, text),
                    item => {
                        text.push_str(&item.flat());
                        text.push('\n');
                    }
                }
            }),
            flat => {
                text.push_str(&flat.flat());
                text.push('\n');
            }
        }
    }

    /// What stands behind a colon.
    fn below(&self, indent: usize, text: &mut String) {
        match self {
            Self::Map(members) if !members.is_empty() => {
                text.push('\n');
                self.write(indent + 2, text);
            }
            Self::List(items) if !items.is_empty() => {
                text.push('\n');
                self.write(indent + 2, text);
            }
            flat => {
                text.push(' ');
                text.push_str(&flat.flat());
                text.push('\n');
            }
        }
    }

    fn flat(&self) -> String {
        match self {
            Self::Text(text) => scalar(text),
            Self::Number(number) => number.to_string(),
            Self::Flag(flag) => flag.to_string(),
            Self::Map(_) => "{}".to_owned(),
            Self::List(items) => format!("[{}]", items.iter().map(Self::flat).collect::<Vec<_>>().join(", ")),
        }
    }
}

/// Text as it is where every reader takes it for text, else in quotes.
fn scalar(text: &str) -> String {
    let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | ':');
    let starts_as_word = text.starts_with(|c: char| c.is_ascii_alphabetic());
    let means_more =
        ["true", "false", "null", "yes", "no", "on", "off", "y", "n"].contains(&text.to_ascii_lowercase().as_str());
    // A colon is part of a word unless a blank follows, or nothing.
    if starts_as_word && text.chars().all(is_word) && !means_more && !text.ends_with(':') {
        return text.to_owned();
    }
    serde_json::to_string(text).expect("text always prints")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_reads_back_by_another_reader() {
        let tree = Node::map([
            ("a", Node::List(vec![Node::map([("x", Node::text("on")), ("y", Node::Number(3))]), Node::text("s: t")])),
            ("b", Node::map([("c", Node::List(Vec::new())), ("d", Node::Flag(true)), ("Fn::Sub", Node::text("${A}"))])),
            ("e", Node::text("2012-10-17")),
            ("f", Node::text("a\n\"b\"")),
        ]);
        let source = crate::source::Source::of(
            "a.yaml",
            tree.to_yaml().as_bytes(),
            crate::source::Notation::Yaml,
            &peer_contract_core::Limits::default(),
        );
        let expected = serde_json::json!({
            "a": [{ "x": "on", "y": 3 }, "s: t"], "b": { "c": [], "d": true, "Fn::Sub": "${A}" },
            "e": "2012-10-17", "f": "a\n\"b\"",
        });
        assert_eq!(source.value().unwrap(), &expected, "{}", tree.to_yaml());
    }
}
