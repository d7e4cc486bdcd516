"""`python -m m1doctor` is the same as the `m1doctor` command."""

from __future__ import annotations

from m1doctor.cli.app import main

if __name__ == "__main__":
    main()
