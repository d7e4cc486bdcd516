"""PKG: the installed packages."""
