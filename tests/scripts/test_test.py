"""`python3 scripts/test.py`: what it refuses to start without, and what it hands to pytest."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def script() -> ModuleType:
    sys.path.insert(0, str(CHECKOUT / "scripts"))
    try:
        spec = importlib.util.spec_from_file_location("m1doctor_test_script", CHECKOUT / "scripts" / "test.py")
        assert spec
        assert spec.loader
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    finally:
        sys.path.pop(0)
    return module


def test_without_a_compiler_it_says_what_to_install_and_skips_nothing_in_silence(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(CHECKOUT / "scripts" / "test.py")],
        env={**os.environ, "PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 3
    assert "apt install gcc" in done.stderr
    assert "xcode-select --install" in done.stderr


def test_the_tests_are_spread_over_the_cores(script: ModuleType) -> None:
    options = script.workers(["tests/locks", "-k", "offline"])
    assert options[0] == "-n"
    assert 1 <= int(options[1]) <= 4


@pytest.mark.parametrize("argument", ["-n0", "--numprocesses=1", "--pdb", "--dist=no"])
def test_the_users_own_choice_of_workers_holds(script: ModuleType, argument: str) -> None:
    assert script.workers([argument]) == []
