"""Pinned files of an environment."""
