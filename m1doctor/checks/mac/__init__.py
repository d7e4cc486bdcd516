"""MAC: the machine itself."""
