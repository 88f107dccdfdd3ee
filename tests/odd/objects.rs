//! ConfigMaps with keys and values in every notation of YAML.

use super::Dice;

/// Returns a ConfigMap with this name, which kubectl may accept or reject.
pub(crate) fn config_map(name: &str, dice: &mut Dice) -> String {
    let text = if dice.one_in(4) { flow(name, dice) } else { block(name, dice) };
    let text = if dice.one_in(8) { text.replace('\n', "\r\n") } else { text };
    let text = if dice.one_in(8) { text.trim_end().to_owned() } else { text };
    let mark = dice.pick(&["", "", "", "", "\u{feff}", "# c\n", "\n", "\u{feff}# c\n"]);
    format!("{mark}{text}")
}

/// Returns the entries of the object: each key, with the text after it in block style.
fn entries(name: &str, dice: &mut Dice) -> Vec<(&'static str, String)> {
    let mut entries = vec![
        (
            "apiVersion",
            dice.pick(&["v1", "\"v1\"", "'v1'", "!!str v1", "&v v1", "\n  v1", "|-\n  v1"]).to_owned(),
        ),
        ("kind", kind(dice)),
        ("metadata", metadata(name, dice)),
        ("data", data(dice)),
    ];
    if dice.one_in(2) {
        let immutable = dice.pick(&[
            "false",
            "",
            "~",
            "null",
            "no",
            "true",
            "&x false",
            "!!bool false",
            "!!bool \"no\"",
            "&x",
            "# c",
            "  # c",
            "\n  false",
            "!!null",
            "!!null ~",
            "False # c",
            "false # c",
        ]);
        entries.push(("immutable", immutable.to_owned()));
    }
    for last in (1..entries.len()).rev() {
        entries.swap(last, dice.below(last + 1));
    }
    entries
}

fn kind(dice: &mut Dice) -> String {
    let kinds = [
        "ConfigMap",
        "ConfigMap",
        "\"ConfigMap\"",
        "'ConfigMap'",
        "&k ConfigMap",
        "!!str ConfigMap",
        "\n  ConfigMap",
        "|-\n  ConfigMap",
        ">-\n  ConfigMap",
        "ConfigMap # c",
        "\"ConfigMap\"#c",
        "\"Config\\x4dap\"",
        "\"Config\\\n  Map\"",
        "  ConfigMap  ",
        "&k\n  ConfigMap",
        "! ConfigMap",
        "ConfigMap\n  # c",
        "|- # c\n\n  ConfigMap\n\n",
    ];
    // A blank line before the text of a block scalar would be part of the text.
    dice.pick(&kinds[..kinds.len() - 1]).to_owned()
}

fn metadata(name: &str, dice: &mut Dice) -> String {
    let annotations = "immutably.dev/mode: version";
    let name = match dice.below(12) {
        0 => format!("\"{name}\""),
        1 => format!("'{name}'"),
        2 => format!("&n {name}"),
        3 => format!("!!str {name}"),
        4 => format!("\n    {name}"),
        5 => format!("{name} # c"),
        6 => format!("\"{name}\"#c"),
        7 => format!("&n !!str \"{name}\""),
        8 => format!("|-\n    {name}"),
        9 => format!(">-\n    {name}\n"),
        _ => name.to_owned(),
    };
    match dice.below(6) {
        0 if !name.contains(['\n', '#']) => format!("{{name: {name}, annotations: {{{annotations}}}}}"),
        1 if !name.contains(['\n', '#']) => {
            format!("{{? name : {name}, annotations: {{\n   {annotations} }},}}#c")
        }
        2 => format!("\n  annotations: {{{annotations}}}\n  ? name\n  : {name}"),
        3 => format!("&m\n  \"name\": {name}\n  annotations:\n    {annotations}"),
        _ => format!("\n  name: {name}\n  annotations:\n    {annotations}"),
    }
}

fn data(dice: &mut Dice) -> String {
    dice.pick(&[
        "{a: b}",
        "{\"a\":\"b\"}",
        "{a: \"\\'x\\'\"}",
        "\n  a: b",
        "\n  a: |\n    x\n\n    y\n",
        "\n  a: >+\n    x\n\n",
        "\n  ? a\n  : b",
        "\n  a: !!binary aGk=",
        "\n  a: !!str 1",
        "\n  1: !!str 1",
        "{a, b: 'c'}",
        "\n  a: \"x\n\n    y\"",
        "&d {a: &x b, c: *x }",
        "\n  <<: {a: b}\n  c: d",
        "\n  a:",
        "\n  a: \"x\"#c",
        "{\n\ta: b\n  }",
        "{key:, x: z}",
        "\n  1.5: x\n  0x10: z",
        "\n  yes: \"yes\"",
        "\n  a: x\n    y",
        "\n  a: '-'\n  b: -x",
    ])
    .to_owned()
}

fn block(name: &str, dice: &mut Dice) -> String {
    let indent = dice.pick(&["", "", "", "  "]);
    let mut text = String::new();
    for (key, value) in entries(name, dice) {
        let gap = if value.starts_with('\n') || value.is_empty() { "" } else { " " };
        text += &match dice.below(14) {
            0 => format!("? {key}\n:{gap}{value}"),
            1 => format!("\"{key}\":{gap}{value}"),
            2 => format!("'{key}' :{gap}{value}"),
            3 => format!("&key{key} {key}:{gap}{value}"),
            4 => format!("!!str {key}:{gap}{value}"),
            5 => format!("?   &key{key} !!str \"{key}\"\n:{gap}{value}"),
            6 if value.is_empty() => format!("? {key}"),
            _ => format!("{key}:{gap}{value}"),
        };
        text += dice.pick(&["\n", "\n", "\n", "\n\n", "\n# c\n", "\n#\n\n"]);
    }
    text += dice.pick(&["", "", "", "", "...\n", "... # c\nx: [\n"]);
    let lines = text.split_inclusive('\n').map(|line| {
        if line == "\n" || line.starts_with("...") { line.to_owned() } else { format!("{indent}{line}") }
    });
    lines.collect()
}

fn flow(name: &str, dice: &mut Dice) -> String {
    let colon = dice.pick(&[": ", ": ", ":", " : ", ":\n   ", ":\t"]);
    let comma = dice.pick(&[", ", ",", ",\n  ", " ,\n", ",\t", ", # c\n  "]);
    let quote = if colon == ":" || dice.one_in(2) { "\"" } else { "" };
    let mut entries = vec![
        format!("{quote}apiVersion{quote}{colon}\"v1\""),
        format!("{quote}kind{quote}{colon}\"ConfigMap\""),
        format!(
            "{quote}metadata{quote}{colon}{{\"name\":\"{name}\",\"annotations\":{{\"immutably.dev/mode\":\"version\"}}}}"
        ),
        format!(
            "{quote}data{quote}{colon}{}",
            dice.pick(&[
                "{\"a\":\"b\"}",
                "{\"a\":\"\\u00e9\\ud83d\\ude00\"}",
                "{\"a\": \"b\",\n\"c\":\"d\"}",
                "{\"a\":\"\u{7f}\u{80}\u{fffe}\"}",
                "{\"a\":\"\\/\"}",
                "{a: -, b: \"\\'\"}"
            ])
        ),
    ];
    if dice.one_in(2) {
        // Other values would make the text JSON only after the edit, and kubectl accepts no comment after JSON.
        let absent: &[&str] = if quote.is_empty() {
            &["", ":", ": ", ": ~", ": false", " : &x false", ": !!bool no", ": &x"]
        } else {
            &[": false", ": true"]
        };
        entries.push(format!("{quote}immutable{quote}{}", dice.pick(absent)));
    }
    for last in (1..entries.len()).rev() {
        entries.swap(last, dice.below(last + 1));
    }
    if dice.one_in(5) {
        entries[0] = format!("? {}", entries[0]);
    }
    let open = dice.pick(&["{", "{ ", "{\n  ", "{\t", "{ # c\n "]);
    let close =
        dice.pick(&["}", " }", "\n}", ",}", ", }", "\n# c\n}", "}#c", "} # c", "}\nignored", "}\n...\n"]);
    format!("{open}{}{close}\n", entries.join(comma))
}
