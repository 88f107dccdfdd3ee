//! Evaluates the expressions of an admission policy for one request, as the API server does.
//!
//! An independent implementation of CEL evaluates the expressions. It lacks the functions that Kubernetes and Kyverno
//! add; this module defines those that the Kyverno policies need: `sha256`, `json.marshal`, `substring`, `replace`.

use cel::extractors::This;
use cel::{Context, Env, Program, Value as Cel};
use serde::Deserialize;
use serde_json::{Value, json};
use serde_yaml::Value as Yaml;
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// A policy from a file, compiled.
pub(crate) struct Policy {
    /// The resource that it applies to, such as `secrets`.
    pub(crate) resource: String,
    env: Arc<Env>,
    conditions: Vec<(String, Program)>,
    variables: Vec<(String, Program)>,
    validations: Vec<Program>,
    messages: Vec<Program>,
}

/// A write request. `before` is null for a creation.
pub(crate) struct Request {
    pub(crate) namespace: String,
    pub(crate) object: Value,
    pub(crate) before: Value,
}

/// The decision on a request.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// A match condition is false: its name.
    Exempt(String),
    Admitted,
    /// Validations are false: their indices, 0-based.
    Refused(Vec<usize>),
}

impl Policy {
    /// Returns the policies in a file.
    pub(crate) fn all(text: &str) -> Vec<Policy> {
        let documents =
            serde_yaml::Deserializer::from_str(text).map(|one| Yaml::deserialize(one).expect("YAML"));
        let is_policy = |one: &Yaml| one["kind"].as_str().is_some_and(|kind| kind.ends_with("Policy"));
        documents.filter(is_policy).map(|policy| Policy::new(&policy["spec"])).collect()
    }

    /// True if the policy computes the suffix.
    pub(crate) fn makes_hashes(&self) -> bool {
        !self.variables.is_empty()
    }

    fn new(spec: &Yaml) -> Policy {
        let env = Arc::new(Env::stdlib());
        let items = |field: &str| spec[field].as_sequence().cloned().unwrap_or_default();
        let compiled = |item: &Yaml, field: &str| {
            let expression = text(item, field);
            env.compile(expression).unwrap_or_else(|error| panic!("{expression}: {error}"))
        };
        let named = |field: &str| {
            items(field)
                .iter()
                .map(|item| (text(item, "name").to_owned(), compiled(item, "expression")))
                .collect()
        };
        let validations = items("validations");
        let with_message = validations.iter().filter(|item| item["messageExpression"].is_string());
        Policy {
            resource: spec["matchConstraints"]["resourceRules"][0]["resources"][0]
                .as_str()
                .expect("one")
                .to_owned(),
            conditions: named("matchConditions"),
            variables: named("variables"),
            messages: with_message.map(|item| compiled(item, "messageExpression")).collect(),
            validations: validations.iter().map(|item| compiled(item, "expression")).collect(),
            env: Arc::clone(&env),
        }
    }

    /// Evaluates the policy for one request.
    pub(crate) fn verdict(&self, request: &Request) -> Verdict {
        let context = self.context(request);
        let holds = |program: &Program| program.execute(&context).expect("a value") == Cel::Bool(true);
        if let Some((name, _)) = self.conditions.iter().find(|(_, program)| !holds(program)) {
            return Verdict::Exempt(name.clone());
        }
        let refused: Vec<usize> =
            (0..self.validations.len()).filter(|at| !holds(&self.validations[*at])).collect();
        if refused.is_empty() { Verdict::Admitted } else { Verdict::Refused(refused) }
    }

    /// Returns the messages of the validations for one request.
    pub(crate) fn messages(&self, request: &Request) -> Vec<String> {
        let context = self.context(request);
        let said = |program: &Program| match program.execute(&context).expect("a value") {
            Cel::String(text) => text.to_string(),
            other => panic!("{other:?}"),
        };
        self.messages.iter().map(said).collect()
    }

    fn context(&self, request: &Request) -> Context<'_, '_> {
        let mut context = Context::with_env(Arc::clone(&self.env));
        functions(&mut context);
        let operation = if request.before.is_null() { "CREATE" } else { "UPDATE" };
        let about = json!({"operation": operation, "namespace": request.namespace});
        for (name, value) in
            [("object", &request.object), ("oldObject", &request.before), ("request", &about)]
        {
            context.add_variable(name, value).expect("a value");
        }
        let mut variables = serde_json::Map::new();
        for (name, program) in &self.variables {
            let value = program.execute(&context).expect("a value");
            variables.insert(name.clone(), value.json().expect("JSON"));
            context.add_variable("variables", &variables).expect("a value");
        }
        context
    }
}

fn functions(context: &mut Context<'_, '_>) {
    let digest = |text: Arc<String>| hex::encode(Sha256::digest(text.as_bytes()));
    context.add_function("sha256", digest).expect("a function");
    context
        .add_function("json.marshal", |value: Cel| marshal(&value.json().expect("JSON")))
        .expect("a function");
    let substring =
        |This(text): This<Arc<String>>, from: i64, to: i64| text[from as usize..to as usize].to_owned();
    context.add_function("substring", substring).expect("a function");
    let replace =
        |This(text): This<Arc<String>>, old: Arc<String>, new: Arc<String>| text.replace(&*old, &new);
    context.add_function("replace", replace).expect("a function");
}

/// Writes JSON like Go's `encoding/json`: sorted keys, with characters of HTML tags escaped.
fn marshal(value: &Value) -> String {
    let mut text = value.to_string();
    for (plain, escaped) in [
        ('<', "\\u003c"),
        ('>', "\\u003e"),
        ('&', "\\u0026"),
        ('\u{2028}', "\\u2028"),
        ('\u{2029}', "\\u2029"),
    ] {
        text = text.replace(plain, escaped);
    }
    text
}

fn text<'a>(item: &'a Yaml, field: &str) -> &'a str {
    item[field].as_str().unwrap_or_else(|| panic!("no {field} in {item:?}"))
}
