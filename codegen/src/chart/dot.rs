//! A chart in the language of Graphviz.

use super::{Chart, Entry, Way};

/// The text of the digraph.
pub fn to_dot(chart: &Chart) -> String {
    let mut text = format!("digraph {} {{\n", quoted(&chart.name));
    text.push_str(
        "  rankdir=LR; node [shape=box, style=rounded, fontname=\"Helvetica\"]; edge [fontname=\"Helvetica\"];\n",
    );
    if !chart.start.is_empty() {
        text.push_str(&format!("  start [label={}, shape=circle];\n", quoted(&chart.start)));
    }
    for (index, agent) in chart.agents.iter().enumerate() {
        text.push_str(&format!("  subgraph cluster_{index} {{\n    label={};\n", quoted(&agent.name)));
        for entry in &agent.operations {
            text.push_str(&format!("    {} [label={}];\n", quoted(&entry.target), quoted(&entry.name)));
        }
        text.push_str("  }\n");
    }
    for (index, end) in chart.ends.iter().enumerate() {
        text.push_str(&format!("  end_{index} [label={}, shape=doublecircle];\n", quoted(end)));
    }
    chart.entries().for_each(|entry| links(&mut text, chart, entry));
    text.push_str("}\n");
    text
}

fn links(text: &mut String, chart: &Chart, entry: &Entry) {
    let own = quoted(&entry.target);
    if entry.kind == "entry" {
        text.push_str(&format!("  start -> {own};\n"));
    }
    for outcome in &entry.outcomes {
        let end = chart.ends.iter().position(|end| *end == outcome.phase).map(|index| format!("end_{index}"));
        let goal = match (outcome.operation.is_empty(), end) {
            (false, _) => quoted(&outcome.operation),
            (true, Some(end)) => end,
            (true, None) => continue,
        };
        let look = match outcome.kind {
            Way::Handoff => format!("label={}", quoted(&outcome.phase)),
            Way::Reply => "label=\"reply\"".to_owned(),
            Way::Error => format!("label={}, color=red, fontcolor=red", quoted(&outcome.error)),
            Way::Child => "label=\"each\", style=dashed".to_owned(),
            Way::Join => format!("label={}, style=bold", quoted(&format!("{} (join)", outcome.phase))),
            Way::Call => "label=\"calls\", style=dashed".to_owned(),
        };
        text.push_str(&format!("  {own} -> {goal} [{look}];\n"));
    }
}

fn quoted(text: &str) -> String {
    let escaped: String = text
        .chars()
        .map(|c| match c {
            '"' => "\\\"".to_owned(),
            '\\' => "\\\\".to_owned(),
            c if c.is_control() => " ".to_owned(),
            c => c.to_string(),
        })
        .collect();
    format!("\"{escaped}\"")
}
