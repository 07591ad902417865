# Short names for Kafka's own tools. Load it, do not run it:   source scripts/alias.sh
#
# LAB_CIBLE says where the tools run:
#   openshift   (default) in the pod kafka-cli of the namespace kafka
#   docker      in the container bhf-kafka-broker-0 of docker/compose.yaml
#   conteneur   in the single container bhf-kafka started by `docker run`

# <executer>
kafka_cli() {
  local outil="$1" # for instance kafka-topics.sh
  shift
  local terminal="-i"
  if [ -t 0 ] && [ -t 1 ]; then terminal="-it"; fi
  case "${LAB_CIBLE:-openshift}" in
    openshift)
      "${OC:-oc}" --namespace kafka exec "$terminal" kafka-cli -- \
        "bin/$outil" --bootstrap-server bhf-kafka-kafka-bootstrap:9092 "$@" ;;
    docker)
      docker exec "$terminal" bhf-kafka-broker-0 \
        "/opt/kafka/bin/$outil" --bootstrap-server broker-0:19092 "$@" ;;
    conteneur)
      docker exec "$terminal" bhf-kafka \
        "/opt/kafka/bin/$outil" --bootstrap-server localhost:9092 "$@" ;;
    *)
      echo "LAB_CIBLE vaut « $LAB_CIBLE » : choisissez openshift, docker ou conteneur." >&2
      return 2 ;;
  esac
}
# </executer>

# <alias>
ktopics()  { kafka_cli kafka-topics.sh "$@"; }
kproduce() { kafka_cli kafka-console-producer.sh "$@"; }
kconsume() { kafka_cli kafka-console-consumer.sh "$@"; }
kgroups()  { kafka_cli kafka-consumer-groups.sh "$@"; }
koffsets() { kafka_cli kafka-get-offsets.sh "$@"; }
kquorum()  { kafka_cli kafka-metadata-quorum.sh "$@"; }
# </alias>
