#!/usr/bin/env bash
# PDFs need Debian's pango. Installs it when it is missing and that is possible; otherwise says so and goes on: everything but
# the PDFs works without.
set -euo pipefail
check='import ctypes.util, sys; sys.exit(None in map(ctypes.util.find_library, ("pango-1.0", "pangoft2-1.0", "harfbuzz-subset")))'
"$1" -c "$check" && exit 0
if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
  echo "Installing pango for the PDFs…"
  apt-get update -qq >/dev/null
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 >/dev/null
  exit 0
fi
echo "PDFs need the packages libpango-1.0-0, libpangoft2-1.0-0 and libharfbuzz-subset0: ask somebody to install them." >&2
