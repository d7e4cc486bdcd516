"""Facts about plugin libraries for tests of checks: an environment and its plugins in a line."""

from __future__ import annotations

from typing import Any

from interpreters import M1, SITE, interpreter
from m1doctor.model.facts import Facts
from m1doctor.model.packages import Distribution, Packages
from m1doctor.model.plugins import LinkStatus, LinkVerdict, MissingSymbol, Plugin, Plugins, Provider
from m1doctor.model.unknown import Unknown

PATH = f"{SITE}/tensorflow-plugins/libmetal_plugin.dylib"
CORE = "@rpath/_pywrap_tensorflow_internal.so"
LINKS = LinkVerdict(status=LinkStatus.LINKS, symbols_checked=146, against=("tensorflow/libtensorflow_cc.2.dylib",))
NOT_LOADED = LinkVerdict(
    status=LinkStatus.LIBRARY_NOT_LOADED,
    dyld_message=f"dlopen({PATH}, 0x0006): Library not loaded: {CORE}\n  Referenced from: <UUID>\n  Reason: tried",
    missing_library=CORE,
    against=("tensorflow/libtensorflow_cc.2.dylib",),
)


def not_found(*symbols: MissingSymbol) -> LinkVerdict:
    """A verdict with these symbols missing."""
    message = f"dlopen({PATH}, 0x0006): Symbol not found: {symbols[0].name}\n  Referenced from: <UUID> {PATH}"
    return LinkVerdict(
        status=LinkStatus.SYMBOL_NOT_FOUND,
        dyld_message=message,
        missing_symbols=symbols,
        symbols_checked=146,
        against=("tensorflow/libtensorflow_cc.2.dylib",),
    )


def symbol(name: str, demangled: str | None = None, library: str | None = CORE) -> MissingSymbol:
    """A missing symbol."""
    return MissingSymbol(name=name, demangled=demangled, library=library)


def apple(version: str = "1.2.0", link: LinkVerdict | None = LINKS, **facts: Any) -> Plugin:
    """Apple's plugin of that release, as pip installs it."""
    usual: dict[str, Any] = {
        "path": PATH,
        "real_path": facts.get("path", PATH),
        "origin": "tensorflow-plugins",
        "provider": Provider.APPLE,
        "version": version,
        "distributions": (f"tensorflow-metal {version}",),
        "identified_by": f"its content is that of tensorflow-metal {version}",
        "architectures": ("arm64",),
        "minimum_macos": "12.1",
        "registers": ("SE_InitPlugin", "TF_InitKernel", "TF_InitGraph"),
        "link": link,
    }
    return Plugin(**{**usual, **facts})


def community(link: LinkVerdict | None = LINKS, **facts: Any) -> Plugin:
    """The community's plugin."""
    usual: dict[str, Any] = {
        "provider": Provider.COMMUNITY,
        "version": None,
        "distributions": ("tensorflow-metal-plugin 0.4.1",),
        "identified_by": "it exports TF_InitProfiler, which no library of Apple's does",
        "minimum_macos": "15.0",
        "registers": ("SE_InitPlugin", "TF_InitKernel", "TF_InitGraph", "TF_InitProfiler"),
    }
    return apple(link=link, **{**usual, **facts})


def environment(*plugins: Plugin, tensorflow: str | None = "2.18.1", python: str = "3.11.9", **facts: Any) -> Facts:
    """A Mac with that TensorFlow and those plugins; `facts` replace whole sections."""
    unjudged = [plugin for plugin in plugins if plugin.link is None]
    sections: dict[str, Any] = {
        "host": M1,
        "interpreter": interpreter(version=python),
        "packages": Packages(distributions=(_distribution("pip", "25.0"),)),
        "plugins": Plugins(
            libraries=plugins,
            tensorflow_folder=f"{SITE}/tensorflow",
            tensorflow_version=tensorflow,
            links_judged=None if unjudged else len(plugins),
            unknown={"links_judged": Unknown("TensorFlow cannot be read")} if unjudged else {},
        ),
    }
    return Facts(**{**sections, **facts})


def nothing() -> Facts:
    """A Mac whose plugins could not be looked at."""
    return Facts(host=M1, interpreter=interpreter(), unknown={"plugins": Unknown("the folder cannot be listed")})


def linux() -> Facts:
    """A Linux target without plugins."""
    return environment(interpreter=interpreter(system="Linux", machine="x86_64"))


def _distribution(name: str, version: str) -> Distribution:
    return Distribution(
        name=name, normalized_name=name, version=version, folder=SITE, metadata_path=f"{name}-{version}.dist-info"
    )
