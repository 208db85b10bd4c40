//! Templates that were read, ready to run.
//!
//! Handlebars reads them; what it would look up by name each time it prints, a line or a field, is found out once
//! here: which of the open blocks a path begins in. Thousands of lines are a few steps each then. What our templates
//! do not use is not there, and says so when a template is read.

use handlebars::Path;
use handlebars::Template;
use handlebars::template::{BlockParam, HelperTemplate, Parameter, TemplateElement};
use serde_json::Value;

/// The steps of one template.
pub struct Program(Vec<Step>);

enum Step {
    Text(String),
    Print(Place),
    Each { list: Place, body: Vec<Step>, otherwise: Vec<Step> },
    When { condition: Condition, body: Vec<Step>, otherwise: Vec<Step> },
}

enum Condition {
    Holds(Place),
    IsFirst,
}

/// A value of the view: which of the values in hand, from the outermost, and the members that lead on from it.
struct Place {
    value: usize,
    members: Vec<String>,
}

/// What `{{#each}}` has in hand; outermost is the view.
#[derive(Clone, Copy)]
struct Frame<'v> {
    value: &'v Value,
    is_first: bool,
}

impl Program {
    /// # Panics
    /// The template uses something else than paths, `#each … as |name|`, `#if`, `#unless` and `@first`.
    pub fn of(template: &Template) -> Self {
        Self(Reader { names: vec![String::new()] }.steps(template))
    }

    /// Text of the template with a view in it.
    ///
    /// # Panics
    /// The view has no member that the template prints; goldens run them all.
    pub fn run(&self, view: &Value) -> String {
        let mut text = String::new();
        run(&self.0, &mut vec![Frame { value: view, is_first: true }], &mut text);
        text
    }
}

/// The names that blocks give to what they have in hand, from the outermost.
struct Reader {
    names: Vec<String>,
}

impl Reader {
    fn steps(&mut self, template: &Template) -> Vec<Step> {
        template.elements.iter().filter_map(|element| self.step(element)).collect()
    }

    fn step(&mut self, element: &TemplateElement) -> Option<Step> {
        Some(match element {
            TemplateElement::RawString(text) => Step::Text(text.clone()),
            TemplateElement::Expression(path) if path.params.is_empty() => Step::Print(self.place(&path.name)),
            TemplateElement::HelperBlock(block) => self.block(block),
            TemplateElement::Comment(_) => return None,
            other => panic!("templates have no {other:?}"),
        })
    }

    fn block(&mut self, block: &HelperTemplate) -> Step {
        let [subject] = block.params.as_slice() else { panic!("a block is about one path") };
        let otherwise = |reader: &mut Self| block.inverse.iter().flat_map(|inverse| reader.steps(inverse)).collect();
        let body = block.template.as_ref().expect("a block has a body");
        match raw(&block.name) {
            "each" => {
                let list = self.place(subject);
                let otherwise = otherwise(self);
                self.names.push(name(block));
                let body = self.steps(body);
                self.names.pop();
                Step::Each { list, body, otherwise }
            }
            word @ ("if" | "unless") => {
                let condition = match raw(subject) {
                    "@first" => Condition::IsFirst,
                    _ => Condition::Holds(self.place(subject)),
                };
                let (body, otherwise) = (self.steps(body), otherwise(self));
                let (body, otherwise) = if word == "if" { (body, otherwise) } else { (otherwise, body) };
                Step::When { condition, body, otherwise }
            }
            other => panic!("templates have no `{other}`"),
        }
    }

    /// A path begins at what an open block has named so, or in what the innermost block has in hand; `../` leads out.
    fn place(&self, path: &Parameter) -> Place {
        let path = raw(path);
        let inner = path.trim_start_matches("../");
        let up = (path.len() - inner.len()) / "../".len();
        let mut members: Vec<String> = inner.split('.').map(str::to_owned).collect();
        let named = (1..self.names.len()).rev().find(|at| up == 0 && self.names[*at] == members[0]);
        if named.is_some() {
            members.remove(0);
        }
        Place { value: named.unwrap_or(self.names.len() - 1 - up), members }
    }
}

fn name(block: &HelperTemplate) -> String {
    match &block.block_param {
        Some(BlockParam::Single(name)) => raw(name).to_owned(),
        _ => panic!("`each` names what it has in hand"),
    }
}

fn raw(parameter: &Parameter) -> &str {
    match parameter {
        Parameter::Name(name) => name,
        Parameter::Path(Path::Relative((_, raw)) | Path::Local((_, _, raw))) => raw,
        other => panic!("templates have no {other:?}"),
    }
}

fn run<'v>(steps: &[Step], frames: &mut Vec<Frame<'v>>, text: &mut String) {
    for step in steps {
        match step {
            Step::Text(written) => text.push_str(written),
            Step::Print(place) => match place.find(frames) {
                Value::String(line) => text.push_str(line),
                scalar @ (Value::Bool(_) | Value::Number(_)) => text.push_str(&scalar.to_string()),
                _ => panic!("only what is finished is printed"),
            },
            Step::Each { list, body, otherwise } => {
                let items = list.find(frames).as_array().expect("`each` is about a list");
                for (index, value) in items.iter().enumerate() {
                    frames.push(Frame { value, is_first: index == 0 });
                    run(body, frames, text);
                    frames.pop();
                }
                if items.is_empty() {
                    run(otherwise, frames, text);
                }
            }
            Step::When { condition, body, otherwise } => {
                let holds = match condition {
                    Condition::Holds(place) => says_something(place.find(frames)),
                    Condition::IsFirst => frames.last().is_some_and(|frame| frame.is_first),
                };
                run(if holds { body } else { otherwise }, frames, text);
            }
        }
    }
}

impl Place {
    fn find<'v>(&self, frames: &[Frame<'v>]) -> &'v Value {
        let step = |value: &'v Value, member: &String| {
            value.get(member).unwrap_or_else(|| panic!("a view has every member its template prints: `{member}`"))
        };
        self.members.iter().fold(frames[self.value].value, step)
    }
}

fn says_something(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(truth) => *truth,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Number(_) | Value::Object(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const TEMPLATE: &str = "\
{{#each types as |type|}}
{{#unless @first}}

{{/unless}}
class {{type.name}}({{../base}}):
{{#each type.lines as |line|}}
{{#if line}}    {{line}}{{/if}}
{{else}}
    pass
{{/each}}
{{#if type.final}}
# {{type.name}} {{type.final}}
{{else}}
# open
{{/if}}
{{/each}}
";

    #[test]
    fn a_template_reads_as_handlebars_renders_it() {
        let view = json!({ "base": "Record", "types": [
            { "name": "A", "lines": ["a: {{x}}", "", "b: &<>"], "final": true },
            { "name": "B", "lines": [], "final": false },
        ]});
        let mut handlebars = handlebars::Handlebars::new();
        handlebars.set_strict_mode(true);
        handlebars.register_escape_fn(handlebars::no_escape);
        let theirs = handlebars.render_template(TEMPLATE, &view).unwrap();
        assert_eq!(Program::of(&Template::compile(TEMPLATE).unwrap()).run(&view), theirs);
    }
}
