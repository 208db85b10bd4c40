//! What the engine says, in our codes.
