#!/usr/bin/env bash
# The fabric wire beside fi_pingpong, interleaved, medians and ratios.
#
#   bench/channel/fabric.sh [ROUNDS]      5 by default; needs libfabric-bin and a built tree (./nextflow or mvn package)
#
# Rows: 64 B half a round trip (wire), 1 MiB through the work queue, encryption off and on.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.."
rounds=${1:-5}
results=$(mktemp)
trap 'rm -f "$results"' EXIT

# pingpong PROVIDER SIZE ITERATIONS: "usec-per-transfer MB-per-second" of the client
pingpong() {
  local port=$((20000 + RANDOM % 20000)) server line
  fi_pingpong -e rdm -p "$1" -I "$3" -S "$2" -B "$port" > /dev/null 2>&1 &
  server=$!
  sleep 0.7
  line=$(fi_pingpong -e rdm -p "$1" -I "$3" -S "$2" -P "$port" 127.0.0.1 2> /dev/null | tail -1)
  wait "$server" || true
  awk '{print $(NF - 1), $(NF - 2)}' <<< "$line"
}

# ours PROVIDER SIZE MESSAGES OPTIONS…: the JSON line
ours() {
  local provider=$1 size=$2 messages=$3
  shift 3
  workflows/bin/spawn-channel bench --wire fabric --provider "$provider" --size "$size" --messages "$messages" --json "$@" 2> /dev/null
}
field() { sed -E "s/.*\"$1\":([0-9.]+).*/\1/"; }
note() { echo "$*" >> "$results"; }

for ((round = 1; round <= rounds; round++)); do
  for provider in shm 'tcp;ofi_rxm'; do
    echo "round $round of $rounds, $provider" >&2
    read -r usec _ <<< "$(pingpong "$provider" 64 20000)"
    note "$provider|64 B, us|fi_pingpong|$usec"
    note "$provider|64 B, us|wire|$(ours "$provider" 64 20000 --layer WIRE | field latencyUsP50)"
    read -r _ mbps <<< "$(pingpong "$provider" 1048576 5000)"
    note "$provider|1 MiB, MB/s|fi_pingpong|$mbps"
    note "$provider|1 MiB, MB/s|queue, off|$(ours "$provider" 1048576 5000 --encryption OFF | field bandwidthMBps)"
    note "$provider|1 MiB, MB/s|queue, authenticate|$(ours "$provider" 1048576 5000 | field bandwidthMBps)"
  done
done

sort -t'|' -k1,3 -k4,4g "$results" | awk -F'|' '
  { key = $1 "|" $2 "|" $3; if (!(key in count)) order[++keys] = key; value[key, ++count[key]] = $4; row[key] = $1 "|" $2 }
  function median(key) { return value[key, int((count[key] + 1) / 2)] }
  END {
    for (i = 1; i <= keys; i++) if (order[i] ~ /fi_pingpong$/) peer[row[order[i]]] = median(order[i])
    for (i = 1; i <= keys; i++) {
      key = order[i]
      printf "%-50s median %10.2f  [%s .. %s]  ratio %.2f\n", key, median(key), value[key, 1], value[key, count[key]], peer[row[key]] > 0 ? median(key) / peer[row[key]] : 0
    }
  }'
