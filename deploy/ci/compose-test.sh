#!/usr/bin/env bash
# The compose file for real: builds the images, starts everything, submits 500 messages by HTTP, stops one broker, one router,
# one worker and the primary sink on the way, and finds every message in the sinks' logs.
# Needs DOCKER_HOST, docker and docker-compose; BASE names a local base image.
set -euo pipefail
home=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$home"
export DOCKER=/usr/bin/docker TANDEM_IMAGE=tandem:local TANDEM_KAFKA_IMAGE=tandem-kafka:local COMPOSE_PROJECT_NAME=tandemtest
messages=${MESSAGES:-500}
key=compose

"$home/deploy/build-image.sh" "$BASE" >/dev/null
$DOCKER build -q -t "$TANDEM_KAFKA_IMAGE" deploy/ci/kafka-image >/dev/null
compose() { /usr/bin/docker-compose -f "$home/docker-compose.yml" "$@"; }
finish() {
  status=$?
  if [ $status -ne 0 ]; then compose logs --tail=15 2>&1 | tail -n 120; fi
  compose down -v -t 3 >/dev/null 2>&1 || true
  exit $status
}
trap finish EXIT
compose up -d 2>&1 | tail -n 3

submit() {
  curl -s -m 8 -o /dev/null -w '%{http_code}' http://127.0.0.1:8080/v1/messages -H "authorization: Bearer $key" \
    -H 'content-type: application/json' -d \
    "{\"id\":\"m-$1\",\"from\":\"shop@example.com\",\"to\":[\"ann@example.net\"],\"subject\":\"x\",\"text\":\"x\",\"headers\":{\"X-Tandem-Key\":\"m-$1\"}}" ||
    true
}
sinks() {
  for sink in mx-a mx-b; do
    $DOCKER cp "$(compose ps -q $sink)":/tmp/$sink.jsonl - 2>/dev/null | tar -xO 2>/dev/null || true
  done | grep -o '"key":"m-[0-9]*"'
}
waited=0
until [ "$(submit 0)" = 202 ]; do
  waited=$((waited + 1))
  [ $waited -lt 120 ] || { echo "ingest did not answer in two minutes" >&2; exit 1; }
  sleep 1
done
for i in $(seq 1 $((messages - 1))); do
  until [ "$(submit "$i")" = 202 ]; do sleep 0.5; done
  case $i in
    150) compose stop -t 1 kafka-3 >/dev/null 2>&1 ;;
    200) compose kill router-1 >/dev/null 2>&1 ;;
    250) compose kill worker-1 >/dev/null 2>&1 ;;
    300) compose kill mx-a >/dev/null 2>&1 ;;
  esac
done
for _ in $(seq 1 90); do
  found=$(sinks | sort -u | wc -l)
  [ "$found" -eq "$messages" ] && break
  sleep 1
done
copies=$(sinks | wc -l)
echo "compose: $messages submitted, $found found, $((copies - found)) second copies; a broker, a router, a worker and the primary were stopped"
[ "$found" -eq "$messages" ]
