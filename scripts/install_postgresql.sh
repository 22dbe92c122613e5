#!/bin/sh
# Installs Debian's PostgreSQL for the tests of the notebook where none is found: from apt as root or with sudo.
# Without one those tests are skipped, and fail where CI=true. $1 is the environment's Python.
python=$1
"$python" -m tests.notebook.postgresql >/dev/null && exit 0

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

if command -v apt-get >/dev/null 2>&1 && as_root true 2>/dev/null; then
    echo "PostgreSQL: apt-get install"
    as_root apt-get update -qq && as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends postgresql >/dev/null
    "$python" -m tests.notebook.postgresql >/dev/null && exit 0
fi

echo "No PostgreSQL could be installed: the notebook's tests on it are skipped (and fail where CI=true)." >&2
[ "$CI" != true ]
