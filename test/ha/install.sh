#!/usr/bin/env bash
# Installs a Home Assistant Core for the tests into one folder: install.sh FOLDER
#
# Home Assistant wants a newer Python than most machines have. So Python comes from a newer Debian suite: apt downloads it
# with a private state folder, dpkg-deb unpacks it under FOLDER/rootfs, and patchelf points it at that tree's own loader and
# libraries. Nothing is installed on the machine itself. The folder can't be moved: those paths are absolute.
# Idempotent: stamps tell what is there. Two at once wait for each other. FORCE=1 installs again.
set -euo pipefail
[ $# = 1 ] || { echo "usage: install.sh FOLDER" >&2; exit 2; }

version=${HA_VERSION:-2026.11.0}
suite=${DEBIAN_SUITE:-forky}   # has Python >= 3.14.2
# Those that the configuration beside this script loads; hassio: the MQTT integration imports its client library.
integrations=(mqtt recorder history logbook automation script blueprint template notify input_boolean sun config search
  group conversation logger energy hassio isal)

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
mkdir -p "$1"
folder=$(cd "$1" && pwd -P)
rootfs=$folder/rootfs
venv=$folder/venv
log=$folder/install.log
hash=$(cat "$here/install.sh" "$here/requirements.py" | sha256sum | cut -c1-16)
stamp="$hash $version $suite $folder"
fresh() { [ "${FORCE:-0}" = 0 ] && [ "$(cat "$1" 2>/dev/null)" = "$2" ]; }
step() { printf 'home assistant: %s\n' "$*" >&2; }
quietly() { nice -n 10 "$@" >"$log" 2>&1 || { tail -n 30 "$log" >&2; exit 1; }; }

exec 9>"$folder/.lock"
flock 9
fresh "$folder/.stamp" "$stamp" && exit 0

case $(uname -m) in
  x86_64) loader=usr/lib64/ld-linux-x86-64.so.2 libraries=usr/lib/x86_64-linux-gnu ;;
  aarch64) loader=usr/lib/ld-linux-aarch64.so.1 libraries=usr/lib/aarch64-linux-gnu ;;
  *) echo "no Home Assistant for $(uname -m) here" >&2; exit 1 ;;
esac

unpack_python() {
  step "Python from Debian $suite"
  local apt=$folder/apt mirror deb
  # The machine's own mirror, whatever it is.
  mirror=$({ cat /etc/apt/sources.list /etc/apt/sources.list.d/*.sources /etc/apt/sources.list.d/*.list 2>/dev/null || true; } |
    awk '/^URIs:/ && $2 ~ /debian\/?$/ { print $2; exit }
      /^deb / { for (i = 2; i <= NF; i++) if ($i ~ /^https?:.*debian\/?$/) { print $i; exit } }')
  [ -n "$mirror" ] || { echo "no Debian mirror found in /etc/apt" >&2; exit 1; }
  rm -rf "$rootfs" "$venv" "$apt"
  mkdir -p "$rootfs" "$apt"/{state/lists/partial,cache/archives/partial,etc}
  : >"$apt/status"
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $suite main" >"$apt/etc/sources.list"
  local options=(-qq -o Dir::State="$apt/state" -o Dir::State::status="$apt/status" -o Dir::Cache="$apt/cache"
    -o Dir::Etc::sourcelist="$apt/etc/sources.list" -o Dir::Etc::sourceparts=/dev/null
    -o Dir::Etc::preferencesparts=/dev/null -o APT::Sandbox::User="$(id -un)" -o Acquire::Languages=none -o Acquire::Retries=3
    -o APT::Keep-Downloaded-Packages=true)
  quietly apt-get "${options[@]}" update
  quietly apt-get "${options[@]}" install -y --no-install-recommends --download-only python3.14 python3.14-venv libstdc++6
  for deb in "$apt"/cache/archives/*.deb; do
    case ${deb##*/} in systemd_* | libsystemd-shared* | debconf_* | sysvinit* | readline-common* | openssl_* | ca-certificates_*) continue ;; esac
    dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$rootfs" --exclude=./usr/share/doc --exclude=./usr/share/man \
      --exclude=./usr/share/locale --exclude=./usr/share/lintian --exclude='*/gconv/*'
  done
  rm -rf "$apt"
  /sbin/ldconfig -n "$rootfs/$libraries"   # the links that a package's trigger would have made
  # DT_RPATH, not RUNPATH: it serves the extension modules that Python loads as well.
  patchelf --set-interpreter "$rootfs/$loader" --force-rpath --set-rpath "$rootfs/$libraries" "$rootfs/usr/bin/python3.14"
  "$rootfs/usr/bin/python3.14" -c 'import sys, ssl, sqlite3, ctypes, lzma, bz2, uuid; assert sys.version_info >= (3, 14, 2)'
  echo "$suite $folder" >"$folder/.stamp-python"
}

install_packages() {
  step "Home Assistant $version"
  # Debian's ensurepip looks in /usr/share: pip runs from its wheel instead.
  [ -x "$venv/bin/python" ] || "$rootfs/usr/bin/python3.14" -m venv --without-pip "$venv"
  local wheel=("$rootfs"/usr/share/python-wheels/pip-*.whl) python=$venv/bin/python
  [ -x "$venv/bin/uv" ] || PYTHONPATH=${wheel[0]} quietly "$python" -m pip install -q --root-user-action=ignore uv
  export UV_CACHE_DIR=$folder/uvcache UV_LINK_MODE=hardlink UV_NO_PROGRESS=1
  # Wheels only, but for two pure-Python packages that ship none.
  local install=("$venv/bin/uv" pip install --python "$python" --only-binary :all: --no-binary pyric --no-binary pyturbojpeg)
  quietly "${install[@]}" "homeassistant==$version"
  local package
  package=$("$python" -c 'import homeassistant; print(homeassistant.__path__[0])')
  "$python" "$here/requirements.py" "${integrations[@]}" >"$folder/requirements.txt"
  # colorlog: the log's formatter wants it at each start and would call pip. librouteros: checks the simulated RouterOS.
  quietly "${install[@]}" -c "$package/package_constraints.txt" -r "$folder/requirements.txt" colorlog librouteros==4.2.2
  rm -rf "$UV_CACHE_DIR"
  compile "$python" "$package/components"
}

# Bytecode of everything that is loaded: of the 1,300 integrations only the ones above. It halves the first start.
compile() {
  local python=$1 components=$2
  step "compiling"
  export PYTHONDONTWRITEBYTECODE=''
  nice -n 10 "$python" -m compileall -q -j 2 "$venv/lib" -x '/(components)/' >/dev/null 2>&1 || true
  (
    cd "$components"
    find . -maxdepth 1 -name '*.py' -print0 | xargs -0 nice -n 10 "$python" -m compileall -q
    "$python" "$here/requirements.py" --domains "${integrations[@]}" | while read -r domain; do
      [ ! -d "$domain" ] || echo "$domain"
    done | xargs nice -n 10 "$python" -m compileall -q -j 2
  ) >/dev/null 2>&1 || true
}

fresh "$folder/.stamp-python" "$suite $folder" || unpack_python
install_packages
echo "$stamp" >"$folder/.stamp"
step "ready in $folder"
