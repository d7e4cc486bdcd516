"""Reads Mach-O files in place, and says what dyld would say."""
