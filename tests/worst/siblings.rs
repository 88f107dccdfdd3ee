//! Inputs that ask for the siblings of each entry of a mapping or of each item of a list, and texts with many names.

use super::inputs::{config_map, each};

const WIDGET: &str = "---\napiVersion: example.com/v1\nkind: Widget\nmetadata: {name: widget}\nspec:\n";

pub(super) fn siblings(count: usize) -> String {
    each(count, |at| config_map(&format!("web-{at}")))
        + WIDGET
        + &each(count, |at| format!("  configMapName{at}: web-{at}\n"))
}

pub(super) fn siblings_behind_a_merge_key(count: usize) -> String {
    siblings(count) + "  <<: {other: value}\n"
}

pub(super) fn values_that_are_names(count: usize) -> String {
    let head = "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: names}\ndata:\n";
    each(count, |at| config_map(&format!("web-{at}")))
        + head
        + &each(count, |at| format!("  k{at}: web-{at}\n"))
}

pub(super) fn sub_paths(count: usize) -> String {
    let head = "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  template:\n    spec:\n      volumes:\n";
    let volume = |at| format!("      - {{name: v{at}, configMap: {{name: web-{at}}}}}\n");
    let mount = |at| format!("        - {{name: v{at}, mountPath: /m{at}, subPath: a}}\n");
    let containers = "      containers:\n      - name: web\n        image: web:1\n        volumeMounts:\n";
    each(count, |at| config_map(&format!("web-{at}")))
        + head
        + &each(count, volume)
        + containers
        + &each(count, mount)
}

pub(super) fn long_paths(count: usize) -> String {
    let level = |depth: usize| format!("{}{}:\n", " ".repeat(depth), "k".repeat(1000));
    let items = each(count, |_| format!("{}- {{configMapRef: {{name: web}}}}\n", " ".repeat(100)));
    config_map("web") + WIDGET.trim_end_matches("spec:\n") + &each(100, level) + &items
}

const CONTAINER: &str = "---\napiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers:\n  - name: web\n    image: web:1\n";

pub(super) fn names_in_one_script(count: usize) -> String {
    let line = |_| "      kubectl get configmap web-config\n".to_owned();
    config_map("web-config") + CONTAINER + "    command: [sh, -c]\n    args:\n    - |\n" + &each(count, line)
}

pub(super) fn names_in_one_variable(count: usize) -> String {
    let names = each(count, |_| "web-config, \\\n        ".to_owned());
    config_map("web-config")
        + CONTAINER
        + "    env:\n    - {name: CONFIG_MAP_NAMES, value: \""
        + &names
        + "web-config\"}\n"
}
