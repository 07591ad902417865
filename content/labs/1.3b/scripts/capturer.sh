#!/usr/bin/env bash
# Follows the logs of every instance of the lab, those to come included: one file each in journaux/. Ctrl+C ends it.
# A killed pod takes its logs away: start this before breaking anything. Honours LAB_CIBLE: openshift (default) or docker.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 2
oc="${OC:-oc}"
etiquette="${LAB_APP:-scaled-consumer}" # static-consumer for the StatefulSet
dossier="${1:-journaux}"
mkdir -p "$dossier"
rm -f "$dossier"/.*.pid # of a capture that was cut short

instances() {
  case "${LAB_CIBLE:-openshift}" in
    openshift)
      "$oc" get pods --selector "app=$etiquette" --field-selector status.phase=Running \
        --output jsonpath='{range .items[*]}{.metadata.name}{"\n"}{end}' ;;
    docker)
      docker ps --filter label=com.docker.compose.project=lab-1-3b \
        --filter label=com.docker.compose.service=consumer --format '{{.Names}}' ;;
    *)
      echo "LAB_CIBLE vaut « $LAB_CIBLE » : choisissez openshift ou docker." >&2
      exit 2 ;;
  esac
}

suivre() {
  case "${LAB_CIBLE:-openshift}" in
    openshift) exec "$oc" logs --follow "$1" ;;
    docker) exec docker logs --follow "$1" ;;
  esac
}

# A container that restarts in its pod ends the follow: it is taken up again. Lines read twice do no harm, mesurer.sh
# counts each once.
suivis=""
terminer() {
  # shellcheck disable=SC2086 # a list of process ids, to be split
  kill $suivis 2>/dev/null
  echo "Journaux dans $dossier/"
  exit 0
}
trap terminer INT TERM

echo "Capture en cours, Ctrl+C pour finir."
while :; do
  for nom in $(instances); do
    pid_de="$dossier/.$nom.pid"
    if [ -f "$pid_de" ] && kill -0 "$(cat "$pid_de")" 2>/dev/null; then continue; fi
    [ -f "$pid_de" ] || echo "+ $nom"
    suivre "$nom" >>"$dossier/$nom.jsonl" 2>&1 &
    echo $! >"$pid_de"
    suivis="$suivis $!"
  done
  sleep 1
done
