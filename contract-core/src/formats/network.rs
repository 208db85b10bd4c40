//! Addresses of machines: RFC 2673 (`ipv4`) and RFC 4291 (`ipv6`), as the standard library reads them.

use std::net::{Ipv4Addr, Ipv6Addr};

/// Four numbers without leading zeros.
pub(super) fn is_ipv4(text: &str) -> bool {
    text.parse::<Ipv4Addr>().is_ok()
}

/// Without a zone.
pub(super) fn is_ipv6(text: &str) -> bool {
    text.parse::<Ipv6Addr>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::{is_ipv4, is_ipv6};

    #[test]
    fn four_numbers_are_an_address() {
        assert!(["0.0.0.0", "255.255.255.255"].into_iter().all(is_ipv4));
        assert!(
            !["", "1.2.3", "1.2.3.4.5", "01.2.3.4", "1.2.3.256", "1.2.3.4 ", "0x1.2.3.4", "１.2.3.4"]
                .into_iter()
                .any(is_ipv4)
        );
    }

    #[test]
    fn eight_groups_are_an_address_and_zeros_may_be_left_out_once() {
        assert!(
            ["::", "1:2:3:4:5:6:7:8", "1::8", "::1.2.3.4", "1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:7::"]
                .into_iter()
                .all(is_ipv6)
        );
        let wrong =
            ["", ":", "1:2:3:4:5:6:7", "1::2::3", "1::2:3:4:5:6:7:8", "12345::", "::1.2.3", "fe80::1%eth0", "[::1]"];
        assert!(!wrong.into_iter().any(is_ipv6));
    }
}
