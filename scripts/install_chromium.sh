#!/bin/sh
# Installs a Chromium for the browser tests where none is found: from apt as root or with sudo, else Playwright's own.
# $1 is the environment's Python.
python=$1
"$python" -m tests.browser.chromium >/dev/null && exit 0

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

if command -v apt-get >/dev/null 2>&1 && as_root true 2>/dev/null; then
    echo "Chromium: apt-get install"
    as_root apt-get update -qq && as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends chromium >/dev/null
    "$python" -m tests.browser.chromium >/dev/null && exit 0
fi
echo "Chromium: playwright install"
"$python" -m playwright install chromium && "$python" -m tests.browser.chromium >/dev/null && exit 0

cat >&2 <<'MESSAGE'
No Chromium could be installed, and the browser tests need one. Install Chromium or Chrome yourself, name it in CHROMIUM=/path/to/chrome,
or run everything else with: make test ARGS="-m 'not browser'"
MESSAGE
exit 1
