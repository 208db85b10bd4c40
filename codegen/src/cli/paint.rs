//! Colours, where a terminal shows them.

use anstyle::{AnsiColor, Style};

/// Paints words, or leaves them as they are.
#[derive(Debug, Clone, Copy)]
pub struct Paint {
    on: bool,
}

impl Paint {
    /// With colours, or without.
    pub fn new(on: bool) -> Self {
        Self { on }
    }

    /// What matters less.
    pub fn dim(self, text: &str) -> String {
        self.with(Style::new().dimmed(), text)
    }

    /// What matters most.
    pub fn bold(self, text: &str) -> String {
        self.with(Style::new().bold(), text)
    }

    /// What went well.
    pub fn good(self, text: &str) -> String {
        self.with(AnsiColor::Green.on_default(), text)
    }

    /// What went wrong.
    pub fn bad(self, text: &str) -> String {
        self.with(AnsiColor::Red.on_default().bold(), text)
    }

    /// What should not be.
    pub fn odd(self, text: &str) -> String {
        self.with(AnsiColor::Yellow.on_default(), text)
    }

    /// What took a start.
    pub fn cold(self, text: &str) -> String {
        self.with(AnsiColor::Blue.on_default(), text)
    }

    /// The label of the agent with this number.
    pub fn label(self, number: usize, text: &str) -> String {
        const COLORS: [AnsiColor; 5] =
            [AnsiColor::Cyan, AnsiColor::Magenta, AnsiColor::Yellow, AnsiColor::Green, AnsiColor::Blue];
        self.with(COLORS[number % COLORS.len()].on_default(), text)
    }

    fn with(self, style: Style, text: &str) -> String {
        if self.on { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }
}

/// `12 ms`, `3.40 s`.
pub fn duration(ms: f64) -> String {
    match ms {
        ms if ms < 9.95 => format!("{ms:.1} ms"),
        ms if ms < 10_000.0 => format!("{ms:.0} ms"),
        ms => format!("{:.1} s", ms / 1e3),
    }
}

/// `0.3 KB`, `4.2 MB`.
pub fn size(bytes: usize) -> String {
    let kilobytes = bytes as f64 / 1e3;
    if kilobytes < 1e3 { format!("{kilobytes:.1} KB") } else { format!("{:.1} MB", kilobytes / 1e3) }
}

/// `sha256:41c0…9be2`
pub fn short_hash(hash: &str) -> String {
    match (hash.get(..11), hash.get(hash.len().saturating_sub(4)..)) {
        (Some(start), Some(end)) => format!("{start}…{end}"),
        _ => hash.to_owned(),
    }
}

/// The end of a work's id: its beginning is the time, which works of a minute share.
pub fn short_work(work: &str) -> &str {
    work.get(work.len().saturating_sub(6)..).unwrap_or(work)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_as_long_as_they_are_exact() {
        assert_eq!(
            [duration(0.44), duration(96.2), duration(9_999.0), duration(12_340.0)],
            ["0.4 ms", "96 ms", "9999 ms", "12.3 s"]
        );
        assert_eq!([size(300), size(9_000), size(4_200_000)], ["0.3 KB", "9.0 KB", "4.2 MB"]);
    }
}
