//! Writes an object as JSON, and text in JSON quotes.

use super::objects::Node;

/// Writes the value on one line, or with every entry on a separate line, indented by `indent` spaces.
pub(crate) fn write(node: &Node, indent: Option<usize>, out: &mut String) {
    let inner = indent.map(|indent| indent + 2);
    let line =
        |indent: Option<usize>| indent.map_or(String::new(), |indent| format!("\n{}", " ".repeat(indent)));
    let (open, close, count) = match node {
        Node::Text(text) => return out.push_str(&quoted(text)),
        Node::Plain(plain) => return out.push_str(plain),
        Node::Map(entries) => ('{', '}', entries.len()),
        Node::List(items) => ('[', ']', items.len()),
    };
    out.push(open);
    for index in 0..count {
        out.push_str(if index > 0 { "," } else { "" });
        out.push_str(&line(inner));
        match node {
            Node::Map(entries) => {
                let colon = if indent.is_some() { ": " } else { ":" };
                out.push_str(&(quoted(&entries[index].0) + colon));
                write(&entries[index].1, inner, out);
            }
            Node::List(items) => write(&items[index], inner, out),
            Node::Text(_) | Node::Plain(_) => {}
        }
    }
    out.push_str(&line(indent.filter(|_| count > 0)));
    out.push(close);
}

/// Returns a text as a JSON string.
pub(crate) fn quoted(text: &str) -> String {
    escaped(serde_json::Value::from(text).to_string())
}

/// Escapes characters in JSON that YAML parsers reject or treat as line breaks.
pub(crate) fn escaped(mut json: String) -> String {
    for c in ['\u{7f}', '\u{80}', '\u{85}', '\u{2028}', '\u{2029}', '\u{feff}'] {
        json = json.replace(c, &format!("\\u{:04x}", u32::from(c)));
    }
    json
}
