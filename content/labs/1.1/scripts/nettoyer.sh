#!/usr/bin/env bash
# Removes everything the lab created. With deleteClaim: true, the disks go too.
set -euo pipefail
oc="${OC:-oc}"

# Topics first, while the Topic Operator is still there to handle their finalizers.
"$oc" --namespace kafka delete kafkatopic --all --ignore-not-found --timeout=120s
"$oc" --namespace kafka delete kafka bhf-kafka --ignore-not-found --timeout=300s
"$oc" --namespace kafka delete kafkanodepool --all --ignore-not-found --timeout=120s
"$oc" delete namespace kafka --ignore-not-found --timeout=300s
echo "Cluster et namespace kafka supprimés. Les CRD de Strimzi restent : elles servent aux autres namespaces."
