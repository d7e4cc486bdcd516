"""`python3 scripts/run.py` from a copy of the checkout: the first run installs, the second starts at once."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from m1doctor import __version__

CHECKOUT = Path(__file__).resolve().parents[2]
SYSTEM_PATH = "/usr/bin:/bin"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What a fresh clone has of what matters here, in a folder whose name asks for quoting."""
    copy = tmp_path / "a check out"
    copy.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(CHECKOUT / name, copy)
    for name in ("m1doctor", "scripts", "envs"):
        shutil.copytree(CHECKOUT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    return copy


def run(
    checkout: Path, *arguments: str, python: str = sys.executable, path: str | None = None, **environ: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [python, "scripts/run.py", *arguments],
        cwd=checkout,
        env={**os.environ, **({"PATH": path} if path is not None else {}), **environ},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )


def without_pip_and_venv(folder: Path, *, pip: bool) -> str:
    """An interpreter like that of a distribution which leaves `venv`, and perhaps pip, out."""
    options = [] if pip else ["--without-pip"]
    subprocess.run([sys.executable, "-m", "venv", *options, str(folder)], check=True)
    (packages,) = folder.glob("lib/python3*/site-packages")
    (packages / "sitecustomize.py").write_text("import sys\nsys.modules['venv'] = sys.modules['ensurepip'] = None\n")
    return str(folder / "bin" / "python")


def test_the_first_run_installs_and_the_second_starts_at_once(checkout: Path) -> None:
    first = run(checkout, "--version")
    assert (first.returncode, first.stdout) == (0, f"m1doctor {__version__}\n"), first.stderr
    assert "making .venv-m1doctor" in first.stderr

    second = run(checkout, "--version")
    assert (second.returncode, second.stdout, second.stderr) == (0, f"m1doctor {__version__}\n", "")


def test_arguments_and_exit_status_are_those_of_m1doctor(checkout: Path) -> None:
    run(checkout, "--version")
    assert run(checkout, "no-such-verb").returncode == 2
    explained = run(checkout, "explain", "TF003")
    assert explained.returncode == 0
    assert "TF003" in explained.stdout


def test_what_is_set_for_the_users_python_does_not_reach_ours(checkout: Path, tmp_path: Path) -> None:
    (tmp_path / "rich.py").write_text("raise SystemExit('the wrong rich')\n")
    (tmp_path / "msgspec.py").write_text("raise SystemExit('the wrong msgspec')\n")
    done = run(checkout, "--version", PYTHONPATH=str(tmp_path))
    assert (done.returncode, done.stdout) == (0, f"m1doctor {__version__}\n"), done.stderr
    assert run(checkout, "checks", PYTHONPATH=str(tmp_path)).returncode == 0


def test_an_interrupted_first_run_is_made_good_by_the_next(checkout: Path) -> None:
    run(checkout, "--version")
    # As after an interruption: the folder is there, the stamp that is written last is not, and files are missing.
    (checkout / ".venv-m1doctor" / "m1doctor-ready").unlink()
    for library in (checkout / ".venv-m1doctor").glob("lib/python3*/site-packages/packaging"):
        shutil.rmtree(library)

    done = run(checkout, "checks")

    assert done.returncode == 0, done.stderr
    assert "making .venv-m1doctor" in done.stderr


def test_an_environment_whose_python_is_gone_is_made_again(checkout: Path) -> None:
    run(checkout, "--version")
    python = checkout / ".venv-m1doctor" / "bin" / "python"
    python.unlink()
    python.symlink_to("/nowhere/python")
    assert run(checkout, "--version").stdout == f"m1doctor {__version__}\n"


def test_a_moved_checkout_makes_its_environment_again(checkout: Path) -> None:
    run(checkout, "--version")
    moved = checkout.rename(checkout.with_name("moved"))
    done = run(moved, "--version")
    assert done.stdout == f"m1doctor {__version__}\n"
    assert "making .venv-m1doctor" in done.stderr


def test_two_first_runs_at_once_do_not_disturb_each_other(checkout: Path) -> None:
    answers: list[subprocess.CompletedProcess[str]] = []
    threads = [threading.Thread(target=lambda: answers.append(run(checkout, "--version"))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.stdout for answer in answers] == [f"m1doctor {__version__}\n"] * 2
    assert sum("making" in answer.stderr for answer in answers) == 1


def test_without_a_uv_that_works_this_pythons_own_tools_install(checkout: Path, tmp_path: Path) -> None:
    (tmp_path / "uv").write_text("#!/bin/sh\nexit 127\n")
    (tmp_path / "uv").chmod(0o755)
    done = run(checkout, "--version", path=f"{tmp_path}:{SYSTEM_PATH}")
    assert done.stdout == f"m1doctor {__version__}\n", done.stderr


def test_a_python_without_venv_brings_uv_by_pip(checkout: Path, tmp_path: Path) -> None:
    python = without_pip_and_venv(tmp_path / "debian", pip=True)
    done = run(checkout, "--version", python=python, path=SYSTEM_PATH)
    assert done.stdout == f"m1doctor {__version__}\n", done.stderr


def test_a_python_with_neither_pip_nor_venv_says_what_to_install(checkout: Path, tmp_path: Path) -> None:
    python = without_pip_and_venv(tmp_path / "bare", pip=False)
    done = run(checkout, "--version", python=python, path=SYSTEM_PATH)
    assert done.returncode == 3
    assert "apt install python3-venv" in done.stderr
    assert "scripts/bootstrap.sh" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_step_that_fails_is_told_in_its_own_words(checkout: Path) -> None:
    project = checkout / "pyproject.toml"
    project.write_text(project.read_text().replace("hatchling.build", "no_such_backend"))
    done = run(checkout, "--version")
    assert done.returncode == 3
    assert "m1doctor cannot be installed here" in done.stderr
    assert "no_such_backend" in done.stderr
    assert "scripts/run.py" not in done.stderr, "the traceback of the backend is told, one of our own is not"


def test_a_python_that_is_too_old_for_m1doctor_runs_it_all_the_same(checkout: Path) -> None:
    old = old_python()
    if old is None:
        pytest.skip("no Python 3.8, 3.9 or 3.10 is on this machine")
    done = run(checkout, "--version", python=old)
    assert done.stdout == f"m1doctor {__version__}\n", done.stderr
    assert "ready" not in run(checkout, "--version", python=old).stderr


def old_python() -> str | None:
    """A Python between 3.8 and 3.10, also among those of pyenv that are not switched on."""
    for minor in ("3.8", "3.9", "3.10"):
        places = [
            shutil.which(f"python{minor}"),
            *map(str, Path("~/.pyenv/versions").expanduser().glob(f"{minor}.*/bin/python")),
        ]
        for place in places:
            if place and subprocess.run([place, "-c", ""], capture_output=True, check=False).returncode == 0:
                return place
    return None
