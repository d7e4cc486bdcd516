"""The environment that m1doctor itself runs from, so that it is not taken for the user's."""

from __future__ import annotations

import re

from m1doctor.collect.disk import Disk
from m1doctor.collect.environment.pyvenv import MARKER

_TOOL_RECEIPTS = ("uv-receipt.toml", "pipx_metadata.json")
"""What `uv tool install` and pipx leave in an environment that holds one tool."""
_UV_CACHE_BUCKET = re.compile(r"/(?:archive|environments|builds)-v\d+/")
"""Environments that `uvx` makes for one run live in its cache. It puts their `bin` in front on PATH."""


def is_tool_environment(disk: Disk, prefix: str) -> bool:
    """Whether `prefix` was made by uv or pipx for one tool alone, and nobody put a TensorFlow into it."""
    if not disk.is_file(f"{prefix}/{MARKER}"):
        return False
    made_for_a_tool = any(disk.is_file(f"{prefix}/{name}") for name in _TOOL_RECEIPTS)
    if not made_for_a_tool and not _UV_CACHE_BUCKET.search(f"{disk.end_of_links(prefix)}/"):
        return False
    lib = f"{prefix}/lib"
    return not any(disk.is_folder(f"{lib}/{name}/site-packages/tensorflow") for name in disk.names(lib))
