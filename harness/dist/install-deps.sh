#!/bin/sh
# Installs the packages that wirelab is built from and runs with, those that are missing, on Debian and its relatives.
# Elsewhere says which are missing. Asks nothing, needs no terminal.
#
# usage: install-deps.sh

packages="gcc libc6-dev make pkg-config libnl-3-dev libnl-route-3-dev libnftables-dev libpcap-dev libcap-dev
	libjansson-dev libseccomp-dev libcunit1-dev lcov gettext bubblewrap python3 netbase util-linux"

say()
{
	echo "install-deps: $*" >&2
}

# On other systems packages have other names: look for what is in them.
look_around()
{
	missing=
	for tool in cc make pkg-config bwrap python3 msgfmt lcov setpriv; do
		command -v "$tool" >/dev/null || missing="$missing $tool"
	done
	for library in libnl-3.0 libnl-route-3.0 libnftables libpcap libcap jansson libseccomp cunit; do
		pkg-config --exists "$library" 2>/dev/null || missing="$missing $library"
	done
	[ -e /etc/protocols ] || missing="$missing /etc/protocols"
	[ -z "$missing" ] && exit 0
	say "this is not a Debian system; please install what is missing (libraries with their headers):$missing"
	exit 1
}

command -v dpkg-query >/dev/null && command -v apt-get >/dev/null || look_around

# shellcheck disable=SC2086
installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' $packages 2>/dev/null)
missing=
for package in $packages; do
	case "
$installed
" in
	*"
installed $package
"*) ;;
	*) missing="$missing $package" ;;
	esac
done
[ -z "$missing" ] && exit 0

root=
if [ "$(id -u)" -ne 0 ]; then
	root="sudo -n"
	if ! $root true 2>/dev/null; then
		say "packages are missing and only root may install them. Please run:"
		echo "    sudo apt-get install --no-install-recommends$missing" >&2
		exit 1
	fi
fi

# Under sudo the environment is not passed on, hence env.
apt()
{
	$root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 "$@" </dev/null
}

say "installing$missing"
# A machine that never fetched the package lists, or long ago, has to fetch them first.
# shellcheck disable=SC2086
apt install --no-install-recommends $missing >/dev/null 2>&1 && exit 0
# shellcheck disable=SC2086
apt update && apt install --no-install-recommends $missing && exit 0
say "apt-get could not install$missing"
exit 1
