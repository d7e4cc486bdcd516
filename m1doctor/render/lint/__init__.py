"""What linting found, in the formats that people and machines read: a module a format."""
