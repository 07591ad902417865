#!/usr/bin/env bash
# Posts orders one at a time, asks the three services when they received and finished each of them, and sets the figures
# beside the objectives. An objective is met when 95 % of the orders are below it.
#   scripts/mesurer.sh [orders, 50 by default]        PAUSE_S=0 sends without pause; 0.1 s by default
# Needs bash, curl and awk. The clocks of the machines must agree: on one machine they do.
set -euo pipefail
export LC_ALL=C

commandes="${1:-50}"
pause="${PAUSE_S:-0.1}" # between two orders: the slowest service needs 60 ms for each
echauffement=5 # not measured: connections, metadata and just-in-time compilation cost the first ones dearly
api="${ORDER_API_URL:-http://localhost:5080}"
services=(inventory payment notification)
urls=("${INVENTORY_URL:-http://localhost:5081}" "${PAYMENT_URL:-http://localhost:5082}" "${NOTIFICATION_URL:-http://localhost:5083}")

case "$commandes" in
  '' | *[!0-9]* | 0*) echo "Nombre de commandes attendu, de 1 à 900 (reçu : « $commandes »)." >&2; exit 2 ;;
esac
if [ "$commandes" -gt 900 ]; then
  echo "Au plus 900 commandes : chaque service ne garde que ses 1 000 dernières mesures." >&2
  exit 2
fi

travail=$(mktemp -d)
trap 'rm -rf "$travail"' EXIT

# poster NUMBER: posts an order; prints its id, the time of the answer and that of Kafka, in milliseconds.
poster() {
  local client etat duree statut id kafka
  client=$(printf 'customer-%b' "\\x$(printf '%x' $((65 + $1 % 5)))")
  if ! etat=$(curl --silent --show-error --max-time 30 \
    --dump-header "$travail/entetes" --output "$travail/corps" --write-out '%{http_code} %{time_total}' \
    --header 'Content-Type: application/json' \
    --data "{\"customerId\":\"$client\",\"amount\":$((10 + $1)).50}" "$api/orders"); then
    echo "L'API ne répond pas à $api : est-elle démarrée ?" >&2
    return 1
  fi
  read -r statut duree <<<"$etat"
  if [ "$statut" != 202 ]; then
    echo "Commande refusée, statut $statut : $(cat "$travail/corps")" >&2
    return 1
  fi
  id=$(sed -n 's/.*"orderId":"\([^"]*\)".*/\1/p' "$travail/corps")
  kafka=$(tr -d '\r' <"$travail/entetes" | awk -F'dur=' 'tolower($0) ~ /^server-timing: *kafka/ { print $2 }')
  awk -v id="$id" -v total="$duree" -v kafka="$kafka" 'BEGIN { printf "%s,%.1f,%.1f\n", id, total * 1000, kafka }'
}

echo "Envoi de $commandes commandes, après $echauffement d'échauffement…"
for n in $(seq 1 "$echauffement"); do poster "$n" >/dev/null; done
for n in $(seq 1 "$commandes"); do poster "$n"; sleep "$pause"; done >"$travail/api.csv"

# The order ids of api.csv found in what a service has measured.
for i in "${!services[@]}"; do
  service=${services[$i]}
  for essai in $(seq 1 120); do
    if ! curl --silent --show-error --max-time 5 "${urls[$i]}/timings" >"$travail/brut.csv"; then
      echo "$service ne répond pas à ${urls[$i]}." >&2
      exit 1
    fi
    awk -F, 'NR == FNR { voulue[$1]; next } $1 in voulue && !($1 in vue) { vue[$1]; print $1 "," $4 "," $5 }' \
      "$travail/api.csv" "$travail/brut.csv" >"$travail/$service.csv"
    [ "$(wc -l <"$travail/$service.csv")" -ge "$commandes" ] && break
    if [ "$essai" -eq 120 ]; then
      echo "$service n'a traité que $(wc -l <"$travail/$service.csv") commandes sur $commandes en 60 s." >&2
      exit 1
    fi
    sleep 0.5
  done
done

echecs=0
# ligne LABEL OBJECTIVE: reads one figure a line; prints median, 95th percentile, maximum and verdict.
ligne() {
  sort -n | awk -v libelle="$1" -v objectif="$2" '
    function rang(p,   r) { r = int(p * NR); if (r < p * NR) r++; return valeurs[r] }
    function ecrit(v,   t) { t = sprintf("%.1f", v); sub(/\./, ",", t); return t }
    { valeurs[NR] = $1 }
    END {
      tenu = rang(0.95) < objectif
      printf "%9s %9s %9s %8d   %-6s  %s\n", ecrit(rang(0.5)), ecrit(rang(0.95)), ecrit(valeurs[NR]), objectif, (tenu ? "tenu" : "manqué"), libelle
      exit !tenu
    }' || echecs=$((echecs + 1))
}

echo
echo "En millisecondes :"
echo "  médiane      95 %   maximum objectif   verdict"
ligne "réponse 202, vue du client" 100 < <(cut -d, -f2 "$travail/api.csv")
ligne "écrite et répliquée, donc visible" 50 < <(cut -d, -f3 "$travail/api.csv")
for service in "${services[@]}"; do
  ligne "reçue par $service" 200 < <(cut -d, -f2 "$travail/$service.csv")
done
ligne "traitée par le dernier des trois" 500 < <(
  awk -F, '$3 > fin[$1] { fin[$1] = $3 } END { for (id in fin) print fin[id] }' \
    "$travail/inventory.csv" "$travail/payment.csv" "$travail/notification.csv")

echo
if [ "$echecs" -eq 0 ]; then
  echo "Les six objectifs sont tenus."
else
  echo "$echecs objectif(s) manqué(s)."
  exit 1
fi
