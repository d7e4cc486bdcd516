"""Asks the machine: one module a subject, each turning readings into one frozen section of the facts."""
