#!/usr/bin/env bash
# Starts the pod kafka-cli, from which Kafka's tools are run. It uses the image of the brokers,
# so its tools always have the version of the cluster, and its own memory, so a heavy command
# cannot take a broker down.
set -euo pipefail
oc="${OC:-oc}"

if "$oc" --namespace kafka get pod kafka-cli >/dev/null 2>&1; then
  echo "Le pod kafka-cli existe déjà."
  exit 0
fi

# <client>
image=$("$oc" --namespace kafka get pods \
  --selector strimzi.io/cluster=bhf-kafka,strimzi.io/broker-role=true \
  --output jsonpath='{.items[0].spec.containers[0].image}')
"$oc" --namespace kafka run kafka-cli --image="$image" --restart=Never \
  --env=LOG_DIR=/tmp/kafka-logs --env=KAFKA_HEAP_OPTS=-Xmx256m \
  --command -- sleep infinity
# </client>
"$oc" --namespace kafka wait pod/kafka-cli --for=condition=Ready --timeout=120s
