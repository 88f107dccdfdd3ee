//! Reads rules files and lists the active rules.

use immutably::Source;
use immutably::findings::diagnostic::{Code, Diagnostic};
use immutably::rules::lifetimes;
use immutably::rules::{self, Names, Row, Rules, Step, Target};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Reads all rules files. Returns an error together with the file that it is in.
pub(crate) fn read(paths: &[PathBuf]) -> Result<Vec<Row>, Box<(Source, Diagnostic)>> {
    let mut rows = Vec::new();
    for path in paths {
        let source = open(path)?;
        match rules::read_file(&source) {
            Ok(more) => rows.extend(more),
            Err(finding) => return Err(Box::new((source, finding))),
        }
    }
    Ok(rows)
}

/// Lists the rules, one on each line: object, path, what the field names, and the source of the rule.
pub(crate) fn list(out: &mut dyn Write, own: &[Row], kind: Option<&str>) -> io::Result<()> {
    let rules = Rules::new(own);
    let wanted = |object: &str| kind.is_none_or(|kind| is_of_kind(object, kind));
    writeln!(out, "OBJECT\tPATH\tNAMES\tFROM")?;
    for row in rules.rows().filter(|row| wanted(&row.object)) {
        let object = row.object.strip_prefix('/').unwrap_or(&row.object);
        writeln!(out, "{object}\t{}\t{}\t{}", path(&row.path), target(&row.target), row.origin)?;
    }
    for row in rules
        .annotations()
        .iter()
        .filter(|row| kind.is_none() || row.on.split('|').any(|on| wanted(on) || on == "*"))
    {
        let names = row.names.map_or("same kind".to_owned(), kinds);
        writeln!(out, "{}\tmetadata.annotations[\"{}\"]\t{names}\t{}", row.on, row.key, row.origin)?;
    }
    for fact in lifetimes::facts().iter().filter(|fact| fact.objects().any(|object| wanted(&object))) {
        let when =
            if fact.condition.is_empty() { String::new() } else { format!(", when {}", fact.condition) };
        let (lifetime, object) = (fact.lifetime.as_str(), fact.object);
        writeln!(out, "{object}\t{}\tlifetime: {lifetime}{when}\t{}", fact.path, fact.source)?;
    }
    Ok(())
}

/// True if the object matches. `kind`: a kind of any group, or `group/Kind`.
fn is_of_kind(object: &str, kind: &str) -> bool {
    match kind.rsplit_once('/') {
        Some((group, name)) if object.contains('/') => {
            rules::glob(object, &format!("{}/{name}", if group == "core" { "" } else { group }))
        }
        Some((_, name)) => rules::glob(object, name),
        None => object.rsplit('/').next().is_some_and(|name| rules::glob(name, kind)),
    }
}

fn open(path: &Path) -> Result<Source, Box<(Source, Diagnostic)>> {
    let name = path.display().to_string();
    let read = crate::input::whole(path).map_err(|error| {
        Diagnostic::new(Code::UnreadableInput, format!("cannot read {name}: {error}"))
            .help(crate::input::cure(&error))
    });
    let source = read.and_then(|bytes| Source::settings(name, bytes).map_err(Diagnostic::from));
    source.map_err(|finding| Box::new((Source::default(), finding)))
}

fn path(steps: &[Step]) -> String {
    let mut text = String::new();
    for step in steps {
        match step {
            Step::Item => text.push_str("[]"),
            Step::Value => text.push_str("{}"),
            Step::Key(key) if key.contains(['.', '/']) => text.push_str(&format!("[\"{key}\"]")),
            Step::Key(key) => {
                text.push_str(if text.is_empty() { "" } else { "." });
                text.push_str(key);
            }
        }
    }
    text
}

fn target(target: &Target) -> String {
    match target {
        Target::Shape(shape) => format!("see @{shape}"),
        Target::Stop => "nothing below".to_owned(),
        Target::Names(Names::Kinds(named)) => kinds(*named),
        Target::Names(Names::Written(named)) => format!("{}, written by a controller", kinds(*named)),
        Target::Names(Names::SiblingKind(_)) => "by the `kind` next to it".to_owned(),
        Target::Names(Names::SiblingKinds) => "by the `kinds` next to it".to_owned(),
        Target::Names(Names::RuleResources) => "by the `resources` next to it".to_owned(),
        Target::Names(Names::PolicyParam) => "by the policy's `paramKind`".to_owned(),
        Target::Names(Names::Nothing) => "no reference".to_owned(),
    }
}

fn kinds(kinds: rules::Kinds) -> String {
    let names: Vec<&str> = kinds.iter().map(immutably::kube::object::TargetKind::as_str).collect();
    if names.is_empty() { "no reference".to_owned() } else { names.join(" or ") }
}
