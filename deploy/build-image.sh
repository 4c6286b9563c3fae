#!/usr/bin/env bash
# Builds the image tandem:local from this checkout: jars, a runtime by jlink, what a start needs, a base image (default: Debian's).
# usage: deploy/build-image.sh [BASE_IMAGE]; DOCKER names another client.
set -euo pipefail
home=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
base=${1:-debian:bookworm-slim}
"$home/tandem" --version >/dev/null
java_home=$("$home/deploy/find-jdk.sh")
context=$(mktemp -d)
trap 'rm -rf "$context"' EXIT
mkdir "$context/lib"
cp "$home"/standalone/target/tandem.jar "$home"/standalone/target/lib/*.jar "$context/lib/"
cp "$home/tandem" "$home/deploy/Dockerfile" "$context/"
"$java_home/bin/jlink" --add-modules java.se,jdk.unsupported,jdk.httpserver,jdk.crypto.ec,jdk.management,jdk.naming.dns,jdk.net,jdk.zipfs \
  --strip-debug --no-header-files --no-man-pages --compress zip-6 --output "$context/runtime"
JAVA_HOME='' "$context/tandem" learn-start
"${DOCKER:-docker}" build --build-arg BASE="$base" -t "${TANDEM_IMAGE:-tandem:local}" "$context"
