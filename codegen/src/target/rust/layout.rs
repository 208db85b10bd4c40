//! Line breaks where rustfmt puts them, for the few constructs whose length a contract decides.

/// What rustfmt allows by default.
const WIDTH: usize = 100;

/// `head(parameters) -> result end`, one line or one parameter per line, indented as `head` is.
pub fn signature(head: &str, parameters: &[String], tail: &str) -> Vec<String> {
    let line = format!("{head}({}){tail}", parameters.join(", "));
    if line.chars().count() <= WIDTH || parameters.is_empty() {
        return vec![line];
    }
    let indent = indent_of(head);
    let mut lines = vec![format!("{head}(")];
    lines.extend(parameters.iter().map(|parameter| format!("{indent}    {parameter},")));
    lines.push(format!("{indent}){tail}"));
    lines
}

/// `pattern => body,` in one line, or with the body in a block.
pub fn arm(indent: usize, pattern: &str, body: &str) -> Vec<String> {
    let space = " ".repeat(indent);
    let line = format!("{space}{pattern} => {body},");
    if line.chars().count() <= WIDTH {
        return vec![line];
    }
    vec![format!("{space}{pattern} => {{"), format!("{space}    {body}"), format!("{space}}}")]
}

/// `pattern => function(arguments),`; rustfmt gives arguments in one line 60 columns.
pub fn call_arm(indent: usize, pattern: &str, function: &str, arguments: &[String]) -> Vec<String> {
    let line = arguments.join(", ");
    if line.chars().count() <= 60 {
        return arm(indent, pattern, &format!("{function}({line})"));
    }
    call(indent, &format!("{pattern} => {function}"), arguments, ",")
}

/// `head(arguments)tail`, with the arguments in one line of up to 60 columns or each in its own.
pub fn call(indent: usize, head: &str, arguments: &[String], tail: &str) -> Vec<String> {
    let space = " ".repeat(indent);
    let inside = arguments.join(", ");
    let line = format!("{space}{head}({inside}){tail}");
    if inside.chars().count() <= 60 && line.chars().count() <= WIDTH {
        return vec![line];
    }
    let mut lines = vec![format!("{space}{head}(")];
    lines.extend(arguments.iter().map(|argument| format!("{space}    {argument},")));
    lines.push(format!("{space}){tail}"));
    lines
}

/// `Self { a, b, }`: one line up to the 18 columns that rustfmt gives its inside.
pub fn literal(indent: usize, members: &[String]) -> Vec<String> {
    let space = " ".repeat(indent);
    let inside = members.join(", ");
    if members.is_empty() {
        return vec![format!("{space}Self {{}}")];
    }
    if inside.len() <= 18 {
        return vec![format!("{space}Self {{ {inside} }}")];
    }
    let mut lines = vec![format!("{space}Self {{")];
    lines.extend(members.iter().map(|member| {
        let comma = if member.starts_with("..") { "" } else { "," };
        format!("{space}    {member}{comma}")
    }));
    lines.push(format!("{space}}}"));
    lines
}

fn indent_of(line: &str) -> &str {
    &line[..line.len() - line.trim_start().len()]
}
