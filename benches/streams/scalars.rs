//! ConfigMaps with large block scalars, such as dashboards, and the Deployment that mounts them.

use std::fmt::Write as _;

/// The number of panels of a dashboard, about 100 kB of text.
const PANELS: usize = 260;

pub(super) fn dashboards(text: &mut String, number: usize) {
    let name = format!("dashboard-{number}");
    let _ = writeln!(
        text,
        "---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\n  labels:\n    grafana_dashboard: \"1\"\ndata:\n  {name}.json: |-\n    {{\n      \"panels\": ["
    );
    for panel in 0..PANELS {
        let _ = writeln!(
            text,
            "        {{\n          \"datasource\": {{\"type\": \"prometheus\", \"uid\": \"${{datasource}}\"}},\n          \"gridPos\": {{\"h\": 8, \"w\": 12, \"x\": 0, \"y\": {panel}}},\n          \"targets\": [\n            {{\n              \"expr\": \"sum(rate(http_requests_total{{job=\\\"server\\\", code=~\\\"5..\\\"}}[5m])) by (instance) > {panel}\",\n              \"legendFormat\": \"{{{{instance}}}}\"\n            }}\n          ],\n          \"title\": \"Requests of panel {panel} in dashboard {number}\"\n        }},"
        );
    }
    let _ = writeln!(
        text,
        "        {{}}\n      ]\n    }}\n---\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: viewer-{number}\nspec:\n  template:\n    spec:\n      containers:\n      - name: viewer\n        image: registry.example.com/viewer:1.0\n      volumes:\n      - name: dashboards\n        configMap:\n          name: {name}"
    );
}
