#!/usr/bin/env bash
# Checks the lab, one line per point, and says what to do when a point fails.
# Exit code: 0 when everything passes, 1 otherwise. Honours LAB_CIBLE like alias.sh.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 2
# shellcheck source=alias.sh
source scripts/alias.sh
oc="${OC:-oc}"
cible="${LAB_CIBLE:-openshift}"
echecs=0

# point LABEL ADVICE COMMAND...: runs the command, prints the verdict.
point() {
  local libelle="$1" conseil="$2"
  shift 2
  if "$@" >/dev/null 2>&1; then
    echo "✔ $libelle"
  else
    echo "✘ $libelle"
    echo "    → $conseil"
    echecs=$((echecs + 1))
  fi
}

# nodes ROLE: how many ready Kafka pods have this role.
nodes() {
  "$oc" --namespace kafka get pods --no-headers \
    --selector "strimzi.io/cluster=bhf-kafka,strimzi.io/$1-role=true" 2>/dev/null |
    awk '$2 ~ /^1\/1$/ && $3 == "Running"' | wc -l
}

description=""
decrire() {
  description=$(ktopics --describe --topic orders.created </dev/null 2>/dev/null)
  grep -q "PartitionCount" <<<"$description"
}
entete_contient() { grep -m1 'PartitionCount' <<<"$description" | grep -q "$1"; }
# Every partition line must list as many in-sync replicas as replicas.
isr_complets() {
  grep 'Partition: ' <<<"$description" | awk '{
    for (i = 1; i <= NF; i++) { if ($i == "Replicas:") r = $(i+1); if ($i == "Isr:") s = $(i+1) }
    if (split(r, a, ",") != split(s, b, ",")) ko = 1; n++ } END { exit (ko || n != 6) }'
}
trois_messages() {
  local total
  total=$(koffsets --topic orders.created </dev/null 2>/dev/null | awk -F: '{ n += $3 } END { print n + 0 }')
  [ "$total" -ge 3 ]
}

rf=3
min_isr=2
if [ "$cible" = openshift ]; then
  if "$oc" --namespace kafka get kafkanodepool dual-role >/dev/null 2>&1; then rf=1; min_isr=1; fi
  point "L'objet Kafka bhf-kafka est Ready" \
    "oc -n kafka describe kafka bhf-kafka ; la section Conditions dit ce qui manque." \
    "$oc" --namespace kafka wait kafka/bhf-kafka --for=condition=Ready --timeout=5s
  point "$rf contrôleur(s) en marche" "oc -n kafka get pods -l strimzi.io/controller-role=true" \
    test "$(nodes controller)" -eq "$rf"
  point "$rf broker(s) en marche" "oc -n kafka get pods -l strimzi.io/broker-role=true" \
    test "$(nodes broker)" -eq "$rf"
  point "L'Entity Operator est disponible" "oc -n kafka logs deployment/bhf-kafka-entity-operator --all-containers" \
    "$oc" --namespace kafka wait deployment/bhf-kafka-entity-operator --for=condition=Available --timeout=5s
elif [ "$cible" = conteneur ]; then
  rf=1
  min_isr=1
fi

point "Le topic orders.created existe" "Créez-le (étape 4) ; s'il existe, vérifiez que kafka-cli répond." decrire
point "6 partitions" "Le nombre de partitions se règle à la création : supprimez le topic, recréez-le." \
  entete_contient "PartitionCount: 6"
point "Facteur de réplication $rf" "Voir spec.replicas du KafkaTopic." entete_contient "ReplicationFactor: $rf"
point "min.insync.replicas = $min_isr" "Voir spec.config du KafkaTopic." \
  entete_contient "min.insync.replicas=$min_isr"
point "ISR complets sur les 6 partitions" "Un broker est absent ou en retard : attendez une minute, puis regardez ses logs." \
  isr_complets
point "Au moins 3 messages écrits" "Reprenez l'étape 5 : kproduce … < donnees/commandes.txt" trois_messages

if [ "$echecs" -eq 0 ]; then
  echo "Lab 1.1 validé."
else
  echo "$echecs point(s) à revoir."
  exit 1
fi
