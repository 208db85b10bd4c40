//! Where peers are, and the client that invokes them.
