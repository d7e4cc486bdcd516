"""MEM: memory and swap."""
