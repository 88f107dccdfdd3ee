//! A List in JSON, as `kubectl get -o json` writes it: ConfigMap, Secret and Deployment in turn.

use std::fmt::Write as _;

/// The end of the list.
pub(super) const END: &str =
    "\n    ],\n    \"kind\": \"List\",\n    \"metadata\": {\n        \"resourceVersion\": \"\"\n    }\n}\n";

pub(super) fn application(text: &mut String, number: usize) {
    text.push_str(if number == 0 { "{\n    \"apiVersion\": \"v1\",\n    \"items\": [\n" } else { ",\n" });
    let name = format!("application-{number}");
    let metadata = format!(
        "            \"metadata\": {{\n                \"labels\": {{\n                    \"app.kubernetes.io/instance\": \"release\",\n                    \"app.kubernetes.io/name\": \"{name}\"\n                }},\n                \"name\": \"{name}\"\n            }}"
    );
    text.push_str("        {\n            \"apiVersion\": \"v1\",\n            \"data\": {\n");
    for property in 0..30 {
        let comma = if property < 29 { "," } else { "" };
        let _ = writeln!(
            text,
            "                \"server.module-{property}.setting\": \"value {number} of {property}\\n\"{comma}"
        );
    }
    let _ = write!(
        text,
        "            }},\n            \"kind\": \"ConfigMap\",\n{metadata}\n        }},\n        {{\n            \"apiVersion\": \"v1\",\n            \"data\": {{\n                \"password\": \"cGFzc3dvcmQgb2YgYW4gYXBwbGljYXRpb24=\"\n            }},\n            \"kind\": \"Secret\",\n{metadata},\n            \"type\": \"Opaque\"\n        }},\n        {{\n            \"apiVersion\": \"apps/v1\",\n            \"kind\": \"Deployment\",\n{metadata},\n            \"spec\": {{\n                \"replicas\": 2,\n                \"selector\": {{\n                    \"matchLabels\": {{\n                        \"app.kubernetes.io/name\": \"{name}\"\n                    }}\n                }},\n                \"template\": {{\n                    \"metadata\": {{\n                        \"labels\": {{\n                            \"app.kubernetes.io/name\": \"{name}\"\n                        }}\n                    }},\n                    \"spec\": {{\n                        \"containers\": [\n                            {{\n                                \"envFrom\": [\n                                    {{\n                                        \"configMapRef\": {{\n                                            \"name\": \"{name}\"\n                                        }}\n                                    }},\n                                    {{\n                                        \"secretRef\": {{\n                                            \"name\": \"{name}\"\n                                        }}\n                                    }}\n                                ],\n                                \"image\": \"registry.example.com/{name}:1.0.{number}\",\n                                \"name\": \"server\",\n                                \"ports\": [\n                                    {{\n                                        \"containerPort\": 8080,\n                                        \"name\": \"http\"\n                                    }}\n                                ]\n                            }}\n                        ]\n                    }}\n                }}\n            }}\n        }}"
    );
}
