"""Every module can be imported first, and nothing heavy is imported before it is needed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "m1doctor"

_EACH_ALONE = """
import importlib, json, os, sys
failed = {}
for name in sys.argv[1:]:
    child = os.fork()
    if not child:
        sys.stderr = open(os.devnull, "w")
        try:
            importlib.import_module(name)
        except BaseException as error:
            os._exit(1)
        os._exit(0)
    if os.waitpid(child, 0)[1]:
        failed[name] = True
print(json.dumps(sorted(failed)))
"""

_WHAT_A_RUN_IMPORTS = """
import json, sys
sys.stdout, out = open("/dev/null", "w"), sys.stdout
from m1doctor.cli.app import run
run(sys.argv[1:])
print(json.dumps(sorted(sys.modules)), file=out)
"""


def _answer(script: str, *arguments: str, cwd: Path | None = None) -> set[str]:
    argv = [sys.executable, "-c", script, *arguments]
    done = subprocess.run(argv, capture_output=True, text=True, check=True, cwd=cwd)
    return set(json.loads(done.stdout))


def test_every_module_imports_alone() -> None:
    modules = [
        ".".join(("m1doctor", *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__")
        for path in sorted(PACKAGE.rglob("*.py"))
        if "probes" not in path.parts and path.name != "__main__.py"
    ]
    assert len(modules) > 60
    assert _answer(_EACH_ALONE, *modules) == set()


def test_the_package_itself_imports_nothing() -> None:
    loaded = _answer("import json, sys; before = set(sys.modules); import m1doctor; "
                     "print(json.dumps(sorted(set(sys.modules) - before)))")  # fmt: skip
    assert loaded <= {"m1doctor", "__future__", "json", "json.decoder", "json.encoder", "json.scanner"}


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["diagnose", "--nonsense"]])
def test_the_version_and_wrong_usage_need_nothing_heavy(arguments: list[str]) -> None:
    loaded = _answer(_WHAT_A_RUN_IMPORTS, *arguments)
    assert not loaded & {"rich", "msgspec", "packaging", "tomllib", "platformdirs", "tensorflow", "numpy"}


def test_a_quick_document_needs_neither_rich_nor_what_it_examines(tmp_path: Path) -> None:
    environment = tmp_path / "env"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
    arguments = ["diagnose", "--quick", "--format", "json", "--python", str(environment / "bin" / "python")]
    loaded = _answer(_WHAT_A_RUN_IMPORTS, *arguments, cwd=tmp_path)
    assert "m1doctor" in loaded
    assert not loaded & {"rich", "tensorflow", "numpy", "platformdirs", "uv"}


def test_a_folder_is_examined_without_what_looks_at_a_python_and_without_costly_libraries(tmp_path: Path) -> None:
    (tmp_path / "six-1.17.0.dist-info").mkdir()
    (tmp_path / "six-1.17.0.dist-info" / "METADATA").write_text("Name: six\nVersion: 1.17.0\n")
    arguments = ["diagnose", "--quick", "--format", "json", "--site-packages", str(tmp_path)]
    loaded = _answer(_WHAT_A_RUN_IMPORTS, *arguments, cwd=tmp_path)
    assert "m1doctor.collect.packages.distributions" in loaded
    assert not loaded & {"email", "importlib.metadata", "importlib.resources", "tempfile", "ctypes", "csv", "hashlib"}
    assert not loaded & {"m1doctor.collect.environment.python", "m1doctor.cli.log", "m1doctor.cli.explain"}


def test_a_quick_text_needs_no_msgspec(tmp_path: Path) -> None:
    environment = tmp_path / "env"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
    loaded = _answer(
        _WHAT_A_RUN_IMPORTS, "diagnose", "--quick", "--python", str(environment / "bin" / "python"), cwd=tmp_path
    )
    assert "rich" in loaded
    assert not loaded & {"msgspec", "tensorflow", "numpy"}
