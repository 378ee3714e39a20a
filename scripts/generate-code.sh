#!/usr/bin/env bash
# Generates code from schemas/ into generated/LANGUAGE.
#
#   scripts/generate-code.sh [--all]                     every language, all schemas; --all also names
#                                                        the languages that do not exist yet
#   scripts/generate-code.sh --python [schemas/trading/] one language, all schemas or one folder
#   scripts/generate-code.sh trading/orders.proto …      these files, every language
#   … --watch                                            again whenever a schema changes
set -euo pipefail
cd "$(dirname "$0")/.."
[ -x build/stele ] || { scripts/setup build && scripts/build release; }

languages=() files=() options=() all=no
for argument in "$@"; do
  case $argument in
  -h | --help)
    sed -n '2,8s/^# \{0,1\}//p' "$0"
    exit 0
    ;;
  --all) all=yes ;;
  --watch) options+=(--watch) ;;
  --*) languages+=("${argument#--}") ;;
  *) files+=("schemas/${argument#schemas/}") ;;
  esac
done
[ ${#languages[@]} -gt 0 ] || languages=(python)
[ ${#files[@]} -gt 0 ] || files=(schemas)

for language in "${languages[@]}"; do
  build/stele generate "--$language" -I schemas -o "generated/$language" "${options[@]}" "${files[@]}"
done

# What does not exist yet says so, and fails nothing.
if [ "$all" = yes ]; then
  for language in es go c; do
    build/stele generate "--$language" -I schemas -o "generated/$language" "${files[@]}" || true
  done
fi
