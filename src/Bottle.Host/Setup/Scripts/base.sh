#!/bin/bash
# base.sh IMAGE SUITE PACKAGES - a slim Debian image from apt alone: no image registry, no debootstrap.
# Every host name, key and proxy comes from this machine's own apt configuration; nothing of it is changed.
# Lines on standard output are progress for people. Exit codes: 3 not root, 4 a tool is missing, 5 apt or dpkg failed.
set -euo pipefail
image=$1 suite=$2 packages=$3
[ "$(id -u)" = 0 ] || { echo 'only root can unpack a root file system' >&2; exit 3; }
for tool in apt-get dpkg-deb tar chroot docker; do
  command -v "$tool" >/dev/null || { echo "this machine has no $tool" >&2; exit 4; }
done
work=$(mktemp -d /var/tmp/bottle-base.XXXXXX)
trap 'rm -rf --one-file-system "$work"' EXIT
root=$work/root log=$work/log
fail() { echo "$1:" >&2; tail -n 15 "$log" >&2; exit 5; }

mkdir -p "$work"/{lists/partial,archives/partial,control,sources} "$root"/var/lib/dpkg/{info,updates,triggers} \
  "$root"/etc/{apt/sources.list.d,apt/apt.conf.d,dpkg/dpkg.cfg.d}
. /etc/os-release
# The machine's Debian source, its suite replaced.
for file in /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list; do
  if [ -s "$file" ]; then
    sed "/^#/d; s/\\b$VERSION_CODENAME\\b/$suite/g" "$file" > "$work/sources/debian.${file##*.}"
    break
  fi
done
apt=(apt-get -qq -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$work/sources"
  -o Dir::Etc::preferences=/dev/null -o Dir::Etc::preferencesparts=/dev/null
  -o Dir::State::lists="$work/lists" -o Dir::State::status=/dev/null -o Dir::Cache::archives="$work/archives"
  -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= -o APT::Sandbox::User=root -o APT::Install-Recommends=0
  -o Acquire::Languages=none -o Acquire::Retries=3 -o Debug::NoLocking=1)
export DEBIAN_FRONTEND=noninteractive DEBCONF_NONINTERACTIVE_SEEN=true LC_ALL=C PATH=/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/bin

echo "reading the package lists of Debian $suite"
"${apt[@]}" update > "$log" 2>&1 || fail 'apt could not read the package lists'
echo 'downloading packages'
# shellcheck disable=SC2086 # a list of words
"${apt[@]}" -y --download-only install '?or(?essential,?priority(required))' apt $packages > "$log" 2>&1 || fail 'apt could not download the packages'

# One package: its control files and its content go where dpkg would put them, recorded as unpacked.
cat > "$work/unpack.sh" <<'UNPACK'
set -euo pipefail
root=$1 control=$2/control/$(basename "$3") deb=$3
dpkg-deb -e "$deb" "$control"
name=$(sed -n 's/^Package: //p' "$control/control")
if grep -q '^Multi-Arch: same' "$control/control"; then name=$name:$(sed -n 's/^Architecture: //p' "$control/control"); fi
dpkg-deb --fsys-tarfile "$deb" \
  | tar -xpvC "$root" --exclude='./usr/share/doc/*' --exclude='./usr/share/man/*' --exclude='./usr/share/locale/*' --exclude='./usr/share/info/*' \
  | sed -e 's#^\.##' -e 's#/$##' -e 's#^$#/.#' > "$root/var/lib/dpkg/info/$name.list"
{
  sed '/^Package: /a Status: install ok unpacked' "$control/control"
  if [ -f "$control/conffiles" ]; then
    echo Conffiles:
    while read -r file; do
      if [ -e "$root$file" ]; then echo " $file $(md5sum < "$root$file" | cut -d' ' -f1)"; fi
    done < "$control/conffiles"
  fi
  echo
} > "$control.status"
rm "$control/control"
for file in "$control"/*; do if [ -e "$file" ]; then cp -p "$file" "$root/var/lib/dpkg/info/$name.${file##*/}"; fi; done
UNPACK
debs=("$work"/archives/*.deb)
echo "unpacking ${#debs[@]} packages"
dpkg-deb --fsys-tarfile "$work"/archives/base-files_*.deb | tar -xpC "$root"   # first: /bin -> usr/bin and its like
printf '%s\0' "${debs[@]}" | xargs -0 -P "$(nproc)" -I{} bash "$work/unpack.sh" "$root" "$work" {} > "$log" 2>&1 || fail 'a package could not be unpacked'
cat "$work"/control/*.status > "$root/var/lib/dpkg/status"
: > "$root/var/lib/dpkg/available"
echo 1 > "$root/var/lib/dpkg/info/format"

# The habits of the official image: no services, no documentation, small lists.
printf '#!/bin/sh\nexit 101\n' > "$root/usr/sbin/policy-rc.d"
chmod 755 "$root/usr/sbin/policy-rc.d"
echo force-unsafe-io > "$root/etc/dpkg/dpkg.cfg.d/docker-apt-speedup"
printf 'path-exclude %s\n' '/usr/share/doc/*' '/usr/share/man/*' '/usr/share/locale/*' '/usr/share/info/*' > "$root/etc/dpkg/dpkg.cfg.d/docker"
printf '%s\n' 'APT::Install-Recommends "0";' 'Acquire::Languages "none";' 'Acquire::GzipIndexes "true";' \
  'DPkg::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb || true"; };' 'Dir::Cache::pkgcache "";' 'Dir::Cache::srcpkgcache "";' > "$root/etc/apt/apt.conf.d/docker"
# Sources, so that a Dockerfile can install more; a password in an address stays on this machine.
for file in "$work"/sources/*; do sed -E 's#(//)[^/@ ]+@#\1#g' "$file" > "$root/etc/apt/sources.list.d/${file##*/}"; done
apt-config dump | grep -E '^Acquire::(Check-(Valid-Until|Date)|https?::Proxy) ' | grep -v @ > "$root/etc/apt/apt.conf.d/90machine" || true

echo 'configuring the packages'
[ -c "$root/dev/null" ] || mknod -m 666 "$root/dev/null" c 1 3 2> /dev/null || true
chroot "$root" ldconfig
chroot "$root" dpkg --force-depends --configure base-passwd base-files > "$log" 2>&1 || fail 'dpkg could not configure base-files'
chroot "$root" dpkg --force-depends --configure -a >> "$log" 2>&1 || fail 'dpkg could not configure the packages'

# The machine's authorities: the bundle, and the local ones so that a later ca-certificates keeps them.
mkdir -p "$root/etc/ssl/certs" "$root/usr/local/share/ca-certificates"
cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
cp /usr/local/share/ca-certificates/*.crt "$root/usr/local/share/ca-certificates/" 2> /dev/null || true
rm -rf "$root"/dev/* "$root"/var/cache/apt/* "$root"/var/lib/apt/lists/* "$root"/var/log/{dpkg.log,alternatives.log,apt} \
  "$root"/var/lib/dpkg/{available,status-old} "$root"/usr/share/{doc,man,locale,info}/*
mkdir -p "$root/var/lib/apt/lists/partial"
: > "$root/etc/resolv.conf"
: > "$root/etc/hostname"
echo 'importing the image'
tar -C "$root" --numeric-owner -cf - . | docker import --change 'CMD ["bash"]' --change 'LABEL bottle.image=base' \
  --change 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' - "$image" > "$log" 2>&1 || fail 'docker could not import the image'
