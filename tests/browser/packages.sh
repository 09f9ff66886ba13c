#!/bin/sh
# Installs the pinned npm packages of this folder, once: scripts that run side by side wait for whoever is first. What npm
# says goes to the file that is named. Usage: packages.sh LOG
set -eu
cd "$(dirname "$0")"
exec 9< package-lock.json
flock 9
cmp -s package-lock.json node_modules/.crosschip-lock && exit 0
npm ci --silent --no-progress > "$1" 2>&1
cp package-lock.json node_modules/.crosschip-lock
