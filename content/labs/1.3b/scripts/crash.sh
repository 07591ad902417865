#!/usr/bin/env bash
# crash.sh INSTANCE: kills the program with SIGKILL, as the kernel does when memory runs out. No handler runs, no Close().
#   openshift  INSTANCE is a pod; its container restarts by itself. Needs shareProcessNamespace in the pod.
#   docker     INSTANCE is a container; it stays dead until « docker compose up » brings another.
# shellcheck disable=SC2016 # the script between quotes is expanded in the pod, not here
set -euo pipefail
oc="${OC:-oc}"
instance="${1:?usage : crash.sh INSTANCE (un pod, ou un conteneur)}"

case "${LAB_CIBLE:-openshift}" in
  openshift)
    # <kill>
    # The brackets keep grep from finding the shell that runs it.
    "$oc" exec "$instance" -- sh -c '
      for dossier in /proc/[0-9]*; do
        if grep -qa "Scaled[C]onsumer.dll" "$dossier/cmdline"; then
          kill -9 "${dossier#/proc/}"
        fi
      done' || [ $? -eq 137 ] # the container may take this shell away with it
    # </kill>
    ;;
  docker) docker kill --signal KILL "$instance" >/dev/null ;;
  *)
    echo "LAB_CIBLE vaut « $LAB_CIBLE » : choisissez openshift ou docker." >&2
    exit 2 ;;
esac
echo "$instance : tué à $(date -u +%H:%M:%S) UTC"
