//! Fan-out as it happens: what the core's state machine of groups asks for, done.

mod abreast;

pub(crate) use abreast::Abreast;
