"""What is generated from the code is current."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]


def _generated() -> dict[Path, str]:
    spec = importlib.util.spec_from_file_location("regenerate_docs", CHECKOUT / "scripts" / "regenerate_docs.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: dict[Path, str] = module.generated()
    return found


@pytest.mark.parametrize(("path", "text"), _generated().items(), ids=lambda value: getattr(value, "name", ""))
def test_a_generated_file_is_current(path: Path, text: str) -> None:
    assert path.read_text(encoding="utf-8") == text, "run python scripts/regenerate_docs.py"
