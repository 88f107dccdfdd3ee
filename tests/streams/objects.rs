//! Random Kubernetes objects: ConfigMaps and Secrets, objects that refer to them, and unrelated ones.
//!
//! Names come from a small set, so that some references resolve, some dangle, and some names are ambiguous.

use super::referrers::referrer;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use serde_yaml::Value;

/// A value of a manifest.
#[derive(Clone, Debug)]
pub(crate) enum Node {
    Text(String),
    /// A number or boolean, written unchanged.
    Plain(&'static str),
    Map(Vec<(String, Node)>),
    List(Vec<Node>),
}

impl Node {
    /// Adds an entry to a mapping, if there is a value.
    pub(crate) fn with(mut self, key: &str, value: Option<Node>) -> Node {
        if let (Node::Map(entries), Some(value)) = (&mut self, value) {
            entries.push((key.to_owned(), value));
        }
        self
    }

    /// Returns the value that a YAML parser reads.
    pub(crate) fn value(&self) -> Value {
        match self {
            Node::Text(text) => Value::String(text.clone()),
            Node::Plain(plain) => serde_yaml::from_str(plain).expect("numbers and booleans are read by all"),
            Node::List(items) => Value::Sequence(items.iter().map(Node::value).collect()),
            Node::Map(entries) => {
                let entry = |(key, node): &(String, Node)| (Value::String(key.clone()), node.value());
                Value::Mapping(entries.iter().map(entry).collect())
            }
        }
    }

    /// Returns the value at a path of fields.
    pub(crate) fn get(&self, path: &[&str]) -> Option<&Node> {
        path.iter().try_fold(self, |node, key| match node {
            Node::Map(entries) => entries.iter().find(|(name, _)| name == key).map(|(_, value)| value),
            _ => None,
        })
    }

    /// Returns the text at a path of fields.
    pub(crate) fn text(&self, path: &[&str]) -> Option<&str> {
        match self.get(path) {
            Some(Node::Text(text)) => Some(text),
            _ => None,
        }
    }
}

pub(crate) fn text(text: impl Into<String>) -> Node {
    Node::Text(text.into())
}

pub(crate) fn map<const N: usize>(entries: [(&str, Node); N]) -> Node {
    Node::Map(entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

/// Returns a list, `kind: List`.
pub(crate) fn list(items: Vec<Node>) -> Node {
    map([("apiVersion", text("v1")), ("kind", text("List")), ("items", Node::List(items))])
}

/// Generates any object.
pub(crate) fn object() -> BoxedStrategy<Node> {
    let targets = prop_oneof![config_map(named()), secret(named())];
    prop_oneof![2 => targets, 2 => referrer(), 1 => other()].boxed()
}

/// Generates any object except a ConfigMap or Secret.
pub(crate) fn no_target() -> BoxedStrategy<Node> {
    prop_oneof![referrer(), other()].boxed()
}

const NAMES: [&str; 8] = ["web", "db", "tls-cert", "a.b", "settings", "1e3", "0644", "yes"];

pub(crate) fn name() -> impl Strategy<Value = String> {
    prop_oneof![9 => select(NAMES.to_vec()), 1 => Just("missing")].prop_map(str::to_owned)
}

/// Generates `metadata` with a name from the set.
pub(crate) fn named() -> BoxedStrategy<Node> {
    let namespace = prop_oneof![10 => Just(None), 1 => Just(Some("prod")), 1 => Just(Some("dev"))];
    let annotations = [
        ("immutably.dev/mode", "version"),
        ("immutably.dev/mode", "leave"),
        ("helm.sh/hook", "pre-install"),
        ("internal.config.kubernetes.io/needsHashSuffix", "enabled"),
        ("example.com/note", "web"),
    ];
    (name(), namespace, option::weighted(0.15, select(annotations.to_vec())), any::<bool>())
        .prop_map(|(name, namespace, annotation, labels)| {
            let app = map([("app", text(name.clone()))]);
            map([("name", text(name))])
                .with("namespace", namespace.map(text))
                .with("labels", labels.then_some(app))
                .with("annotations", annotation.map(|(key, value)| map([(key, text(value))])))
        })
        .boxed()
}

/// Generates a ConfigMap with this metadata.
pub(crate) fn config_map(metadata: BoxedStrategy<Node>) -> BoxedStrategy<Node> {
    let immutable = option::weighted(0.2, select(vec![Node::Plain("true"), Node::Plain("false")]));
    (metadata, option::weighted(0.95, entries(value())), option::weighted(0.2, entries(base64())), immutable)
        .prop_map(|(metadata, data, binary, immutable)| {
            map([("apiVersion", text("v1")), ("kind", text("ConfigMap")), ("metadata", metadata)])
                .with("data", data)
                .with("binaryData", binary)
                .with("immutable", immutable)
        })
        .boxed()
}

/// Generates a Secret with this metadata.
pub(crate) fn secret(metadata: BoxedStrategy<Node>) -> BoxedStrategy<Node> {
    let types = ["Opaque", "Opaque", "kubernetes.io/tls", "kubernetes.io/service-account-token"];
    (
        metadata,
        option::of(select(types.to_vec())),
        option::of(entries(base64())),
        option::of(entries(value())),
    )
        .prop_map(|(metadata, secret_type, data, string_data)| {
            map([("apiVersion", text("v1")), ("kind", text("Secret")), ("metadata", metadata)])
                .with("type", secret_type.map(text))
                .with("data", data)
                .with("stringData", string_data)
        })
        .boxed()
}

fn entries(value: impl Strategy<Value = String>) -> impl Strategy<Value = Node> {
    let key = select(&["a", "key", "app.properties", "tls.crt", "8080", "null", "web"][..]);
    vec((key, value), 0..4).prop_map(|entries| {
        let mut node = Node::Map(Vec::new());
        for (key, value) in entries {
            let value = node.get(&[key]).is_none().then_some(Node::Text(value));
            node = node.with(key, value);
        }
        node
    })
}

/// Generates text that is hard to write, and text that is easily read as another type.
fn value() -> impl Strategy<Value = String> {
    let hard = [
        "",
        "web",
        "08",
        "yes",
        "~",
        " x ",
        "k=v\nx=y\n",
        "a: b # c",
        "one two three",
        "<a href=\"x\">&</a>",
        "tab\tnl\nbs\u{8}ff\u{c}esc\u{1b}",
        "日本 \u{2028} \u{2029} é 😀 \u{85}",
        "---\nkind: Secret\nimmutable: true\n",
        "- it's\n\n  deep\n",
        "{{ tpl }}",
        "2001-12-14",
        "ends without\nnewline",
        "two\n\n",
    ];
    prop_oneof![2 => select(hard.to_vec()).prop_map(str::to_owned), 1 => "[ -~]{0,30}", 1 => "\\PC{0,8}"]
}

fn base64() -> impl Strategy<Value = String> {
    let encoded = vec(any::<u8>(), 0..24).prop_map(|bytes| STANDARD.encode(bytes));
    let broken_in_lines =
        |text: String| if text.len() > 8 { format!("{}\n{}", &text[..8], &text[8..]) } else { text };
    prop_oneof![6 => encoded.clone(), 1 => encoded.prop_map(broken_in_lines)]
}

/// Generates objects with names from the set in fields that are not references.
fn other() -> BoxedStrategy<Node> {
    let port = map([("port", Node::Plain("80")), ("name", text("web"))]);
    let service = map([("ports", Node::List(vec![port])), ("selector", map([("app", text("web"))]))]);
    let widget = map([("secret", text("db")), ("size", Node::Plain("1.50")), ("on", Node::Plain("true"))]);
    let kinds = vec![
        ("v1", "Service", service),
        ("example.com/v1", "ConfigMap", widget.clone()),
        ("example.com/v1", "Widget", widget),
    ];
    (named(), select(kinds))
        .prop_map(|(metadata, (version, kind, spec))| {
            map([("apiVersion", text(version)), ("kind", text(kind)), ("metadata", metadata), ("spec", spec)])
        })
        .boxed()
}
