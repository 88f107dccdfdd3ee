//! Applications as charts render them: ConfigMap with thirty properties, Secret, Service, Deployment.

use std::fmt::Write as _;

/// Returns a number of applications. For kustomize, each ConfigMap and Secret has the annotation that requests a hash.
pub(crate) fn applications(count: usize, for_kustomize: bool) -> String {
    let hash = "  annotations: {internal.config.kubernetes.io/needsHashSuffix: enabled}\n";
    let annotation = if for_kustomize { hash } else { "" };
    let mut text = String::new();
    for number in 0..count {
        annotated(&mut text, number, annotation);
    }
    text
}

pub(super) fn application(text: &mut String, number: usize) {
    annotated(text, number, "");
}

fn annotated(text: &mut String, number: usize, annotation: &str) {
    let name = format!("application-{number}");
    let labels =
        format!("  labels:\n    app.kubernetes.io/name: {name}\n    app.kubernetes.io/instance: release\n");
    let head = |kind: &str, version: &str, annotation: &str| {
        format!(
            "---\n# Source: {name}/templates/{kind}.yaml\napiVersion: {version}\nkind: {kind}\nmetadata:\n  name: {name}\n{labels}{annotation}"
        )
    };
    text.push_str(&head("ConfigMap", "v1", annotation));
    text.push_str("data:\n");
    for property in 0..30 {
        let _ = writeln!(text, "  server.module-{property}.setting: \"value {number} of {property}\"");
    }
    text.push_str(&head("Secret", "v1", annotation));
    let _ = writeln!(text, "type: Opaque\ndata:\n  password: cGFzc3dvcmQgb2YgYW4gYXBwbGljYXRpb24=");
    text.push_str(&head("Service", "v1", ""));
    let _ = writeln!(
        text,
        "spec:\n  selector:\n    app.kubernetes.io/name: {name}\n  ports:\n    - name: http\n      port: 80\n      targetPort: http"
    );
    text.push_str(&head("Deployment", "apps/v1", ""));
    let _ = writeln!(
        text,
        "spec:\n  replicas: 2\n  selector:\n    matchLabels:\n      app.kubernetes.io/name: {name}\n  template:\n    metadata:\n      labels:\n        app.kubernetes.io/name: {name}\n    spec:\n      containers:\n        - name: server\n          image: \"registry.example.com/{name}:1.0.{number}\"\n          ports:\n            - name: http\n              containerPort: 8080\n          envFrom:\n            - configMapRef:\n                name: {name}\n          env:\n            - name: PASSWORD\n              valueFrom:\n                secretKeyRef:\n                  name: {name}\n                  key: password\n          volumeMounts:\n            - name: settings\n              mountPath: /etc/server\n          resources:\n            requests:\n              cpu: 100m\n              memory: 128Mi\n      volumes:\n        - name: settings\n          configMap:\n            name: {name}"
    );
}
