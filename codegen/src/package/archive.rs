//! A zip in memory.

use std::collections::BTreeMap;
use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::{Arch, elf};

/// The newest C library that Lambda's runtimes have, of Amazon Linux 2023.
const GLIBC: (u32, u32) = (2, 34);

/// Files by their name in the zip.
#[derive(Debug, Default)]
pub struct Archive {
    files: BTreeMap<String, File>,
}

#[derive(Debug)]
struct File {
    bytes: Vec<u8>,
    mode: u32,
}

impl Archive {
    /// One more file; a later one of the same name takes the place of an earlier.
    pub fn add(&mut self, name: impl Into<String>, bytes: Vec<u8>) {
        self.files.insert(name.into(), File { bytes, mode: 0o644 });
    }

    /// The same for a program.
    pub fn add_program(&mut self, name: impl Into<String>, bytes: Vec<u8>) {
        self.files.insert(name.into(), File { bytes, mode: 0o755 });
    }

    /// The bytes of all files together.
    pub fn unpacked(&self) -> u64 {
        self.files.values().map(|file| file.bytes.len() as u64).sum()
    }

    /// A program or library that another processor runs.
    pub fn other_processor(&self, arch: Arch) -> Option<&str> {
        let strange = |file: &File| elf::machine(&file.bytes).is_some_and(|machine| machine != Some(arch));
        self.files.iter().find(|(_, file)| strange(file)).map(|(name, _)| name.as_str())
    }

    /// What runs here and may not run there.
    pub fn notes(&self, arch: Arch) -> Vec<String> {
        let ours = self.files.iter().filter(|(_, file)| elf::machine(&file.bytes) == Some(Some(arch)));
        let needs = ours.filter_map(|(name, file)| Some((name, elf::glibc(&file.bytes)?)));
        let newer = needs.filter(|(_, version)| *version > GLIBC);
        newer
            .map(|(name, (major, minor))| {
                format!("`{name}` needs glibc {major}.{minor}, and Lambda has {}.{}", GLIBC.0, GLIBC.1)
            })
            .collect()
    }

    /// The zip: sorted, compressed, with the first time that the format knows.
    ///
    /// # Errors
    /// Names or sizes that the format does not take.
    pub fn to_zip(&self) -> zip::result::ZipResult<Vec<u8>> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, file) in &self.files {
            let options = SimpleFileOptions::default()
                .compression_method(CompressionMethod::Deflated)
                .last_modified_time(DateTime::DEFAULT)
                .unix_permissions(file.mode);
            writer.start_file(name.as_str(), options)?;
            writer.write_all(&file.bytes)?;
        }
        Ok(writer.finish()?.into_inner())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn archive(names: &[&str]) -> Archive {
        let mut archive = Archive::default();
        names.iter().for_each(|name| archive.add(*name, name.repeat(100).into_bytes()));
        archive
    }

    #[test]
    fn the_same_files_give_the_same_bytes_in_any_order() {
        let zip = archive(&["b/c.py", "a.py"]).to_zip().unwrap();
        assert_eq!(zip, archive(&["a.py", "b/c.py"]).to_zip().unwrap());
        assert_ne!(zip, archive(&["a.py"]).to_zip().unwrap());
    }

    #[test]
    fn a_library_of_another_processor_is_found_by_its_name() {
        let mut archive = archive(&["a.py"]);
        let mut arm = b"\x7fELF\x02\x01\x01".to_vec();
        arm.resize(64, 0);
        arm[18] = 0xb7;
        archive.add("lib/x.so", arm);
        assert_eq!(archive.other_processor(Arch::X86), Some("lib/x.so"));
        assert_eq!(archive.other_processor(Arch::Arm), None);
    }
}
