"""What is known of a clip, from metres and joints to control points: the values a network is given, and their mask.

A control point of a group of ``GROUPS`` is known when a known frame depends on it. Its value is that of the curve
closest to all known frames; what they leave open bends as little as possible: one frame alone is held, two are a line.
A path goes on from one known place to the next, so that each is passed at the speed that leads on; what lies between
stays unknown. Where a longer stretch of known frames ends, the last control points are told of by so little of it that
they would be guesses: they stay unknown, and the frames themselves say what of them holds (``ties``).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solveh_banded

from motion.core.axes import from_ground, height
from motion.core.clip import Motion
from motion.core.errors import BadInput
from motion.core.observation import Observation
from motion.core.skeleton import Skeleton
from motion.metrics.contacts import foot_contacts, spans
from motion.representation.features import motion_to_features, planar_speed
from motion.representation.layout import GROUPS, LIMBS, NUM_FEATURES, ROOT
from motion.representation.spline import SMOOTHNESS, local_basis, num_controls
from motion.representation.ties import Seen

Array = NDArray[np.floating]
Mask = NDArray[np.bool_]

#: Weight of each difference of neighbouring control points, third to first, and between which: it decides what frames
#: leave open, and the lower two are so small that no known frame gives way.
_STIFFNESS = (
    (SMOOTHNESS, "known", np.array([-1.0, 3.0, -3.0, 1.0])),
    (1e-7, "inside", np.array([1.0, -2.0, 1.0])),
    (1e-13, "inside", np.array([-1.0, 1.0])),
)

#: Whoever is to be somewhere later starts so near that this speed in m/s suffices.
WALK = 1.2

#: Known frames for so many seconds on end are a stretch; fewer are a key, of which every control point counts.
STRETCH = 0.3

#: A control point that a stretch tells less of than this share of what all frames would is not known by it.
TELLING = 0.15


@dataclass(frozen=True)
class Given:
    """What is known, in metres and in the world.

    Attributes:
        values: (C, NUM_FEATURES) control points.
        known: (C, G), which groups of each are known.
        seen: the known frames themselves.
    """

    values: Array
    known: Mask
    seen: Seen

    @property
    def anything(self) -> bool:
        """Whether anything is known."""
        return bool(self.known.any())


def given(observation: Observation, fps: float, skeleton: Skeleton) -> Given:
    """The known control points of an observation of SMPL's joints at ``fps``, 0 where nothing is known.

    The posture is known where the pelvis's rotation and height are, a limb where besides it the rotations of all of
    its joints and of those that carry it are.
    """
    frames = len(observation.heading)
    if observation.joint_rotation.shape[1] != skeleton.num_joints:
        raise BadInput(f"the observation must have the skeleton's {skeleton.num_joints} joints")
    features, known = _features(observation, fps, skeleton)
    count = max(num_controls((frames - 1) / fps), 4)
    values, mask = np.zeros((count, NUM_FEATURES)), np.zeros((count, len(GROUPS)), bool)
    points, weights = local_basis(np.arange(frames) / fps, count)
    for number, (name, slices) in enumerate(GROUPS.items()):
        frames_known = known[:, number]
        if not frames_known.any():
            continue
        columns = np.concatenate([np.arange(NUM_FEATURES)[one] for one in slices])
        touched = _evidence(frames_known, points, weights, count) > 0
        mask[:, number] = touched & ~_guessed(frames_known, points, weights, count, fps)
        curve = _closest(
            points[frames_known],
            weights[frames_known],
            features[np.ix_(frames_known, columns)],
            touched,
            np.ones(count, bool) if name == "path" else touched,
        )
        values[np.ix_(mask[:, number], columns)] = curve[mask[:, number]]
    return Given(values, mask, Seen(points, weights, features, known))


def start_of_given(observation: Observation, fps: float) -> tuple[Array, float]:
    """Ground place (2,) and heading at which the clip starts in the world; the origin and +Z where nothing says more.

    Where only a later place is known, the start is on the way to it from the origin, no further off than a walk takes.
    Where no heading is known at the start, the person faces where the known places lead.
    """
    known = np.flatnonzero(observation.root_ground_known)
    place, heading = np.zeros(2), 0.0
    if len(known):
        first = observation.root_ground[known[0]]
        far = float(np.linalg.norm(first))
        place = first * (1.0 - min(1.0, WALK * known[0] / fps / far)) if far > 0 else first
        steps = observation.root_ground[known] - place
        away = np.flatnonzero(np.linalg.norm(steps, axis=-1) > 0.1)
        heading = float(np.arctan2(*steps[away[0]])) if len(away) else 0.0
    if observation.heading_known[0] or (len(known) == 0 and observation.heading_known.any()):
        heading = float(observation.heading[np.argmax(observation.heading_known)])
    return place, heading


def _evidence(frames: Mask, points: NDArray[np.integer], weights: Array, count: int) -> Array:
    """(C,), sum of the squared weights that each control point has in the frames (T,) bool."""
    evidence = np.zeros(count)
    np.add.at(evidence, points[frames], np.where(weights[frames] > 1e-9, weights[frames], 0.0) ** 2)
    return evidence


def _guessed(frames: Mask, points: NDArray[np.integer], weights: Array, count: int, fps: float) -> Mask:
    """(C,) bool, the control points that only the last frames of a stretch tell of, and too little."""
    keys, stretches = frames.copy(), frames.copy()
    for start, stop in spans(frames):
        (stretches if stop - start < STRETCH * fps else keys)[start:stop] = False
    told, whole = (_evidence(one, points, weights, count) for one in (stretches, np.ones(len(frames), bool)))
    return (told < TELLING * whole) & ~(_evidence(keys, points, weights, count) > 0)


def _features(observation: Observation, fps: float, skeleton: Skeleton) -> tuple[Array, Mask]:
    """Features (T, NUM_FEATURES) of the frames, and which groups of each are known (T, G)."""
    names = list(GROUPS)
    features = np.zeros((len(observation.heading), NUM_FEATURES))
    known = np.zeros((len(features), len(GROUPS)), bool)
    rotations = observation.joint_rotation_known
    known[:, names.index("path")] = observation.root_ground_known
    known[:, names.index("heading")] = observation.heading_known
    known[:, names.index("posture")] = rotations[:, 0] & observation.joint_position_known[:, 0]
    for limb in LIMBS:
        carried = _with_parents([skeleton.index(name) for name in limb.joints], skeleton)
        known[:, names.index(limb.name)] = known[:, names.index("posture")] & rotations[:, carried].all(axis=1)
    for start, stop in spans(known[:, names.index("posture")]):
        features[start:stop] = _of_bodies(observation, slice(start, stop), fps, skeleton)
    features[:, ROOT["ground"]] = observation.root_ground
    features[:, ROOT["heading"]] = np.stack([np.cos(observation.heading), np.sin(observation.heading)], axis=-1)
    features[:, ROOT["speed"]] = _speeds(observation, fps)[:, None]
    return features, known


def _with_parents(joints: list[int], skeleton: Skeleton) -> list[int]:
    """The joints and all that carry them, without the root."""
    found: set[int] = set()
    while joints:
        found |= set(joints)
        joints = [int(skeleton.parents[joint]) for joint in joints if skeleton.parents[joint] > 0]
    return sorted(found)


def _of_bodies(observation: Observation, frames: slice, fps: float, skeleton: Skeleton) -> Array:
    """Features of frames whose posture is known; joints that are not known count as unturned, to be masked."""
    rotation = np.where(
        observation.joint_rotation_known[frames, :, None, None], observation.joint_rotation[frames], np.eye(3)
    )
    root = from_ground(observation.root_ground[frames], height(observation.joint_position[frames, 0]))
    clip = Motion(skeleton, root, rotation, fps)
    return motion_to_features(clip, foot_contacts(clip))


def _speeds(observation: Observation, fps: float) -> Array:
    """m/s (T,) over the known places: over half a second inside a span of them; a lone place takes that of its way."""
    known = observation.root_ground_known
    speeds = np.zeros(len(known))
    moments = np.flatnonzero(known)
    if len(moments) < 2:
        return speeds
    mean = np.gradient(observation.root_ground[moments], moments / fps, axis=0)
    speeds[moments] = np.linalg.norm(mean, axis=-1)
    for start, stop in spans(known):
        if stop - start > 1:
            speeds[start:stop] = planar_speed(observation.root_ground[start:stop], fps)
    return speeds


def _closest(points: NDArray[np.integer], weights: Array, values: Array, known: Mask, inside: Mask) -> Array:
    """Control points (C, D) whose curve is closest to frames; where all are known the same as ``spline.fit``'s.

    Args:
        points, weights: (T, 4) as of ``local_basis``.
        values: (T, D) the frames.
        known: (C,) control points that frames tell about.
        inside: (C,) those that the curve runs through; the others mean nothing.
    """
    count, middle = len(inside), values.mean(axis=0)
    bands, right = np.zeros((4, count)), np.zeros((count, values.shape[1]))
    for i in range(4):
        np.add.at(right, points[:, i], weights[:, i, None] * (values - middle))
        for j in range(i, 4):
            np.add.at(bands[j - i], points[:, i], weights[:, i] * weights[:, j])
    for weight, where, difference in _STIFFNESS:
        size = len(difference)
        valid = known if where == "known" else inside
        first = np.flatnonzero(np.lib.stride_tricks.sliding_window_view(valid, size).all(axis=1))
        for i in range(size):
            for j in range(i, size):
                bands[j - i, first + i] += weight * difference[i] * difference[j]
    bands[0] += np.where(inside, 1e-15, 1.0)
    return solveh_banded(bands, right, lower=True) + middle
