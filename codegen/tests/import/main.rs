//! `peerc import`: schemas of every draft as types that take exactly what the schemas took.

mod command;
mod drafts;
mod files;
mod hostile;
mod kit;
mod rust_types;
mod suite;
