//! Quantities such as `1.5Gi`, parsed only to compare two of them.
//!
//! Knows the suffixes of Kubernetes (`resource.Quantity`). Text in another form is not a quantity.

/// The factor of each suffix, in thousandths.
const SUFFIXES: [(&str, u128); 14] = [
    ("m", 1),
    ("Ki", 1000 << 10),
    ("Mi", 1000 << 20),
    ("Gi", 1000 << 30),
    ("Ti", 1000 << 40),
    ("Pi", 1000 << 50),
    ("Ei", 1000 << 60),
    ("k", 1_000_000),
    ("M", 1_000_000_000),
    ("G", 1_000_000_000_000),
    ("T", 1_000_000_000_000_000),
    ("P", 1_000_000_000_000_000_000),
    ("E", 1_000_000_000_000_000_000_000),
    ("", 1000),
];

/// True if both are quantities and the second is smaller.
pub(super) fn shrinks(old: Option<&str>, new: Option<&str>) -> bool {
    old.and_then(read).zip(new.and_then(read)).is_some_and(|(old, new)| new < old)
}

/// Returns a quantity in thousandths. Only the first three digits of a fraction count.
pub(super) fn read(text: &str) -> Option<u128> {
    let (suffix, unit) = SUFFIXES.iter().find(|(suffix, _)| text.ends_with(suffix))?;
    let number = text.strip_suffix(suffix)?;
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 15 || !digits(whole) || !digits(fraction) {
        return None;
    }
    let thousandths: String = fraction.chars().chain("000".chars()).take(3).collect();
    let number = whole.parse::<u128>().ok()? * 1000 + thousandths.parse::<u128>().ok()?;
    number.checked_mul(*unit).map(|product| product / 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_compared_whatever_their_suffix() {
        for (old, new, smaller) in [
            ("1Gi", "2Gi", false),
            ("1Gi", "1024Mi", false),
            ("1Gi", "1G", true),
            ("1.5Gi", "1536Mi", false),
            ("2", "1500m", true),
            ("10Gi", "9Gi", true),
            ("big", "1", false),
            ("1", "-1", false),
            ("", "1", false),
        ] {
            assert_eq!(shrinks(Some(old), Some(new)), smaller, "{old} {new}");
        }
        assert!(!shrinks(Some("1Gi"), None));
        assert_eq!(read("999999999999Ei"), Some(999_999_999_999 * (1000 << 60)));
        assert_eq!(read("999999999999999Ei"), None, "no overflow");
    }
}
