"""What can be told of a Python environment from its files, a module a subject. Nothing here runs the environment."""
