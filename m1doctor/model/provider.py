"""Whose GPU plugin is asked for."""

from __future__ import annotations

from enum import StrEnum


class Provider(StrEnum):
    """Whose plugin is asked for, by the same words in every verb."""

    AUTO = "auto"
    """Apple's; the community's is proposed where that cannot serve, and never chosen."""
    APPLE = "apple"
    COMMUNITY = "community"
