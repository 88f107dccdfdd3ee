//! The names that the API server accepts, and those that can get a suffix.

use crate::findings::diagnostic::Code;
use crate::kube::annotations::MODE;
use crate::kube::suffix::LENGTH;

/// The maximum length of a name for the API server, in characters (DNS-1123 subdomain, RFC 1123).
pub const LONGEST_NAME: usize = 253;

/// Checks that a name is a DNS-1123 subdomain (apimachinery `IsDNS1123Subdomain`) and short enough for a suffix.
///
/// # Errors
/// The code of the finding, the problem, and the cure.
pub fn check(name: &str) -> Result<(), (Code, String, String)> {
    if is_label(name) && name.len() < LONGEST_NAME - LENGTH {
        return Ok(());
    }
    let has_sign = name.bytes().any(|byte| matches!(byte, b'$' | b'{' | b'}' | b'%'));
    if has_sign && ["${", "$(", "{{", "}}", "%{"].iter().any(|mark| name.contains(mark)) {
        let problem =
            "the name contains a placeholder that is not filled in, so the object cannot be renamed yet";
        let help = format!("fill in the placeholder first, or annotate the object with `{}: leave`", MODE);
        return Err((Code::InvalidName, problem.to_owned(), help));
    }
    if !name.split('.').all(is_label) {
        let problem = "the name is not a valid DNS subdomain, so the API server refuses it";
        let help =
            "use lowercase letters, digits, `-` and `.`; start and end each part with a letter or digit";
        return Err((Code::InvalidName, problem.to_owned(), help.to_owned()));
    }
    let length = name.len() + 1 + LENGTH;
    if length > LONGEST_NAME {
        let problem = format!(
            "with its suffix, the name would have {length} characters; the API server allows {LONGEST_NAME}"
        );
        let help = format!("shorten the name to {} characters", LONGEST_NAME - 1 - LENGTH);
        return Err((Code::NameTooLong, problem, help));
    }
    Ok(())
}

fn is_label(label: &str) -> bool {
    // Without branches or an early exit, the compiler checks 16 bytes at a time.
    let known = |byte: u8| (byte.wrapping_sub(b'a') < 26) | (byte.wrapping_sub(b'0') < 10) | (byte == b'-');
    !label.is_empty()
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label.bytes().fold(true, |all, byte| all & known(byte))
}
