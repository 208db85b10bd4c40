//! Agents that run on this machine: started here, or found in a `peerc dev` next door.
//!
//! ```text
//! LocalEvent ─story→ Entry ─┬─→ timeline and log of this command
//!                           └─feed→ the `peerc run` of another terminal
//! ```

mod agents;
mod dev_file;
mod feed;
mod message;
mod story;

pub use agents::{Agents, Host, Unstarted};
pub use dev_file::DevFile;
pub use feed::Feed;
pub use message::message;
pub use story::{Entry, Message, Teller};
