"""A clip put into a place: its feet onto the floor there, and out of things whatever is in them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from motion.core import Motion, Observation, Place, Skin
from motion.refine.on_floor import onto_floor

Array = NDArray[np.floating]


def put_into(clip: Motion, place: Place, skin: Skin, asked: Observation) -> tuple[Motion, dict[str, float]]:
    """The clip in a place, and the numbers of what was changed.

    Args:
        clip: made for a floor at height 0; its way over the ground is the place's.
        place: the distances and the floor.
        skin: the body's surface, of the clip's skeleton.
        asked: what must hold.
    """
    return onto_floor(clip, place, skin), {}
