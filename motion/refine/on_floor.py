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

from motion.core import Motion, Place
from motion.core.axes import UP, from_ground, ground, height
from motion.metrics.contacts import foot_clearances, foot_contacts
from motion.metrics.scene import contact_score, foot_skate
from motion.refine.foot_lock import crouch, with_feet_at
from motion.refine.footholds import Foothold, find_foothold
from motion.refine.footsteps import Footsteps, Spans, eased, made_up, planted
from motion.refine.soles import Sole, with_toes_bent
from motion.refine.stance import body_speed

Array = NDArray[np.floating]
Flags = NDArray[np.bool_]

#: Seconds over which the hips follow the feet, and a foot is lifted before and after what it is lifted over.
FOLLOWS, LIFTS = 0.2, 0.05

#: The most by which hips come down so that a leg reaches its support, in metres.
DEEPEST = 0.25

#: A foot going up is raised early in its swing, one going down is lowered late: share of the swing to these powers.
EARLY, LATE = 0.7, 1.4

#: A standing foot that slides further than this in metres was not planted; where one does, steps are made up.
SLIDES = 0.12

#: Contact score from which a clip's own feet are good enough, and m/s up to which they may slide near the floor.
STANDS, DRAGS = 0.985, 0.1

#: Metres between one frame's floor and the next that are a step up or down.
RISER = 0.07

#: m/s from which somebody runs; share of the standing height from which the hips are those of somebody upright.
RUNS, UPRIGHT = 2.0, 0.75

#: Metres above where it stands up to which an ankle or a toe of a standing foot touches the floor.
FLAT = 0.03

#: Metres by which a sole may be in the floor: skin gives. So often soles are lifted out of it.
GIVES, ROUNDS = 0.003, 4


def onto_floor(clip: Motion, place: Place, feet: tuple[Sole, Sole], steps: bool = True) -> Motion:
    """The clip with its feet on the floor of a place.

    Args:
        clip: made for a floor at height 0; its way over the ground is the place's.
        place: with its floor.
        feet: the body's soles.
        steps: whether feet that slide may be planted, and steps made up where the body glides or climbs.
    """
    contacts = foot_contacts(clip, floor=None, slack=1.25) if clip.contacts is None else clip.contacts
    floor = place.along(ground(clip.root_position))
    walked = _footsteps(clip, feet, contacts, floor, steps)
    clip = _posed(clip, feet, [one.targets for one in walked])
    clip = replace(clip, contacts=_touching(clip, walked) if steps else contacts)
    offsets = [_offsets(clip, sole, one.stances, place, floor) for sole, one in zip(feet, walked, strict=True)]
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


def _footsteps(
    clip: Motion, feet: tuple[Sole, Sole], contacts: Flags, floor: Array, steps: bool
) -> tuple[Footsteps, Footsteps]:
    """Its own, planted; or new ones where its feet slide, or where stairs are climbed."""
    legs = (feet[0].leg, feet[1].leg)
    own, moved = planted(clip, legs, contacts)
    walks = np.median(height(clip.root_position)) > UPRIGHT * height(clip.skeleton.rest_positions[0])
    runs = bool(body_speed(clip).max(initial=0.0) > RUNS)
    if not steps or not walks or runs or clip.num_frames < 2 * clip.fps:
        still = clip.joint_positions()
        kept = (Footsteps(still[:, [leg.end, leg.tip]], one.stances) for leg, one in zip(legs, own, strict=True))
        return tuple(kept)  # type: ignore[return-value]
    edges = np.flatnonzero(np.abs(np.diff(floor)) > RISER)
    if moved <= SLIDES and not len(edges) and _stands_well(_posed(clip, feet, [one.targets for one in own])):
        return own
    return made_up(clip, legs, (edges[1:] + edges[:-1] + 1) / 2 / clip.fps)


def _stands_well(clip: Motion) -> bool:
    """Whether on a flat floor a foot always stands, and none is dragged along."""
    return contact_score(clip) >= STANDS and foot_skate(clip) <= DRAGS


def _touching(clip: Motion, walked: tuple[Footsteps, Footsteps]) -> Flags:
    """(T, 4) bool, contacts of feet that stand: an ankle while the foot is flat, a toe all the time."""
    contacts = np.zeros((clip.num_frames, 4), bool)
    low = foot_clearances(clip) < FLAT
    for side, one in enumerate(walked):
        for start, stop in one.stances:
            contacts[start:stop, 2 * side : 2 * side + 2] = low[start:stop, 2 * side : 2 * side + 2]
    return contacts


def _offsets(clip: Motion, sole: Sole, standing: Spans, place: Place, floor: Array) -> Array:
    """(T, 2, 3) m to be added to ankle and toe, from support to support."""
    positions = clip.joint_positions()[:, [sole.leg.end, sole.leg.tip]]
    points = sole.points(clip)
    result = np.zeros((clip.num_frames, 2, 3))
    result[..., :] = floor[:, None, None] * UP
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
    moved = eased(share)
    lifted = eased(share ** np.where(rises > 0, EARLY, LATE))
    change = after - before
    return before + moved * (change - height(change)[:, None] * UP) + lifted * height(change)[:, None] * UP


def _raised(clip: Motion, feet: tuple[Sole, Sole], offsets: list[Array]) -> Motion:
    """The clip with its feet moved by ``offsets`` (T, 2, 3) m each and the hips between them."""
    positions = clip.joint_positions()
    joints = [[sole.leg.end, sole.leg.tip] for sole in feet]
    targets: list[Array] = [positions[:, foot] + one for foot, one in zip(joints, offsets, strict=True)]
    lifts = np.mean([height(one[:, 0]) for one in offsets], axis=0)
    return _posed(clip, feet, targets, gaussian_filter1d(lifts, FOLLOWS * clip.fps, mode="nearest"))


def _posed(clip: Motion, feet: tuple[Sole, Sole], targets: list[Array], lift: Array | float = 0.0) -> Motion:
    """The clip raised by ``lift`` (T,) m with ankles and toes at ``targets`` (T, 2, 3) m each."""
    rotations, positions = clip.skeleton.forward_kinematics(clip.root_position, clip.joint_rotation)
    legs = [sole.leg for sole in feet]
    longest = [leg.longest_reach(positions) for leg in legs]
    positions = positions + np.broadcast_to(lift, clip.num_frames)[:, None, None] * UP
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
