//! Every manifest of a lab is one that the cluster accepts: known kind, no unknown field, right types.
//!
//! The schemas are Strimzi's own at the version of `course.toml`, and those of the oldest Kubernetes that it runs on;
//! `schemas/README.md` says where they come from. Kinds of other operators, for which no schema is kept, are held to their
//! name and their metadata.

use crate::finding::{Finding, assert_none, content};
use crate::schema::{Mismatch, Schema};
use crate::yaml::{self, Node};
use serde_json::Value as Json;
use site::content::has_extension;
use site::diagnostic::Place;
use site::text::suggest::closest;
use std::sync::LazyLock;

/// Kinds whose fields are not checked: `OpenShift`, OLM and the Prometheus operator publish no schema in a package.
const UNCHECKED: [&str; 6] = [
    "build.openshift.io/v1 BuildConfig",
    "image.openshift.io/v1 ImageStream",
    "monitoring.coreos.com/v1 PrometheusRule",
    "operators.coreos.com/v1 OperatorGroup",
    "operators.coreos.com/v1alpha1 Subscription",
    "route.openshift.io/v1 Route",
];
/// Definition of what every object's `metadata` is.
const METADATA: &str = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";

static STRIMZI: LazyLock<Json> = LazyLock::new(|| read(include_str!("schemas/strimzi.json")));
static KUBERNETES: LazyLock<Json> = LazyLock::new(|| read(include_str!("schemas/kubernetes.json")));

fn read(text: &str) -> Json {
    serde_json::from_str(text).expect("the schemas are JSON")
}

#[test]
fn the_labs_manifests_are_accepted() {
    let mut read = 0;
    let mut findings = Vec::new();
    let manifests = content()
        .files()
        .filter(|file| file.path.contains("/manifests/") && has_extension(&file.path, "yaml"));
    for file in manifests {
        // What is not YAML is the business of the listings' test.
        let documents = yaml::documents(file.text().expect("UTF-8")).unwrap_or_default();
        for document in documents.iter().filter(|document| !document.is_null()) {
            read += 1;
            findings.extend(check(document).into_iter().map(|mismatch| Finding {
                place: Place::new(&file.path, mismatch.span),
                title: mismatch.title,
                help: mismatch.help,
            }));
        }
    }
    assert!(read > 40, "only {read} manifests found");
    assert_none(&findings);
}

#[test]
fn the_schemas_are_those_of_the_course() {
    let course = content()
        .get("course.toml")
        .expect("course.toml")
        .text()
        .expect("UTF-8");
    let version = STRIMZI["version"].as_str().unwrap_or_default();
    assert!(
        course.contains(&format!("\nstrimzi = \"{version}\"")),
        "schemas/strimzi.json is of Strimzi {version}, course.toml names another: make it again, as schemas/README.md says"
    );
}

/// What the cluster would refuse in `document`.
fn check(document: &Node) -> Vec<Mismatch> {
    let mut found = Vec::new();
    let said = |key: &str| document.get(key).and_then(Node::text).unwrap_or_default();
    let kind = format!("{} {}", said("apiVersion"), said("kind"));
    let known = [&*STRIMZI, &*KUBERNETES].into_iter().find_map(|source| {
        let json = source["kinds"].get(&kind)?;
        Some(Schema {
            json,
            definitions: &source["definitions"],
        })
    });
    if known.is_none() && !UNCHECKED.contains(&kind.as_str()) {
        found.push(unknown_kind(document, &kind));
    }
    if let Some(schema) = known {
        schema.check(document, said("kind"), &mut found);
    }
    let metadata = Schema {
        json: &KUBERNETES["definitions"][METADATA],
        definitions: &KUBERNETES["definitions"],
    };
    match document.get("metadata") {
        Some(node) if node.get("name").or(node.get("generateName")).is_some() => {
            metadata.check(node, "metadata", &mut found);
        }
        _ => found.push(Mismatch {
            span: document.span.start..document.span.start + 1,
            title: "objet sans nom".to_owned(),
            help: "ajoutez « metadata.name »".to_owned(),
        }),
    }
    // Kubernetes' own schemas describe their metadata too: one report is enough.
    found.sort_by_key(|mismatch| mismatch.span.start);
    found.dedup_by(|a, b| a.span == b.span);
    found
}

fn unknown_kind(document: &Node, kind: &str) -> Mismatch {
    let kinds = [&*STRIMZI, &*KUBERNETES]
        .into_iter()
        .filter_map(|source| source["kinds"].as_object())
        .flat_map(|kinds| kinds.keys().map(String::as_str))
        .chain(UNCHECKED);
    let help = match closest(kind, kinds) {
        Some(near) => format!("vouliez-vous dire « {near} » ?"),
        None => "ajoutez son schéma (schemas/README.md), ou son nom à UNCHECKED avec la raison"
            .to_owned(),
    };
    let span = document.get("kind").unwrap_or(document).span.clone();
    Mismatch {
        span,
        title: format!("type d'objet inconnu : « {kind} »"),
        help,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn titles(text: &str) -> Vec<String> {
        let documents = yaml::documents(text).unwrap();
        check(&documents[0])
            .into_iter()
            .map(|mismatch| mismatch.title)
            .collect()
    }

    const POOL: &str = "apiVersion: kafka.strimzi.io/v1\nkind: KafkaNodePool\nmetadata:\n  name: broker\nspec:\n  replicas: 3\n  roles: [broker]\n  storage:\n    type: ephemeral\n";

    #[test]
    fn strimzis_own_rules() {
        assert_eq!(titles(POOL), [""; 0]);
        assert_eq!(
            titles(&POOL.replace("replicas", "replica")),
            [
                "il manque « replicas » dans « KafkaNodePool.spec »",
                "champ inconnu « KafkaNodePool.spec.replica »"
            ]
        );
        assert_eq!(
            titles(&POOL.replace("ephemeral", "ephemere")),
            ["valeur inconnue pour « KafkaNodePool.spec.storage.type »"]
        );
        assert_eq!(
            titles(&POOL.replace("io/v1\n", "io/v1beta2\n")),
            ["type d'objet inconnu : « kafka.strimzi.io/v1beta2 KafkaNodePool »"]
        );
        assert_eq!(
            titles(&POOL.replace("  name: broker", "  nom: broker")),
            ["objet sans nom"]
        );
    }

    #[test]
    fn kubernetes_own_rules() {
        let job = "apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: a\nspec:\n  template:\n    spec:\n      containers:\n        - name: a\n          image: b\n          env:\n            - name: C\n              value: 1\n";
        assert_eq!(
            titles(job),
            ["« Job.spec.template.spec.containers[0].env[0].value » est un entier"]
        );
        assert_eq!(titles(&job.replace("value: 1", "value: \"1\"")), [""; 0]);
        assert_eq!(
            titles(&job.replace(
                "            - name: C\n              value: 1\n",
                "            - nom: C\n"
            ))
            .len(),
            2
        );
    }
}
