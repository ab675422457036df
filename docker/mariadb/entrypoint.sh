#!/bin/sh
# First start: the mark is written last, so that a start that died half-way begins again.
# There is no password: the accounts `root` and `mysql` are reached through the unix socket alone, by the operating
# system's user of the same name.
set -eu
data=/var/lib/mysql
if [ ! -f "$data/.ready" ]; then
  find "$data" -mindepth 1 -delete
  mariadb-install-db --datadir="$data" --skip-test-db \
    --auth-root-authentication-method=socket --auth-root-socket-user=mysql > /dev/null
  touch "$data/.ready"
fi
exec mariadbd "$@"
