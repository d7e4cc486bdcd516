"""The configuration in a `.keras` archive, read without TensorFlow and without trust.

An archive may come from anywhere: nothing is extracted, only `config.json` is read, and never more of it than a limit.
"""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

from m1doctor.errors import UserError
from m1doctor.model.record import record

MEMBER = "config.json"
MAX_BYTES = 64 << 20
"""The configuration of a model of 1,000 layers has 1 MB."""
MAX_MEMBERS = 100_000


@record(frozen=True, slots=True, kw_only=True)
class Archive:
    """What a `.keras` archive says of its model."""

    config: dict[str, Any]
    keras: str | None
    """The Keras that wrote it."""


def read_archive(path: Path) -> Archive:
    """Read the configuration. Raises `UserError` in one line for whatever is wrong with the archive."""
    try:
        with zipfile.ZipFile(path) as archive:
            if len(archive.filelist) > MAX_MEMBERS:
                raise _refused(path, f"it has {len(archive.filelist)} members")
            config = _member(path, archive, MEMBER)
            metadata = _member(path, archive, "metadata.json") if "metadata.json" in archive.NameToInfo else {}
    except OSError as error:
        message = f"cannot read {path}: {error.strerror or error}"
        raise UserError(message) from error
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, EOFError) as error:
        raise _refused(path, str(error)) from error
    keras = metadata.get("keras_version")
    return Archive(config=config, keras=keras if isinstance(keras, str) else None)


def _member(path: Path, archive: zipfile.ZipFile, name: str) -> dict[str, Any]:
    if name not in archive.NameToInfo:
        raise _refused(path, f"it holds no {name}")
    with archive.open(name) as file:
        text = file.read(MAX_BYTES + 1)
    if len(text) > MAX_BYTES:
        raise _refused(path, f"its {name} has more than {MAX_BYTES >> 20} MB")
    try:
        document = json.loads(text)
    except RecursionError as error:
        raise _refused(path, f"its {name} is nested too deeply") from error
    except ValueError as error:
        raise _refused(path, f"its {name} is no JSON: {error}") from error
    if not isinstance(document, dict):
        raise _refused(path, f"its {name} is no JSON object")
    return document


def _refused(path: Path, reason: str) -> UserError:
    return UserError(f"{path} is no .keras archive that can be read: {reason}")
