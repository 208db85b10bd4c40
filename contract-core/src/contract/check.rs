//! The rules of a contract beyond its shape. All problems at once.
