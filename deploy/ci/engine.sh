#!/usr/bin/env bash
# Starts a container engine of its own from Debian's packages, where none answers; prints DOCKER_HOST=… for the caller to
# source. No image is ever pulled: the base comes from debootstrap. Ends with 1 and the engine's own reason when it cannot.
# usage: engine.sh start FOLDER | engine.sh stop FOLDER
set -euo pipefail
folder=$2
socket=unix://$folder/d.sock
case $1 in
  start)
    mkdir -p "$folder"
    dockerd --data-root "$folder/data" --exec-root "$folder/exec" --pidfile "$folder/d.pid" -H "$socket" \
      --storage-driver=overlay2 --iptables=false --ip6tables=false --ip-masq=false --ip-forward=false \
      >"$folder/dockerd.log" 2>&1 &
    for _ in $(seq 1 60); do
      if /usr/bin/docker -H "$socket" info >/dev/null 2>&1; then
        echo "DOCKER_HOST=$socket"
        exit 0
      fi
      kill -0 $! 2>/dev/null || break
      sleep 0.5
    done
    echo "no container engine could be started: $(grep -v level=info "$folder/dockerd.log" | tail -n 1)" >&2
    exit 1
    ;;
  stop)
    [ -f "$folder/d.pid" ] && kill "$(cat "$folder/d.pid")" 2>/dev/null || true
    ;;
esac
