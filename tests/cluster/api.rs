//! Requests for objects: finds the object, executes the method and answers.

use super::http::{Request, respond};
use super::kinds::{self, Kind};
use super::store::{Key, Refusal, Store};
use super::{Shared, discovery, protobuf, selectors, watch};
use serde_json::{Value, json};
use std::io::{self, Write};

/// The object or collection that a path refers to.
struct Route {
    kind: &'static Kind,
    namespace: String,
    name: Option<String>,
}

/// Answers one request.
pub(super) fn answer(request: &Request, shared: &Shared, out: &mut dyn Write) -> io::Result<()> {
    if let Some(known) = discovery::answer(&request.path).filter(|_| request.method == "GET") {
        return respond(out, 200, &known);
    }
    let Some(route) = route(&request.path) else {
        let missing = "the server could not find the requested resource".to_owned();
        return respond(out, 404, &status(&Refusal(404, "NotFound", missing), None));
    };
    let forbidden = shared.store().forbidden.contains(route.kind.plural);
    if forbidden {
        let message = format!("{} is forbidden: User \"fake\" cannot use it", route.kind.plural);
        return respond(out, 403, &status(&Refusal(403, "Forbidden", message), Some(&route)));
    }
    if request.method == "GET" && matches!(request.param("watch"), "true" | "1") {
        return watch::watch(request, (route.kind, &route.namespace), shared, out);
    }
    let answered = handle(request, &route, &mut shared.store());
    shared.changed.notify_all();
    match answered {
        Ok((code, body)) => respond(out, code, &body),
        Err(refusal) => respond(out, refusal.0, &status(&refusal, Some(&route))),
    }
}

fn handle(request: &Request, route: &Route, store: &mut Store) -> Result<(u16, Value), Refusal> {
    let key = |name: &str| Key::new(route.kind, &route.namespace, name);
    match (request.method.as_str(), &route.name) {
        ("GET", Some(name)) => Ok((200, store.find(&key(name))?)),
        ("GET", None) => Ok((200, list(request, route, store))),
        ("POST", None) => {
            let object = body(request)?;
            let name = object["metadata"]["name"].as_str().unwrap_or_default().to_owned();
            Ok((201, store.create(&key(&name), object)?))
        }
        ("PUT", Some(name)) => Ok((200, store.replace(&key(name), body(request)?)?)),
        ("PATCH", Some(name)) => Ok((200, patched(request, &key(name), store)?)),
        ("DELETE", Some(name)) => {
            store.delete(&key(name))?;
            Ok((200, json!({"kind": "Status", "apiVersion": "v1", "status": "Success"})))
        }
        _ => Err(Refusal(405, "MethodNotAllowed", format!("{} is not supported", request.method))),
    }
}

fn patched(request: &Request, key: &Key, store: &mut Store) -> Result<Value, Refusal> {
    let change = body(request)?;
    match request.content_type.split(';').next().unwrap_or_default() {
        "application/merge-patch+json" => store.patch(key, &change, false),
        "application/strategic-merge-patch+json" => store.patch(key, &change, true),
        "application/apply-patch+yaml" => store.apply(key, request.param("fieldManager"), change),
        other => Err(Refusal(415, "UnsupportedMediaType", format!("{other} is not supported"))),
    }
}

fn list(request: &Request, route: &Route, store: &Store) -> Value {
    let found = store.list(route.kind.kind, &route.namespace).map(|(_, object)| object);
    let items: Vec<&Value> = found.filter(|object| selectors::selected(request, object)).collect();
    let metadata = json!({"resourceVersion": store.revision.to_string()});
    json!({"kind": format!("{}List", route.kind.kind), "apiVersion": route.kind.api_version(),
        "metadata": metadata, "items": items})
}

/// Returns the body as a value: JSON, YAML for server-side apply, or a Secret as protobuf.
fn body(request: &Request) -> Result<Value, Refusal> {
    if let Some(secret) = protobuf::secret(&request.body) {
        return Ok(secret);
    }
    let wrong = |what: String| Refusal(400, "BadRequest", format!("the body cannot be read: {what}"));
    let text = std::str::from_utf8(&request.body).map_err(|error| wrong(error.to_string()))?;
    match serde_json::from_str(text) {
        Ok(value) => Ok(value),
        Err(_) => serde_yaml::from_str(text).map_err(|error| wrong(error.to_string())),
    }
}

/// Parses `/api/v1/...` and `/apis/GROUP/VERSION/...`. A subresource, such as the status, counts as the object.
fn route(path: &str) -> Option<Route> {
    let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
    let (group, version, rest) = match parts[..] {
        ["api", version, ref rest @ ..] => ("", version, rest),
        ["apis", group, version, ref rest @ ..] => (group, version, rest),
        _ => return None,
    };
    let (namespace, plural, name) = match *rest {
        ["namespaces", namespace, plural, ref name @ ..] if plural != "status" && plural != "finalize" => {
            (namespace, plural, name.first())
        }
        [plural, ref name @ ..] => ("", plural, name.first()),
        [] => return None,
    };
    let kind = kinds::by_resource(group, version, plural)?;
    Some(Route { kind, namespace: namespace.to_owned(), name: name.map(|name| (*name).to_owned()) })
}

fn status(refusal: &Refusal, route: Option<&Route>) -> Value {
    let Refusal(code, reason, message) = refusal;
    let details = route.map(|route| {
        let causes = json!([{"reason": "FieldValueInvalid", "message": message, "field": "object"}]);
        let causes = if *code == 422 { causes } else { json!([]) };
        json!({"name": route.name, "kind": route.kind.plural, "group": route.kind.group, "causes": causes})
    });
    json!({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "message": message,
        "reason": reason, "details": details.unwrap_or_else(|| json!({})), "code": code})
}
