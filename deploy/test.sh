#!/usr/bin/env bash
# Runs the whole build and every test; says at the end what this machine lacked. With CI=true a lack is a failure.
set -uo pipefail
home=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$home" || exit 1
maven=./mvnw
command -v mvn >/dev/null 2>&1 && maven=mvn

lacks=()
PATH=$PATH:/usr/sbin:/sbin
export PATH
command -v postfix >/dev/null 2>&1 && command -v smtp-sink >/dev/null 2>&1 || lacks+=("postfix: apt-get install postfix")
command -v kcat >/dev/null 2>&1 || lacks+=("kcat: apt-get install kcat")
[ "$(node --version 2>/dev/null | sed 's/^v//; s/[.].*//')" -ge 20 ] 2>/dev/null || lacks+=("node 20 or later, for the console's page: apt-get install nodejs")
/usr/bin/python3 -c 'import dkim, nacl' 2>/dev/null || lacks+=("python3-dkim: apt-get install python3-dkim")
{ [ -x "${TANDEM_MAIL_SERVERS:-}/usr/sbin/exim4" ] && [ -x "${TANDEM_MAIL_SERVERS:-}/usr/sbin/smtpd" ] && [ "$(id -u)" = 0 ]; } ||
  lacks+=("exim and opensmtpd: as root, deploy/ci/mail-servers.sh FOLDER; export TANDEM_MAIL_SERVERS=FOLDER")

"$maven" -B -ntp verify "$@"
status=$?

if [ ${#lacks[@]} -gt 0 ]; then
  printf 'tandem: tests that need it did not run. Lacking here: %s\n' "$(IFS=';'; echo "${lacks[*]}")" >&2
  [ "${CI:-}" = true ] && status=1
fi
exit $status
