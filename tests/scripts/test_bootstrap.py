"""The way from a fresh machine to a diagnosis: the real script under a plain shell, with stubs for all it calls."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
import uv

from m1doctor import __version__

CHECKOUT = Path(__file__).resolve().parents[2]
SCRIPT = CHECKOUT / "scripts" / "bootstrap.sh"
SHELL = shutil.which("dash") or "/bin/sh"
UV = """\
echo "uv $*" >> "$LOG"
case "$1 ${2:-}" in
  "--version ") echo "uv 0.0.0 (stub)" ;;
  "python find") exit ${UV_FIND_STATUS:-1} ;;
  "python install") exit ${UV_PYTHON_STATUS:-0} ;;
  "tool install")
    mkdir -p "$HOME/tools"
    cp "$STUBS/m1doctor.later" "$HOME/tools/m1doctor"
    ;;
  "tool dir") echo "$HOME/tools" ;;
esac
"""
M1DOCTOR = """\
echo "m1doctor $*" >> "$LOG"
echo "a report"
exit ${M1DOCTOR_STATUS:-0}
"""
CURL = """\
echo "curl $*" >> "$LOG"
[ -z "${CURL_STATUS:-}" ] || exit "$CURL_STATUS"
while [ "$1" != --output ]; do shift; done
cat > "$2" <<'END'
echo "installer" >> "$LOG"
echo "words of the installer"
[ "$UV_NO_MODIFY_PATH" = 1 ] || exit 9
mkdir -p "$UV_INSTALL_DIR"
cp "$STUBS/uv.later" "$UV_INSTALL_DIR/uv"
END
"""


@dataclass
class Machine:
    """A machine made of stub commands."""

    folder: Path

    def __post_init__(self) -> None:
        self.stubs, self.home, self.log = self.folder / "stubs", self.folder / "home", self.folder / "log"
        self.stubs.mkdir()
        self.home.mkdir()
        self.log.touch()
        self.stub("curl", CURL)
        self.stub("uv.later", UV)
        self.stub("m1doctor.later", M1DOCTOR)

    def stub(self, name: str, body: str) -> None:
        path = self.stubs / name
        path.write_text(f"#!/bin/sh\n{body}")
        path.chmod(0o755)

    def is_mac(
        self, *, machine: str = "arm64", translated: str = "0", arm64: str = "1", macos: str = "15.6.1"
    ) -> Machine:
        self.stub("uname", f'case "$1" in -m) echo {machine} ;; *) echo Darwin ;; esac\n')
        values = {"sysctl.proc_translated": translated, "hw.optional.arm64": arm64, "kern.osproductversion": macos}
        cases = "".join(f"  {key}) echo {value} ;;\n" for key, value in values.items() if value)
        self.stub("sysctl", f'case "$2" in\n{cases}  *) echo "unknown oid" >&2; exit 1 ;;\nesac\n')
        return self

    def has_uv(self) -> Machine:
        self.stub("uv", UV)
        return self

    def bootstrap(self, *arguments: str, script: Path = SCRIPT, **environ: str) -> subprocess.CompletedProcess[str]:
        base = {"PATH": str(self.stubs), "HOME": str(self.home), "LOG": str(self.log), "STUBS": str(self.stubs)}
        return subprocess.run(
            [SHELL, str(script), *arguments],
            env={**base, **environ},
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    def calls(self, but: Sequence[str] = ("uv --version", "uv tool dir --bin")) -> list[str]:
        return [line for line in self.log.read_text().splitlines() if line not in but]


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_a_fresh_apple_silicon_mac_gets_uv_a_native_python_and_a_diagnosis(machine: Machine) -> None:
    done = machine.is_mac().bootstrap("--yes", "--", "--quick", "--format", "json")

    assert done.returncode == 0, done.stderr
    curl, *rest = machine.calls()
    assert curl.startswith("curl --proto =https ")
    assert rest == [
        "installer",
        "uv python install cpython-3.12-macos-aarch64-none",
        f"uv tool install --python cpython-3.12-macos-aarch64-none {CHECKOUT}",
        "m1doctor diagnose --quick --format json",
    ]
    assert done.stdout == "a report\n", "standard output is the diagnosis and nothing else"


def test_a_second_run_uses_what_is_there(machine: Machine) -> None:
    machine.is_mac().bootstrap("--yes")
    machine.log.write_text("")

    done = machine.bootstrap()

    assert done.returncode == 0, done.stderr
    assert [call.split()[:3] for call in machine.calls()] == [
        ["uv", "python", "install"],
        ["uv", "tool", "install"],
        ["m1doctor", "diagnose"],
    ]


def test_a_uv_on_path_is_used(machine: Machine) -> None:
    done = machine.is_mac().has_uv().bootstrap()
    assert done.returncode == 0, done.stderr
    assert not any("curl" in call or "installer" in call for call in machine.calls())


def test_a_uv_that_does_not_run_is_not_taken_for_one(machine: Machine) -> None:
    machine.stub("uv", "exit 127\n")
    done = machine.is_mac().bootstrap("--yes")
    assert done.returncode == 0, done.stderr
    assert "installer" in machine.calls()


def test_nothing_is_fetched_without_consent(machine: Machine) -> None:
    done = machine.is_mac().bootstrap()
    assert done.returncode == 3
    assert "--yes" in done.stderr
    assert machine.calls() == []


@pytest.mark.parametrize("machine_name", ["x86_64", "arm64"])
@pytest.mark.parametrize("options", [(), ("--yes",), ("--dry-run",)])
def test_a_translated_shell_is_refused_with_the_reason(
    machine: Machine, machine_name: str, options: tuple[str, ...]
) -> None:
    done = machine.is_mac(machine=machine_name, translated="1").has_uv().bootstrap(*options)
    assert done.returncode == 3
    assert "translated by Rosetta" in done.stderr
    assert "arch -arm64" in done.stderr
    assert machine.calls() == []


def test_an_intel_process_on_an_arm_machine_is_translated_whatever_the_kernel_says(machine: Machine) -> None:
    done = machine.is_mac(machine="x86_64", translated="", arm64="1").has_uv().bootstrap()
    assert done.returncode == 3
    assert "translated by Rosetta" in done.stderr


def test_an_intel_mac_is_told_and_gets_its_own_python(machine: Machine) -> None:
    done = machine.is_mac(machine="x86_64", translated="", arm64="").has_uv().bootstrap()
    assert done.returncode == 0
    assert "this is an Intel Mac" in done.stderr
    assert "uv python install cpython-3.12-macos-x86_64-none" in machine.calls()


@pytest.mark.parametrize(("macos", "told"), [("11.7.10", True), ("10.16", True), ("12.0.1", False), ("27.0", False)])
def test_a_macos_below_the_plugins_is_told(machine: Machine, macos: str, *, told: bool) -> None:
    done = machine.is_mac(macos=macos).has_uv().bootstrap()
    assert done.returncode == 0
    assert (f"this is macOS {macos}: tensorflow-metal needs macOS 12 or later" in done.stderr) is told


def test_an_unreadable_macos_version_does_not_stop_it(machine: Machine) -> None:
    done = machine.is_mac(macos="").has_uv().bootstrap()
    assert done.returncode == 0
    assert "could not be read" in done.stderr


def test_linux_takes_a_python_that_is_there(machine: Machine) -> None:
    machine.stub("uname", "echo Linux\n")
    done = machine.has_uv().bootstrap(UV_FIND_STATUS="0")
    assert done.returncode == 0, done.stderr
    assert machine.calls()[1:] == [f"uv tool install --python >=3.11 {CHECKOUT}", "m1doctor diagnose"]


def test_linux_without_a_new_python_gets_one(machine: Machine) -> None:
    machine.stub("uname", "echo Linux\n")
    done = machine.has_uv().bootstrap()
    assert done.returncode == 0, done.stderr
    assert "uv python install 3.12" in machine.calls()


def test_another_system_is_refused(machine: Machine) -> None:
    machine.stub("uname", "echo FreeBSD\n")
    done = machine.has_uv().bootstrap("--yes")
    assert done.returncode == 3
    assert "not on FreeBSD" in done.stderr


def test_a_dry_run_prints_the_steps_and_does_nothing(machine: Machine) -> None:
    done = machine.is_mac().bootstrap("--dry-run", "--", "--quick")
    assert done.returncode == 0
    assert machine.calls() == []
    for words in (
        "would fetch https://",
        "uv python install cpython-3.12-macos-aarch64-none",
        f"uv tool install --python cpython-3.12-macos-aarch64-none {CHECKOUT}",
        "m1doctor diagnose --quick",
    ):
        assert words in done.stderr


@pytest.mark.parametrize("status", ["1", "2", "130"])
def test_the_exit_status_is_that_of_the_diagnosis(machine: Machine, status: str) -> None:
    assert machine.is_mac().has_uv().bootstrap(M1DOCTOR_STATUS=status).returncode == int(status)


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({"CURL_STATUS": "6"}, "could not be fetched. Nothing was changed."),
        ({"UV_PYTHON_STATUS": "2"}, "uv could not bring cpython-3.12-macos-aarch64-none"),
    ],
)
def test_a_step_that_fails_ends_it_with_what_failed(machine: Machine, environ: dict[str, str], words: str) -> None:
    done = machine.is_mac().bootstrap("--yes", **environ)
    assert done.returncode == 3
    assert words in done.stderr
    assert not any("m1doctor diagnose" in call for call in machine.calls())


def test_the_source_and_the_end_can_be_chosen(machine: Machine) -> None:
    done = machine.is_mac().has_uv().bootstrap("--from", "m1doctor==0.1.0", "--no-diagnose")
    assert done.returncode == 0
    assert machine.calls()[-1].endswith("m1doctor==0.1.0")
    assert done.stdout == ""


def test_away_from_a_checkout_the_published_package_is_installed(machine: Machine, tmp_path: Path) -> None:
    alone = tmp_path / "downloads" / "bootstrap.sh"
    alone.parent.mkdir()
    shutil.copy(SCRIPT, alone)
    machine.is_mac().has_uv()
    machine.bootstrap("--no-diagnose", script=alone)
    assert machine.calls()[-1] == "uv tool install --python cpython-3.12-macos-aarch64-none m1doctor"


@pytest.mark.parametrize("arguments", [("--frob",), ("diagnose",), ("--from",)])
def test_an_unknown_option_is_refused_before_anything_is_done(machine: Machine, arguments: tuple[str, ...]) -> None:
    done = machine.is_mac().has_uv().bootstrap(*arguments)
    assert done.returncode == 2
    assert "usage: sh scripts/bootstrap.sh" in done.stderr
    assert machine.calls(but=()) == []


def test_the_usage_is_printed_on_demand(machine: Machine) -> None:
    done = machine.bootstrap("--help")
    assert done.returncode == 0
    assert done.stdout.startswith("usage: sh scripts/bootstrap.sh")


def test_a_home_is_needed(machine: Machine) -> None:
    done = machine.is_mac().has_uv().bootstrap(HOME="")
    assert done.returncode == 3
    assert "HOME is not set" in done.stderr


def test_with_a_real_uv_it_installs_this_checkout_and_again_after_a_change(tmp_path: Path) -> None:
    checkout, home = tmp_path / "a check out", tmp_path / "home"
    checkout.mkdir()
    home.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(CHECKOUT / name, checkout)
    for name in ("m1doctor", "scripts", "envs"):
        shutil.copytree(CHECKOUT / name, checkout / name, ignore=shutil.ignore_patterns("__pycache__"))
    packages = tmp_path / "packages"
    (packages / "alpha-1.0.dist-info").mkdir(parents=True)
    (packages / "alpha-1.0.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: alpha\nVersion: 1.0\n")
    arguments = ["--site-packages", str(packages), "--format", "json", "--offline"]
    environ = {
        **os.environ,
        "PATH": f"{Path(uv.find_uv_bin()).parent}:/usr/bin:/bin",
        "HOME": str(home),
        "UV_TOOL_DIR": str(home / "tools"),
        "UV_TOOL_BIN_DIR": str(home / "bin"),
        "UV_CACHE_DIR": str(tmp_path / "uv-cache"),
    }
    for version in (__version__, "9.8.7"):
        module = checkout / "m1doctor" / "__init__.py"
        module.write_text(module.read_text().replace(__version__, version))
        done = subprocess.run(
            [SHELL, str(checkout / "scripts" / "bootstrap.sh"), "--", *arguments],
            env=environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )
        assert done.returncode in (0, 1), done.stderr
        assert json.loads(done.stdout)["m1doctor_version"] == version


@pytest.mark.parametrize("script", ["scripts/bootstrap.sh", ".ci/run"])
def test_shellcheck_has_nothing_to_say(script: str) -> None:
    tool = shutil.which("shellcheck", path=str(Path(sys.executable).parent)) or shutil.which("shellcheck")
    assert tool, "shellcheck comes with the extra `dev`"
    done = subprocess.run([tool, script], cwd=CHECKOUT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
