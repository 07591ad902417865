#!/usr/bin/env bash
# The whole lab in one go, for OpenShift: operator, cluster, topic, client. Safe to run again.
#   scripts/installer.sh                 3 brokers and 3 controllers
#   scripts/installer.sh openshift-local 1 node with both roles
set -euo pipefail
oc="${OC:-oc}"
manifests="$(cd "$(dirname "$0")/.." && pwd)/manifests"
variante="${1:-complet}"

echo "1/4 Opérateur Strimzi…"
"$oc" apply -f "$manifests/00-namespace.yaml" -f "$manifests/01-operateur.yaml"
# The CRD appears once OLM has resolved the subscription: wait for it to exist, then to be served.
for _ in $(seq 1 60); do
  "$oc" get crd kafkanodepools.kafka.strimzi.io >/dev/null 2>&1 && break
  sleep 5
done
"$oc" wait crd/kafkanodepools.kafka.strimzi.io crd/kafkas.kafka.strimzi.io \
  --for=condition=Established --timeout=60s
# `wait` fails at once when no pod matches yet: the CRDs come before the operator's pod.
for _ in $(seq 1 60); do
  "$oc" --namespace kafka get pods --selector name=strimzi-cluster-operator --output name | grep -q . && break
  sleep 5
done
"$oc" --namespace kafka wait pod --selector name=strimzi-cluster-operator \
  --for=condition=Ready --timeout=300s

echo "2/4 Cluster bhf-kafka…"
case "$variante" in
  complet)
    "$oc" apply -f "$manifests/10-node-pools.yaml" -f "$manifests/11-kafka.yaml" \
      -f "$manifests/20-topic-orders-created.yaml" ;;
  openshift-local)
    "$oc" apply -f "$manifests/openshift-local/kafka-un-noeud.yaml" ;;
  *)
    echo "Variante inconnue « $variante » : laissez vide, ou indiquez openshift-local." >&2
    exit 2 ;;
esac
"$oc" --namespace kafka wait kafka/bhf-kafka --for=condition=Ready --timeout=900s

echo "3/4 Topic orders.created…"
"$oc" --namespace kafka wait kafkatopic/orders.created --for=condition=Ready --timeout=120s

echo "4/4 Pod client kafka-cli…"
"$(dirname "$0")/client.sh"

echo "Prêt. Suite : source scripts/alias.sh, puis scripts/verifier.sh"
