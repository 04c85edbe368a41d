#!/usr/bin/env bash
# Runs qgis, qgis_process, python or pytest in the environment that setup.sh makes, with the plugin linked and enabled.
#   scripts/run.sh qgis
#   scripts/run.sh qgis_process run yochi:outlook -- STUDY=study.toml LEDGER=ledger.gpkg
set -euo pipefail

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
environment=${YOCHI_ENVIRONMENT:-$root/.environment}
usage="usage: scripts/run.sh {qgis|qgis_process|python|pytest} [argument ...]"

[ $# -ge 1 ] || { printf '%s\n' "$usage" >&2; exit 2; }
command=$1
shift
"$root/scripts/setup.sh"

python=$environment/venv/bin/python
export QGIS_CUSTOM_CONFIG_PATH=$environment/qgis
if [ -z "${XDG_RUNTIME_DIR:-}" ]; then
  export XDG_RUNTIME_DIR=$environment/runtime
  mkdir -p -m 700 -- "$XDG_RUNTIME_DIR"
fi
plugins=$environment/qgis/profiles/default/python/plugins
packages=$("$python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')

case $command in
  qgis)
    [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] || { printf 'yochi: QGIS needs a screen; there is no DISPLAY here. Use qgis_process for batch work.\n' >&2; exit 1; }
    PYTHONPATH=$packages exec qgis "$@" ;;
  qgis_process)
    PYTHONPATH=$packages QT_QPA_PLATFORM=offscreen exec qgis_process "$@" ;;
  python)
    PYTHONPATH=$plugins MYPYPATH=$plugins exec "$python" "$@" ;;
  pytest)
    cd -- "$root"
    QT_QPA_PLATFORM=offscreen exec "$python" -P -m pytest "$@" ;;
  *)
    printf '%s\n' "$usage" >&2
    exit 2 ;;
esac
