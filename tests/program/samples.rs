//! Small streams for tests that are not about the manifests themselves.

/// A ConfigMap and an object that refers to it.
pub(crate) const WEB: &str = "\
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
data:
  a: b
---
apiVersion: example.com/v1
kind: Runner
metadata:
  name: runner
spec:
  containers:
    - name: main
      envFrom:
        - configMapRef:
            name: web
";

/// Returns the output for [`WEB`].
pub(crate) fn versioned_web() -> String {
    WEB.replace("kind: ConfigMap\n", "kind: ConfigMap\nimmutable: true\n")
        .replace("name: web", "name: web-4h2mbtbbt6")
}

/// The summary for [`WEB`].
pub(crate) const WEB_SUMS: &str = "1 versioned, 0 left alone, 1 reference, 0 warnings\n";

/// A Secret with a value that is not base64.
pub(crate) const BAD_SECRET: &str = "\
apiVersion: v1
kind: Secret
metadata:
  name: db
data:
  password: '--hunter2'
";

/// A ConfigMap that nothing refers to, which leads to a warning.
pub(crate) const UNREFERENCED: &str =
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata: {a: b}\n";
