//! Manifests as people and programs write them.

pub(super) const DEPLOYMENT: &str = r#"# Source: web/templates/deployment.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: "shop"
  annotations:
    checksum/config: 'e3b0c44298fc1c14'
    note: >-
      Folded text, with a colon: here,
      and a second line.
  labels: {app: web, tier: "front"}
spec:
  replicas: 2
  selector:
    matchLabels:
      app: web
  template:
    spec:
      containers:
      - name: web
        image: registry.example.com/web:1.0
        args: ["--port", "80", -v]
        command:
        - sh
        - -c
        - |
          exec web \
            --config /etc/web.conf   # not a comment
        env:
        - name: COLOUR
          valueFrom:
            configMapKeyRef:
              name: web
              key: colour
        - name: EMPTY
          value:
        resources: {}
      volumes:
        - name: config
          configMap:
            name: web

        - name: empty
          emptyDir: {}
"#;

pub(super) const CONFIG_MAP: &str = r#"apiVersion: v1
kind: ConfigMap
metadata: {name: web}
data:
  web.conf: |
    [server]
    listen = 80

      # indented
    root = "/srv"
  script.sh: |-
    #!/bin/sh
    echo '|' > /dev/null
  keep: |+
    a

  quoted: "a\tb \u00e9
    and a long line that is\
    folded"
  single: 'it''s
    folded'
  description: A plain text over
    several lines, the last one
"#;

pub(super) const LIST: &str = r#"{
  "apiVersion": "v1",
  "kind": "List",
  "items": [
    {"apiVersion":"v1","kind":"Secret","metadata":{"name":"web"},"data":{"a":"YQ=="}},
    {
      "apiVersion": "v1",
      "kind": "ConfigMap",
      "metadata": {
        "name": "web",
        "labels": {}
      },
      "data": {
        "a": "b\n\"c\"",
        "n": [1, true, null]
      }
    }
  ]
}
"#;
