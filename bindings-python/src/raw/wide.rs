//! Strings with escapes or other characters than ASCII: measured first, then written once into an object of the
//! right size.

use peer_contract_core::plan::{Extent, Text};
use pyo3::prelude::*;

use super::direct::new_text;

/// A `str` of a string in JSON, or nothing and an exception.
#[inline(never)]
pub(super) fn text<'py>(py: Python<'py>, text: &Text<'_>) -> Option<Bound<'py, PyAny>> {
    let Extent { characters, highest } = text.extent();
    if characters < 2 {
        // The empty string and single characters are shared objects, which Python makes.
        return super::any_text(py, &text.unescaped());
    }
    // SAFETY: Python holds characters up to these in these widths, and `fill` writes all of the room.
    unsafe {
        match highest {
            0..0x80 => new_text::<u8>(py, characters, highest, |room| text.fill(room)),
            0x80..0x100 => new_text::<u8>(py, characters, highest, |room| text.fill(room)),
            0x100..0x1_0000 => new_text::<u16>(py, characters, highest, |room| text.fill(room)),
            _ => new_text::<u32>(py, characters, highest, |room| text.fill(room)),
        }
    }
}
