#!/bin/sh
# What the browser test needs beyond the project's own environment: Playwright, and any Chromium.
set -eu
cd "$(dirname "$0")/../.."

python=.venv/bin/python
"$python" -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes \
    -r tests/e2e/requirements.lock

for browser in chromium chromium-browser google-chrome google-chrome-stable; do
    if command -v "$browser" >/dev/null; then exit 0; fi
done
if [ -x "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" ]; then exit 0; fi

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "installing chromium with apt-get"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null
    exit 0
fi
echo "no Chromium here: install one (Debian: apt-get install chromium; macOS: brew install --cask google-chrome)" >&2
exit 1
