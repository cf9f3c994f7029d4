"""A clip made on a flat floor brought onto the floor of a place: stairs, ramps, storeys.

Every standing foot is put on the support below it, a swinging foot is led from one support to the next over whatever
is between, and the hips follow both feet as far as the legs reach. The way over the ground stays as it is.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d, maximum_filter1d

from motion.core import Motion, Place, Skin
from motion.core.axes import UP, from_ground, ground, height
from motion.metrics.contacts import foot_contacts, spans
from motion.refine.foot_lock import crouch, with_feet_at
from motion.refine.footholds import Foothold, find_foothold
from motion.refine.soles import Sole, soles, with_toes_bent

Array = NDArray[np.floating]
Flags = NDArray[np.bool_]

#: Seconds over which the hips follow the feet, and a foot is lifted before and after what it is lifted over.
FOLLOWS, LIFTS = 0.2, 0.05

#: The most by which hips come down so that a leg reaches its support, in metres.
DEEPEST = 0.25

#: A foot going up is raised early in its swing, one going down is lowered late: share of the swing to these powers.
EARLY, LATE = 0.7, 1.4

#: Metres by which a sole may be in the floor: skin gives. So often soles are lifted out of it.
GIVES, ROUNDS = 0.003, 4


def onto_floor(clip: Motion, place: Place, skin: Skin) -> Motion:
    """The clip with its feet on the floor of a place.

    Args:
        clip: made for a floor at height 0; its way over the ground is the place's.
        place: with its floor.
        skin: the body's surface, of the clip's skeleton.
    """
    contacts = foot_contacts(clip, floor=None, slack=1.25) if clip.contacts is None else clip.contacts
    clip = replace(clip, contacts=contacts)
    floor = place.along(ground(clip.root_position))
    feet = soles(skin)
    offsets = [
        _offsets(clip, sole, np.any(contacts[:, 2 * side : 2 * side + 2], axis=1), place, floor)
        for side, sole in enumerate(feet)
    ]
    raised = _raised(clip, feet, offsets)
    for _ in range(ROUNDS):
        sunk = [_sunk(raised, sole, place, floor) for sole in feet]
        if max(float(one.max()) for one in sunk) <= GIVES:
            break
        for sole in feet:
            clip = with_toes_bent(clip, sole, _below_ball(raised, sole, place, floor))
        raised = _raised(clip, feet, offsets)
        for sole, offset in zip(feet, offsets, strict=True):
            offset += _out(_sunk(raised, sole, place, floor), clip.fps)[:, None, None] * UP
        raised = _raised(clip, feet, offsets)
    return raised


def _offsets(clip: Motion, sole: Sole, stands: Flags, place: Place, floor: Array) -> Array:
    """(T, 2, 3) m to be added to ankle and toe, from support to support."""
    positions = clip.joint_positions()[:, [sole.leg.end, sole.leg.tip]]
    points = sole.points(clip)
    result = np.zeros((clip.num_frames, 2, 3))
    result[..., :] = floor[:, None, None] * UP
    standing = spans(stands)
    for start, stop in standing:
        middle = _flattest(points[start:stop]) + start
        along = ground(positions[middle, 1] - positions[middle, 0])
        along = along / max(float(np.linalg.norm(along)), 1e-6)
        hold = find_foothold(place, points[middle], along, float(floor[middle]))
        result[start:stop] = _held(hold, positions[start:stop])
    for (_, left), (lands, _) in pairwise(standing):
        result[left:lands] = _swung(result[left - 1], result[lands], lands - left)
    if standing:
        result[: standing[0][0]] = result[standing[0][0]]
        result[standing[-1][1] :] = result[standing[-1][1] - 1]
    return result


def _flattest(points: Array) -> int:
    """The frame of (T, N, 3) in which the points of a foot are lowest."""
    return int(np.argmin(height(points).max(axis=1)))


def _held(hold: Foothold, positions: Array) -> Array:
    """(T, 2, 3) m, what takes ankle and toe at (T, 2, 3) onto their support."""
    shift = np.broadcast_to(hold.shift, (*positions.shape[:-1], 2))
    return from_ground(shift, hold.raised(ground(positions) + shift))


def _swung(before: Array, after: Array, frames: int) -> Array:
    """(frames, 2, 3) m between two offsets (2, 3), neither included."""
    share = np.arange(1, frames + 1)[:, None, None] / (frames + 1)
    rises = height(after - before)[None, :, None]
    eased = _eased(share)
    lifted = _eased(share ** np.where(rises > 0, EARLY, LATE))
    change = after - before
    return before + eased * (change - height(change)[:, None] * UP) + lifted * height(change)[:, None] * UP


def _eased(share: Array) -> Array:
    """0 to 1 as hands and feet go from rest to rest: minimum jerk (Flash and Hogan 1985)."""
    return share**3 * (10 - 15 * share + 6 * share**2)


def _raised(clip: Motion, feet: tuple[Sole, Sole], offsets: list[Array]) -> Motion:
    """The clip with its feet moved by ``offsets`` (T, 2, 3) m each and the hips between them."""
    rotations, positions = clip.skeleton.forward_kinematics(clip.root_position, clip.joint_rotation)
    legs = [sole.leg for sole in feet]
    longest = [leg.longest_reach(positions) for leg in legs]
    targets: list[Array] = [
        positions[:, [leg.end, leg.tip]] + offset for leg, offset in zip(legs, offsets, strict=True)
    ]
    follows = gaussian_filter1d(
        np.mean([height(one[:, 0]) for one in offsets], axis=0), FOLLOWS * clip.fps, mode="nearest"
    )
    positions = positions + follows[:, None, None] * UP
    down = crouch(legs, positions, targets, longest, clip.fps, DEEPEST)
    positions = positions - down[:, None, None] * UP
    local = with_feet_at(clip, legs, rotations, positions, targets, longest)
    return replace(clip, root_position=positions[:, 0], joint_rotation=local)


def _sunk(clip: Motion, sole: Sole, place: Place, floor: Array) -> Array:
    """(T, N) m by which points of a sole are below the floor; negative above it."""
    points = sole.points(clip)
    below: Array = place.under(ground(points), np.repeat(floor[:, None], points.shape[1], axis=1)) - height(points)
    return below


def _below_ball(clip: Motion, sole: Sole, place: Place, floor: Array) -> Array:
    """(T, N) m by which points of a sole are below the floor under the ball of the foot, where that is on it."""
    ball = clip.joint_positions()[:, sole.leg.tip]
    level = place.under(ground(ball), floor)
    sunk = level[:, None] - height(sole.points(clip))
    return np.where((height(ball) - level < sole.reach)[:, None], sunk, 0.0)


def _out(sunk: Array, fps: float) -> Array:
    """(T,) m, smooth, by which a foot is lifted so that its points (T, N) are no longer ``sunk``."""
    needed = np.maximum(sunk.max(axis=1) - GIVES / 2, 0.0)
    reach = max(1, round(LIFTS * fps))
    ahead = maximum_filter1d(needed, 2 * reach + 1, mode="nearest")
    return gaussian_filter1d(ahead, reach / 2, mode="nearest")
