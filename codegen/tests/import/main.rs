//! `peerc import`: schemas of every draft as types that take exactly what the schemas took.

mod suite;
