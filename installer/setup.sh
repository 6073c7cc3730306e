#!/bin/sh
# Installs what a Debian or Ubuntu machine lacks to build, run or test
# Tillkeeper. Asks before it uses sudo; does nothing when nothing is missing.
#
#	setup.sh cli      Go
#	setup.sh window   + compiler and libraries of the window
#	setup.sh test     + a virtual screen and what drives it
set -eu

want=${1:-cli}
base="ca-certificates make git"
window="gcc libc6-dev libgl1-mesa-dev libx11-dev libxcursor-dev libxrandr-dev libxinerama-dev libxi-dev libxxf86vm-dev"
test="xvfb xauth libgl1-mesa-dri dbus xdotool imagemagick x11-utils"

case $want in
cli) packages=$base ;;
window) packages="$base $window" ;;
test) packages="$base $window $test" ;;
*) echo "setup.sh: cli, window or test, not \"$want\"" >&2; exit 2 ;;
esac
command -v go >/dev/null 2>&1 || packages="$packages golang-go"

if ! command -v dpkg-query >/dev/null 2>&1; then
	echo "setup.sh: this is not Debian or Ubuntu. Install Go 1.26 or newer yourself, and for the window a C compiler" >&2
	echo "          with the X11 and OpenGL headers; the README says what macOS and Windows need." >&2
	exit 0
fi

missing=""
for p in $packages; do
	[ "$(dpkg-query -W -f='${Status}' "$p" 2>/dev/null)" = "install ok installed" ] || missing="$missing $p"
done

if [ -n "$missing" ]; then
	run=""
	if [ "$(id -u)" != 0 ]; then
		echo "Missing packages:$missing"
		if ! command -v sudo >/dev/null 2>&1; then
			echo "setup.sh: install them as root and run this again" >&2
			exit 1
		fi
		[ -t 0 ] || { echo "setup.sh: nobody is here to allow sudo; install them as root and run this again" >&2; exit 1; }
		printf 'Install them with sudo now? [y/N] '
		read -r answer
		case $answer in y | Y | yes) run=sudo ;; *) echo "Nothing was installed."; exit 1 ;; esac
	fi
	echo "installing:$missing"
	export DEBIAN_FRONTEND=noninteractive
	$run apt-get update -qq
	# shellcheck disable=SC2086 # a list of names
	$run apt-get install -y -qq --no-install-recommends $missing >/dev/null
fi

# Go 1.21 and newer fetch the version that go.mod names; older ones cannot.
if ! go version 2>/dev/null | grep -qE 'go1\.(2[1-9]|[3-9][0-9])'; then
	echo "setup.sh: $(go version 2>/dev/null || echo 'no Go') is too old to fetch Go 1.26 by itself." >&2
	echo "          Install a current Go from https://go.dev/dl/ and run this again." >&2
	exit 1
fi
