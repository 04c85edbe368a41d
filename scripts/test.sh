#!/usr/bin/env bash
# Sets up what is missing, then checks the style and the types and runs all tests.
set -euo pipefail

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
run=$root/scripts/run.sh
cd -- "$root"
"$run" python -m ruff check .
"$run" python -m ruff format --check .
"$run" python -m mypy --package yochi.plugin.core
# the core runs without QGIS, so its tests run without QGIS's pytest plugins
"$run" pytest tests/unit tests/real tests/test_architecture.py -p no:pytest-qt -p no:pytest_qgis "$@"
"$run" pytest tests/desktop "$@"
