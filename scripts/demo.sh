#!/usr/bin/env bash
# Sets up what is missing, runs the outlook on the embedded synthetic sample and prints it.
#   scripts/demo.sh [FOLDER]      results go to FOLDER, by default demo-output in the current folder
set -euo pipefail

scripts=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
"$scripts/setup.sh"

mkdir -p -- "${1:-demo-output}"
folder=$(cd -- "${1:-demo-output}" && pwd -P)
ledger=$folder/ledger.gpkg
report=$folder/report.html
map=$folder/map.png
map_years=$folder/map_by_year.png
fixlist=$folder/fixlist.csv
log=$folder/run.log

printf 'yochi: running yochi:outlook on the embedded sample\n' >&2
if ! "$scripts/run.sh" qgis_process run yochi:outlook -- \
  "LEDGER=$ledger" "REPORT=$report" "MAP=$map" "MAP_YEARS=$map_years" "FIXLIST=$fixlist" >"$log" 2>&1; then
  cat -- "$log" >&2
  printf 'yochi: the outlook did not finish; the messages above are also in %s\n' "$log" >&2
  exit 1
fi

"$scripts/run.sh" python "$scripts/print_outlook.py" "$ledger"
cat <<PLACES

ledger    $ledger
          (GeoPackage with a QGIS project inside: scripts/run.sh qgis, then Project > Open From > GeoPackage)
maps      $map
          $map_years
report    $report
fix-list  $fixlist
PLACES
