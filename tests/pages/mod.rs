//! Tables on the pages in docs/ that tests keep up to date.

use std::fs;
use std::path::Path;

/// Checks that the page has exactly these rows below `<!-- generated: NAME -->`. If `UPDATE` is set, writes them.
pub(crate) fn keep_table(page: &str, name: &str, table: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(page);
    let text = fs::read_to_string(&path).expect("the page is there");
    let marker = format!("<!-- generated: {name} -->\n");
    let (before, behind) = text.split_once(&marker).expect("the page has the marker");
    let old: String = behind.split_inclusive('\n').take_while(|line| line.starts_with('|')).collect();
    if old == table {
        return;
    }
    if std::env::var_os("UPDATE").is_some() {
        let rest = &behind[old.len()..];
        fs::write(&path, format!("{before}{marker}{table}{rest}")).expect("the page is written");
        return;
    }
    let diff = similar::TextDiff::from_lines(old.as_str(), table);
    panic!("{}", diff.unified_diff().header(page, "what is true"));
}
