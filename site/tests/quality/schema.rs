//! Checks a YAML value against a schema in the dialect of Kubernetes (structural `OpenAPI` v3): types, required and unknown
//! fields, enumerations, bounds, alternatives.
//!
//! Stricter than JSON Schema in one point: a field that the schema does not name is an error, as for
//! `kubectl apply --validate=strict`. Patterns, formats and CEL rules are not checked.

use crate::yaml::{Node, Value};
use serde_json::Value as Json;
use site::text::suggest::closest;
use std::ops::Range;

/// What is wrong: the bytes, the words, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mismatch {
    /// Bytes of the key or value.
    pub(crate) span: Range<usize>,
    /// What is wrong.
    pub(crate) title: String,
    /// What to do.
    pub(crate) help: String,
}

/// A schema, with the definitions that it refers to.
#[derive(Clone, Copy)]
pub(crate) struct Schema<'s> {
    /// The schema.
    pub(crate) json: &'s Json,
    /// What `$ref` names.
    pub(crate) definitions: &'s Json,
}

impl<'s> Schema<'s> {
    /// The mismatches of `node`, which stands at `path` of its document.
    pub(crate) fn check(self, node: &Node, path: &str, found: &mut Vec<Mismatch>) {
        if let Some(name) = self.json.get("$ref").and_then(Json::as_str) {
            return self.with(&self.definitions[name]).check(node, path, found);
        }
        if !self.alternatives(node, path, found) || !self.typed(node, path, found) {
            return;
        }
        self.allowed(node, path, found);
        match &node.value {
            Value::Mapping(entries) => self.mapping(node, entries, path, found),
            Value::Sequence(items) => self.sequence(node, items, path, found),
            Value::Scalar { text, .. } => self.bounds(node, text, path, found),
        }
    }

    fn with(self, json: &'s Json) -> Self {
        Self { json, ..self }
    }

    fn flag(self, name: &str) -> bool {
        self.json.get(name).and_then(Json::as_bool) == Some(true)
    }

    /// False if none of the alternatives fits, which is then reported; unknown fields are the business of the whole.
    fn alternatives(self, node: &Node, path: &str, found: &mut Vec<Mismatch>) -> bool {
        for word in ["oneOf", "anyOf"] {
            let Some(alternatives) = self.json.get(word).and_then(Json::as_array) else {
                continue;
            };
            let fitting = alternatives
                .iter()
                .filter(|one| self.with(one).fits(node))
                .count();
            if fitting == 0 || (word == "oneOf" && fitting > 1) {
                let title =
                    format!("« {path} » ne correspond pas à une des formes permises, et une seule");
                found.push(mismatch(
                    node,
                    title,
                    format!("formes permises : {}", Json::from(alternatives.clone())),
                ));
                return false;
            }
        }
        true
    }

    /// Does `node` fit this alternative, which names only some of its fields?
    fn fits(self, node: &Node) -> bool {
        let required = self
            .json
            .get("required")
            .and_then(Json::as_array)
            .into_iter()
            .flatten();
        self.typed(node, "", &mut Vec::new())
            && required
                .filter_map(Json::as_str)
                .all(|name| node.get(name).is_some())
    }

    /// False if the value is of a wrong type, which is then reported.
    fn typed(self, node: &Node, path: &str, found: &mut Vec<Mismatch>) -> bool {
        let expected: Vec<&str> = match self.json.get("type") {
            Some(Json::String(one)) => vec![one],
            Some(Json::Array(several)) => several.iter().filter_map(Json::as_str).collect(),
            _ => return true,
        };
        let actual = type_of(node);
        let fits = expected
            .iter()
            .any(|name| *name == actual || (*name == "number" && actual == "integer"));
        if !fits {
            let names: Vec<&str> = expected.iter().map(|name| in_french(name)).collect();
            let quotes =
                if actual != "string" && expected.contains(&"string") && node.text().is_some() {
                    " ; mettez la valeur entre guillemets"
                } else {
                    ""
                };
            found.push(mismatch(
                node,
                format!("« {path} » est {}", in_french(actual)),
                format!("il faut {}{quotes}", names.join(" ou ")),
            ));
        }
        fits
    }

    fn allowed(self, node: &Node, path: &str, found: &mut Vec<Mismatch>) {
        let Some(values) = self.json.get("enum").and_then(Json::as_array) else {
            return;
        };
        let same = |value: &Json| {
            node.text()
                == Some(
                    value
                        .as_str()
                        .map_or_else(|| value.to_string(), str::to_owned)
                        .as_str(),
                )
        };
        if !node.is_null() && !values.iter().any(same) {
            found.push(mismatch(
                node,
                format!("valeur inconnue pour « {path} »"),
                format!("valeurs permises : {}", Json::from(values.clone())),
            ));
        }
    }

    fn mapping(self, node: &Node, entries: &[(Node, Node)], path: &str, found: &mut Vec<Mismatch>) {
        let properties = self.json.get("properties").and_then(Json::as_object);
        let required = self
            .json
            .get("required")
            .and_then(Json::as_array)
            .into_iter()
            .flatten();
        for name in required
            .filter_map(Json::as_str)
            .filter(|name| node.get(name).is_none())
        {
            let start = node.span.start;
            found.push(Mismatch {
                span: start..start + 1,
                title: format!("il manque « {name} » dans « {path} »"),
                help: "ce champ est obligatoire".to_owned(),
            });
        }
        for (key, value) in entries {
            let name = key.text().unwrap_or_default();
            let inner = format!("{path}.{name}");
            if let Some(schema) = properties.and_then(|properties| properties.get(name)) {
                self.with(schema).check(value, &inner, found);
            } else if let Some(schema) = self
                .json
                .get("additionalProperties")
                .filter(|more| more.is_object())
            {
                self.with(schema).check(value, &inner, found);
            } else if !self.flag("x-kubernetes-preserve-unknown-fields")
                && !self.flag("additionalProperties")
                && (properties.is_some() || self.json.get("additionalProperties").is_some())
            {
                let known = properties
                    .into_iter()
                    .flat_map(|properties| properties.keys());
                found.push(Mismatch {
                    span: key.span.clone(),
                    title: format!("champ inconnu « {inner} »"),
                    help: match closest(name, known.map(String::as_str)) {
                        Some(near) => format!("vouliez-vous dire « {near} » ?"),
                        None => "ce champ n'existe pas dans le schéma : retirez-le".to_owned(),
                    },
                });
            }
        }
    }

    fn sequence(self, node: &Node, items: &[Node], path: &str, found: &mut Vec<Mismatch>) {
        let least = self
            .json
            .get("minItems")
            .and_then(Json::as_u64)
            .unwrap_or(0);
        if (items.len() as u64) < least {
            found.push(mismatch(
                node,
                format!("« {path} » est trop court"),
                format!("il en faut au moins {least}"),
            ));
        }
        if let Some(schema) = self.json.get("items") {
            for (index, item) in items.iter().enumerate() {
                self.with(schema)
                    .check(item, &format!("{path}[{index}]"), found);
            }
        }
    }

    fn bounds(self, node: &Node, text: &str, path: &str, found: &mut Vec<Mismatch>) {
        let Ok(value) = text.parse::<f64>() else {
            return;
        };
        let bound = |name: &str| self.json.get(name).and_then(Json::as_f64);
        let low = bound("minimum").filter(|least| value < *least);
        let high = bound("maximum").filter(|most| value > *most);
        if let Some(limit) = low.or(high) {
            let side = if low.is_some() { "au moins" } else { "au plus" };
            found.push(mismatch(
                node,
                format!("« {path} » est hors des bornes"),
                format!("il faut {side} {limit}"),
            ));
        }
    }
}

fn mismatch(node: &Node, title: String, help: String) -> Mismatch {
    Mismatch {
        span: node.span.clone(),
        title,
        help,
    }
}

/// The JSON type of a value, as Kubernetes' YAML reader decides it.
fn type_of(node: &Node) -> &'static str {
    match &node.value {
        Value::Mapping(_) => "object",
        Value::Sequence(_) => "array",
        Value::Scalar { plain: false, .. } => "string",
        Value::Scalar { text, .. } => match text.as_str() {
            "" | "~" | "null" => "null",
            // YAML 1.1, which Kubernetes still reads.
            "true" | "false" | "yes" | "no" | "on" | "off" => "boolean",
            text if text.parse::<i64>().is_ok() => "integer",
            text if text
                .starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.'))
                && text.parse::<f64>().is_ok() =>
            {
                "number"
            }
            _ => "string",
        },
    }
}

fn in_french(name: &str) -> &str {
    match name {
        "object" => "un objet",
        "array" => "une liste",
        "string" => "un texte",
        "boolean" => "un booléen",
        "integer" => "un entier",
        "number" => "un nombre",
        "null" => "vide",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::documents;
    use serde_json::json;

    fn titles(schema: &Json, text: &str) -> Vec<String> {
        let definitions = json!({ "Name": { "type": "string" } });
        let mut found = Vec::new();
        let schema = Schema {
            json: schema,
            definitions: &definitions,
        };
        schema.check(&documents(text).unwrap()[0], "spec", &mut found);
        found.into_iter().map(|one| one.title).collect()
    }

    #[test]
    fn unknown_missing_and_wrong_fields() {
        let schema = json!({
            "type": "object",
            "required": ["replicas"],
            "properties": {
                "replicas": { "type": "integer", "minimum": 0 },
                "roles": { "type": "array", "minItems": 1, "items": { "type": "string", "enum": ["broker"] } },
                "config": { "type": "object", "x-kubernetes-preserve-unknown-fields": true },
                "labels": { "type": "object", "additionalProperties": { "$ref": "Name" } },
            },
        });
        assert_eq!(
            titles(
                &schema,
                "replicas: 1\nroles: [broker]\nconfig: {a: 1}\nlabels: {a: b}\n"
            ),
            [""; 0]
        );
        assert_eq!(
            titles(&schema, "replica: 1\n"),
            [
                "il manque « replicas » dans « spec »",
                "champ inconnu « spec.replica »"
            ]
        );
        assert_eq!(
            titles(&schema, "replicas: -1\n"),
            ["« spec.replicas » est hors des bornes"]
        );
        assert_eq!(
            titles(&schema, "replicas: \"1\"\nroles: []\n"),
            [
                "« spec.replicas » est un texte",
                "« spec.roles » est trop court"
            ]
        );
        assert_eq!(
            titles(&schema, "replicas: 1\nroles: [controler]\n"),
            ["valeur inconnue pour « spec.roles[0] »"]
        );
        assert_eq!(
            titles(&schema, "replicas: 1\nlabels: {a: 8080, b: on}\n"),
            [
                "« spec.labels.a » est un entier",
                "« spec.labels.b » est un booléen"
            ]
        );
    }

    #[test]
    fn alternatives() {
        let schema = json!({ "oneOf": [{ "type": "string" }, { "type": "integer" }] });
        assert_eq!(titles(&schema, "8080"), [""; 0]);
        assert_eq!(titles(&schema, "[8080]").len(), 1);
        let schema = json!({
            "type": "object",
            "properties": { "value": {}, "valueFrom": {} },
            "oneOf": [{ "required": ["value"] }, { "required": ["valueFrom"] }],
        });
        assert_eq!(titles(&schema, "value: 1"), [""; 0]);
        assert_eq!(titles(&schema, "{value: 1, valueFrom: 2}").len(), 1);
    }
}
