"""Sitting down, staying, standing up; lying down and getting up: between fitted key postures, feet planted.

The pelvis goes back and down in an arc while the trunk leans forward, so that the weight stays over the feet until the
seat takes it; rising, the trunk leans first (the phases of Schenkman et al. 1990). The legs follow by two-bone inverse
kinematics from feet that never move.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d, maximum_filter1d

from motion.core.axes import UP, from_ground, ground, height
from motion.core.clip import Motion
from motion.core.field import DistanceField
from motion.core.rotation import rotvec_to_rotmat, slerp, yaw_to_rotmat
from motion.core.skeleton import Skeleton
from motion.refine.limb_ik import Limb, reach_end
from motion.refine.postures import STANDING
from motion.refine.resting import GIVES, Rest
from motion.refine.seating import SIDES, Figure, directions

Array = NDArray[np.floating]

#: Seconds to sit down, and to stand up.
DOWN, RISE = 1.4, 1.3

#: Seconds that one stands before the seat, before sitting down and after standing up.
STANDS = 0.15

#: How far the trunk leans forward on the way, in radians, and how it is shared out.
_LEAN_DOWN, _LEAN_RISE = 0.62, 0.72
_LEANING = {"pelvis": 0.55, "spine1": 0.2, "spine2": 0.15, "spine3": 0.1, "neck": -0.2, "head": -0.2}

#: Of the time: when the pelvis begins and ends to go back, and down; likewise up and ahead.
_BACK, _LOWERED = (0.0, 0.86), (0.06, 0.96)
_RISEN, _AHEAD = (0.28, 1.0), (0.08, 0.86)

#: Of the time: when the hands come to the thighs, and when they leave them.
_HANDS_ON, _HANDS_OFF = (0.0, 0.62), (0.42, 1.0)
_ARMS = tuple(f"{side}_{joint}" for side in SIDES for joint in ("collar", "shoulder", "elbow", "wrist", "hand"))

#: Seconds over which a body is lifted out of what it would go into.
_LIFT = 0.08

#: Seconds between the key postures of lying down, and how much the corners of the movement are rounded.
_TURNS, _ROUND = (0.25, 1.0, 0.9, 0.8, 0.25), 0.16

#: A body at rest still breathes: radians of the chest, times a second; and it looks about: radians, seconds.
_BREATH, _BREATHS, _LOOKS, _SLOWLY = 0.014, 0.27, 0.16, 1.6


def sat_down(figure: Figure, field: DistanceField, rest: Rest, facing: float, floor: float, fps: float) -> Motion:
    """From standing before a seat to the posture in which one sits on it, the feet where they are in that posture."""
    share = np.linspace(0.0, 1.0, round(DOWN * fps) + 1)
    lean = _LEAN_DOWN * np.sin(np.pi * np.clip(share / 0.94, 0.0, 1.0) ** 1.1) ** 1.3
    back, down = _smooth(share, *_BACK), _smooth(share, *_LOWERED)
    shares = back, down, _smooth(share, 0.0, 1.0), _smooth(share, *_HANDS_ON)
    clip = lifted(figure, field, _between(figure, rest, facing, floor, *shares, lean, fps))
    return joined([_held(clip.sliced(0, 1), STANDS), clip])


def stood_up(figure: Figure, field: DistanceField, rest: Rest, facing: float, floor: float, fps: float) -> Motion:
    """From a posture in which one sits to standing before the seat."""
    share = np.linspace(0.0, 1.0, round(RISE * fps) + 1)
    lean = _LEAN_RISE * np.sin(np.pi * np.clip(share / 0.95, 0.0, 1.0) ** 0.75) ** 1.4
    ahead, up = 1.0 - _smooth(share, *_AHEAD), 1.0 - _smooth(share, *_RISEN)
    shares = ahead, up, 1.0 - _smooth(share, 0.0, 1.0), 1.0 - _smooth(share, *_HANDS_OFF)
    clip = lifted(figure, field, _between(figure, rest, facing, floor, *shares, lean, fps))
    return joined([clip, _held(clip.sliced(clip.num_frames - 1, clip.num_frames), STANDS)])


def stayed(clip: Motion, seconds: float, seed: int) -> Motion:
    """The last posture of a clip for so many seconds: breathing, and looking about."""
    count = max(round(seconds * clip.fps), 1)
    still = _repeated(clip.sliced(clip.num_frames - 1, clip.num_frames), count)
    times = np.arange(1, count + 1) / clip.fps
    fade = np.sin(np.pi * np.clip(times / max(times[-1], 1e-6), 0.0, 1.0)) ** 0.5
    fade = np.minimum(fade, np.minimum(times, times[-1] - times) / 0.5).clip(0.0, 1.0)
    breath = _BREATH * fade * np.sin(2 * np.pi * _BREATHS * times)
    noise = np.random.default_rng(seed).normal(size=(2, count))
    look = gaussian_filter1d(noise, _SLOWLY * clip.fps / 2.5, axis=1, mode="wrap")
    look = _LOOKS * fade * look / max(np.abs(look).max(), 1e-9)
    turned = still
    for name, axis, angle in (
        ("spine3", [1.0, 0, 0], -breath), ("neck", [1.0, 0, 0], 0.6 * breath), ("neck", [0, 0.5, 0], look[0]),
        ("head", [0, 0.6, 0], look[0]), ("head", [0.35, 0, 0], look[1]),
    ):  # fmt: skip
        turned = _turned(turned, name, angle[:, None] * np.array(axis))
    return turned


def lain_down(figure: Figure, field: DistanceField, keys: list[Rest], fps: float) -> Motion:
    """From the posture in which one sits at the edge of a bed through those between to the one in which one lies."""
    times = np.cumsum([0.0, *_TURNS])
    frames = np.arange(round(times[-1] * fps) + 1) / fps
    whole = [keys[0], *keys, keys[-1]]
    root = np.stack([rest.root_position for rest in whole])
    rotation = np.stack([rest.joint_rotation for rest in whole])
    after = np.clip(np.searchsorted(times, frames, side="right"), 1, len(times) - 1)
    share = ((frames - times[after - 1]) / (times[after] - times[after - 1])).clip(0.0, 1.0)
    between = slerp(rotation[after - 1], rotation[after], np.repeat(share[:, None], rotation.shape[1], axis=1))
    way = root[after - 1] + share[:, None] * (root[after] - root[after - 1])
    rounded = gaussian_filter1d(between, _ROUND * fps, axis=0, mode="nearest")
    left, _, right = np.linalg.svd(rounded)
    turned = left @ right
    fade = np.minimum(frames, frames[-1] - frames) / 0.3
    turned = slerp(between, turned, np.repeat(fade.clip(0.0, 1.0)[:, None], rotation.shape[1], axis=1))
    way = way + fade.clip(0.0, 1.0)[:, None] * (gaussian_filter1d(way, _ROUND * fps, axis=0, mode="nearest") - way)
    return lifted(figure, field, Motion(figure.surface.skeleton, way, turned, fps))


def lifted(figure: Figure, field: DistanceField, clip: Motion) -> Motion:
    """The clip whose pelvis is raised, smoothly, where the body would be inside something; its feet stay."""
    skeleton, surface = clip.skeleton, figure.surface
    rotations, positions = skeleton.forward_kinematics(clip.root_position, clip.joint_rotation)
    body = ~surface.of_joints(*(f"{side}_{joint}" for side in SIDES for joint in ("ankle", "foot", "knee")))
    depth = np.zeros(clip.num_frames)
    for frame in range(clip.num_frames):
        points, _ = surface.posed(rotations[frame], positions[frame])
        depth[frame] = max(-float(field.distance(points[body]).min()) - 2 * GIVES, 0.0)
    if not depth.any():
        return clip
    reach = 2 * round(_LIFT * clip.fps) + 1
    lift = gaussian_filter1d(maximum_filter1d(depth, reach), _LIFT * clip.fps / 2)
    fade = np.minimum(np.arange(clip.num_frames), np.arange(clip.num_frames)[::-1]) / (_LIFT * clip.fps)
    raised = replace(clip, root_position=clip.root_position + (lift * fade.clip(0.0, 1.0))[:, None] * UP)
    return raised if clip.contacts is None else with_feet(raised, rotations, positions)


def with_feet(clip: Motion, rotations: Array, positions: Array) -> Motion:
    """The clip with both feet at places and as turned as in R_world_joint (T, J, 3, 3) and positions (T, J, 3)."""
    skeleton = clip.skeleton
    for side in SIDES:
        leg = Limb.leg(skeleton, side)
        now, here = skeleton.forward_kinematics(clip.root_position, clip.joint_rotation)
        longest = np.full(clip.num_frames, leg.reach(0.04))
        upper, lower = reach_end(leg, now, here, positions[:, leg.end], longest)
        now = now.copy()
        now[:, leg.root], now[:, leg.middle], now[:, leg.end] = upper, lower, rotations[:, leg.end]
        local = clip.joint_rotation.copy()
        for joint in (leg.root, leg.middle, leg.end):
            local[:, joint] = np.swapaxes(now[:, skeleton.parents[joint]], -1, -2) @ now[:, joint]
        clip = replace(clip, joint_rotation=local)
    return clip


def _with_hands(clip: Motion, places: Array, share: Array) -> Motion:
    """The clip with its wrists at places (T, 2, 3) as far as ``share`` (T,) says: hands rest while the trunk leans."""
    skeleton = clip.skeleton
    for column, side in enumerate(SIDES):
        arm = Limb.arm(skeleton, side)
        rotations, positions = skeleton.forward_kinematics(clip.root_position, clip.joint_rotation)
        target = positions[:, arm.end] + share[:, None] * (places[:, column] - positions[:, arm.end])
        upper, lower = reach_end(arm, rotations, positions, target, arm.longest_reach(positions))
        local = clip.joint_rotation.copy()
        parent = skeleton.parents[arm.root]
        local[:, arm.root] = np.swapaxes(rotations[:, parent], -1, -2) @ upper
        local[:, arm.middle] = np.swapaxes(upper, -1, -2) @ lower
        clip = replace(clip, joint_rotation=local)
    return clip


def standing(skeleton: Skeleton, rest: Rest, facing: float, floor: float) -> Rest:
    """Somebody who stands where the feet of a seated posture are."""
    _, positions = skeleton.forward_kinematics(rest.root_position, rest.joint_rotation)
    ankles = positions[[skeleton.index(f"{side}_ankle") for side in SIDES]]
    _, ahead = directions(facing)
    rotation = STANDING.rotations(skeleton)
    rotation[0] = yaw_to_rotmat(np.array(facing)) @ rotation[0]
    tall = float(height(skeleton.rest_offsets[0])) - 0.012
    place = ground(ankles.mean(axis=0) + 0.035 * ahead)
    return Rest(from_ground(place, floor + tall), rotation, 0.0)


def _between(
    figure: Figure, rest: Rest, facing: float, floor: float, back: Array, down: Array, trunk: Array, arms: Array,
    lean: Array, fps: float,
) -> Motion:  # fmt: skip
    """Standing (0) to seated (1): shares (T,) over the ground, in height, of trunk and arms; leaning (T,) rad."""
    skeleton = figure.surface.skeleton
    begin = standing(skeleton, rest, facing, floor)
    step = rest.root_position - begin.root_position
    root = begin.root_position + from_ground(back[:, None] * ground(step), down * height(step))
    count = len(back)
    shares = np.repeat(trunk[:, None], skeleton.num_joints, axis=1)
    shares[:, [skeleton.index(name) for name in _ARMS]] = arms[:, None]
    rotation = slerp(np.repeat(begin.joint_rotation[None], count, axis=0), rest.joint_rotation[None], shares)
    clip = Motion(skeleton, root, rotation, fps, contacts=np.ones((count, 4), bool))
    hands = clip.joint_positions()[:, [skeleton.index(f"{side}_wrist") for side in SIDES]]
    for name, share in _LEANING.items():
        clip = _turned(clip, name, share * lean[:, None] * np.array([1.0, 0.0, 0.0]))
    clip = _with_hands(clip, hands, arms)
    rotations, positions = skeleton.forward_kinematics(rest.root_position, rest.joint_rotation)
    still = (np.repeat(values[None], count, axis=0) for values in (rotations, positions))
    return with_feet(clip, *still)


def _turned(clip: Motion, name: str, vectors: Array) -> Motion:
    """The clip with a joint turned by rotation vectors (T, 3) in its own frame."""
    joint = clip.skeleton.index(name)
    rotation = clip.joint_rotation.copy()
    rotation[:, joint] = rotation[:, joint] @ rotvec_to_rotmat(vectors)
    return replace(clip, joint_rotation=rotation)


def _smooth(share: Array, start: float, end: float) -> Array:
    """(T,) 0 to 1 with the least jerk, from one share of the time to another."""
    x = np.clip((share - start) / (end - start), 0.0, 1.0)
    return x**3 * (10 - 15 * x + 6 * x**2)


def _held(clip: Motion, seconds: float) -> Motion:
    return _repeated(clip, max(round(seconds * clip.fps), 1))


def _repeated(clip: Motion, count: int) -> Motion:
    """A clip of one frame that many times."""
    contacts = None if clip.contacts is None else np.repeat(clip.contacts, count, axis=0)
    return replace(
        clip, root_position=np.repeat(clip.root_position, count, axis=0),
        joint_rotation=np.repeat(clip.joint_rotation, count, axis=0), contacts=contacts,
    )  # fmt: skip


def joined(clips: list[Motion]) -> Motion:
    """Clips of one skeleton and frame rate, one after the other; contacts of all of them, or of none."""
    known = [clip.contacts for clip in clips]
    return replace(
        clips[0],
        root_position=np.concatenate([clip.root_position for clip in clips]),
        joint_rotation=np.concatenate([clip.joint_rotation for clip in clips]),
        contacts=np.concatenate([one if one is not None else np.zeros((clip.num_frames, 4), bool) for one, clip in
                                 zip(known, clips, strict=True)]),
    )  # fmt: skip


def backwards(clip: Motion) -> Motion:
    """The clip from its end to its beginning."""
    contacts = None if clip.contacts is None else clip.contacts[::-1]
    return replace(
        clip, root_position=clip.root_position[::-1], joint_rotation=clip.joint_rotation[::-1], contacts=contacts
    )  # fmt: skip
