"""Cleaning of recorded motion: light low-pass, spikes, frame rate, and where the floor is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from motion.core.clip import Motion
from motion.core.rotation import slerp
from motion.metrics.contacts import foot_clearances, foot_positions, spans, speeds

Array = NDArray[np.floating]

#: Frame rate of training sets.
FPS = 30.0
#: A joint that accelerates by more than this in a 30-fps frame (m per frame squared) is a recording error.
SPIKE = 0.35
#: Longest stretch of bad frames, in seconds, that is bridged; longer ones split the clip.
BRIDGE = 0.34


def without_spikes(clip: Motion) -> list[tuple[float, Motion]]:
    """The clip with spikes bridged by interpolation, cut where they last too long to bridge: (start in s, piece).

    A spike is a joint acceleration above ``SPIKE``, taken over neighbours a 30-fps frame away, so that the frames next
    to a wrong one count as bad too.
    """
    step = max(1, round(clip.fps / FPS))
    bad = _spikes(clip.joint_positions(), step)
    if not bad.any():
        return [(0.0, clip)]
    longest = BRIDGE * clip.fps
    pieces, start, clip = [], 0, _bridged(clip, bad, longest)
    for first, last in spans(bad):
        if last - first > longest or first == 0 or last == len(bad):
            if first > start:
                pieces.append((start / clip.fps, clip.sliced(start, first)))
            start = last
    if start < len(bad):
        pieces.append((start / clip.fps, clip.sliced(start, len(bad))))
    return pieces


def _spikes(points: Array, step: int) -> NDArray[np.bool_]:
    bad = np.zeros(len(points), dtype=bool)
    if len(points) < 2 * step + 1:
        return bad
    acceleration = np.linalg.norm(points[2 * step :] - 2 * points[step:-step] + points[: -2 * step], axis=-1)
    for frame in np.flatnonzero((acceleration > SPIKE).any(axis=1)) + step:
        bad[frame - step // 2 : frame + step // 2 + 1] = True
    return bad


def _bridged(clip: Motion, bad: NDArray[np.bool_], longest: float) -> Motion:
    root, rotation = clip.root_position.copy(), clip.joint_rotation.copy()
    for first, last in spans(bad):
        if first == 0 or last == len(bad) or last - first > longest:
            continue
        share = (np.arange(first, last) - first + 1) / (last - first + 1)
        before, after = first - 1, last
        root[first:last] = root[before] * (1 - share)[:, None] + root[after] * share[:, None]
        weight = np.repeat(share[:, None], rotation.shape[1], axis=1)
        rotation[first:last] = slerp(rotation[[before]], rotation[[after]], weight)
    return replace(clip, root_position=root, joint_rotation=rotation)


def at_30_fps(clip: Motion) -> Motion:
    """The clip at ``FPS``: smoothed over the frames that fall together, then every n-th frame, or interpolated."""
    ratio = clip.fps / FPS
    if ratio >= 1.5:  # nothing to smooth at 30 fps itself
        clip = _smoothed(clip, round(ratio))
    step = round(ratio)
    if step >= 1 and abs(ratio - step) < 1e-6:
        return replace(
            clip, root_position=clip.root_position[::step], joint_rotation=clip.joint_rotation[::step], fps=FPS,
            contacts=None,
        )  # fmt: skip
    return clip.resampled(FPS)


def _smoothed(clip: Motion, step: int) -> Motion:
    """Triangular mean over ``2 step - 1`` frames; rotations by the mean matrix made orthonormal again."""
    weights = np.concatenate([np.arange(1, step + 1), np.arange(step - 1, 0, -1)]).astype(float)
    weights /= weights.sum()

    def mean(values: Array) -> Array:
        padded = np.concatenate([values[:1]] * (step - 1) + [values] + [values[-1:]] * (step - 1))
        return np.sum([w * padded[i : i + len(values)] for i, w in enumerate(weights)], axis=0)

    u, _, vt = np.linalg.svd(mean(clip.joint_rotation))
    u[..., 2] *= np.linalg.det(u @ vt)[..., None]
    return replace(clip, root_position=mean(clip.root_position), joint_rotation=u @ vt)


def floor_height(clip: Motion) -> float:
    """Height in metres of the floor under an SMPL-jointed clip, from the feet that stand still.

    Taken as the median clearance of the lowest foot joint over the frames in which that joint is slow, among the
    lowest such frames, so that a box one climbs does not count. Without a standing foot the lowest foot stands.
    """
    clearance = foot_clearances(clip)
    lowest = clearance.argmin(axis=1)
    rows = np.arange(len(clearance))
    low = clearance[rows, lowest]
    still = speeds(foot_positions(clip), clip.fps)[rows, lowest] < 0.35
    if still.sum() < 3:
        return float(low.min())
    standing = low[still]
    return float(np.median(standing[standing < np.percentile(standing, 10) + 0.03]))
