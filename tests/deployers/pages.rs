//! Generates docs/deployers.md and the table in docs/how-rollouts-work.md from the model: the table NAME is below `<!--
//! model: NAME -->`. `UPDATE=1 cargo test --test deployers` writes them again.

use crate::chart::{self, Values};
use crate::side::{Answer, Side};
use immutably::deployers::{Deployer, Event, Fault, Id, Mishap, Operation, Step, Trace};
use immutably::options::Deployer as Retainer;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

/// A row of the table in docs/how-rollouts-work.md.
type Row = (Deployer, Answer, &'static str);

const ROWS: [Row; 19] = [
    (Deployer::Helm3, Answer::Nothing, "nothing"),
    (Deployer::Helm3, Answer::Previous, "`--previous`"),
    (Deployer::Helm3, Answer::Retain(Retainer::Helm), "`--retain helm`"),
    (Deployer::Helm4, Answer::Nothing, "nothing"),
    (Deployer::Helm4, Answer::Previous, "`--previous`"),
    (Deployer::Helm4, Answer::Retain(Retainer::Helm), "`--retain helm`"),
    (Deployer::ArgoCd, Answer::Nothing, "nothing"),
    (Deployer::ArgoCd, Answer::Previous, "committed output with `--previous`"),
    (Deployer::ArgoCd, Answer::Retain(Retainer::ArgoCd), "`--retain argocd`"),
    (Deployer::ArgoCdPruneLast, Answer::Nothing, "nothing"),
    (Deployer::Flux, Answer::Nothing, "nothing"),
    (Deployer::Flux, Answer::Previous, "committed output with `--previous`"),
    (Deployer::Flux, Answer::Retain(Retainer::Flux), "`--retain flux`"),
    (Deployer::Kapp, Answer::Nothing, "nothing"),
    (Deployer::Kapp, Answer::Previous, "committed output with `--previous`"),
    (Deployer::Kapp, Answer::Retain(Retainer::Kapp), "`--retain kapp`"),
    (Deployer::Kubectl, Answer::Nothing, "nothing"),
    (Deployer::KubectlPrune, Answer::Nothing, "nothing"),
    (Deployer::KubectlPrune, Answer::Previous, "`--previous`"),
];

#[test]
fn pages_say_what_the_model_does() {
    let differences: String = [("rollouts", rollouts()), ("order", order())]
        .iter()
        .filter_map(|(name, table)| difference(name, table))
        .collect();
    assert!(differences.is_empty(), "{differences}");
}

/// Returns the table of what happens to the version of the previous release.
fn rollouts() -> String {
    let mut table = "| deployer | with | after an upgrade | after one that never gets ready | after one in which an object is refused | rollback | uninstall |\n|---|---|---|---|---|---|---|\n".to_owned();
    for (deployer, answer, with) in ROWS {
        let cells = [
            upgrade(deployer, answer, None).to_owned(),
            upgrade(deployer, answer, Some(Mishap::NeverReady)).to_owned(),
            upgrade(deployer, answer, Some(refused())).to_owned(),
            rollback(deployer, answer),
            uninstall(deployer, answer).to_owned(),
        ];
        table += &format!("| {} | {with} | {} |\n", deployer.as_str(), cells.join(" | "));
    }
    table
}

/// Returns the table of the order of an upgrade, with hooks if the deployer has them.
fn order() -> String {
    let mut table = "| deployer | order of an upgrade |\n|---|---|\n".to_owned();
    for deployer in Deployer::ALL {
        let mut side = Side::new(deployer, Some(Answer::Nothing));
        let hooks = match deployer {
            Deployer::Helm3
            | Deployer::Helm4
            | Deployer::Nelm
            | Deployer::ArgoCd
            | Deployer::ArgoCdPruneLast => &["pre-upgrade", "post-upgrade"][..],
            _ => &[],
        };
        let release = |level| [objects(level), hooks.iter().map(|event| hook(event)).collect()].concat();
        side.deploy(&release("a"), false, None);
        let release = side.read(&release("b"));
        let trace = side.operate(&Operation::Deploy { release, waits: true, atomic: false }, None);
        assert!(trace.succeeded, "{deployer:?}");
        table += &format!("| {} | {} |\n", deployer.as_str(), in_words(&trace).join(", "));
    }
    table
}

/// Returns a hook Job that needs no other object.
fn hook(event: &str) -> Value {
    let template = json!({"spec": {"containers": [{"name": "web", "image": "1"}]}});
    let metadata = json!({"name": event, "annotations": {"helm.sh/hook": event}});
    json!({"apiVersion": "batch/v1", "kind": "Job", "metadata": metadata, "spec": {"template": template}})
}

/// Describes the steps, without repetitions.
fn in_words(trace: &Trace) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for step in &trace.steps {
        let words = match step {
            Step::Object(Event::Created, id) if is_config(id) => "makes new versions".to_owned(),
            Step::Object(Event::Deleted, id) if is_config(id) => "**deletes old versions**".to_owned(),
            Step::Object(Event::Updated, _) => "changes workloads (rollouts begin)".to_owned(),
            Step::Object(Event::Ran, id) => format!("runs {} hooks", id.name),
            Step::Wait(_) => "waits until everything is ready".to_owned(),
            Step::Object(..) | Step::RollBack(_) => continue,
        };
        if !found.contains(&words) {
            found.push(words);
        }
    }
    found
}

fn is_config(id: &Id) -> bool {
    ["ConfigMap", "Secret"].contains(&id.kind.as_str())
}

fn refused() -> Mishap {
    Mishap::Refused(Id {
        kind: "Service".into(),
        name: "web".into(),
        group: String::new(),
        namespace: Some("prod".into()),
    })
}

/// Returns the objects of a release, without Jobs and hooks.
fn objects(level: &'static str) -> Vec<Value> {
    chart::objects(Values { jobs: false, ..Values::of(level) })
}

/// Deploys one release.
fn deployed(deployer: Deployer, answer: Answer) -> Side {
    let mut side = Side::new(deployer, Some(answer));
    side.deploy(&objects("a"), false, None);
    side
}

/// Returns what happens to the first version in the next release.
fn upgrade(deployer: Deployer, answer: Answer, mishap: Option<Mishap>) -> &'static str {
    let mut side = deployed(deployer, answer);
    let well = mishap.is_none();
    let trace = side.deploy(&objects("b"), false, mishap);
    let at = |wanted: &dyn Fn(&Step) -> bool| trace.steps.iter().position(wanted);
    let deleted = at(&|step| matches!(step, Step::Object(Event::Deleted, id) if is_config(id)));
    let changed = at(&|step| matches!(step, Step::Object(Event::Updated, id) if id.kind == "Deployment"));
    let waited = at(&|step| matches!(step, Step::Wait(true)));
    match (deleted, changed) {
        (None, _) if !well => "stays",
        (None, _) => later(&mut side),
        (Some(deleted), _) if waited.is_some_and(|waited| waited < deleted) => {
            "goes when everything is ready"
        }
        (Some(deleted), Some(changed)) if changed < deleted => "gone at once, while old pods run",
        (Some(_), _) => "gone first, before anything is applied",
    }
}

/// Returns what happens to it in later releases.
fn later(side: &mut Side) -> &'static str {
    let gone = |trace: &Trace| {
        trace.steps.iter().any(|step| matches!(step, Step::Object(Event::Deleted, id) if is_config(id)))
    };
    let traces = ["c", "d", "e"].map(|level| side.deploy(&objects(level), false, None));
    if traces.iter().any(gone) { "stays for `--keep` more releases" } else { "stays forever" }
}

/// Returns whether a rollback works after a refused upgrade, and after one that never becomes ready.
fn rollback(deployer: Deployer, answer: Answer) -> String {
    let back = |mishap| {
        let mut side = deployed(deployer, answer);
        side.deploy(&objects("b"), false, Some(mishap));
        let trace = side.operate(&Operation::RollBack { to: Some(1) }, None);
        let again = side.operate(&Operation::RollBack { to: Some(1) }, None);
        if trace.succeeded {
            return if trace.faults.iter().any(|fault| matches!(fault, Fault::Missing { .. })) {
                "works; what it leaves is gone at once"
            } else {
                "works"
            };
        }
        assert!(again.succeeded, "{deployer:?} {answer:?}");
        "fails the first time"
    };
    let (early, late) = (back(refused()), back(Mishap::NeverReady));
    match (early, late) {
        ("fails the first time", late) if late != early => {
            format!("{late}; {early} when an object was refused")
        }
        _ => late.to_owned(),
    }
}

/// Returns what an uninstall leaves behind after two upgrades, one of which was refused.
fn uninstall(deployer: Deployer, answer: Answer) -> &'static str {
    let left = |refuse: bool| {
        let mut side = deployed(deployer, answer);
        if refuse {
            side.deploy(&objects("b"), false, Some(refused()));
        }
        side.deploy(&objects("c"), false, None);
        side.operate(&Operation::Uninstall, None);
        side.state.cluster.objects().filter(|member| is_config(&member.id)).count()
    };
    match (left(false), left(true)) {
        (0, 0) => "clean",
        (0, _) => "versions of failed upgrades stay",
        _ => "earlier versions stay",
    }
}

/// Returns the difference between a page and the table; `None` if there is none, or after an update.
fn difference(name: &str, table: &str) -> Option<String> {
    let marker = format!("<!-- model: {name} -->\n");
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    let page = ["how-rollouts-work.md", "deployers.md"]
        .map(|page| docs.join(page))
        .into_iter()
        .find(|page| fs::read_to_string(page).is_ok_and(|text| text.contains(&marker)));
    let page = page.expect("a page with the marker");
    let text = fs::read_to_string(&page).expect("the page");
    let (before, rest) = text.split_once(&marker).expect("the marker");
    let after: String = rest.split_inclusive('\n').skip_while(|line| line.starts_with('|')).collect();
    let expected = format!("{before}{marker}{table}{after}");
    if text == expected {
        return None;
    }
    if std::env::var_os("UPDATE").is_some() {
        fs::write(page, expected).expect("the page is written");
        return None;
    }
    let diff = similar::TextDiff::from_lines(&text, &expected);
    Some(diff.unified_diff().header(name, "what the model does").to_string())
}
