//! Options in a configuration object: the configuration of a kustomize plugin, or the `functionConfig` of a KRM function.
//!
//! The names are those of the program's flags, in camel case. An unknown option is an error. Must not read files.

use crate::kube::shown;
use crate::kube::suffix::Hash;
use crate::options::{Deployer, External, HelmSecrets, Jobs, Keep, Known, Options, Pattern, Unreferenced};
use crate::rules::{Row, RuleList};
use serde::Deserialize;
use serde::de::IgnoredAny;

/// `apiVersion` of a configuration object.
const GROUP: &str = "immutably.dev/";
/// `kind` of a configuration object.
const KIND: &str = "Immutably";

/// Options to be laid over those of the command line.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct Settings {
    namespace: Option<String>,
    unreferenced: Option<String>,
    helm_secrets: Option<String>,
    external: Option<String>,
    known: Vec<String>,
    hash: Option<String>,
    jobs: Option<String>,
    leave: Vec<String>,
    only: Vec<String>,
    retain: Vec<String>,
    checksum_left_alone: bool,
    keep_original: Vec<String>,
    no_well_known: bool,
    strict: bool,
    keep: Option<u32>,
    previous: Vec<String>,
    previous_optional: bool,
    report: Option<String>,
    rules: RuleList,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Object {
    api_version: Option<String>,
    kind: Option<String>,
    #[allow(dead_code)] // whatever it is called
    metadata: Option<IgnoredAny>,
    #[serde(default)]
    spec: Option<Settings>,
    #[serde(default)]
    data: Option<Pairs>,
}

/// Keys and values of a ConfigMap, in their order.
type Pairs = indexmap::IndexMap<String, String>;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Head {
    api_version: String,
    kind: String,
}

/// True for the text of one object of kind `Immutably`, with any `spec`.
pub fn is_configuration(text: &str) -> bool {
    serde_saphyr::from_str(text)
        .is_ok_and(|head: Head| head.kind == KIND && head.api_version.starts_with(GROUP))
}

impl Settings {
    /// Reads a configuration object: kind `Immutably` with the options in `spec`, or a ConfigMap with them as text in
    /// `data`, lists separated by commas.
    ///
    /// # Errors
    /// What is wrong with it, with line and column where known.
    pub fn read(text: &str) -> Result<Settings, String> {
        let object: Object = serde_saphyr::from_str(text).map_err(|error| {
            shown::unquoted(error.without_snippet().to_string().lines().next().unwrap_or_default())
        })?;
        let (version, kind) = (object.api_version.unwrap_or_default(), object.kind.unwrap_or_default());
        if kind == KIND && version.starts_with(GROUP) {
            nothing_beside("spec", &["argsOneLiner", "argsFromFile"], text)?;
            return Ok(object.spec.unwrap_or_default());
        }
        if kind == "ConfigMap" && version == "v1" {
            nothing_beside("data", &["binaryData", "immutable"], text)?;
            return from_pairs(object.data.unwrap_or_default());
        }
        let (version, kind) = (shown::any_name(&version), shown::kind(&kind));
        Err(format!("found {version} {kind}, expected {GROUP}v1 {KIND}, or a ConfigMap"))
    }

    /// The files that hold what was deployed before. Reading them is the caller's.
    pub fn previous(&self) -> &[String] {
        &self.previous
    }

    /// The file that the report goes to. Writing it is the caller's.
    pub fn report(&self) -> Option<&str> {
        self.report.as_deref().filter(|path| !path.is_empty())
    }

    /// Lays the settings over the options.
    ///
    /// # Errors
    /// A value that an option does not take.
    pub fn apply(self, options: &mut Options) -> Result<(), String> {
        if let Some(namespace) = self.namespace.filter(|namespace| !namespace.is_empty()) {
            options.namespace = Some(namespace);
        }
        match self.unreferenced.as_deref() {
            None => {}
            Some("both") => options.unreferenced = Unreferenced::Both,
            Some("version") => options.unreferenced = Unreferenced::Version,
            Some("leave") => options.unreferenced = Unreferenced::Leave,
            Some("error") => options.unreferenced = Unreferenced::Error,
            Some(other) => {
                return Err(format!("unreferenced: `{other}` is not `both`, `version`, `leave` or `error`"));
            }
        }
        match self.helm_secrets.as_deref() {
            None => {}
            Some("both") => options.helm_secrets = HelmSecrets::Both,
            Some("version") => options.helm_secrets = HelmSecrets::Version,
            Some(other) => return Err(format!("helmSecrets: `{other}` is not `both` or `version`")),
        }
        match self.external.as_deref() {
            None => {}
            Some("list") => options.external = External::List,
            Some("warn") => options.external = External::Warn,
            Some("error") => options.external = External::Error,
            Some(other) => return Err(format!("external: `{other}` is not `list`, `warn` or `error`")),
        }
        let known = Known::read(&self.known.join("\n"));
        options.known.extend(known.map_err(|(_, problem)| format!("known: {problem}"))?);
        match self.hash.as_deref() {
            None => {}
            Some("stored") => options.hash = Hash::Stored,
            Some("kustomize") => options.hash = Hash::Kustomize,
            Some(other) => return Err(format!("hash: `{other}` is not `stored` or `kustomize`")),
        }
        match self.jobs.as_deref() {
            None => {}
            Some("version") => options.jobs = Jobs::Version,
            Some("original") => options.jobs = Jobs::Original,
            Some("as-is") => options.jobs = Jobs::AsIs,
            Some(other) => {
                return Err(format!("jobs: `{other}` is not `version`, `original` or `as-is`"));
            }
        }
        options.leave.extend(patterns("leave", &self.leave)?);
        options.only.extend(patterns("only", &self.only)?);
        for deployer in &self.retain {
            options.retain.push(Deployer::parse(deployer).map_err(|problem| format!("retain: {problem}"))?);
        }
        options.checksum_left_alone |= self.checksum_left_alone;
        options.keep_original.extend(patterns("keepOriginal", &self.keep_original)?);
        options.no_well_known |= self.no_well_known;
        options.strict |= self.strict;
        options.keep = self.keep.map_or(options.keep, Keep);
        options.previous_optional |= self.previous_optional;
        let rules: Vec<Row> = self.rules.rows()?;
        options.rules.extend(rules);
        Ok(())
    }
}

/// An option in the wrong place would not be read, and nobody would know. `also` belongs to the object and is none.
fn nothing_beside(options: &str, also: &[&str], text: &str) -> Result<(), String> {
    let fields: indexmap::IndexMap<String, IgnoredAny> = serde_saphyr::from_str(text).unwrap_or_default();
    let known =
        |field: &str| ["apiVersion", "kind", "metadata", options].contains(&field) || also.contains(&field);
    match fields.keys().find(|field| !known(field)) {
        Some(field) => Err(format!("`{field}` is next to `{options}`, where no options are read")),
        None => Ok(()),
    }
}

fn patterns(option: &str, texts: &[String]) -> Result<Vec<Pattern>, String> {
    texts.iter().map(|text| Pattern::parse(text).map_err(|problem| format!("{option}: {problem}"))).collect()
}

fn from_pairs(pairs: Pairs) -> Result<Settings, String> {
    let mut settings = Settings::default();
    let list = |value: &str| {
        value.split(',').map(|item| item.trim().to_owned()).filter(|item| !item.is_empty()).collect()
    };
    for (key, value) in pairs {
        match key.as_str() {
            "namespace" => settings.namespace = Some(value),
            "unreferenced" => settings.unreferenced = Some(value),
            "hash" => settings.hash = Some(value),
            "jobs" => settings.jobs = Some(value),
            "leave" => settings.leave = list(&value),
            "only" => settings.only = list(&value),
            "retain" => settings.retain = list(&value),
            "checksumLeftAlone" => settings.checksum_left_alone = flag(&key, &value)?,
            "keepOriginal" => settings.keep_original = list(&value),
            "noWellKnown" => settings.no_well_known = flag(&key, &value)?,
            "strict" => settings.strict = flag(&key, &value)?,
            "keep" => settings.keep = Some(number(&key, &value)?),
            "previous" => settings.previous = list(&value),
            "previousOptional" => settings.previous_optional = flag(&key, &value)?,
            "report" => settings.report = Some(value),
            "rules" => settings.rules = RuleList::parse(&value)?,
            _ => {
                return Err(format!(
                    "`{key}` is no option: expected namespace, unreferenced, hash, jobs, leave, only, retain, checksumLeftAlone, keepOriginal, noWellKnown, strict, keep, previous, previousOptional, report or rules"
                ));
            }
        }
    }
    Ok(settings)
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

    fn options(text: &str) -> Result<Options, String> {
        let mut options = Options::default();
        Settings::read(text)?.apply(&mut options)?;
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
        assert!(options(&format!("{head}strict: true\n")).unwrap_err().contains("`strict`"));
        assert!(options(&format!("{head}data: {{strict: 'true'}}\n")).unwrap_err().contains("`data`"));
        let config_map = "apiVersion: v1\nkind: ConfigMap\nspec: {strict: true}\n";
        assert!(options(config_map).unwrap_err().contains("`spec`"));
    }

    #[test]
    fn what_kustomize_takes_of_it_is_no_mistake() {
        let text = "apiVersion: immutably.dev/v1\nkind: Immutably\nmetadata: {name: a}\nargsOneLiner: -q\nargsFromFile: a\n";
        assert_eq!(options(text).unwrap(), Options::default());
        let text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\nimmutable: true\nbinaryData: {}\n";
        assert_eq!(options(text).unwrap(), Options::default());
    }
}
