//! Maps and sets made entry by entry.

/// An end of iterators, beside `collect`.
pub(crate) trait Gather: Iterator + Sized {
    /// As `collect`, for an ordered map or set. `collect` sorts the entries first, and that sort is compiled anew for
    /// each kind of entry: 8 KB of what every cold start loads, each time, for a few entries that often come in order.
    fn gather<C: Default + Extend<Self::Item>>(self) -> C {
        let mut all = C::default();
        all.extend(self);
        all
    }
}

impl<I: Iterator> Gather for I {}
