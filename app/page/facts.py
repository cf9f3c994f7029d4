"""What the viewer shows of a clip beside its body: where feet stand, the way over the ground, its speed."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from motion.core import Motion
from motion.core.axes import ground
from motion.metrics.contacts import FOOT_JOINTS, foot_contacts, foot_positions, spans, speeds

Array = NDArray[np.floating]


def facts_of(clip: Motion) -> dict[str, Any]:
    """A JSON object: frames, fps, the root's way [[x, z], ...] m, its speed [m/s, ...], and where feet stand."""
    return {
        "frames": clip.num_frames,
        "fps": clip.fps,
        "way": ground(clip.root_position).round(4).tolist(),
        "speed": speeds(ground(clip.root_position), clip.fps).round(3).tolist(),
        "stands": stands(clip),
    }


def stands(clip: Motion) -> list[dict[str, Any]]:
    """Every span of frames in which a foot stands: which joint, first frame, frame after the last, mean place."""
    contacts = foot_contacts(clip) if clip.contacts is None else clip.contacts
    places = ground(foot_positions(clip))
    return [
        {
            "joint": name,
            "first": int(first),
            "stop": int(stop),
            "place": _rounded(places[first:stop, foot].mean(axis=0)),
        }
        for foot, name in enumerate(FOOT_JOINTS)
        for first, stop in spans(contacts[:, foot])
    ]


def _rounded(place: Array) -> list[float]:
    return [round(float(number), 4) for number in place]
