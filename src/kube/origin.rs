//! Finds the template or file that a document came from, as stated by the tool that rendered it.
//!
//! Reads comments and annotations as text. Must not return anything that cannot be a path.

use super::annotations::HELM_TEMPLATE;
use memchr::memmem;

/// The annotation in which kustomize and KRM functions state the origin of an object (`buildMetadata:
/// [originAnnotations]`).
const ORIGIN: &str = "config.kubernetes.io/origin";

/// The maximum distance of the path from the key of an origin annotation, in bytes.
const NEAR: usize = 400;

/// Returns the template or file that a document came from: from Helm's comment `# Source: CHART/templates/FILE`, the
/// annotation that Helm 4 sets for post-renderers, or kustomize's origin annotation. `text` is the document.
pub fn template(text: &str) -> Option<&str> {
    comment(text)
        .or_else(|| after(text, HELM_TEMPLATE, ":", text.len()))
        .or_else(|| after(text, ORIGIN, "path:", NEAR))
        .filter(|path| is_path(path))
}

/// Returns the path in Helm's comment, if only comments and blank lines precede it.
fn comment(text: &str) -> Option<&str> {
    let mut head = text.lines().map(str::trim_end);
    let before = |line: &&str| line.is_empty() || line.starts_with('#') || line.starts_with("---");
    head.by_ref().take_while(before).find_map(|line| line.strip_prefix("# Source: "))
}

fn after<'t>(text: &'t str, key: &str, sign: &str, near: usize) -> Option<&'t str> {
    let at = memmem::find(text.as_bytes(), key.as_bytes())? + key.len();
    let rest = text.get(at..)?;
    let start = rest.find(sign).filter(|start| *start < near)? + sign.len();
    let word = rest.get(start..)?.lines().next()?;
    let word = word.split("\\n").next()?;
    Some(word.trim_matches(|letter: char| letter.is_whitespace() || matches!(letter, '"' | '\'' | ',' | '}')))
}

fn is_path(text: &str) -> bool {
    let known =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'.' | b'-' | b'_' | b'+' | b'@');
    !text.is_empty() && text.len() <= 400 && text.bytes().all(known) && text.contains(['/', '.'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_tool_says_it_in_its_own_way() {
        assert_eq!(template("\n# Source: web/templates/a.yaml\nkind: A\n"), Some("web/templates/a.yaml"));
        assert_eq!(template("kind: A\n# Source: web/templates/a.yaml\n"), None);
        let helm = "metadata:\n  annotations:\n    postrenderer.helm.sh/postrender-filename: 'web/templates/a.yaml'\n";
        assert_eq!(template(helm), Some("web/templates/a.yaml"));
        let kustomize = "annotations:\n  config.kubernetes.io/origin: |\n    path: base/a.yaml\n";
        assert_eq!(template(kustomize), Some("base/a.yaml"));
        assert_eq!(template("# Source: a password\nkind: A\n"), None);
    }
}
