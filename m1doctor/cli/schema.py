"""`m1doctor schema`: the JSON Schema of the report document."""

from __future__ import annotations

from pathlib import Path

from m1doctor.cli.terminal import write_out


def schema() -> None:
    """Print the JSON Schema of the report documents."""
    write_out(shipped_schema().read_text(encoding="utf-8"))


def shipped_schema() -> Path:
    """The schema file in the package; `scripts/regenerate_docs.py` writes it, and a test compares."""
    from m1doctor.model.report import SCHEMA_VERSION  # noqa: PLC0415 - this verb alone needs the model

    return Path(__file__).resolve().parents[1] / "schema" / f"report-{SCHEMA_VERSION}.json"
