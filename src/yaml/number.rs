//! Numbers as go-yaml v2 reads them, and as kubectl writes numeric keys.

/// Parses like Go's `strconv.ParseInt(text, 0, 64)`, or like `ParseUint` if that overflows.
pub(super) fn integer(text: &str) -> Option<i128> {
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let (radix, digits) = match digits.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, &digits[2..]),
        [b'0', b'o' | b'O', ..] => (8, &digits[2..]),
        [b'0', b'b' | b'B', ..] => (2, &digits[2..]),
        [b'0', _, ..] => (8, &digits[1..]),
        _ => (10, digits),
    };
    if digits.is_empty() || !digits.bytes().all(|byte| (byte as char).is_digit(radix)) {
        return None;
    }
    let value = i128::from_str_radix(digits, radix).ok()?;
    let value = if negative { -value } else { value };
    let signed = i128::from(i64::MIN)..=i128::from(i64::MAX);
    let unsigned = !text.starts_with(['-', '+']) && (0..=i128::from(u64::MAX)).contains(&value);
    (signed.contains(&value) || unsigned).then_some(value)
}

/// Parses `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`; `None` if the number overflows.
pub(super) fn float(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (mantissa, exponent) =
        unsigned.split_once(['e', 'E']).map_or((unsigned, None), |(m, e)| (m, Some(e)));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let dotted = mantissa.contains('.');
    if !digits(whole) || !digits(fraction) || (whole.is_empty() && (!dotted || fraction.is_empty())) {
        return None;
    }
    if let Some(exponent) = exponent {
        let exponent = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
        if exponent.is_empty() || !digits(exponent) {
            return None;
        }
    }
    let value: f64 = text.parse().ok()?;
    value.is_finite().then_some(value)
}

/// Formats like Go's `strconv.FormatFloat(value, 'g', -1, 32)`, with infinity and "not a number" as in YAML.
pub(super) fn go_float(value: f64) -> String {
    #[allow(clippy::cast_possible_truncation)] // as kubectl does
    let value = value as f32;
    if !value.is_finite() {
        let (infinity, not_a_number) = (if value > 0.0 { ".inf" } else { "-.inf" }, ".nan");
        return (if value.is_nan() { not_a_number } else { infinity }).to_owned();
    }
    let scientific = format!("{value:e}");
    let Some((mantissa, exponent)) = scientific.split_once('e') else { return value.to_string() };
    let power: i32 = exponent.parse().unwrap_or(0);
    if (-4..6).contains(&power) {
        return value.to_string();
    }
    let sign = if power < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", power.abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn float_keys_are_written_as_go_writes_them() {
        let cases = [
            (1_000_000.5, "1.0000005e+06"),
            (123_456.5, "123456.5"),
            (1e20, "1e+20"),
            (1e-5, "1e-05"),
            (123_456.789, "123456.79"),
            (16_777_217.0, "1.6777216e+07"),
            (1e39, ".inf"),
        ];
        for (value, written) in cases {
            assert_eq!(go_float(value), written);
        }
    }
}
