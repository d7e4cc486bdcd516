#!/bin/sh
# From a fresh Mac (or Linux) with nothing on it to a diagnosis: brings uv, a native Python and m1doctor, in the user's
# own folders. See the usage below. Every step is announced, none needs root, and a second run changes nothing.
set -eu
# System tools by their names, also where PATH lacks the folders that they live in.
PATH=${PATH:-}:/usr/bin:/bin:/usr/sbin:/sbin

PYTHON_VERSION=3.12
INSTALLER=https://astral.sh/uv/install.sh
COULD_NOT=3

usage() {
  cat <<'END'
usage: sh scripts/bootstrap.sh [--yes] [--dry-run] [--no-diagnose] [--from SOURCE] [-- ARGUMENT...]

Brings uv (by its official installer, asking first), a native Python 3.12 and m1doctor as a tool of the user, then runs
`m1doctor diagnose ARGUMENT...`. What is there already is used.

  --yes           do not ask before uv's installer is fetched and run
  --dry-run       print the steps, do nothing
  --no-diagnose   stop after the installation
  --from SOURCE   what to install: a folder, a file or a requirement
                  (default: this checkout, or the published m1doctor where the script stands alone)

Exit status: that of the diagnosis; 2 wrong usage; 3 the installation could not be finished.
END
}

say() { printf '%s\n' "bootstrap: $*" >&2; }
refuse() {
  say "$@"
  exit "$COULD_NOT"
}

# Runs one step, or only prints it.
step() {
  say "$*"
  [ "$dry_run" = yes ] || "$@"
}

yes=no dry_run=no diagnose=yes source=
while [ $# -gt 0 ]; do
  case $1 in
    --yes) yes=yes ;;
    --dry-run) dry_run=yes ;;
    --no-diagnose) diagnose=no ;;
    --from)
      [ $# -ge 2 ] || { usage >&2; exit 2; }
      source=$2
      shift
      ;;
    --help | -h)
      usage
      exit 0
      ;;
    --)
      shift
      break
      ;;
    *)
      say "unknown option: $1"
      usage >&2
      exit 2
      ;;
  esac
  shift
done

# --- which machine this is -------------------------------------------------------------------------------------------

[ -n "${HOME:-}" ] || refuse 'HOME is not set, so there is no place to install into.'

kernel_value() { sysctl -n "$1" 2>/dev/null || :; }

system=$(uname -s)
case $system in
  Darwin)
    # A child inherits the translation of this shell, so what sysctl says of itself holds for all that we would start.
    # The second test catches a shell that was started with `arch -x86_64` under a kernel that does not know the first.
    if [ "$(kernel_value sysctl.proc_translated)" = 1 ] ||
      { [ "$(uname -m)" = x86_64 ] && [ "$(kernel_value hw.optional.arm64)" = 1 ]; }; then
      say 'this shell is translated by Rosetta: it runs as an Intel program on Apple silicon, and so would'
      say 'everything that it starts or installs. TensorFlow would be the Intel build, which cannot use the GPU'
      say '(and needs AVX, which Rosetta may not have). Nothing was changed. Two ways on:'
      say '  - in Finder, Applications > Utilities > Terminal > Get Info: clear "Open using Rosetta", reopen it'
      say "  - or in this window:  arch -arm64 /bin/sh $0"
      exit "$COULD_NOT"
    fi
    case $(uname -m) in
      arm64) python=cpython-$PYTHON_VERSION-macos-aarch64-none ;;
      *)
        say 'this is an Intel Mac: Apple publishes tensorflow-metal for Apple silicon only, so TensorFlow will compute'
        say 'on the CPU here, and its last version for Intel Macs is 2.16. The diagnosis still runs.'
        python=cpython-$PYTHON_VERSION-macos-x86_64-none
        ;;
    esac
    # From the kernel: sw_vers answers 10.16 under SYSTEM_VERSION_COMPAT.
    macos=$(kernel_value kern.osproductversion)
    case ${macos%%.*} in
      '' | *[!0-9]*) say 'the version of macOS could not be read; the diagnosis will say more.' ;;
      *)
        if [ "${macos%%.*}" -lt 12 ]; then
          say "this is macOS $macos: tensorflow-metal needs macOS 12 or later. The diagnosis still runs."
        fi
        ;;
    esac
    ;;
  Linux) python=$PYTHON_VERSION ;;
  *) refuse "m1doctor runs on macOS and Linux, not on $system." ;;
esac

if [ -z "$source" ]; then
  here=$(CDPATH='' cd -- "$(dirname -- "$0")/.." 2>/dev/null && pwd) || here=
  if [ -n "$here" ] && [ -f "$here/pyproject.toml" ] && [ -d "$here/m1doctor" ]; then
    source=$here
  else
    source=m1doctor
  fi
fi

# --- uv --------------------------------------------------------------------------------------------------------------

works() { [ -n "$1" ] && "$1" --version >/dev/null 2>&1; }

find_uv() {
  for uv in "$(command -v uv 2>/dev/null || :)" "$HOME/.local/bin/uv" "$HOME/.cargo/bin/uv" /opt/homebrew/bin/uv; do
    if works "$uv"; then return 0; fi
  done
  uv=
  return 1
}

allowed() {
  [ "$yes" = no ] || return 0
  if [ ! -t 0 ]; then
    say 'there is no terminal to ask on. Run again with --yes to allow it, or bring uv first, for example with'
    say '  brew install uv      or      python3 -m pip install --user uv'
    return 1
  fi
  printf 'bootstrap: fetch and run it? [y/N] ' >&2
  read -r answer || answer=
  case $answer in [Yy] | [Yy][Ee][Ss]) return 0 ;; *) return 1 ;; esac
}

fetch() {
  if command -v curl >/dev/null 2>&1; then
    curl --proto '=https' --tlsv1.2 --location --silent --show-error --fail --output "$2" "$1"
  elif command -v wget >/dev/null 2>&1; then
    wget -q -O "$2" "$1"
  else
    say 'neither curl nor wget is here'
    return 1
  fi
}

install_uv() {
  say "uv is not here. Its official installer ($INSTALLER) puts it into ~/.local/bin; your shell's"
  say 'settings stay as they are.'
  if [ "$dry_run" = yes ]; then
    say "would fetch $INSTALLER and run it with sh"
    uv=uv
    return 0
  fi
  allowed || refuse 'nothing was changed.'
  # Into a file first: half a download must not run.
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
  trap 'exit 130' INT TERM HUP
  fetch "$INSTALLER" "$folder/install.sh" || refuse "$INSTALLER could not be fetched. Nothing was changed."
  UV_INSTALL_DIR=$HOME/.local/bin UV_NO_MODIFY_PATH=1 sh "$folder/install.sh" >&2 || refuse "uv's installer failed."
  rm -rf "$folder"
  trap - EXIT INT TERM HUP
  find_uv || refuse "uv's installer ended well, but uv is in none of the places where it puts it."
}

find_uv || install_uv
if [ "$dry_run" = no ]; then say "using $uv ($("$uv" --version))"; fi

# --- Python and m1doctor ---------------------------------------------------------------------------------------------

# The architecture is in the name, so that no setting of uv and no other Python on this machine changes it. On Linux any
# Python that is new enough serves, and is not fetched again.
if [ "$system" = Linux ] && [ "$dry_run" = no ] && "$uv" python find --system --no-project '>=3.11' >/dev/null 2>&1; then
  python='>=3.11'
else
  step "$uv" python install "$python" || refuse "uv could not bring $python; its own words are above."
fi
step "$uv" tool install --python "$python" "$source" || refuse "m1doctor could not be installed from $source."

if [ "$dry_run" = yes ]; then
  [ "$diagnose" = no ] || say "m1doctor diagnose $*"
  exit 0
fi
m1doctor=$("$uv" tool dir --bin)/m1doctor
[ -x "$m1doctor" ] || refuse "the installation ended well, but $m1doctor is not there."
say "m1doctor is $m1doctor. Where your shell does not find it: $uv tool update-shell"
[ "$diagnose" = yes ] || exit 0
exec "$m1doctor" diagnose "$@"
