//! The ranker of the demo.

fn main() {}
