"""Facts about pluggable-device libraries: what TensorFlow would load, whose it is, and whether it links."""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum

from m1doctor.model.record import record
from m1doctor.model.unknown import Unknown


class Provider(StrEnum):
    """Who made a plugin library."""

    APPLE = "apple"
    """`tensorflow-metal`."""
    COMMUNITY = "community"
    """`tensorflow-metal-plugin`."""
    OTHER = "other"


class LinkStatus(StrEnum):
    """What dyld would do with the library."""

    LINKS = "links"
    LIBRARY_NOT_LOADED = "library-not-loaded"
    SYMBOL_NOT_FOUND = "symbol-not-found"
    WRONG_ARCHITECTURE = "wrong-architecture"
    UNREADABLE = "unreadable"


@record(frozen=True, slots=True, kw_only=True)
class MissingSymbol:
    """A symbol that the plugin needs and nothing offers."""

    name: str
    """As in the file, with its leading underscore."""
    demangled: str | None
    library: str | None
    """Install name of the library it is bound to; `None` in the flat namespace."""


@record(frozen=True, slots=True, kw_only=True)
class LinkVerdict:
    """What dyld would say when TensorFlow loads the plugin."""

    status: LinkStatus
    dyld_message: str | None = None
    """The words that dyld would raise; `None` when it links."""
    missing_library: str | None = None
    missing_symbols: tuple[MissingSymbol, ...] = ()
    reason: str | None = None
    """Why the plugin has no slice for the process, or cannot be read; `None` otherwise."""
    symbols_checked: int = 0
    """Symbols that were looked up."""
    symbols_trusted: int = 0
    """Symbols that only macOS or the Python program can export, whose files cannot be looked into."""
    against: tuple[str, ...] = ()
    """TensorFlow's libraries that were searched, relative to the site folder."""
    seconds: float = 0.0


@record(frozen=True, slots=True, kw_only=True)
class Plugin:
    """One library that TensorFlow would load as a pluggable device."""

    path: str
    origin: str
    """How TensorFlow comes upon it: ``"tensorflow-plugins"`` or ``"TF_PLUGGABLE_DEVICE_LIBRARY_PATH"``."""
    real_path: str
    provider: Provider
    distributions: tuple[str, ...] = ()
    """``"name version"`` of each distribution whose RECORD claims this file."""
    version: str | None = None
    """Release of Apple's plugin that this library is, told by its content and not by what is recorded beside it."""
    identified_by: str | None = None
    """What tells the provider: a RECORD hash, an export, the platform version."""
    architectures: tuple[str, ...] = ()
    minimum_macos: str | None = None
    install_name: str | None = None
    sha256: str | None = None
    registers: tuple[str, ...] = ()
    """Entry points it exports: `SE_InitPlugin`, `TF_InitKernel`, `TF_InitGraph`, `TF_InitProfiler`."""
    link: LinkVerdict | None = None
    unknown: dict[str, Unknown] = field(default_factory=dict)


@record(frozen=True, slots=True, kw_only=True)
class Plugins:
    """Every plugin library of the target."""

    libraries: tuple[Plugin, ...] = ()
    tensorflow_folder: str | None = None
    """The `tensorflow` import package that would load them."""
    tensorflow_version: str | None = None
    links_judged: int | None = None
    """Libraries that have a link verdict; `None` with a reason where one should have one and has not."""
    named_path: str | None = None
    """What `TF_PLUGGABLE_DEVICE_LIBRARY_PATH` names, where it is set."""
    named_path_exists: bool | None = None
    """Whether there is anything: TensorFlow's import ends with an error where there is not."""
    unknown: dict[str, Unknown] = field(default_factory=dict)
