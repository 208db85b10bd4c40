//! A manual of a contract, as Markdown or as one HTML page.
//!
//! ```text
//! Contract ─chapters→ Page (headings, tables, examples; texts as they are) ─┬markdown→ text
//!                                                                            └html→ text
//! ```
//!
//! A page holds texts as the contract has them; each writer escapes all of them in its own way.

mod chapters;
mod html;
mod markdown;
mod page;
mod words;

pub use chapters::page;
pub use html::to_html;
pub use markdown::to_markdown;

#[cfg(test)]
mod tests;
