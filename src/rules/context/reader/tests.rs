use super::read;
use crate::rules::context::said::{Noun, Said, Word};

/// Returns what the context says about the last `web` in a text.
fn of(text: &str) -> Said {
    let found = read(text, |word| word == "web");
    assert!(found.is_sorted_by_key(|word| word.range.start), "{text}");
    found.last().map_or(Said::Nothing, |word| word.said)
}

fn names(text: &str) -> Option<Noun> {
    match of(text) {
        Said::Surely(noun) | Said::Likely(noun) => Some(noun),
        _ => None,
    }
}

#[test]
fn a_kind_before_a_word_says_what_it_names() {
    for text in [
        "secret/web",
        "kubectl get secret web -o yaml",
        "kubectl get secret -n prod web",
        "kubectl get secret other web",
        "kubectl create secret generic web --from-literal=a=b",
        "secret:web:password",
        "secret://prod/web",
        "${secrets:prod/web:password}",
        "$web:clientID",
        "secretName: web",
        "a = 1\nexistingSecret = \"web\"",
        "secretKeyRef:\n  name: web\n  key: a",
        "secretKeyRef: {name: web, key: a}",
        "{\"secret\":{\"secretName\":\"web\"}}",
        "{\"imagePullSecrets\":[{\"name\":\"web\"}]}",
        "imagePullSecrets:\n- name: web",
        "imagePullSecrets:\n  - web",
        "imagePullSecrets: [other, web]",
        "{kind: Secret, name: web}",
        "{name: web, kind: Secret}",
        "- kind: Secret\n  name: web",
        "kind: Secret\nmetadata:\n  labels: {a: b}\n  name: web",
        "[[runners.kubernetes.volumes.secret]]\n  name = \"web\"",
        "image_pull_secrets = [\"web\"]",
        "spark.kubernetes.driver.secrets.web=/etc/secrets",
        "spark.kubernetes.driver.secretKeyRef.PASSWORD=web:password",
        "body.compareSecret('token', 'web')",
        "lookup \"v1\" \"Secret\" \"prod\" \"web\"",
        "<secretName>web</secretName>",
        "--tls-secret web",
        "--tls-secret=web",
        "curl https://host/api/v1/namespaces/prod/secrets/web",
        "credentials: web",
        "${SECRET_NAME:-web}",
        "{{- if x }}\nsecretKeyRef:\n  {{- with y }}\n  name: web\n  {{- end }}",
    ] {
        assert_eq!(names(text), Some(Noun::Secret), "{text}");
    }
    for text in ["cm/web", "configmaps web", "volumes:\n- name: x\n  configMap:\n    name: web"] {
        assert_eq!(names(text), Some(Noun::ConfigMap), "{text}");
    }
}

#[test]
fn other_kinds_and_hosts_are_told_apart() {
    for text in [
        "service/web",
        "kubectl rollout restart deployment web",
        "MYSQL_DATABASE=web",
        "kind: Pod\nmetadata:\n  name: web",
        "--host web",
    ] {
        assert_eq!(names(text), Some(Noun::Other), "{text}");
    }
    for text in [
        "nc -z -w 2 web",
        "until curl -s web; do",
        "http://web/",
        "root@web",
        "web:8080",
        "# secret/web",
        "a: b # secret web",
        "kubectl get pods -n web",
    ] {
        assert_eq!(of(text), Said::NoName, "{text}");
    }
    for text in ["the web", "web", "secret\nweb", "secret: x\nother: web", "a: web"] {
        assert_eq!(of(text), Said::Nothing, "{text}");
    }
}

#[test]
fn paths_are_told_apart() {
    assert_eq!(of("/etc/web/conf.yaml"), Said::Path(0, None));
    assert_eq!(of("--conf=/etc/secrets/web/x"), Said::Path(7, Some(Noun::Secret)));
    assert_eq!(of("cat ./web"), Said::Path(4, None));
    assert_eq!(of("$(POD_NAMESPACE)/web"), Said::Nothing);
}

#[test]
fn words_tell_jobs() {
    for text in [
        "job/web",
        "kubectl wait --for=condition=complete jobs.batch/web",
        "x && kubectl logs job/a,job/web",
        "/apis/batch/v1/namespaces/prod/jobs/web",
        "-l job-name=web",
        "--selector=batch.kubernetes.io/job-name==web",
        "job-name in (web)",
        "kube_job_failed{job_name=~\"web",
        "job web",
        "kubectl delete jobs  --ignore-not-found --wait=false web",
    ] {
        assert_eq!(names(text), Some(Noun::Job), "{text}");
    }
    for text in ["https://ci.example.com/job/web", "my job\nweb", "--job=web", "é web"] {
        assert_eq!(names(text), None, "{text}");
    }
    assert_eq!(names("pods/web"), Some(Noun::Pod));
}

#[test]
fn only_what_kubectl_reads_here_is_read() {
    let reads = |text| read(text, |word| word == "web").last().is_some_and(|word: &Word| word.read);
    assert!(reads("kubectl get secret web -o yaml") && reads("kubectl get secret/web"));
    assert!(reads("kubectl get secret web -o jsonpath={.data.a}; kubectl apply -f /x"));
    assert!(reads("kubectl create secret generic x; kubectl get secret web -o yaml"));
    for text in [
        "kubectl delete secret web",
        "kubectl get secret web -n prod",
        "kubectl --context x get secret web",
        "kubectl get secret web --namespace=prod",
        "echo secret web",
        "kubectl get secret web -o yaml | sed s/a/b/ | kubectl apply -n other -f -",
        "kubectl get secret web --output=json | jq . | kubectl replace -f -",
        "kubectl get -oyaml secret web > /tmp/x\nkubectl create --filename /tmp/x",
    ] {
        assert!(!reads(text), "{text}");
    }
}
