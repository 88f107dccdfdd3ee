//! Operators: a CustomResourceDefinition with a deep schema, and the Deployment of the operator with its settings.

use std::fmt::Write as _;

/// The number of fields on each level of a schema.
const FIELDS: usize = 4;
/// The number of levels of a schema.
const LEVELS: usize = 4;

pub(super) fn operator(text: &mut String, number: usize) {
    let name = format!("operator-{number}");
    let _ = writeln!(
        text,
        "---\napiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  annotations:\n    controller-gen.kubebuilder.io/version: v0.16.5\n  name: engines{number}.example.com\nspec:\n  group: example.com\n  names:\n    kind: Engine{number}\n    listKind: Engine{number}List\n    plural: engines{number}\n    singular: engine{number}\n  scope: Namespaced\n  versions:\n  - additionalPrinterColumns:\n    - jsonPath: .status.conditions[?(@.type==\"Ready\")].status\n      name: Ready\n      type: string\n    name: v1\n    schema:\n      openAPIV3Schema:\n        properties:"
    );
    properties(text, 10, LEVELS);
    let _ = writeln!(
        text,
        "        type: object\n    served: true\n    storage: true\n    subresources:\n      status: {{}}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}-settings\ndata:\n  metrics-address: :8080\n  leader-election: \"true\"\n---\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {name}\nspec:\n  selector:\n    matchLabels:\n      control-plane: {name}\n  template:\n    metadata:\n      labels:\n        control-plane: {name}\n    spec:\n      containers:\n      - name: manager\n        image: registry.example.com/{name}:1.0\n        envFrom:\n        - configMapRef:\n            name: {name}-settings\n---\napiVersion: example.com/v1\nkind: Engine{number}\nmetadata:\n  name: engine\nspec:\n  replicas: 3\n  credentials:\n    secretRef:\n      name: {name}-credentials"
    );
}

/// Writes fields whose descriptions have the scalar styles that generators use.
fn properties(text: &mut String, indent: usize, levels: usize) {
    let pad = " ".repeat(indent);
    for field in 0..FIELDS {
        let name = ["template", "replicas", "storageClass", "selector"][field % 4];
        let description = match field % 3 {
            0 => format!(
                "|-\n{pad}    {name} defines the desired state of the component on level {levels}.\n{pad}    More info: https://example.com/docs/concepts/overview/working-with-objects\n\n{pad}    It cannot be changed after the object was created."
            ),
            1 => format!(
                "{name} is the number of desired pods. This is a pointer to distinguish\n{pad}    between explicit zero and not specified. Defaults to 1."
            ),
            _ => format!(
                "'{name}: the name of the class, one of the classes that the cluster\n{pad}    has. See the documentation.'"
            ),
        };
        let _ = writeln!(text, "{pad}{name}{field}:\n{pad}  description: {description}");
        if levels > 1 && field % 2 == 0 {
            let _ = writeln!(text, "{pad}  properties:");
            properties(text, indent + 4, levels - 1);
            let _ = writeln!(text, "{pad}  required:\n{pad}  - {name}1\n{pad}  type: object");
        } else if field == 3 {
            let _ = writeln!(
                text,
                "{pad}  items:\n{pad}    format: int32\n{pad}    type: integer\n{pad}  type: array\n{pad}  x-kubernetes-list-type: atomic"
            );
        } else {
            let _ = writeln!(text, "{pad}  pattern: ^[a-z0-9]([-a-z0-9]*[a-z0-9])?$\n{pad}  type: string");
        }
    }
}
