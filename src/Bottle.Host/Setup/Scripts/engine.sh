#!/bin/sh
# engine.sh start|stop STATE - a Docker engine with Compose v2 and buildx from Debian packages alone.
# Idempotent. The machine's apt sources are read, never changed: packages come through a private view of apt.
# Lines on standard output are progress for people, said before the thing is done.
# Exit codes: 3 not root, 4 not Debian 12 or newer, 5 apt failed, 6 the engine does not start, 7 Compose is still missing.
set -eu
action=$1 state=$2
pid_file=$state/dockerd.pid started=$state/started log=$state/dockerd.log apt_log=$state/apt.log

fail() { code=$1; shift; printf '%s\n' "$1" >&2; [ $# -lt 2 ] || [ ! -s "$2" ] || tail -n 15 "$2" >&2 || true; exit "$code"; }
ready() { docker version --format '{{.Server.Version}}' > /dev/null 2>&1; }
compose() { docker compose version --short 2> /dev/null | grep -Eq '^v?([2-9]|[1-9][0-9])[.]'; }
buildx() { docker buildx version > /dev/null 2>&1; }
systemd() { [ -d /run/systemd/system ]; }
# runs PID: one that has ended and that nobody has waited for yet (a container without an init) runs no more.
runs() { kill -0 "$1" 2> /dev/null && ! grep -qs '^State:[[:space:]]*Z' "/proc/$1/status"; }
alive() { [ -s "$1" ] && runs "$(cat "$1")"; }

# install PACKAGE...: from the machine's own Debian source; on Debian 12 docker comes from the next release,
# because 12's own engine lets an internal network reach the host and leaks DNS.
install() {
  view=$(mktemp -d /var/tmp/bottle-apt.XXXXXX)
  trap 'rm -rf "$view"' EXIT
  mkdir -p "$view/sources" "$view/lists/partial" "$view/archives/partial"
  for file in /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list /etc/apt/sources.list.d/*.sources; do
    grep -qs "\b$VERSION_CODENAME\b" "$file" || continue
    cp "$file" "$view/sources/own.${file##*.}"
    [ "$suite" = "$VERSION_CODENAME" ] || sed "s/\b$VERSION_CODENAME\b/$suite/g" "$file" > "$view/sources/next.${file##*.}"
    break
  done
  : > "$view/preferences"
  # n=SUITE* and not n=SUITE: the security archive of the suite must not outrank the machine's own packages either.
  [ "$suite" = "$VERSION_CODENAME" ] || printf 'Package: *\nPin: release n=%s*\nPin-Priority: 100\n' "$suite" > "$view/preferences"
  packages=$*
  set -- -qq -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$view/sources" -o Dir::Etc::preferences="$view/preferences" \
    -o Dir::Etc::preferencesparts=/dev/null -o Dir::State::lists="$view/lists" -o Dir::Cache::archives="$view/archives" \
    -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= -o Acquire::Languages=none -o Acquire::Retries=3 \
    -o APT::Sandbox::User=root -o Dpkg::Options::=--force-unsafe-io -o Dpkg::Options::=--force-confold
  export DEBIAN_FRONTEND=noninteractive
  echo "reading the package lists of Debian $VERSION_CODENAME and $suite (nothing under /etc/apt changes)"
  apt-get "$@" update > "$apt_log" 2>&1 || fail 5 'apt could not read the package lists' "$apt_log"
  # shellcheck disable=SC2086 # a list of words
  apt-get "$@" -s --no-install-recommends install $packages > "$view/plan" 2> "$apt_log" || fail 5 'apt cannot install the engine' "$apt_log"
  echo "installing with apt: $(sed -n 's/^Inst \([^ ]*\).*/\1/p' "$view/plan" | tr '\n' ' ')"
  # shellcheck disable=SC2086
  apt-get "$@" -y --no-install-recommends install $packages > "$apt_log" 2>&1 || fail 5 'apt could not install the engine' "$apt_log"
  rm -rf "$view"
  trap - EXIT
}

# wait PID_FILE: until the engine answers, its process ends, or 60 s have gone.
wait_ready() {
  turn=0
  until ready; do
    turn=$((turn + 1))
    [ "$turn" -lt 600 ] || fail 6 'the engine does not answer after 60 s' "$log"
    [ "$turn" -lt 20 ] || [ -z "$1" ] || alive "$1" || fail 6 'the engine ended while it started' "$log"
    sleep 0.1
  done
}

start_engine() {
  if systemd; then
    echo 'starting docker.service'
    systemctl start docker.service > "$log" 2>&1 || fail 6 'systemd could not start docker.service' "$log"
    echo systemd > "$started"
    wait_ready ''
    return
  fi
  if ! grep -q ' /sys/fs/cgroup' /proc/mounts; then
    echo 'mounting /sys/fs/cgroup'
    mount -t cgroup2 cgroup2 /sys/fs/cgroup || fail 6 '/sys/fs/cgroup could not be mounted'
  fi
  if ! iptables -w -t nat -nL > /dev/null 2>&1; then
    echo 'choosing iptables-legacy, because this kernel refuses nftables'
    update-alternatives --set iptables /usr/sbin/iptables-legacy > /dev/null 2>&1 || true
    update-alternatives --set ip6tables /usr/sbin/ip6tables-legacy > /dev/null 2>&1 || true
  fi
  # A bridge must not be wider than the way out. Read from the routing table: no name or address is looked up.
  device=$(awk '$2 == "00000000" { print $1; exit }' /proc/net/route)
  mtu=$(cat "/sys/class/net/${device:-lo}/mtu")
  [ "$mtu" -lt 1500 ] || mtu=1500
  echo "starting dockerd (its log: $log)"
  rm -f "$pid_file"
  echo process > "$started"
  setsid sh -c 'echo $$ > "$1"; shift; exec "$@"' sh "$pid_file" dockerd --mtu "$mtu" < /dev/null > "$log" 2>&1 9>&- &
  wait_ready "$pid_file"
}

start() {
  if ready && compose && buildx; then
    echo "engine $(docker version --format '{{.Server.Version}}') with Compose $(docker compose version --short) is there"
    return
  fi
  [ "$(id -u)" = 0 ] || fail 3 'only root can install or start an engine'
  wanted=
  ready || command -v dockerd > /dev/null || wanted="iptables docker.io"
  command -v docker > /dev/null || wanted="$wanted docker-cli"
  compose || wanted="$wanted docker-compose"
  buildx || wanted="$wanted docker-buildx"
  if [ -n "$wanted" ]; then
    command -v apt-get > /dev/null && [ -r /etc/os-release ] || fail 4 'this machine has no apt'
    . /etc/os-release
    case ${ID:-} in debian) ;; *) fail 4 "this machine is ${PRETTY_NAME:-not Debian}" ;; esac
    [ "${VERSION_ID:-99}" -ge 12 ] || fail 4 "this machine is $PRETTY_NAME; 12 is the oldest that works"
    suite=$VERSION_CODENAME
    [ "${VERSION_ID:-99}" != 12 ] || suite=trixie
    targets=
    for package in $wanted; do
      # iptables of the machine's own release; the rest from the suite that has Compose v2.
      if [ "$package" = iptables ]; then targets="$targets $package"; else targets="$targets $package/$suite"; fi
    done
    # shellcheck disable=SC2086
    install $targets
  fi
  if ! ready; then
    # Where packages start their services, apt has just done so.
    if [ -n "$wanted" ] && ! systemd && alive /var/run/docker.pid; then wait_ready /var/run/docker.pid; else start_engine; fi
  fi
  compose && buildx || fail 7 'docker compose (version 2) or docker buildx is still missing after the installation'
  echo "engine $(docker version --format '{{.Server.Version}}') with Compose $(docker compose version --short) is there"
}

stop() {
  case $(cat "$started" 2> /dev/null) in
  systemd)
    echo 'stopping docker.service, which Bottle started'
    systemctl stop docker.socket docker.service ;;
  process)
    if alive "$pid_file"; then
      pid=$(cat "$pid_file")
      echo "stopping dockerd (process $pid), which Bottle started"
      kill -TERM "$pid"
      turn=0
      while runs "$pid"; do
        turn=$((turn + 1))
        [ "$turn" -lt 300 ] || fail 6 "dockerd (process $pid) does not end" "$log"
        sleep 0.1
      done
    fi ;;
  *) echo 'Bottle started no engine here; nothing is stopped'; return ;;
  esac
  rm -f "$started" "$pid_file"
}

mkdir -p "$state" 2> /dev/null && [ -w "$state" ] || fail 3 "only root can write $state"
chmod 700 "$state"
exec 9> "$state/lock"
flock 9   # two callers at once: the second finds all done
"$action"
