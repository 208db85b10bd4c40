//! Large parts: compressing, inflating within limits, and checking against their hash.
