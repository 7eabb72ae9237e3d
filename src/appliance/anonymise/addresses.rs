//! The substitutes of the addresses of machines.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::keyed_hash::KeyedHash;

/// The number of pairs of digits in a MAC address.
const MAC_PAIRS: usize = 6;

/// Returns the substitute of an IPv4, an IPv6 or a MAC address; `None` for any other text. An IPv6 address may be in
/// brackets. The substitutes belong to ranges that no real machine has.
pub(super) fn substitute(hash: &KeyedHash, text: &str) -> Option<String> {
    if let Ok(address) = text.parse::<Ipv4Addr>() {
        return Some(ipv4(hash, address).to_string());
    }
    let in_brackets = text
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'));
    if let Ok(address) = in_brackets.unwrap_or(text).parse::<Ipv6Addr>() {
        let address = ipv6(hash, address).to_string();
        return Some(match in_brackets {
            Some(_) => format!("[{address}]"),
            None => address,
        });
    }
    mac(hash, text)
}

/// Returns an address of 198.18.0.0/15, the range for tests of networks (RFC 2544). The ranges for documentation have
/// only 762 addresses, so that two servers would often share one.
fn ipv4(hash: &KeyedHash, address: Ipv4Addr) -> Ipv4Addr {
    let [first, ..] = address.octets();
    // A mask is no address.
    if address.is_loopback() || address.is_unspecified() || first == 255 {
        return address;
    }
    let number = hash.number("ipv4", &address.to_string());
    let [.., second, third, fourth] = number.to_be_bytes();
    Ipv4Addr::new(198, 18 + second % 2, third, fourth)
}

/// Returns an address of 2001:db8::/32, the range for documentation (RFC 3849).
fn ipv6(hash: &KeyedHash, address: Ipv6Addr) -> Ipv6Addr {
    if address.is_loopback() || address.is_unspecified() {
        return address;
    }
    let number = hash.number("ipv6", &address.to_string());
    Ipv6Addr::from_bits(0x2001_0db8 << 96 | number >> 32)
}

/// Returns a MAC address that no manufacturer has.
fn mac(hash: &KeyedHash, text: &str) -> Option<String> {
    let separator = text.chars().nth(2).filter(|found| ":-".contains(*found))?;
    let pairs: Vec<_> = text.split(separator).collect();
    let is_pair =
        |pair: &&str| pair.len() == 2 && pair.bytes().all(|byte| byte.is_ascii_hexdigit());
    if pairs.len() != MAC_PAIRS || !pairs.iter().all(is_pair) {
        return None;
    }
    let number = hash.number("mac", &pairs.concat().to_ascii_lowercase());
    let bytes = number.to_be_bytes();
    let drawn = bytes.iter().take(MAC_PAIRS - 1);
    let drawn = drawn.map(|byte| format!("{separator}{byte:02x}"));
    Some(format!("02{}", drawn.collect::<String>()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Option<String> {
        substitute(&KeyedHash::new(b"key"), text)
    }

    #[test]
    fn an_address_has_one_of_the_same_kind() {
        let ipv4 = of("10.1.2.3").unwrap();
        assert!(
            ipv4.starts_with("198.18.") || ipv4.starts_with("198.19."),
            "{ipv4}"
        );
        assert_ne!(of("10.1.2.4").unwrap(), ipv4);
        let ipv6 = of("fe80::1").unwrap();
        assert!(ipv6.starts_with("2001:db8:"), "{ipv6}");
        assert_eq!(of("FE80:0::1").unwrap(), ipv6);
        assert_eq!(of("[fe80::1]").unwrap(), format!("[{ipv6}]"));
        let mac = of("00:1b:44:11:3A:B7").unwrap();
        assert!(mac.starts_with("02:") && mac.len() == 17, "{mac}");
        assert_eq!(of("00-1B-44-11-3a-b7").unwrap(), mac.replace(':', "-"));
    }

    #[test]
    fn addresses_that_every_machine_has_are_kept() {
        for kept in ["127.0.0.1", "0.0.0.0", "255.255.255.0", "::1", "::"] {
            assert_eq!(of(kept).as_deref(), Some(kept));
        }
        for other in [
            "",
            "10.1.2",
            "10.1.2.300",
            "00:1b:44",
            "mail.acme.example",
            "12:30",
        ] {
            assert_eq!(of(other), None, "{other}");
        }
    }
}
