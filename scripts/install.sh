#!/usr/bin/env bash
# Installs hash-pinned requirements and this package (editable) into a virtual environment. One at a time: `make demo`
# and `make test` may run beside each other.
set -euo pipefail
venv=$1; shift
exec 9>"$venv/.install.lock"
flock 9
arguments=()
for file in "$@"; do arguments+=(-r "$file"); done
"$venv/bin/uv" pip install -q --python "$venv/bin/python" --require-hashes "${arguments[@]}"
"$venv/bin/uv" pip install -q --python "$venv/bin/python" --no-deps -e .
