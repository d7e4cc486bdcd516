"""Why a Mach-O file cannot be read. Every reader of this package raises one of these for whatever a file may hold.

MachOError
├── NotMachOError        it is another kind of file
├── TruncatedError       it says that it is longer than it is
├── MalformedError       it contradicts itself, or asks for more work than any real file does
└── UnsupportedError     it is sound, and written in a form that is not read here
"""

from __future__ import annotations


class MachOError(ValueError):
    """The file cannot be read; the message is one clause that says why."""


class NotMachOError(MachOError):
    """The file is no Mach-O file at all."""


class TruncatedError(MachOError):
    """An offset or size in the file leads past its end."""


class MalformedError(MachOError):
    """The file contradicts itself, or needs more steps than a real one ever does."""


class UnsupportedError(MachOError):
    """A sound form that this reader does not know, such as compressed symbol strings."""
