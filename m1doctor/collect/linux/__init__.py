"""Asks a Linux machine."""
