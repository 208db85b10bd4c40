//! Lines no longer than 120, broken where Prettier breaks them.

const WIDTH: usize = 120;

/// `open`, items, `close` on one line, or each item on its own.
pub fn list(indent: usize, open: &str, items: &[String], close: &str) -> Vec<String> {
    let line = format!("{open}{}{close}", items.join(", "));
    if indent + line.chars().count() <= WIDTH {
        return vec![line];
    }
    let items = items.iter().map(|item| format!("  {item},"));
    std::iter::once(open.trim_end().to_owned())
        .chain(items)
        .chain(std::iter::once(close.trim_start().to_owned()))
        .collect()
}

/// A type alias: on one line, or each alternative on its own.
pub fn union(name: &str, alternatives: &[String]) -> Vec<String> {
    let line = format!("export type {name} = {};", alternatives.join(" | "));
    if line.chars().count() <= WIDTH {
        return vec![line];
    }
    let mut lines = vec![format!("export type {name} =")];
    match alternatives {
        [only] => lines.push(format!("  {only}")),
        several => lines.extend(several.iter().map(|alternative| format!("  | {alternative}"))),
    }
    lines.last_mut().expect("there is a first line").push(';');
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_breaks_beyond_its_width_and_not_at_it() {
        let item = "x".repeat(WIDTH - "call();".len());
        assert_eq!(list(0, "call(", std::slice::from_ref(&item), ");").len(), 1);
        assert_eq!(list(1, "call(", std::slice::from_ref(&item), ");"), ["call(", &format!("  {item},"), ");"]);
    }

    #[test]
    fn a_long_union_has_one_alternative_a_line() {
        let (a, b) = ("A".repeat(60), "B".repeat(60));
        let lines = union("Long", &[a.clone(), b.clone()]);
        assert_eq!(lines, ["export type Long =".to_owned(), format!("  | {a}"), format!("  | {b};")]);
    }
}
