#!/usr/bin/env bash
# Compiles schemas and says what is wrong with them; with a registry, also what a push would answer.
#
#   scripts/validate-schemas.sh                             all of schemas/
#   scripts/validate-schemas.sh trading/new_feature.proto   these files (paths below schemas/)
#
# STELE_REGISTRY=URL judges against that registry too. Exit code: 0 fine, 1 errors, 100 findings.
set -euo pipefail
cd "$(dirname "$0")/.."
case ${1:-} in -h | --help)
  sed -n '2,7s/^# \{0,1\}//p' "$0"
  exit 0
  ;;
esac
[ -x build/stele ] || { scripts/setup build && scripts/build release; }

files=()
for name in "$@"; do
  name=${name#schemas/}
  [ -e "schemas/$name" ] || { echo "schemas/$name: no such file" >&2; exit 1; }
  files+=("schemas/$name")
done
[ ${#files[@]} -gt 0 ] || files=(schemas)

build/stele build -I schemas -o /dev/null "${files[@]}"
if [ -n "${STELE_REGISTRY:-}" ]; then build/stele check schemas; fi
echo "valid: ${files[*]}"
