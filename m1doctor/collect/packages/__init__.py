"""What is installed in the target's site folders: one module a concept, joined by `collector`."""

from __future__ import annotations

from m1doctor.collect.packages.collector import collect_packages

__all__ = ["collect_packages"]
