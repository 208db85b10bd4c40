//! A tree as YAML.

use super::fit::{STEP, inline};
use super::tree::{Line, Part, Tree, Value};

/// The text, with one line break at its end.
pub(super) fn write(tree: &Tree) -> String {
    let mut writer = Writer { text: String::new() };
    writer.lines(&tree.head, 0);
    if tree.marked {
        writer.text.push_str("---\n");
    }
    let root = &tree.root;
    let has_gap =
        root.value.parts().first().is_some_and(|first| first.gap || first.above.first().is_some_and(|line| line.gap));
    if has_gap && !tree.head.is_empty() {
        writer.text.push('\n');
    }
    writer.lines(&root.above, 0);
    let beside = root.beside.clone().unwrap_or_default();
    match inline(&root.value) {
        Some(line) => writer.text.push_str(&format!("{}\n", format!("{line} {beside}").trim_end())),
        None => {
            writer
                .lines(&root.beside.iter().map(|text| Line { text: text.clone(), gap: false }).collect::<Vec<_>>(), 0);
            writer.value(&root.value, 0, None);
        }
    }
    writer.lines(&root.below, 0);
    writer.text
}

struct Writer {
    text: String,
}

impl Writer {
    fn lines(&mut self, lines: &[Line], indent: usize) {
        for line in lines {
            if line.gap {
                self.gap();
            }
            self.text.push_str(&" ".repeat(indent));
            self.text.push_str(&line.text);
            self.text.push('\n');
        }
    }

    /// An empty line, but never two, and never at the top.
    fn gap(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    /// The parts of a mapping or sequence, or the lines of a scalar, each on its own line.
    ///
    /// `lead` is what stands on the first line already, where the value begins on the line of a `-`.
    fn value(&mut self, value: &Value, indent: usize, lead: Option<&str>) {
        let mut lead = lead;
        for (index, part) in value.parts().iter().enumerate() {
            let is_led = lead.take().is_some();
            if !is_led {
                // What opens a block has nothing to keep apart from.
                let above = without_first_gap(&part.above, index == 0);
                self.lines(&above, indent);
                if part.gap && (index > 0 || !part.above.is_empty()) {
                    self.gap();
                }
                self.text.push_str(&" ".repeat(indent));
            }
            match &part.key {
                Some((key, _)) => self.member(key, part, indent),
                None => self.item(part, indent),
            }
            self.lines(&part.below, indent);
        }
    }

    fn member(&mut self, key: &str, part: &Part, indent: usize) {
        self.text.push_str(key);
        self.text.push(':');
        self.after(part, indent);
    }

    fn item(&mut self, part: &Part, indent: usize) {
        self.text.push('-');
        let leads = part.value.parts().first().is_some_and(|first| first.above.is_empty());
        if inline(&part.value).is_none() && part.beside.is_none() && leads {
            self.text.push(' ');
            self.value(&part.value, indent + STEP, Some("- "));
        } else {
            self.after(part, indent);
        }
    }

    /// What follows a key or a `-` on its line, and below it.
    fn after(&mut self, part: &Part, indent: usize) {
        let beside = part.beside.as_ref().map(|comment| format!(" {comment}")).unwrap_or_default();
        let inner = " ".repeat(indent + STEP);
        match &part.value {
            Value::Block { header, lines } => {
                self.text.push_str(&format!(" {header}{beside}\n"));
                for line in lines {
                    let line = if line.is_empty() { String::new() } else { format!("{inner}{line}") };
                    self.text.push_str(&format!("{line}\n"));
                }
            }
            Value::Lines(lines) => {
                for (index, line) in lines.iter().enumerate() {
                    let before = if index == 0 {
                        " "
                    } else if line.is_empty() {
                        "\n"
                    } else {
                        &format!("\n{inner}")
                    };
                    self.text.push_str(&format!("{before}{line}"));
                }
                self.text.push_str(&format!("{beside}\n"));
            }
            value => match inline(value) {
                Some(line) if line.is_empty() => self.text.push_str(&format!("{beside}\n")),
                Some(line) => self.text.push_str(&format!(" {line}{beside}\n")),
                None => {
                    self.text.push_str(&format!("{beside}\n"));
                    self.value(value, indent + STEP, None);
                }
            },
        }
    }
}

fn without_first_gap(lines: &[Line], is_first: bool) -> Vec<Line> {
    let mut lines = lines.to_vec();
    if let Some(first) = lines.first_mut().filter(|_| is_first) {
        first.gap = false;
    }
    lines
}
