#!/usr/bin/env bash
# Pushes schemas/ to a registry as one release: all files or none.
#
#   scripts/deploy-schemas.sh [--dry-run] [--to URL]
#
# Without --to: STELE_REGISTRY, else http://127.0.0.1:8081. Exit code: 0 fine, 1 error, 100 refused.
set -euo pipefail
cd "$(dirname "$0")/.."
options=()
registry=${STELE_REGISTRY:-http://127.0.0.1:8081}
while [ $# -gt 0 ]; do
  case $1 in
  --dry-run) options+=(--dry-run) ;;
  --to)
    [ $# -ge 2 ] || { echo "--to needs a URL" >&2; exit 1; }
    registry=$2
    shift
    ;;
  *)
    sed -n '2,6s/^# \{0,1\}//p' "$0" >&2
    [ "$1" = -h ] || [ "$1" = --help ]
    exit
    ;;
  esac
  shift
done
[ -x build/stele ] || { scripts/setup build && scripts/build release; }
exec build/stele push schemas --registry "$registry" "${options[@]}"
