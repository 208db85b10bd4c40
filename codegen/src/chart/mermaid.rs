//! A chart as a Mermaid flowchart, which forges and wikis draw.

use std::collections::BTreeMap;

use super::{Chart, Entry, Way};

/// The text of the flowchart.
pub fn to_mermaid(chart: &Chart) -> String {
    let ids = ids(chart);
    let mut text = format!("%% {} {}, by peerc\nflowchart LR\n", plain(&chart.name), plain(&chart.version));
    if !chart.start.is_empty() {
        text.push_str(&format!("  start(({}))\n", quoted(&chart.start)));
    }
    for (index, agent) in chart.agents.iter().enumerate() {
        text.push_str(&format!("  subgraph a{index} [{}]\n", quoted(&agent.name)));
        for entry in &agent.operations {
            let (open, close) = if entry.kind == "callable" { ("([", "])") } else { ("[", "]") };
            text.push_str(&format!("    {}{open}{}{close}\n", ids[entry.target.as_str()], quoted(&entry.name)));
        }
        text.push_str("  end\n");
    }
    for (index, end) in chart.ends.iter().enumerate() {
        text.push_str(&format!("  e{index}((({})))\n", quoted(end)));
    }
    for entry in chart.entries() {
        links(&mut text, chart, entry, &ids);
    }
    text
}

/// Names may be words of Mermaid, such as `end`; these are not.
fn ids(chart: &Chart) -> BTreeMap<&str, String> {
    chart.entries().enumerate().map(|(index, entry)| (entry.target.as_str(), format!("o{index}"))).collect()
}

fn links(text: &mut String, chart: &Chart, entry: &Entry, ids: &BTreeMap<&str, String>) {
    let own = &ids[entry.target.as_str()];
    if entry.kind == "entry" {
        text.push_str(&format!("  start --> {own}\n"));
    }
    for outcome in &entry.outcomes {
        let end = chart.ends.iter().position(|end| *end == outcome.phase).map(|index| format!("e{index}"));
        let goal = ids.get(outcome.operation.as_str()).cloned().or(end.filter(|_| outcome.operation.is_empty()));
        let Some(goal) = goal else { continue };
        match outcome.kind {
            Way::Handoff => text.push_str(&format!("  {own} -->|{}| {goal}\n", quoted(&outcome.phase))),
            Way::Reply => text.push_str(&format!("  {own} --> {goal}\n")),
            Way::Error => text.push_str(&format!("  {own} -. {} .-> {goal}\n", quoted(&outcome.error))),
            Way::Child => text.push_str(&format!("  {own} -. {} .-> {goal}\n", quoted("each"))),
            Way::Join => {
                text.push_str(&format!("  {own} ==>|{}| {goal}\n", quoted(&format!("{} (join)", outcome.phase))));
            }
            Way::Call => text.push_str(&format!("  {own} -. {} .-> {goal}\n", quoted("calls"))),
        }
    }
}

/// A text in quotes, with the character codes of Mermaid for what would end it or mean something.
fn quoted(text: &str) -> String {
    let safe = |c: char| c.is_alphanumeric() || " _-.,:()+".contains(c);
    let escaped: String =
        text.chars().map(|c| if safe(c) { c.to_string() } else { format!("#{};", c as u32) }).collect();
    format!("\"{escaped}\"")
}

fn plain(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric() || "._-+".contains(*c)).collect()
}
