//! What the name of a command line flag or an environment variable says about its value.
//!
//! The last word decides: `--configmap-name` names a ConfigMap, `--configmap-namespace` a namespace. Contains pure
//! functions over names.

use super::table::Kinds;

/// What the name of a flag or variable says about its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// The name does not speak of a ConfigMap or Secret.
    Unknown,
    /// The value names an object of these kinds.
    Object(Kinds),
    /// The value names an object of these kinds, or is something else of it that cannot be told.
    Perhaps(Kinds),
    /// The value is something else: a namespace, a key, a path.
    Other,
}

/// Words after the kind that leave the value the name of the object.
const NAME: &str = "name names ref refs reference references namespaced full resource object";
/// Words after the kind that say that the value is something else.
const OTHERS: &str = "\
    account address addr annotation api app application arn attribute backend bucket class cluster container count \
    data database db deployment dir directory driver enabled encoding endpoint engine field file folder format group \
    hash host id image interval key kind label limit location manager mode mount mountpath namespace node ns \
    owner path pattern period policy port prefix project property provider queue regex regexp region role \
    rotation schedule schema selector server service size store suffix table timeout topic ttl type url user version volume";
/// Words before `secret` that say that the value may be the secret itself.
const ITSELF: &str = "client shared cookie session jwt hmac signing encryption oauth";
/// What Knative and Tekton keep in ConfigMaps, as the first word between `CONFIG_` and `_NAME`.
const KNATIVE: &str = "\
    logging observability leader leaderelection tracing defaults feature features artifact trusted events \
    spire";

/// Returns what a command line flag says: `--tcp-services-configmap`, `--secret-name`, `--secret-namespace`.
pub fn flag(name: &str) -> Meaning {
    if speaks(name) { by_words(&words(name)) } else { Meaning::Unknown }
}

/// Returns what an environment variable says: `CONFIG_MAP_NAME`, `METALLB_ML_SECRET_NAME`. The value of `CLIENT_SECRET`
/// is itself a secret.
pub fn variable(name: &str) -> Meaning {
    // The Redis source of Knative reads these objects, although the variables' names do not show it.
    match name {
        "CONFIG_REDIS_NUMCONSUMERS" => return Meaning::Object(Kinds::CONFIG_MAP),
        "SECRET_TLS_TLSCERTIFICATE" => return Meaning::Object(Kinds::SECRET),
        _ if !speaks(name) => return Meaning::Unknown,
        _ => {}
    }
    let words = words(name);
    match by_words(&words) {
        Meaning::Unknown if name.starts_with("CONFIG_") || name.ends_with("_CONFIG_NAME") => config(&words),
        _ if noun(&words).is_some_and(|noun| noun.kinds == Kinds::SECRET) && !ends_in_name(&words) => {
            Meaning::Unknown
        }
        meaning => meaning,
    }
}

/// True if the name of a flag or variable says that the program writes the object: `--state-configmap`,
/// `LOCK_CONFIGMAP_NAME`.
pub fn is_written(name: &str) -> bool {
    const WORDS: [&str; 11] = [
        "state",
        "status",
        "lock",
        "lease",
        "leader",
        "election",
        "output",
        "target",
        "write",
        "create",
        "generated",
    ];
    let mut words = name.split(|c: char| !c.is_ascii_alphanumeric());
    words.any(|word| WORDS.iter().any(|known| word.eq_ignore_ascii_case(known)))
}

/// True if this last word of a name, in small letters, says that the value is not the name of the object: `namespace`.
pub fn is_other(last: &str) -> bool {
    let is = |last: &str, word: &str| last == word || (word.len() > 3 && last.ends_with(word));
    let singular = last.strip_suffix('s').unwrap_or(last);
    OTHERS.split(' ').any(|word| is(last, word) || is(singular, word))
}

/// A word for one of the kinds in the words of a name.
struct Noun {
    kinds: Kinds,
    start: usize,
    end: usize,
}

/// False for a name in which no word is of interest.
fn speaks(name: &str) -> bool {
    let is =
        |part: &[u8]| [b"config", b"secret", b"certif"].iter().any(|known| part.eq_ignore_ascii_case(*known));
    name.as_bytes().windows(6).any(is)
}

/// Returns the words of a name in small letters, with dashes between them: `tls-secret-name` for `tlsSecretName`.
fn words(name: &str) -> String {
    let mut words = String::with_capacity(name.len() + 4);
    let mut small = false;
    for sign in name.chars() {
        let letter = sign.is_ascii_alphanumeric();
        let begins = !letter || (small && sign.is_ascii_uppercase());
        if begins && !words.is_empty() && !words.ends_with('-') {
            words.push('-');
        }
        if letter {
            words.push(sign.to_ascii_lowercase());
        }
        small = sign.is_ascii_lowercase();
    }
    words
}

fn by_words(words: &str) -> Meaning {
    let words = words.trim_end_matches('-');
    // This flag of ingress-nginx takes a Secret, although its name does not show it.
    if words == "default-ssl-certificate" {
        return Meaning::Object(Kinds::SECRET);
    }
    // The flag may begin with `-D`.
    if words.ends_with("spring-cloud-kubernetes-config-name") {
        return Meaning::Object(Kinds::CONFIG_MAP);
    }
    // The name of a file, and of an application at a config server.
    if words.ends_with("spring-config-name") || words.ends_with("spring-cloud-config-name") {
        return Meaning::Other;
    }
    let Some(noun) = noun(words) else { return Meaning::Unknown };
    let behind = &words[noun.end..];
    let plural = behind.strip_prefix('s').filter(|rest| rest.is_empty() || rest.starts_with('-'));
    let behind = plural.unwrap_or(behind);
    let itself = noun.kinds == Kinds::SECRET
        && without_numbers(behind).is_empty()
        && ITSELF.split(' ').any(|word| is_last(words[..noun.start].trim_end_matches('-'), word));
    match of_the_object(behind) {
        Meaning::Unknown if itself => Meaning::Perhaps(noun.kinds),
        Meaning::Unknown => Meaning::Object(noun.kinds),
        Meaning::Other => Meaning::Other,
        _ => Meaning::Perhaps(noun.kinds),
    }
}

/// Returns what the words after the kind say: nothing else than that it is the name, something else, or perhaps.
fn of_the_object(behind: &str) -> Meaning {
    let mut rest = without_numbers(behind);
    while let Some(shorter) = NAME.split(' ').find_map(|name| before_last(rest, name)) {
        rest = without_numbers(shorter);
    }
    let last = rest.rsplit('-').next().unwrap_or_default();
    let last = last.strip_suffix("name").filter(|base| !base.is_empty()).unwrap_or(last);
    match last {
        "" => Meaning::Unknown,
        _ if is_other(last) => Meaning::Other,
        _ => Meaning::Perhaps(Kinds::BOTH),
    }
}

/// Returns what a variable such as `CONFIG_LOGGING_NAME` or `APP_CONFIG_NAME` says. A webhook configuration is a kind of
/// object, and not a ConfigMap.
fn config(words: &str) -> Meaning {
    let Some(base) = before_last(words, "name") else { return Meaning::Unknown };
    if let Some(before) = before_last(base, "config") {
        let webhook = before.contains("webhook");
        return if webhook { Meaning::Unknown } else { Meaning::Perhaps(Kinds::CONFIG_MAP) };
    }
    let what = base.strip_prefix("config-").unwrap_or_default();
    if what.split('-').next().is_some_and(|first| KNATIVE.split(' ').any(|known| known == first)) {
        return Meaning::Object(Kinds::CONFIG_MAP);
    }
    match of_the_object(what) {
        Meaning::Other => Meaning::Other,
        _ => Meaning::Perhaps(Kinds::CONFIG_MAP),
    }
}

/// Returns the last word for one of the kinds.
fn noun(words: &str) -> Option<Noun> {
    let known =
        [("secret", Kinds::SECRET), ("configmap", Kinds::CONFIG_MAP), ("config-map", Kinds::CONFIG_MAP)];
    let found = known.iter().filter_map(|(word, kinds)| {
        let start = words.rfind(word)?;
        Some(Noun { kinds: *kinds, start, end: start + word.len() })
    });
    found.max_by_key(|noun| noun.start)
}

fn ends_in_name(words: &str) -> bool {
    let words = without_numbers(words);
    words.ends_with("name") || words.ends_with("names")
}

/// Returns the words without the number in `secret-name-2`.
fn without_numbers(words: &str) -> &str {
    words.trim_end_matches(|c: char| c.is_ascii_digit() || c == '-').trim_start_matches('-')
}

/// True if the words are `ending`, or end in it as separate words.
fn is_last(words: &str, ending: &str) -> bool {
    before_last(words, ending).is_some()
}

fn before_last<'w>(words: &'w str, ending: &str) -> Option<&'w str> {
    let before = words.strip_suffix(ending)?;
    before.strip_suffix('-').or(before.is_empty().then_some(before))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAP: Meaning = Meaning::Object(Kinds::CONFIG_MAP);
    const SECRET: Meaning = Meaning::Object(Kinds::SECRET);

    #[test]
    fn the_last_word_of_a_flag_decides() {
        for name in [
            "--tcp-services-configmap",
            "config-map",
            "--configMapName",
            "--configmaps",
            "--configmap-ref",
            "-Dspring.cloud.kubernetes.config.name",
            "--secret-configmap-2",
        ] {
            assert_eq!(flag(name), MAP, "{name}");
        }
        for name in [
            "--webhook-secret-name",
            "--tls-secret",
            "--tlsSecretName",
            "--secretname",
            "--default-ssl-certificate",
            "--secret-namespaced-name",
            "--oauth-client-secret-name",
        ] {
            assert_eq!(flag(name), SECRET, "{name}");
        }
        for name in [
            "--configmap-namespace",
            "--configMapNamespace",
            "--secretnamespace",
            "--secret-ns",
            "--secret-field-selector",
            "--secret-id",
            "--secret-key-file",
            "--secrets-dir",
            "--secret-provider-class",
            "--secret-name-prefix",
            "--configmap-label-selector",
            "--spring.config.name",
            "--secret-versions",
        ] {
            assert_eq!(flag(name), Meaning::Other, "{name}");
        }
        for name in ["--configmap-source", "--secretary", "--client-secret", "--secret-to-watch"] {
            assert!(matches!(flag(name), Meaning::Perhaps(_)), "{name}");
        }
        for name in ["port", "--config", "--kubeconfig", "", "---"] {
            assert_eq!(flag(name), Meaning::Unknown, "{name}");
        }
    }

    #[test]
    fn the_last_word_of_a_variable_decides() {
        for name in [
            "CONFIG_MAP_NAME",
            "CONFIGMAP",
            "SPRING_CLOUD_KUBERNETES_CONFIG_NAME",
            "CONFIG_LOGGING_NAME",
            "CONFIG_LEADER_ELECTION_NAME",
            "CONFIG_FEATURE_FLAGS_NAME",
        ] {
            assert_eq!(variable(name), MAP, "{name}");
        }
        for name in ["METALLB_ML_SECRET_NAME", "SECRET_NAME_2", "SECRET_NAMES"] {
            assert_eq!(variable(name), SECRET, "{name}");
        }
        for name in [
            "CONFIGMAP_NAMESPACE",
            "CONFIG_MAP_NS",
            "SECRET_NAMESPACE_NAME",
            "SECRET_STORE_NAME",
            "SECRET_KEYNAME",
            "CONFIG_APP_NAME",
            "CONFIG_FILE_NAME",
            "SPRING_CONFIG_NAME",
            "SPRING_CLOUD_CONFIG_NAME",
        ] {
            assert_eq!(variable(name), Meaning::Other, "{name}");
        }
        for name in ["CONFIG_NAME", "APP_CONFIG_NAME", "CONFIG_SETTINGS_NAME", "CONFIGMAP_SOURCE"] {
            assert_eq!(variable(name), Meaning::Perhaps(Kinds::CONFIG_MAP), "{name}");
        }
        for name in ["INJECTION_WEBHOOK_CONFIG_NAME", "CLIENT_SECRET", "SECRET_KEY", "CONFIG_FILE", "PORT"] {
            assert_eq!(variable(name), Meaning::Unknown, "{name}");
        }
    }

    #[test]
    fn words_that_say_who_writes() {
        assert!(is_written("--state-configmap") && is_written("LOCK_CONFIGMAP_NAME"));
        assert!(!is_written("statement"));
    }
}
