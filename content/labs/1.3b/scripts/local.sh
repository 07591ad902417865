#!/usr/bin/env bash
# The consumers as processes of this machine, logs in journaux/: for those who have neither OpenShift nor containers.
#   local.sh scale N   brings the number of processes to N (1 to 8); the last ones stop with SIGTERM
#   local.sh crash I   kills process I with SIGKILL
#   local.sh list      who runs
#   local.sh stop      stops them all, properly
# LAB_PROJET is the project to run: solution (default) or depart.
set -euo pipefail
cd "$(dirname "$0")/.."
projet="${LAB_PROJET:-solution}"
mkdir -p journaux

pid() { cat "journaux/consumer-$1.pid" 2>/dev/null || true; }
vit() { [ -n "$(pid "$1")" ] && kill -0 "$(pid "$1")" 2>/dev/null; }

demarrer() {
  # The program itself, not « dotnet run », whose death would leave it alive. Port 0: any free port for the probes.
  local programme
  # shellcheck disable=SC2012 # the newest build, and no strange names here
  programme=$(ls -t "$projet"/bin/Release/*/ScaledConsumer.dll 2>/dev/null | head -n 1)
  INSTANCE_NAME="consumer-$1" ASPNETCORE_HTTP_PORTS=0 nohup dotnet "$programme" >>"journaux/consumer-$1.jsonl" 2>&1 &
  echo $! >"journaux/consumer-$1.pid"
  echo "consumer-$1 démarré (processus $!)"
}

arreter() { # SIGNAL NUMBER
  kill "-$1" "$(pid "$2")"
  rm -f "journaux/consumer-$2.pid"
  echo "consumer-$2 : $1 à $(date -u +%H:%M:%S) UTC"
}

echelle() {
  case "$1" in
    [0-8]) ;;
    *) echo "Un nombre de 0 à 8, s'il vous plaît (reçu : « $1 »)." >&2; exit 2 ;;
  esac
  if [ "$1" -gt 0 ]; then dotnet build --configuration Release --verbosity quiet --nologo "$projet"; fi
  for i in 1 2 3 4 5 6 7 8; do
    if [ "$i" -le "$1" ]; then
      vit "$i" || demarrer "$i"
    elif vit "$i"; then
      arreter TERM "$i"
    fi
  done
}

case "${1:-}" in
  scale) echelle "${2:?usage : local.sh scale N}" ;;
  crash)
    vit "${2:?usage : local.sh crash I}" || { echo "consumer-$2 ne tourne pas." >&2; exit 1; }
    arreter KILL "$2" ;;
  list) for i in 1 2 3 4 5 6 7 8; do if vit "$i"; then echo "consumer-$i (processus $(pid "$i"))"; fi; done ;;
  stop) echelle 0 ;;
  *)
    cat >&2 <<'AIDE'
local.sh scale N   amène à N le nombre de processus (0 à 8) ; les derniers s'arrêtent par SIGTERM
local.sh crash I   tue le processus I par SIGKILL
local.sh list      dit lesquels tournent
local.sh stop      les arrête tous, proprement
LAB_PROJET désigne le projet à lancer : solution (défaut) ou depart.
AIDE
    exit 2 ;;
esac
