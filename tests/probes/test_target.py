"""The probe on every Python that a target may have, with a TensorFlow of a few lines in the place of the real one."""

from __future__ import annotations

import ast
import json
import os
import shutil
import signal
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
import uv

from m1doctor.collect.child import parse_report, probe_script
from m1doctor.knowledge.parts import parts

PYTHONS = ("3.8", "3.9", "3.10", "3.11", "3.12", "3.13", "3.14")
NAMES = ("start", "import tensorflow", "numpy alone", "devices", "placement")

TENSORFLOW = '''
"""Just enough of TensorFlow for the probe, on lists of numbers."""
import contextlib

__version__ = "2.99.0"


class Device:
    def __init__(self, kind):
        self.name, self.device_type = "/physical_device:%s:0" % kind, kind


class Tensor:
    device = "/job:localhost/replica:0/task:0/device:GPU:0"

    def numpy(self):
        return self


DEVICES = [Device("CPU"), Device("GPU")]
SOFT = [True]


class config:
    list_physical_devices = get_visible_devices = staticmethod(lambda: DEVICES)
    get_soft_device_placement = staticmethod(lambda: SOFT[-1])
    set_soft_device_placement = staticmethod(SOFT.append)

    class experimental:
        @staticmethod
        def get_device_details(device):
            if device.device_type == "CPU":
                raise ValueError("no details")
            return {"device_name": "METAL"}


class linalg:
    @staticmethod
    def matmul(left, right):
        if not SOFT[-1]:
            raise RuntimeError("Could not satisfy device specification")
        return Tensor()


device = lambda name: contextlib.nullcontext()
constant = lambda value: Tensor()
'''


HANGING_NUMPY = """
import sys, time, types


def RandomState(seed):
    while True:
        time.sleep(0.01)


sys.modules["numpy"] = types.SimpleNamespace(random=types.SimpleNamespace(RandomState=RandomState))
"""


@cache
def interpreter(version: str) -> Path | None:
    """An installed interpreter of this version, found by uv, also behind the shims of pyenv."""
    environ = {key: value for key, value in os.environ.items() if key != "VIRTUAL_ENV"}
    pyenv = shutil.which("pyenv")
    if pyenv is not None:
        listed = subprocess.run([pyenv, "versions", "--bare"], capture_output=True, text=True, check=False).stdout
        environ["PYENV_VERSION"] = ":".join(listed.split())
    options = ("--no-project", "--no-python-downloads")
    found = subprocess.run(
        [uv.find_uv_bin(), "python", "find", *options, version],
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    if found.returncode != 0:
        return None
    real = subprocess.run(
        [found.stdout.strip(), "-c", "import sys; print(sys.executable)"],
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    return Path(real.stdout.strip()) if real.returncode == 0 else None


@pytest.mark.parametrize("version", PYTHONS)
def test_the_probe_runs_on_this_python(version: str, tmp_path: Path) -> None:
    python = interpreter(version)
    if python is None:
        pytest.skip(f"no Python {version} is installed here")
    (tmp_path / "tensorflow.py").write_text(TENSORFLOW, encoding="utf-8")
    (tmp_path / "report").touch()
    work = [{"name": part.name, "limit_seconds": 20, "options": part.options} for part in parts()]
    options = {"stages": NAMES, "parts": work, "limit_seconds": 30}
    done = subprocess.run(
        [str(python), "-B", "-W", "error", probe_script(), json.dumps(options), str(tmp_path / "report")],
        env={"PYTHONPATH": str(tmp_path), "PATH": os.environ["PATH"]},
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    names = [part.name for part in parts()]
    report = parse_report((tmp_path / "report").read_text(encoding="utf-8"), probe_script())
    assert report.announced == ("start", "import tensorflow", "devices", "placement", *names, "exit")
    assert report.answers["start"]["version"].startswith(f"{version}.")
    assert report.answers["import tensorflow"]["versions"]["tensorflow"] == "2.99.0"
    assert report.answers["devices"]["devices"][1] == {
        "name": "/physical_device:GPU:0",
        "kind": "GPU",
        "details": {"device_name": "METAL"},
    }
    placed = report.answers["placement"]
    assert placed["requested"] == "GPU:0"
    assert placed["device"].endswith("device:GPU:0")
    assert placed["refusal"]["message"] == "Could not satisfy device specification"
    # NumPy is not there, and the stand-in has next to nothing: every part is told as what it is.
    assert set(report.raised) <= set(names)
    assert report.raised["pipeline"].type == "AttributeError"


def test_a_part_that_takes_too_long_is_ended_by_the_kernel_and_says_where_it_stood(tmp_path: Path) -> None:
    (tmp_path / "tensorflow.py").write_text(TENSORFLOW, encoding="utf-8")
    (tmp_path / "sitecustomize.py").write_text(HANGING_NUMPY, encoding="utf-8")
    (tmp_path / "report").touch()
    work = [{"name": "product", "limit_seconds": 0.2, "options": {"size": 4}}]
    options = {"stages": ["import tensorflow", "devices"], "parts": work, "limit_seconds": 30}
    done = subprocess.run(
        [sys.executable, "-B", probe_script(), json.dumps(options), str(tmp_path / "report")],
        env={"PYTHONPATH": str(tmp_path), "PATH": os.environ["PATH"]},
        cwd="/",
        capture_output=True,
        check=False,
    )
    assert done.returncode == -signal.SIGALRM
    report = parse_report((tmp_path / "report").read_text(encoding="utf-8"), probe_script())
    assert report.announced[-1] == "product"
    assert "in RandomState" in report.stack[-1]


@pytest.mark.parametrize("path", sorted(Path(probe_script()).parent.rglob("*.py")), ids=lambda path: path.stem)
def test_the_probe_is_of_the_syntax_of_python_3_8_and_imports_the_standard_library_only(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 8))
    imported = {
        alias.name.split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names
    }
    assert imported <= {*sys.stdlib_module_names, "numpy", "tensorflow"}
