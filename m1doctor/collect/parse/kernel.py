"""Reads the kernel version string, ``Darwin Kernel Version 23.5.0: …; root:xnu-…/RELEASE_ARM64_T6000``.

It describes the kernel, so it tells the hardware even to a translated process, and without a child.
"""

from __future__ import annotations

import re

_FLAVOUR = re.compile(r"\b(?:RELEASE|DEVELOPMENT|KASAN|DEBUG)_(ARM64|X86_64)(?:_([A-Z0-9]+))?\b")


def parse_kernel(version: str) -> tuple[str, str | None] | None:
    """Architecture (``"ARM64"`` or ``"X86_64"``) and platform (``"T6000"``, ``"VMAPPLE"``) of a Darwin kernel.

    `None` for any other kernel. The platform is a hint at the chip, never its name.
    """
    match = _FLAVOUR.search(version)
    return (match[1], match[2]) if match else None
