//! Points in time and durations, as an export and a command line contain them.
//!
//! Parses and formats text only. The caller provides the current time: nothing here reads a clock.

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Parses a point in time in RFC 3339 form, `2026-11-25T07:13:47Z`. Returns seconds since 1970, without fractions.
pub fn moment(text: &str) -> Option<i64> {
    let (date, clock) = text.split_once(['T', 't'])?;
    let at = clock.find(['Z', 'z', '+', '-'])?;
    let (clock, zone) = clock.split_at_checked(at)?;
    let clock = clock.split_once('.').map_or(clock, |(whole, _)| whole);
    let [year, month, day] = numbers(date, '-', [4, 2, 2])?;
    let [hour, minute, second] = numbers(clock, ':', [2, 2, 2])?;
    let valid = (1..=12).contains(&month)
        && (1..=days_of(year, month)).contains(&day)
        && hour < 24
        && minute < 60
        && second <= 60
        && year >= 1;
    valid.then_some(days(year, month, day) * DAY + hour * HOUR + minute * MINUTE + second - offset(zone)?)
}

/// Returns the end of a day such as `2027-01-31`, in seconds since 1970.
pub fn end_of_day(date: &str) -> Option<i64> {
    Some(moment(&format!("{date}T00:00:00Z"))? + DAY)
}

/// Parses a duration such as `24h`, `7d`, `30m`, `90s` or `1h30m`. Returns seconds.
///
/// # Errors
/// A message with the expected form.
pub fn duration(text: &str) -> Result<i64, String> {
    let wrong = || format!("`{text}`: expected a span of time, such as `24h`, `7d` or `30m`");
    let (mut sum, mut rest) = (0_i64, text);
    while !rest.is_empty() || sum == 0 && text.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit()).ok_or_else(wrong)?;
        let (number, behind) = rest.split_at(end);
        let unit = match behind.bytes().next() {
            Some(b'd') => DAY,
            Some(b'h') => HOUR,
            Some(b'm') => MINUTE,
            Some(b's') => 1,
            _ => return Err(wrong()),
        };
        let seconds = number.parse::<i64>().ok().and_then(|number| number.checked_mul(unit));
        sum = seconds.and_then(|seconds| sum.checked_add(seconds)).ok_or_else(wrong)?;
        rest = behind.get(1..).unwrap_or_default();
    }
    Ok(sum)
}

/// Formats an age in its largest unit, as kubectl does: `5d`, `23h`, `10m`, `0s`.
pub fn age(seconds: i64) -> String {
    let seconds = seconds.max(0);
    match seconds {
        DAY.. => format!("{}d", seconds / DAY),
        HOUR.. => format!("{}h", seconds / HOUR),
        MINUTE.. => format!("{}m", seconds / MINUTE),
        _ => format!("{seconds}s"),
    }
}

/// Returns the number of days of a month, 28 to 31.
fn days_of(year: i64, month: i64) -> i64 {
    let (next_year, next) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
    days(next_year, next, 1) - days(year, month, 1)
}

/// Parses three numbers with the given numbers of digits.
fn numbers(text: &str, between: char, digits: [usize; 3]) -> Option<[i64; 3]> {
    let mut parts = text.split(between);
    let mut found = [0; 3];
    for (number, digits) in found.iter_mut().zip(digits) {
        let part = parts.next()?;
        let is_number = part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit());
        *number = part.parse().ok().filter(|_| is_number)?;
    }
    parts.next().is_none().then_some(found)
}

/// Returns the offset of a zone from UTC in seconds: `Z`, `+01:00`, `-08:00`.
fn offset(zone: &str) -> Option<i64> {
    let ahead = match zone.bytes().next()? {
        b'Z' | b'z' => return (zone.len() == 1).then_some(0),
        b'+' => 1,
        _ => -1,
    };
    let (hours, minutes) = zone.get(1..)?.split_once(':')?;
    let [hours, minutes, _] = numbers(&format!("{hours}:{minutes}:00"), ':', [2, 2, 2])?;
    Some(ahead * (hours * HOUR + minutes * MINUTE))
}

/// Returns the number of days since 1970-01-01 in the Gregorian calendar. Counts years from March, so that a leap day
/// is the last day of its year.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month < 3 { (year - 1, month + 9) } else { (year, month - 3) };
    let leap_days = year / 4 - year / 100 + year / 400;
    365 * year + leap_days + (153 * month + 2) / 5 + day - 719_469
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_counted_from_1970() {
        let known = [
            ("1970-01-01T00:00:00Z", 0),
            ("2000-02-29T12:00:00.123Z", 951_825_600),
            ("2026-11-25T07:13:47Z", 1_795_590_827),
            ("2026-11-25T08:13:47+01:00", 1_795_590_827),
        ];
        for (text, seconds) in known {
            assert_eq!(moment(text), Some(seconds), "{text}");
        }
        for text in
            ["", "2026-11-25", "2026-11-25T07:13:47", "2026-13-25T07:13:47Z", "26-11-25T07:13:47Z", "é"]
        {
            assert_eq!(moment(text), None, "{text}");
        }
    }

    #[test]
    fn a_month_has_its_own_number_of_days() {
        for (date, valid) in [
            ("2026-02-28", true),
            ("2026-02-29", false),
            ("2028-02-29", true),
            ("2100-02-29", false),
            ("2026-04-31", false),
            ("2026-12-31", true),
            ("2026-12-32", false),
            ("2026-01-00", false),
        ] {
            assert_eq!(end_of_day(date).is_some(), valid, "{date}");
        }
    }

    #[test]
    fn durations_have_units() {
        assert_eq!(duration("24h"), duration("1d"));
        assert_eq!(duration("1h30m"), Ok(5400));
        assert_eq!(duration("0s"), Ok(0));
        for text in ["", "24", "h", "-1h", "1w", "9223372036854775807d", "1é"] {
            assert!(duration(text).is_err(), "{text}");
        }
    }
}
