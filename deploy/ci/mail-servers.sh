#!/usr/bin/env bash
# mail-servers.sh FOLDER: Debian's Exim and OpenSMTPD, unpacked into FOLDER for the relay tests. Debian allows one mail server per
# machine, and that one is Postfix here; so these are not installed, and nothing of theirs starts. The tests find them by
# TANDEM_MAIL_SERVERS=FOLDER. What they are linked to, and stunnel, is installed. Run it as root; a second run does nothing.
set -euo pipefail
folder=${1:?usage: mail-servers.sh FOLDER}
export DEBIAN_FRONTEND=noninteractive
packages=(exim4-daemon-light opensmtpd)
libraries=(libdb5.3 libevent-2.1-7 libgnutls-dane0 libidn12 libnsl2 libpam0g libpcre2-8-0)

servers_run() {
  local server
  for server in "$folder/usr/sbin/exim4" "$folder/usr/sbin/smtpd"; do
    [ -x "$server" ] && ! ldd "$server" | grep -q 'not found' || return 1
  done
  command -v stunnel4 >/dev/null
}

if servers_run; then
  exit 0
fi
mkdir -p "$folder/packages"
# Exim runs its own program again as a user of its own, who has to reach it.
chmod 755 "$folder"
apt-get install -y -qq --no-install-recommends "${libraries[@]}" stunnel4 >/dev/null
(cd "$folder/packages" && apt-get download -qq -o APT::Sandbox::User=root "${packages[@]}")
for package in "$folder"/packages/*.deb; do
  dpkg-deb -x "$package" "$folder"
done
rm -r "$folder/packages"
servers_run || { echo "mail-servers.sh: the servers in $folder lack a library: see ldd $folder/usr/sbin/exim4 and smtpd" >&2; exit 1; }
