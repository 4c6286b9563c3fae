#!/usr/bin/env bash
# Prints the home of a JDK of version 25 or later, or says how to get one and ends with 78.
set -euo pipefail
say() { printf 'tandem: %s\n' "$*" >&2; }

# The feature version of a java, such as 25; empty when it is none.
version_of() { "$1" -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p' | head -n 1; }

find_jdk() {
  local candidate
  for candidate in "${JAVA_HOME:-}" /usr/lib/jvm/* /Library/Java/JavaVirtualMachines/*/Contents/Home \
    "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* /opt/java/* /opt/jdk*; do
    if [ -x "$candidate/bin/javac" ] && [ "$(version_of "$candidate/bin/java")" -ge 25 ] 2>/dev/null; then
      printf '%s\n' "$candidate"
      return
    fi
  done
  candidate=$(command -v javac || true)
  if [ -n "$candidate" ]; then
    candidate=$(dirname "$(dirname "$(readlink -f "$candidate")")")
    if [ "$(version_of "$candidate/bin/java")" -ge 25 ] 2>/dev/null; then
      printf '%s\n' "$candidate"
      return
    fi
  fi
  say "no JDK of version 25 or later was found (looked at JAVA_HOME and the usual folders)"
  say "get one from https://adoptium.net, or set JAVA_HOME to it"
  exit 78
}

find_jdk
