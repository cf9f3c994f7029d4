"""Feet on other legs: what stood still in the source stands still, what slid slides no further.

After ``transfer`` the feet differ from the source's, scaled, by where legs of other proportions put them. That is made
constant while ankle or ball is in contact, by the smallest and smoothest correction, and the legs follow by two-bone
inverse kinematics. Legs of the same proportions differ by nothing and stay as they are.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d, maximum_filter1d

from motion.core.axes import UP, from_ground, ground, height
from motion.core.clip import Motion
from motion.metrics.contacts import FOOT_JOINTS, foot_contacts, foot_positions, standing_heights
from motion.refine.banded import Banded
from motion.refine.limb_ik import Limb, reach_end

Array = NDArray[np.floating]
Flags = NDArray[np.bool_]

#: Seconds over which a correction comes and goes; weight of a foot that slides, in seconds, and of a wrong height.
FADE = 0.1
HOLD = 2.0
LEVEL = 60.0
#: Differences (m) that nobody needs to correct.
NOTHING = 1e-7
#: The body comes down by at most this share of the leg's length to let a leg reach.
DEEPEST = 0.06


@dataclass(frozen=True)
class Feet:
    """How fast standing feet slide, in m/s: mean over ankles and balls of the feet in contact."""

    source: float
    before: float
    after: float


def planted(clip: Motion, source: Motion, scale: float) -> tuple[Motion, Feet]:
    """The transferred clip with its feet standing as the source's do.

    Args:
        clip: the target's roles, as ``transfer`` gives them.
        source: the clip of the source's roles.
        scale: of the target's legs against the source's.
    """
    contacts = source.contacts if source.contacts is not None else foot_contacts(source, floor=None)
    difference = _above_standing(clip) - scale * _above_standing(source)
    feet = Feet(slide(source, contacts), slide(clip, contacts), 0.0)
    done = clip
    if clip.num_frames >= 4 and contacts.any() and _uneven(difference, contacts) > NOTHING:
        done = _bent(clip, _corrections(difference, contacts, clip.fps), scale)
    return replace(done, contacts=contacts), replace(feet, after=slide(done, contacts))


def slide(clip: Motion, contacts: Flags) -> float:
    """m/s, mean speed over the ground of ``FOOT_JOINTS`` from one frame of their contacts (T, 4) to the next."""
    stands = contacts[1:] & contacts[:-1]
    if not stands.any():
        return 0.0
    speed = np.linalg.norm(np.diff(ground(foot_positions(clip)), axis=0), axis=-1) * clip.fps
    return float(speed[stands].mean())


def _above_standing(clip: Motion) -> Array:
    """(T, 4, 3) m, ``FOOT_JOINTS``, with heights above where they are in standing."""
    return foot_positions(clip) - standing_heights(clip.skeleton)[:, None] * UP


def _uneven(difference: Array, contacts: Flags) -> float:
    """m, how far feet in contact are from standing as the source's do."""
    stands = contacts[1:] & contacts[:-1]
    drift = np.linalg.norm(np.diff(ground(difference), axis=0), axis=-1)
    return float(max((drift * stands).max(), np.abs(height(difference) * contacts).max()))


def _corrections(difference: Array, contacts: Flags, fps: float) -> dict[str, Array]:
    """Side -> (T, 3) m, how the ankle moves; the foot keeps its direction."""
    found = {}
    for side in ("left", "right"):
        columns = [FOOT_JOINTS.index(f"{side}_{part}") for part in ("ankle", "foot")]
        own, stands = difference[:, columns], contacts[:, columns]
        found[side] = from_ground(_planar(ground(own), stands, fps), _vertical(height(own), stands, fps))
    return found


def _smooth(frames: int, fps: float) -> Banded:
    matrix = Banded(frames, 3)
    matrix.add_difference(0, np.ones(frames))
    matrix.add_difference(3, np.full(frames - 3, (FADE * fps) ** 6))
    return matrix


def _planar(difference: Array, contacts: Flags, fps: float) -> Array:
    """(T, 2) m that keeps the difference (T, 2 joints, 2) constant in contact."""
    frames = len(difference)
    matrix, right = _smooth(frames, fps), np.zeros((frames, 2))
    for joint in range(2):
        held = (HOLD * fps) ** 2 * (contacts[1:, joint] & contacts[:-1, joint]).astype(float)
        matrix.add_difference(1, held)
        drift = held[:, None] * np.diff(difference[:, joint], axis=0)
        right[:-1] += drift
        right[1:] -= drift
    return matrix.solve(right)


def _vertical(difference: Array, contacts: Flags, fps: float) -> Array:
    """(T,) m that takes the difference (T, 2 joints) to nothing in contact, and no joint below the source's."""
    frames = len(difference)
    active = contacts.copy()
    for _ in range(3):  # what sinks after a solve is held up in the next
        matrix = _smooth(frames, fps)
        matrix.add_difference(0, LEVEL * active.sum(axis=1))
        correction = matrix.solve(-LEVEL * (difference * active).sum(axis=1))
        sunk = (difference + correction[:, None] < -0.02) & ~active
        if not sunk.any():
            break
        active |= sunk
    return correction


def _bent(clip: Motion, corrections: dict[str, Array], scale: float) -> Motion:
    """The clip with its ankles moved, and the body lowered where a leg is too short."""
    skeleton = clip.skeleton
    rotations, positions = skeleton.forward_kinematics(clip.root_position, clip.joint_rotation)
    legs = {side: Limb.leg(skeleton, side) for side in corrections}
    targets = {side: positions[:, leg.end] + corrections[side] for side, leg in legs.items()}
    longest = {side: leg.longest_reach(positions) for side, leg in legs.items()}
    crouch = np.zeros(clip.num_frames)
    for side, leg in legs.items():
        gap = positions[:, leg.root] - targets[side]
        aside = np.sum(ground(gap) ** 2, axis=-1)
        crouch = np.maximum(crouch, height(gap) - np.sqrt(np.maximum(longest[side] ** 2 - aside, 0.0)))
    most = DEEPEST * (legs["left"].upper + legs["left"].lower)
    reach = max(1, round(1.5 * FADE * clip.fps))
    crouch = maximum_filter1d(np.clip(crouch, 0.0, most), 2 * reach + 1, mode="nearest")
    positions = positions - gaussian_filter1d(crouch, reach / 2, mode="nearest")[:, None, None] * UP
    local = clip.joint_rotation.copy()
    for side, leg in legs.items():
        hip, knee = reach_end(leg, rotations, positions, targets[side], longest[side])
        above = rotations[:, skeleton.parents[leg.root]]
        local[:, leg.root] = np.swapaxes(above, -1, -2) @ hip
        local[:, leg.middle] = np.swapaxes(hip, -1, -2) @ knee
        local[:, leg.end] = np.swapaxes(knee, -1, -2) @ rotations[:, leg.end]
    return replace(clip, root_position=positions[:, 0], joint_rotation=local)
