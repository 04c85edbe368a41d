#!/usr/bin/env bash
# Makes the environment that run.sh, demo.sh and test.sh work in: QGIS and Japanese fonts from Debian,
# Python packages in a virtual environment, and a QGIS profile of its own with the plugin linked.
# Runs again without harm; where everything is there it returns at once.
set -euo pipefail

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
environment=${YOCHI_ENVIRONMENT:-$root/.environment}
venv=$environment/venv
profile=$environment/qgis/profiles/default # the one that qgis_process always takes
plugins=$profile/python/plugins
python=/usr/bin/python3 # QGIS's own bindings are built for the system Python, not for one of pyenv or conda
apt_packages=(qgis python3-qgis python3-venv fonts-noto-cjk)
needed="QGIS 3.40 or later with its Python bindings (Debian: ${apt_packages[*]}; on Debian 12 from bookworm-backports)"

say() { printf 'yochi: %s\n' "$*" >&2; }
stop() { say "$*"; exit 1; }

stamp_text() { cat -- "$root/scripts/setup.sh" "$root/scripts/requirements.txt"; "$python" --version; printf '%s\n' "$root"; }

set_up_already() {
  [ -f "$environment/stamp" ] && [ -x "$venv/bin/python" ] && [ -e "$plugins/yochi/metadata.txt" ] &&
    [ "$(stamp_text 2>/dev/null | sha256sum)" = "$(cat -- "$environment/stamp")" ]
}

system_is_ready() {
  # no QGIS, an old QGIS, no Python bindings, no venv or no Japanese font: not ready
  command -v qgis_process >/dev/null && command -v fc-list >/dev/null && [ -n "$(fc-list :lang=ja family)" ] &&
    QT_QPA_PLATFORM=offscreen "$python" -c '
import ensurepip, sys, venv
from qgis.core import Qgis
sys.exit(Qgis.QGIS_VERSION_INT < 34000)' 2>/dev/null
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

may_install() {
  command -v apt-get >/dev/null || return 1
  [ "$(id -u)" -eq 0 ] || { command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [ -t 0 ]; }; }
}

add_backports() {
  # the mirror is whichever one apt already uses for bookworm itself
  local targets uri
  targets=$(apt-get indextargets --format '$(RELEASE) $(REPO_URI)' 'Created-By: Packages')
  grep -q '^bookworm-backports ' <<<"$targets" && return
  uri=$(awk '$1 == "bookworm" && !found {print $2; found = 1}' <<<"$targets")
  [ -n "$uri" ] || stop "apt's configuration names no mirror of Debian 12 (bookworm); please install $needed."
  say "adding bookworm-backports from the configured mirror"
  as_root tee /etc/apt/sources.list.d/yochi-backports.sources >/dev/null <<SOURCES
Types: deb
URIs: $uri
Suites: bookworm-backports
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
SOURCES
}

install_system_packages() {
  local release=() codename log="$environment/apt.log"
  may_install || stop "cannot install here (this takes apt and root); please have this installed and start again: $needed."
  codename=$(. /etc/os-release && printf '%s' "${VERSION_CODENAME:-}")
  say "installing QGIS and fonts from Debian (some minutes, once; log: $log)"
  export DEBIAN_FRONTEND=noninteractive
  as_root apt-get update >"$log" 2>&1 || stop "apt-get update failed; see $log."
  if [ "$codename" = bookworm ]; then
    add_backports
    as_root apt-get update >>"$log" 2>&1 || stop "apt-get update failed after adding bookworm-backports; see $log."
    release=(--target-release bookworm-backports)
  fi
  as_root apt-get install --yes --no-install-recommends "${release[@]}" "${apt_packages[@]}" >>"$log" 2>&1 ||
    stop "apt-get could not install ${apt_packages[*]}; see $log."
  system_is_ready || stop "installed, but QGIS does not answer as 3.40 or later; needed: $needed."
}

install_python_packages() {
  say "installing Python packages into $venv"
  [ -x "$venv/bin/python" ] || "$python" -m venv --system-site-packages -- "$venv" ||
    stop "could not make a virtual environment with $python; please install python3-venv."
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --requirement "$root/scripts/requirements.txt" ||
    stop "pip could not install scripts/requirements.txt; with no internet, point pip at a folder of wheels (PIP_FIND_LINKS) and start again."
}

link_plugin() {
  local ini=$profile/QGIS/QGIS3.ini
  mkdir -p -- "$plugins" "$profile/QGIS"
  ln -sfn -- "$root" "$plugins/yochi"
  # QGIS keeps its own settings in this file, so only the two keys that enable the plugins are put in
  if grep -qs '^\[PythonPlugins\]' "$ini"; then
    sed -i -e '/^yochi=/d' -e '/^processing=/d' -e 's/^\[PythonPlugins\]$/&\nprocessing=true\nyochi=true/' "$ini"
  else
    printf '[PythonPlugins]\nprocessing=true\nyochi=true\n' >>"$ini"
  fi
}

set_up_already && exit 0
mkdir -p -- "$environment"
exec 9>"$environment/lock"
flock 9 # two commands started at once set up one after the other
set_up_already && exit 0
system_is_ready || install_system_packages
install_python_packages
link_plugin
stamp_text | sha256sum >"$environment/stamp"
say "ready"
