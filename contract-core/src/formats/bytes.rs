//! Sets of bytes that the grammars of addresses are made of, each told by one look at a table.

/// A set, as a bit of the tables.
#[derive(Clone, Copy)]
pub(super) struct Set(u8);

impl Set {
    /// RFC 3986: what follows the first letter of a scheme.
    pub(super) const SCHEME: Self = Self(1);
    /// `unreserved` and `sub-delims`: the name of a host.
    pub(super) const NAME: Self = Self(1 << 1);
    /// With `:`.
    pub(super) const USER: Self = Self(1 << 2);
    /// A segment without `:`.
    pub(super) const PLAIN_SEGMENT: Self = Self(1 << 3);
    /// Segments and the `/` between them.
    pub(super) const PATH: Self = Self(1 << 4);
    /// With `?`; also the fragment.
    pub(super) const QUERY: Self = Self(1 << 5);
    /// RFC 5322 and 6531: letters of an atom, also those beyond ASCII.
    pub(super) const ATOM: Self = Self(1 << 6);

    /// Whether an ASCII character is in the set.
    pub(super) const fn has_ascii(self, byte: u8) -> bool {
        byte.is_ascii() && sets(byte) & self.0 != 0
    }
}

/// For each byte the sets that it is in.
pub(super) type Table = [u8; 256];

/// Bytes beyond ASCII are in atoms only.
pub(super) static ASCII: Table = table(Set::ATOM.0);
/// Bytes beyond ASCII are in all sets but schemes.
pub(super) static INTERNATIONAL: Table = table(!Set::SCHEME.0);

const fn table(beyond: u8) -> Table {
    let mut table = [beyond; 256];
    let mut byte = 0;
    while byte < 128 {
        table[byte] = sets(byte as u8);
        byte += 1;
    }
    table
}

/// The sets of an ASCII character.
const fn sets(byte: u8) -> u8 {
    let query = Set::QUERY.0;
    let path = query | Set::PATH.0;
    let name = path | Set::NAME.0 | Set::USER.0 | Set::PLAIN_SEGMENT.0;
    match byte {
        b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'-' => name | Set::SCHEME.0 | Set::ATOM.0,
        b'+' => name | Set::SCHEME.0 | Set::ATOM.0,
        b'.' => name | Set::SCHEME.0,
        b'_' | b'~' | b'!' | b'$' | b'&' | b'\'' | b'*' | b'=' => name | Set::ATOM.0,
        b'(' | b')' | b',' | b';' => name,
        b':' => path | Set::USER.0,
        b'@' => path | Set::PLAIN_SEGMENT.0,
        b'/' => path | Set::ATOM.0,
        b'?' => query | Set::ATOM.0,
        b'#' | b'%' | b'^' | b'`' | b'{' | b'|' | b'}' => Set::ATOM.0,
        _ => 0,
    }
}

/// Where a run of bytes of a set ends that begins at `at`.
#[inline]
pub(super) fn run(text: &[u8], at: usize, set: Set, table: &Table) -> usize {
    at + text[at..].iter().take_while(|byte| table[usize::from(**byte)] & set.0 != 0).count()
}
