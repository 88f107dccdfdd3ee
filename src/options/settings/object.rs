//! Options in a configuration object: the configuration of a kustomize plugin, or the `functionConfig` of a KRM
//! function.

use super::model::Settings;
use super::written::{self, Mistake};
use crate::findings::names;
use crate::kube::shown;
use crate::rules::RuleList;
use crate::yaml::typed;
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny, IntoDeserializer};

/// The API group of a configuration object.
const GROUP: &str = "immutably.dev/";
/// The `apiVersion` of a configuration object.
const VERSION: &str = "immutably.dev/v1";
/// The `kind` of a configuration object.
const KIND: &str = "Immutably";
/// The reason why a key itself is refused.
const KEY_IN_MANIFEST: &str =
    "`secretKey` is refused: a key does not belong in a manifest; name its file in `secretKeyFiles`";
/// Options that are never accepted, and what to suggest instead.
const REFUSED: [(&str, &str); 2] = [("audit", "audit"), ("secretKey", "secretKeyFiles")];

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Object {
    api_version: Option<String>,
    kind: Option<String>,
    #[allow(dead_code)] // any metadata is accepted
    metadata: Option<IgnoredAny>,
    #[serde(default)]
    spec: Option<Settings>,
    #[serde(default)]
    data: Option<Pairs>,
}

/// The keys and values of a ConfigMap, in order.
type Pairs = indexmap::IndexMap<String, String>;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Head {
    api_version: String,
    kind: String,
}

/// True if the text is one object of kind `Immutably`, with any `spec`.
pub fn is_configuration(text: &str) -> bool {
    typed::from_str(text).is_ok_and(|head: Head| head.kind == KIND && head.api_version.starts_with(GROUP))
}

/// Parses a configuration object: kind `Immutably` with the options in `spec`, or a ConfigMap with the options as text
/// in `data`, where commas separate the items of lists.
///
/// # Errors
/// A description of the mistake, with line and column if they are known.
pub fn read(text: &str) -> Result<Settings, String> {
    let object: Object = written::read(text, &REFUSED).map_err(|mistake| mistake.in_one_line(text))?;
    let (version, kind) = (object.api_version.unwrap_or_default(), object.kind.unwrap_or_default());
    let settings = if kind == KIND && version == VERSION {
        nothing_beside("spec", &["argsOneLiner", "argsFromFile"], text)?;
        object.spec.unwrap_or_default()
    } else if kind == "ConfigMap" && version == "v1" {
        nothing_beside("data", &["binaryData", "immutable"], text)?;
        from_pairs(object.data.unwrap_or_default())?
    } else {
        if version.is_empty() && kind.is_empty() {
            return Err(format!("no `apiVersion` and `kind`, expected {VERSION} {KIND}, or a v1 ConfigMap"));
        }
        let (version, kind) = (shown::any_name(&version), shown::kind(&kind));
        return Err(format!("found {version} {kind}, expected {VERSION} {KIND}, or a v1 ConfigMap"));
    };
    if let Some(key) = &settings.secret_key {
        let message = KEY_IN_MANIFEST.to_owned();
        return Err(Mistake { message, help: None, at: Some(key.span) }.in_one_line(text));
    }
    if settings.audit.is_some() {
        return Err("`audit` has no effect here: only `immutably audit` reads it".to_owned());
    }
    Ok(settings)
}

/// Reports an option in the wrong place, which would be ignored silently. `also` lists other fields that the object may
/// have.
fn nothing_beside(options: &str, also: &[&str], text: &str) -> Result<(), String> {
    let fields: indexmap::IndexMap<String, IgnoredAny> = typed::from_str(text).unwrap_or_default();
    let known =
        |field: &str| ["apiVersion", "kind", "metadata", options].contains(&field) || also.contains(&field);
    match fields.keys().find(|field| !known(field)) {
        Some(field) => {
            // Any other word may be a value from a Secret that was passed by mistake.
            let is_word = KEYS.contains(&field.as_str()) || ["spec", "data"].contains(&field.as_str());
            let field = if is_word { format!("`{field}`") } else { "a field".to_owned() };
            Err(format!("{field} is next to `{options}`, where no options are read"))
        }
        None => Ok(()),
    }
}

fn from_pairs(pairs: Pairs) -> Result<Settings, String> {
    let mut settings = Settings::default();
    for (key, value) in pairs {
        match key.as_str() {
            "namespace" => settings.namespace = Some(value),
            "unreferenced" => settings.unreferenced = Some(word(&key, &value)?),
            "helmSecrets" => settings.helm_secrets = Some(word(&key, &value)?),
            "external" => settings.external = Some(word(&key, &value)?),
            "known" => settings.known = list(&key, &value)?,
            "hash" => settings.hash = Some(word(&key, &value)?),
            "secretKeyFiles" => settings.secret_key_files = list(&key, &value)?,
            "secretKey" => return Err(KEY_IN_MANIFEST.to_owned()),
            "keylessSecrets" => settings.keyless_secrets = Some(word(&key, &value)?),
            "jobs" => settings.jobs = Some(word(&key, &value)?),
            "leave" => settings.leave = list(&key, &value)?,
            "only" => settings.only = list(&key, &value)?,
            "retain" => settings.retain = list(&key, &value)?,
            "checksumLeftAlone" => settings.checksum_left_alone = flag(&key, &value)?,
            "keepOriginal" => settings.keep_original = list(&key, &value)?,
            "noWellKnown" => settings.no_well_known = flag(&key, &value)?,
            "strict" => settings.strict = flag(&key, &value)?,
            "keep" => settings.keep = Some(number(&key, &value)?),
            "previous" => settings.previous = list(&key, &value)?,
            "previousOptional" => settings.previous_optional = flag(&key, &value)?,
            "report" => settings.report = Some(value),
            "rules" => settings.rules = RuleList::parse(&value)?,
            _ => return Err(no_option(&key)),
        }
    }
    Ok(settings)
}

/// The option keys of a ConfigMap.
pub(crate) const KEYS: [&str; 21] = [
    "namespace",
    "unreferenced",
    "helmSecrets",
    "external",
    "known",
    "hash",
    "secretKeyFiles",
    "keylessSecrets",
    "jobs",
    "leave",
    "only",
    "retain",
    "checksumLeftAlone",
    "keepOriginal",
    "noWellKnown",
    "strict",
    "keep",
    "previous",
    "previousOptional",
    "report",
    "rules",
];

fn no_option(key: &str) -> String {
    match names::nearest(key, KEYS.into_iter()) {
        Some(near) => format!("unknown option `{}`; did you mean `{near}`?", shown::key(key)),
        None => format!("unknown option `{}`; expected one of `{}`", shown::key(key), KEYS.join("`, `")),
    }
}

fn word<T: DeserializeOwned>(key: &str, value: &str) -> Result<T, String> {
    let read = T::deserialize(value.into_deserializer());
    read.map_err(|error| format!("{key}: {}", written::mistake(&error, &[]).in_one_line(value)))
}

fn list<T: DeserializeOwned>(key: &str, value: &str) -> Result<Vec<T>, String> {
    let items = value.split([',', '\n']).map(str::trim).filter(|item| !item.is_empty());
    items.map(|item| word(key, item)).collect()
}

fn number(key: &str, value: &str) -> Result<u32, String> {
    value.parse().map_err(|_| format!("{key}: `{value}` is not a number of releases"))
}

fn flag(key: &str, value: &str) -> Result<bool, String> {
    value.parse().map_err(|_| format!("{key}: `{value}` is not `true` or `false`"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::Options;

    fn options(text: &str) -> Result<Options, String> {
        let mut options = Options::default();
        read(text)?.apply(&mut options);
        Ok(options)
    }

    #[test]
    fn both_forms_say_the_same() {
        let spec = "apiVersion: immutably.dev/v1\nkind: Immutably\nspec: {namespace: prod, jobs: as-is, leave: ['ConfigMap/a-*'], strict: true, retain: [helm, argocd], checksumLeftAlone: true, keepOriginal: ['*/b']}\n";
        let data = "apiVersion: v1\nkind: ConfigMap\ndata: {namespace: prod, jobs: as-is, leave: 'ConfigMap/a-*', strict: 'true', retain: 'helm, argocd', checksumLeftAlone: 'true', keepOriginal: '*/b'}\n";
        assert_eq!(options(spec).unwrap(), options(data).unwrap());
        assert_eq!(options(spec).unwrap().namespace.as_deref(), Some("prod"));
    }

    #[test]
    fn items_are_separated_by_commas_or_lines() {
        let data = |leave: &str| format!("apiVersion: v1\nkind: ConfigMap\ndata:\n  leave: {leave}\n");
        let lines = options(&data("|\n    ConfigMap/a-*\n    Secret/b")).unwrap();
        assert_eq!(lines, options(&data("ConfigMap/a-*, Secret/b")).unwrap());
        assert!(options(&data("ConfigMap/a-* Secret/b")).is_err());
    }

    #[test]
    fn only_its_own_kind_is_a_configuration() {
        assert!(is_configuration("apiVersion: immutably.dev/v1\nkind: Immutably\nspec: {namspace: prod}\n"));
        assert!(!is_configuration("apiVersion: v1\nkind: ConfigMap\ndata: {namespace: prod}\n"));
        assert!(!is_configuration("a: 1\n---\nb: 1\n") && !is_configuration(""));
    }

    #[test]
    fn mistakes_are_told() {
        let unknown = "apiVersion: immutably.dev/v1\nkind: Immutably\nspec: {namspace: prod}\n";
        assert!(options(unknown).unwrap_err().contains("namspace"));
        assert!(options("apiVersion: v1\nkind: ConfigMap\ndata: {strict: maybe}\n").is_err());
        assert!(options("apiVersion: v1\nkind: Pod\n").is_err());
        let head = "apiVersion: immutably.dev/v1\nkind: Immutably\n";
        assert!(options(&format!("{head}strict: true\n")).unwrap_err().contains("next to `spec`"));
        assert!(
            options(&format!("{head}data: {{strict: 'true'}}\n")).unwrap_err().contains("next to `spec`")
        );
        let config_map = "apiVersion: v1\nkind: ConfigMap\nspec: {strict: true}\n";
        assert!(options(config_map).unwrap_err().contains("next to `data`"));
    }

    #[test]
    fn what_kustomize_takes_of_it_is_no_mistake() {
        let text = "apiVersion: immutably.dev/v1\nkind: Immutably\nmetadata: {name: a}\nargsOneLiner: -q\nargsFromFile: a\n";
        assert_eq!(options(text).unwrap(), Options::default());
        let text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\nimmutable: true\nbinaryData: {}\n";
        assert_eq!(options(text).unwrap(), Options::default());
    }
}
