#!/usr/bin/env bash
# Measures, from the consumers' JSON logs: throughput, rebalances, and for each partition its longest pause, what was
# processed twice and what was skipped.
#   mesurer.sh [--dernieres SECONDES] FICHIER...
# It reads the events 101, 102, 103 and 110 of Events.cs; every other line is ignored. Needs only awk and sort.
set -euo pipefail
export LC_ALL=C

fenetre=0
if [ "${1:-}" = --dernieres ]; then
  fenetre="${2:?usage : mesurer.sh [--dernieres SECONDES] FICHIER...}"
  shift 2
fi
if [ $# -eq 0 ]; then
  echo "usage : mesurer.sh [--dernieres SECONDES] FICHIER..." >&2
  exit 2
fi

# 1. One line per event: time in ms, event, instance, then partition and offset, or verb, partitions, owned and idle time.
extraire() {
  awk '
    function champ(nom,    reste) {
      if (!match($0, "\"" nom "\":")) return ""
      reste = substr($0, RSTART + RLENGTH)
      if (substr(reste, 1, 1) == "\"") { reste = substr(reste, 2); sub(/".*/, "", reste) } else sub(/[,}].*/, "", reste)
      return reste
    }
    /"EventId":110,/ {
      print champ("AtMs") "\t110\t" champ("Instance") "\t" champ("Partition") "\t" champ("Offset")
    }
    /"EventId":10[123],/ {
      liste = champ("Partitions")
      print champ("AtMs") "\t" champ("EventId") "\t" champ("Instance") "\t" champ("Verb") "\t" (liste == "" ? "-" : liste) "\t" champ("Owned") "\t" champ("IdleMs")
    }' "$@"
}

# 2. All instances on one axis of time; a line captured twice counts once.
# 3. The report.
extraire "$@" | sort -u | sort -n -k1,1 -s | awk -F '\t' -v fenetre="$fenetre" '
  { lignes[NR] = $0; fin = $1 }
  END {
    if (NR == 0) { print "Aucun événement de mesure dans ces journaux : LOG_FORMAT=json est-il réglé ?"; exit 1 }
    debut = 0
    for (n = 1; n <= NR; n++) {
      split(lignes[n], c, "\t")
      # What came before the window is not counted, but says where each partition was.
      dedans = fenetre == 0 || c[1] >= fin - fenetre * 1000
      if (dedans && !debut) debut = c[1]
      if (length(c[3]) > large) large = length(c[3])
      if (c[2] != 110) { if (dedans) changements[++nc] = n; continue }
      instance = c[3]; partition = c[4] + 0; offset = c[5] + 0
      if (partition > derniere) derniere = partition
      if (dedans) {
        total++
        if (!(instance in vues)) { vues[instance] = 1; actives++ }
        tranche = int((c[1] - debut) / 10000)
        debit[tranche]++
        if (!((tranche, instance) in present)) { present[tranche, instance] = 1; presents[tranche]++ }
        if (partition in quand) {
          pause = c[1] - quand[partition]
          if (pause > longue[partition]) {
            longue[partition] = pause; de[partition] = qui[partition]; a[partition] = instance
          }
          if (offset > plus[partition] + 1) sautes[partition] += offset - plus[partition] - 1
        }
        if ((partition, offset) in fait) rejoues[partition]++
      }
      fait[partition, offset] = 1
      if (!(partition in plus) || offset > plus[partition]) plus[partition] = offset
      quand[partition] = c[1]; qui[partition] = instance
    }
    duree = (fin - debut) / 1000
    printf "%d commande(s) traitée(s) par %d instance(s) en %.0f s\n", total, actives, duree

    print "\nDébit, par tranche de 10 s (la dernière est incomplète)"
    for (t = 0; t <= int((fin - debut) / 10000); t++)
      printf "  t+%4d s   %2d instance(s) active(s)   %6.1f commandes/s\n", t * 10, presents[t], debit[t] / 10

    print "\nPartitions reçues, rendues, perdues"
    for (n = 1; n <= nc; n++) {
      split(lignes[changements[n]], c, "\t")
      printf "  t+%6.1f s  %-*s  %-5s %-13s en a %d", (c[1] - debut) / 1000, large, c[3], c[4], "[" (c[5] == "-" ? "" : c[5]) "]", c[6]
      if (c[7] >= 0) printf ", après %d ms sans commande", c[7]
      print ""
    }

    print "\nPar partition"
    print "  partition   plus longue pause   rejouées   sautées   de → à"
    for (p = 0; p <= derniere; p++) {
      if (!(p in quand)) continue
      reste = fin - quand[p]
      if (reste > longue[p]) { longue[p] = reste; de[p] = qui[p]; a[p] = "(toujours arrêtée)" }
      printf "  %9d   %14d ms   %8d   %7d   %s → %s\n", p, longue[p], rejoues[p], sautes[p], de[p], a[p]
    }
  }'
