"""Checks against a lock that the user brought: one module a check."""
