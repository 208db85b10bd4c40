//! Where bytes live that are too large for an envelope or must outlive an invocation.
