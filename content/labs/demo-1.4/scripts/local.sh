#!/usr/bin/env bash
# Runs the four services on this machine with `dotnet run`, without containers, until Ctrl+C.
#   export KAFKA_BOOTSTRAP_SERVERS=localhost:29092,localhost:39092,localhost:49092
#   scripts/local.sh
set -euo pipefail
cd "$(dirname "$0")/../src"

# Built once, one after the other: four builds at a time would fight over the common library.
projets=(OrderApi Inventory Payment Notification)
for projet in "${projets[@]}"; do dotnet build --nologo --verbosity quiet "$projet"; done

pids=()
arreter() {
  trap - INT TERM EXIT
  echo "Arrêt…"
  kill -TERM "${pids[@]}" 2>/dev/null || true
  wait || true
}
trap arreter INT TERM EXIT

port=5080
for projet in "${projets[@]}"; do
  dotnet run --no-build --no-launch-profile --project "$projet" -- --urls "http://localhost:$port" &
  pids+=($!)
  port=$((port + 1))
done
echo "API : http://localhost:5080 ; services : 5081, 5082, 5083. Ctrl+C pour arrêter."
wait
