//! The rules in words: for `peerc lint --explain`, and for the manual.

use super::{RULES, Rule};

/// What is to be known about one rule, in Markdown.
pub fn section(rule: &Rule) -> String {
    let Rule { id, level, about, why, instead, .. } = rule;
    format!("## `{id}`\n\n{about}\n\nLevel: `{}`\n\nWhy: {why}\n\nInstead: {instead}\n", level.as_str())
}

/// The page on all rules: `docs/lint.md`.
pub fn page() -> String {
    let mut page = String::from(INTRODUCTION);
    for rule in RULES {
        page.push('\n');
        page.push_str(&section(rule));
    }
    page
}

const INTRODUCTION: &str = "\
# Rules of `peerc lint`

What `peerc check` refuses is wrong. What `peerc lint` tells is right, and still likely to hurt somebody. This page is what
`peerc lint --explain all` prints.

Each rule has a level: `off`, `info` (told), `warn` and `error` (told, and the command ends with 1). `peerc.toml` sets others:

```toml
[lint]
unbounded-string = \"warn\"
closed-enum = \"off\"
```

Where a rule does not hold, say why, beside what it is about. The reason is part of no hash:

```yaml
Color: { enum: [red, green], x-lint: { closed-enum: The law knows two. } }
```
";
