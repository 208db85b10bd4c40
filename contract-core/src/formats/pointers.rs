//! `json-pointer` (RFC 6901) and `relative-json-pointer` (draft-bhutton-relative-json-pointer-00).

/// Empty, or tokens that each begin with `/`; `~` begins `~0` or `~1`.
pub(super) fn is_pointer(text: &[u8]) -> bool {
    let mut rest = match text {
        [] => return true,
        [b'/', rest @ ..] => rest,
        _ => return false,
    };
    while let Some(at) = rest.iter().position(|byte| *byte == b'~') {
        let (b'0' | b'1') = rest.get(at + 1).copied().unwrap_or_default() else { return false };
        rest = &rest[at + 2..];
    }
    true
}

/// Steps up, an index to add or take off, then a pointer or `#`.
pub(super) fn is_relative_pointer(text: &[u8]) -> bool {
    let rest = match text {
        [b'0', rest @ ..] => rest,
        [b'1'..=b'9', rest @ ..] => after_digits(rest),
        _ => return false,
    };
    let rest = match rest {
        [b'+' | b'-', b'1'..=b'9', rest @ ..] => after_digits(rest),
        _ => rest,
    };
    rest == b"#" || is_pointer(rest)
}

fn after_digits(text: &[u8]) -> &[u8] {
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    &text[digits..]
}

#[cfg(test)]
mod tests {
    use super::{is_pointer, is_relative_pointer};

    #[test]
    fn a_tilde_is_escaped() {
        assert!(["", "/", "//", "/a~0~1b", "/é\u{0}\"\\", "/~01"].into_iter().all(|text| is_pointer(text.as_bytes())));
        assert!(
            !["a", "#", "#/", "/~", "/~2", "/a~", "/~~0", "~0"].into_iter().any(|text| is_pointer(text.as_bytes()))
        );
    }

    #[test]
    fn a_relative_pointer_goes_up_along_and_down() {
        let right = ["0", "0#", "10/a~0", "120", "0+1", "1-2#", "3+40/x"];
        assert!(right.into_iter().all(|text| is_relative_pointer(text.as_bytes())));
        let wrong = ["", "#", "/a", "00", "01/a", "-1/a", "+1", "0##", "0+0", "0+", "0+01", "1+-1", "0a", "0/~", "٠"];
        assert!(!wrong.into_iter().any(|text| is_relative_pointer(text.as_bytes())));
    }
}
