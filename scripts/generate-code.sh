#!/usr/bin/env bash
# Generates code from schemas/ into generated/LANGUAGE.
#
#   scripts/generate-code.sh [--all]                     every language that exists, all schemas
#   scripts/generate-code.sh --python [schemas/trading/] one language, all schemas or one folder
#   scripts/generate-code.sh trading/orders.proto …      these files, every language
#   … --watch                                            again whenever a schema changes
set -euo pipefail
cd "$(dirname "$0")/.."
[ -x build/stele ] || { scripts/setup build && scripts/build release; }

languages=() files=() options=()
for argument in "$@"; do
  case $argument in
  -h | --help)
    sed -n '2,7s/^# \{0,1\}//p' "$0"
    exit 0
    ;;
  --all) ;;
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
