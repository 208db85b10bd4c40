//! What a program or library says about where it runs.

use super::Arch;

/// The processor of an ELF file; inner `None` for one that Lambda does not have, outer for a file of another kind.
pub fn machine(bytes: &[u8]) -> Option<Option<Arch>> {
    let is_elf = bytes.starts_with(b"\x7fELF") && bytes.len() > 20;
    let is_little_64 = || bytes[4] == 2 && bytes[5] == 1;
    is_elf.then(|| match (is_little_64(), bytes[18], bytes[19]) {
        (true, 0x3e, 0) => Some(Arch::X86),
        (true, 0xb7, 0) => Some(Arch::Arm),
        _ => None,
    })
}

/// The newest version of the C library that an ELF file asks for, as the names of its symbols' versions say.
pub fn glibc(bytes: &[u8]) -> Option<(u32, u32)> {
    const NAME: &[u8] = b"\0GLIBC_";
    let starts = bytes.windows(NAME.len()).enumerate().filter(|(_, window)| *window == NAME);
    starts.filter_map(|(at, _)| version(&bytes[at + NAME.len()..])).max()
}

/// `2.34` up to the zero behind it; a third number does not matter.
fn version(bytes: &[u8]) -> Option<(u32, u32)> {
    let end = bytes.iter().take(16).position(|byte| *byte == 0)?;
    let mut numbers = std::str::from_utf8(&bytes[..end]).ok()?.split('.').map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_version_of_the_c_library_counts() {
        let names = b"\0GLIBC_2.2.5\0GLIBC_2.34\0GLIBC_2.9\0GLIBC_PRIVATE\0GLIBC_";
        assert_eq!(glibc(names), Some((2, 34)));
        assert_eq!(glibc(b"no names"), None);
    }

    #[test]
    fn what_is_no_elf_has_no_processor() {
        assert_eq!(machine(b"\x7fELF"), None);
        assert_eq!(machine(b"#!/bin/sh\nexec true\n      "), None);
    }
}
