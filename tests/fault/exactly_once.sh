#!/bin/sh
# Kills at random under load: about a hundred here, a thousand and more by `make torture`.
# Needs BIN and TESTBIN; prints TAP. TORTURE="SEED CLIENT COLLECTOR POSTMASTER BACKEND INTERRUPT CELL" asks for others.
set -u
. tests/fault/torture.sh
case ${BUILD:-release} in
release) torture ${TORTURE:-0 60 20 8 14 12 0} ;;
*) torture ${TORTURE:-0 20 6 3 4 4 0} ;;
esac
