"""Somebody's own character: which of its bones is which, the movement put on them, and its file written with it."""
