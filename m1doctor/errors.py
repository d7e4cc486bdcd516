"""Errors that are the user's to mend: told in one line, exit status 2, never a traceback.

UserError                  base: the command line ends with its message
├── documents.DocumentError      a saved report that cannot be read
├── settings.SettingsError       a setting that is unknown, of the wrong type, or without its reason
├── checks.selection.SelectionError   a check that does not exist
├── cli.asking.NobodyToAskError   a change that nobody agrees to
└── collect.target.TargetError   an environment that does not exist, or that cannot be told
"""

from __future__ import annotations


class UserError(Exception):
    """Wrong usage or unreadable input; the message names the file, line, key or option."""


class UnfinishedError(Exception):
    """What m1doctor could not do for a reason outside of it, such as a full disk: told in one line, exit status 3."""
