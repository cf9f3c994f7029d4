"""Property tests draw the same examples every time and have no time limit each: a busy machine is no fault."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("stride", deadline=None, derandomize=True)
settings.load_profile("stride")
