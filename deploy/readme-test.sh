#!/usr/bin/env bash
# Runs the shell blocks of README.md in their order, as a user would, in one folder and with one failure ending it. The test
# command's own block is left out: it runs everything else. Processes that a block leaves in the background are ended.
set -euo pipefail
home=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$home"
trap 'for pid in $(jobs -p); do kill "$pid" 2>/dev/null || true; done; wait; rm -rf "$home/tandem-data"' EXIT

blocks=$(mktemp -d)
awk -v folder="$blocks" '/^```sh$/ {n++; inside=1; next} /^```$/ {inside=0} inside {print > (folder "/" sprintf("%02d", n) ".sh")}' README.md
count=0
for block in "$blocks"/*.sh; do
  if grep -q 'tandem test' "$block"; then
    continue
  fi
  echo "== README block $(basename "$block" .sh)"
  cat "$block"
  # shellcheck disable=SC1090
  source "$block"
  count=$((count + 1))
  if grep -q standalone "$block"; then
    for _ in $(seq 1 300); do
      curl -sf http://127.0.0.1:8080/readyz >/dev/null && ./tandem status --config deploy/tandem.yaml >/dev/null 2>&1 && break
      sleep 1
    done
  fi
done

state() { ./tandem message "$1" --config deploy/tandem.yaml --json 2>/dev/null | grep -o '"state":"[a-z]*"' | head -n 1; }
for id in receipt-1 receipt-2; do
  for _ in $(seq 1 30); do
    [ "$(state "$id")" = '"state":"delivered"' ] && break
    sleep 1
  done
  [ "$(state "$id")" = '"state":"delivered"' ] || { echo "README: $id was not delivered" >&2; exit 1; }
done
echo "README: $count blocks ran, and what they submitted was delivered"
