//! Percent encoding, as in URIs.

/// The text that was encoded; none where a `%` is followed by anything but two digits, or where the bytes are no UTF-8.
pub fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => (digit(rest.next()?)? << 4) | digit(rest.next()?)?,
            byte => byte,
        });
    }
    String::from_utf8(bytes).ok()
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::decoded;

    #[test]
    fn two_digits_are_a_byte_and_nothing_else_is() {
        assert_eq!(decoded("arn%3Aaws%3a%C3%BC+").as_deref(), Some("arn:aws:ü+"));
        for broken in ["a%3", "%", "%zz", "%+f", "%ff"] {
            assert_eq!(decoded(broken), None, "{broken}");
        }
    }
}
