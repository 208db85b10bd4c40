//! Scalars of YAML in the words the layout writes them in.

use saphyr_parser::ScalarStyle;

use super::Refusal;
use super::tree::Value;

/// A scalar that is no block: on one line, or folded over several.
pub(super) fn flow(written: &str, style: ScalarStyle) -> Value {
    if written.contains('\n') { Value::Lines(folded(written)) } else { Value::Plain(plain(written, style)) }
}

/// A scalar on one line: double quotes, unless what is inside would need escapes.
pub(super) fn plain(written: &str, style: ScalarStyle) -> String {
    let inside = written.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''));
    match inside.filter(|inside| style == ScalarStyle::SingleQuoted && !inside.contains(['"', '\\', '\''])) {
        Some(inside) => format!("\"{inside}\""),
        None => written.to_owned(),
    }
}

/// The lines of a scalar that is folded: what stands at their ends does not count.
fn folded(written: &str) -> Vec<String> {
    written.lines().map(|line| line.trim_matches([' ', '\t', '\r']).to_owned()).collect()
}

/// A text behind `|`, by what it says.
pub(super) fn literal(said: &str) -> Value {
    let newlines = trailing_breaks(said);
    let chomp = match newlines {
        0 => "-",
        1 if said.len() > 1 => "",
        _ => "+",
    };
    let indent = if said.trim_start_matches('\n').starts_with(' ') { "2" } else { "" };
    let body = said.strip_suffix('\n').unwrap_or(said);
    let lines = if said.is_empty() { Vec::new() } else { body.split('\n').map(str::to_owned).collect() };
    Value::Block { header: format!("|{indent}{chomp}"), lines }
}

/// A text behind `>`, in the lines its author gave it: `text` from the byte `header` of the `>` to its end.
///
/// # Errors
/// It says by a digit how far it is indented.
pub(super) fn folding(text: &str, header: usize, said: &str) -> Result<Value, Refusal> {
    let (first, rest) = text[header..].split_once('\n').unwrap_or((&text[header..], ""));
    let sign: String = first.chars().take_while(|c| !c.is_whitespace()).collect();
    if sign.contains(|c: char| c.is_ascii_digit()) {
        let message = "the layout has no place for a folded text with an indentation indicator".to_owned();
        return Err(Refusal { byte: header, message, help: "write it with `|`" });
    }
    let raw = rest.trim_end();
    let opening = raw.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let depth = opening.len() - opening.trim_start_matches(' ').len();
    let mut lines: Vec<String> = raw.lines().map(|line| line.get(depth..).unwrap_or_default().to_owned()).collect();
    if sign.contains('+') {
        lines.extend(std::iter::repeat_n(String::new(), trailing_breaks(said).saturating_sub(1)));
    }
    Ok(Value::Block { header: sign, lines })
}

fn trailing_breaks(text: &str) -> usize {
    text.len() - text.trim_end_matches('\n').len()
}

/// The byte behind the quote that closes a quoted scalar.
pub(super) fn closing(text: &str, style: ScalarStyle, start: usize) -> Option<usize> {
    let quote = match style {
        ScalarStyle::SingleQuoted => b'\'',
        ScalarStyle::DoubleQuoted => b'"',
        _ => return None,
    };
    let mut bytes = (start + 1..).zip(text.get(start + 1..)?.bytes());
    while let Some((at, byte)) = bytes.next() {
        if byte == b'\\' && quote == b'"' {
            bytes.next();
        } else if byte == quote {
            if quote == b'"' || text.as_bytes().get(at + 1) != Some(&b'\'') {
                return Some(at + 1);
            }
            bytes.next();
        }
    }
    None
}
