"""Asks a Mac."""
