# shellcheck shell=bash
# Sourced by the other scripts: makes the environment that they run in, and says in one line each what it does.
# Written for bash 3.2 and later; works with plain venv and pip, and uses uv where that is on the machine.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
venv=$root/.venv
python=$venv/bin/python
export PYTHONPATH=$root UV_PYTHON_DOWNLOADS=never
export GREENROOM_HOME=${GREENROOM_HOME:-$root/var}

say() { printf '%s\n' "$*" >&2; }
stop() { say "$*"; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }
is_root() { [ "$(id -u)" = 0 ]; }

# Debian's packages: installed when we may, else the command is shown and the caller goes on or stops.
apt_refreshed=
apt_install() {
  is_root && have apt-get || return 1
  if [ -z "$apt_refreshed" ]; then
    apt-get update -qq >/dev/null 2>&1 || say "The list of Debian's packages could not be refreshed; trying with the old one."
    apt_refreshed=yes
  fi
  say "Installing $* with apt-get."
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null 2>&1
}

install_hint() {
  if have apt-get; then echo "sudo apt-get install $*"
  elif have dnf; then echo "sudo dnf install $*"
  elif have pacman; then echo "sudo pacman -S $*"
  elif have apk; then echo "sudo apk add $*"
  elif have brew; then echo "brew install $*"
  else echo "install $* with your system's package manager"; fi
}

find_python() {
  for candidate in "${GREENROOM_PYTHON:-}" python3 python3.13 python3.12 python3.11; do
    [ -n "$candidate" ] || continue
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
      echo "$candidate"
      return
    fi
  done
  return 1
}

need_venv() {
  if [ -x "$python" ] && "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
    return
  fi
  local found
  found=$(find_python) || stop "Greenroom needs Python 3.11 or newer, and none is on the search path. Install it ($(install_hint python3)), or name one with GREENROOM_PYTHON."
  say "Making the virtual environment .venv with $("$found" --version 2>&1)."
  rm -rf "$venv"
  if ! "$found" -c 'import ensurepip, venv' >/dev/null 2>&1; then
    apt_install python3-venv || stop "This Python cannot make virtual environments. Install the missing part first: $(install_hint python3-venv)"
  fi
  "$found" -m venv "$venv" || stop "The virtual environment could not be made in $venv. Is there room, and may you write there?"
}

# need_requirements runtime|dev: installs the pinned packages only when the pins are not those installed last.
need_requirements() {
  local wanted=$root/requirements/$1.txt kept=$venv/.installed-$1.txt output
  if [ -f "$kept" ] && cmp -s "$wanted" "$kept"; then return; fi
  local began=$SECONDS how failed=
  output=$(mktemp)
  if have uv; then
    how=uv
    say "Installing the packages that requirements/$1.txt pins, with uv."
    uv pip install --quiet --require-hashes --python "$python" -r "$wanted" >"$output" 2>&1 || failed=yes
  else
    how=pip
    say "Installing the packages that requirements/$1.txt pins, with pip; the first time takes up to a minute."
    "$python" -m pip install --quiet --disable-pip-version-check --no-input --require-hashes -r "$wanted" >"$output" 2>&1 || failed=yes
  fi
  if [ -n "$failed" ]; then
    cat "$output" >&2
    rm -f "$output"
    stop "The packages could not be installed ($how says why above). Check the way to the package index, then start again."
  fi
  rm -f "$output"
  cp "$wanted" "$kept"
  # What develops Greenroom holds all that runs it, at the same pins.
  if [ "$1" = dev ]; then cp "$root/requirements/runtime.txt" "$venv/.installed-runtime.txt"; fi
  say "Installed in $((SECONDS - began)) s."
}

need_git() {
  have git && return
  apt_install git || stop "Greenroom keeps every project in git, and git is missing. Install it: $(install_hint git)"
}

need_sandbox() {
  have bwrap && return
  [ "$(uname -s)" = Linux ] || return 0
  apt_install bubblewrap && return
  say "bubblewrap is missing: what people push cannot be run safely, so it is refused. Install it: $(install_hint bubblewrap)"
}

need_browser() {
  have chromium && return
  [ -n "${CHROMIUM:-}" ] && return
  apt_install chromium || say "Chromium is missing: journeys in the browser are skipped. Install it ($(install_hint chromium)) or name one with CHROMIUM."
}

need_caddy() {
  have caddy && return
  apt_install caddy || say "Caddy is missing: the test of the front proxy is skipped. Install it: $(install_hint caddy)"
}

find_postgres() {
  have initdb && have pg_ctl && return
  ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1
}

need_postgres() {
  find_postgres && return
  apt_install postgresql || say "Postgres is missing: its half of the tests is skipped. Install it: $(install_hint postgresql)"
}
