//! What became of keywords, as people read it.

use super::explain::{Placed, count};
use super::paint::Paint;
use crate::explain::{By, Keyword, Schema};

/// A paragraph for each schema, with a line for each keyword, and a line with the sums.
pub fn text(schemas: &[Schema], placed: &Placed<'_>, paint: Paint) -> String {
    let names = schemas.iter().flat_map(|schema| &schema.keywords).map(|keyword| keyword.name.chars().count());
    let width = names.max().unwrap_or(0);
    let mut text = String::new();
    for schema in schemas {
        text.push_str(&paragraph(schema, placed, width, paint));
        text.push('\n');
    }
    text.push_str(&sums(schemas));
    text
}

fn paragraph(schema: &Schema, placed: &Placed<'_>, width: usize, paint: Paint) -> String {
    let position = placed.position(&schema.at).map(|at| format!("{}:{}:{}", placed.name(), at.line, at.column));
    let mut text = format!("{}  {}\n", paint.bold(schema.at.as_str()), paint.dim(&position.unwrap_or_default()));
    for (language, ty) in &schema.types {
        text.push_str(&format!("  {}  {ty}\n", paint.dim(&format!("{:width$}", language.title()))));
    }
    for keyword in &schema.keywords {
        let reason = if keyword.reason.is_empty() { String::new() } else { format!("  {}", keyword.reason) };
        let became = format!("{:11}", became(keyword));
        let painted = match keyword.by {
            By::Refused => paint.bad(&became),
            By::Plan => paint.good(&became),
            By::Fallback => paint.cold(&became),
            By::Annotation | By::Unused => paint.dim(&became),
        };
        let line = format!("  {:width$}  {painted}{reason}", keyword.name);
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// `type, check`: where the keyword is.
fn became(keyword: &Keyword) -> String {
    let checked = match keyword.by {
        By::Plan => "check",
        By::Fallback => "slow check",
        By::Unused => "unused",
        By::Refused => "refused",
        By::Annotation if keyword.in_type || keyword.in_docs => "",
        By::Annotation => "annotation",
    };
    let parts = [if keyword.in_type { "type" } else { "" }, if keyword.in_docs { "docs" } else { "" }, checked];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

/// `41 keywords in 12 schemas: 20 in types; 40 checked, 1 of them over a tree; 1 annotation; 0 refused`
fn sums(schemas: &[Schema]) -> String {
    let keywords = || schemas.iter().flat_map(|schema| &schema.keywords);
    let counted = |count: usize, thing: &str| format!("{count} {thing}{}", if count == 1 { "" } else { "s" });
    let by_tree = count(schemas, By::Fallback);
    format!(
        "{} in {}: {} in types; {} in the check, {by_tree} of them slow; {}; {} unused; {} refused\n",
        counted(keywords().count(), "keyword"),
        counted(schemas.len(), "schema"),
        keywords().filter(|keyword| keyword.in_type).count(),
        count(schemas, By::Plan) + by_tree,
        counted(count(schemas, By::Annotation), "annotation"),
        count(schemas, By::Unused),
        count(schemas, By::Refused),
    )
}
