//! `helm immutably plan`: shows what an upgrade would do, and changes nothing.

use crate::deployed::{Deployed, both, text};
use crate::tools::helm::{HELM_3, said};

/// A chart with a Job, and a hook that waits for it.
const WAITED_FOR: &str = "\
apiVersion: v1
kind: ConfigMap
metadata:
  name: web-config
data: {level: info}
---
apiVersion: batch/v1
kind: Job
metadata:
  name: web-load
spec:
  template:
    spec:
      restartPolicy: Never
      containers: [{name: load, image: web, envFrom: [{configMapRef: {name: web-config}}]}]
---
apiVersion: batch/v1
kind: Job
metadata:
  name: web-hook
  annotations: {helm.sh/hook: post-install}
spec:
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: hook
          image: kubectl
          command: [kubectl, wait, job/web-load]
";

#[test]
fn plan_shows_what_an_upgrade_would_do() {
    for deployed in both() {
        let first = deployed.good("plan web CHART --set level=l0");
        assert!(text(&first).contains("+ ConfigMap/prod/web-config: web-config-"), "{}", text(&first));
        deployed.good("upgrade -i web CHART --set level=l0");
        let before = deployed.cluster.writes();
        let same = deployed.good("plan web CHART --set level=l0 -- --detailed-exitcode");
        assert!(text(&same).contains("no changes"), "{}", text(&same));
        for command in ["plan", "diff"] {
            let changed =
                deployed.run(&format!("{command} --set level=l1 web CHART -n prod -- --detailed-exitcode"));
            assert_eq!(changed.status.code(), Some(11), "{}", said(&changed));
            let text = text(&changed);
            for part in [
                "~ Deployment/prod/web rolls 1 pod",
                "-l0",
                "+l1",
                "password changed (value not shown)",
                deployed.model(),
            ] {
                assert!(text.contains(part), "{part}: {text}");
            }
            assert!(!text.contains("l1-secret") && !said(&changed).contains("l1-secret"), "{text}");
        }
        let json = deployed.good("plan web CHART --set level=l1 -- --plan-format json --leave ConfigMap/*");
        let plan: serde_json::Value = serde_json::from_slice(&json.stdout).expect("JSON");
        assert!(plan.get("summary").is_some(), "{plan}");
        let refused = deployed.run("plan web CHART --set level=80");
        assert!(refused.status.code() == Some(1) && refused.stdout.is_empty(), "{}", text(&refused));
        assert!(said(&refused).contains("error[invalid-data]"), "{}", said(&refused));
        assert_eq!(deployed.cluster.writes(), before);
    }
}

#[test]
fn what_hooks_of_helm_3_use_is_kept_under_its_name() {
    let Some(deployed) = Deployed::new(HELM_3, "3") else { return };
    let chart = "web CHART --set level=l0,hook=post-install";
    let planned = deployed.good(&format!("plan {chart}"));
    assert!(!text(&planned).contains('!'), "{}", text(&planned));
    deployed.good(&format!("upgrade -i {chart}"));
    assert!(deployed.cluster.get("ConfigMap", "prod", "web-config").is_some());
    assert!(deployed.levels().len() == 2, "the version and the original");
    let template = text(&deployed.good(&format!("template {chart}")));
    assert!(template.contains("\n  name: web-config\n"), "{template}");
}

#[test]
fn a_job_that_a_hook_waits_for_is_found() {
    for deployed in both() {
        let chart = deployed.helm.chart(WAITED_FOR);
        let planned = deployed.good(&format!("plan web {chart}"));
        assert!(!text(&planned).contains('!'), "Helm {}: {}", deployed.name, text(&planned));
        let template = text(&deployed.good(&format!("template web {chart}")));
        let waited =
            template.lines().find_map(|line| line.trim().strip_prefix("command: [kubectl, wait, job/"));
        let waited = waited.and_then(|rest| rest.strip_suffix(']')).expect("the hook");
        assert!(template.contains(&format!("name: {waited}\n")), "Helm {}: {template}", deployed.name);
        assert_eq!(waited == "web-load", deployed.name == "3", "{waited}");
        deployed.good(&format!("upgrade -i web {chart}"));
        assert!(deployed.cluster.names("Job", "prod").contains(&waited.to_owned()));
        assert_eq!(deployed.dangling(), "", "Helm {}", deployed.name);
    }
}

#[test]
fn everything_is_kept_under_its_name_if_the_hooks_of_helm_3_are_not_known() {
    let Some(deployed) = Deployed::new(HELM_3, "3") else { return };
    let originals = |line: &str| text(&deployed.good(line)).matches("\n  name: web-config\n").count();
    assert_eq!(originals("template CHART --generate-name"), 1);
    let jobs = |line: &str| text(&deployed.good(line)).matches("\n  name: web-load\n").count();
    assert_eq!(jobs("template CHART --generate-name --set job=true"), 1);
    assert_eq!(jobs("template CHART --generate-name --set job=true -- --jobs version"), 0);
    assert_eq!(originals("template CHART --generate-name --no-hooks"), 0);
    assert_eq!(originals("template web CHART --set level=l0"), 0);
}

/// The dry run must not deploy anything, whatever the arguments are.
#[test]
fn only_the_filtered_chart_reaches_the_cluster() {
    let Some(deployed) = Deployed::new(HELM_3, "3") else { return };
    deployed.good("upgrade -i web CHART --set level=l0 --dry-run=none");
    assert_eq!(deployed.levels(), ["l0"]);
    assert!(deployed.cluster.get("ConfigMap", "prod", "web-config").is_none());
    assert_eq!(text(&deployed.helm(&["history", "web"])).lines().count(), 2, "one revision");
}
