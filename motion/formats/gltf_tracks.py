"""Keys of a glTF animation and their values at any time (glTF 2.0, appendix C: step, linear, cubic spline)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from motion.core.clip import MAX_FRAMES
from motion.core.errors import BadFile, BadInput
from motion.formats.gltf import GltfFile

Array = NDArray[np.floating]

#: Frame rates a measured key spacing is taken for when it is within ``_SNAP`` of one.
KNOWN_RATES = (
    12.0, 15.0, 20.0, 24000 / 1001, 24.0, 25.0, 30000 / 1001, 30.0, 48.0, 50.0, 60000 / 1001, 60.0, 72.0, 90.0, 100.0,
    120.0, 240.0,
)  # fmt: skip
_SNAP = 2e-4
_DEFAULT_RATE = 30.0
_WIDTHS = {"translation": 3, "rotation": 4, "scale": 3}


@dataclass(frozen=True)
class Track:
    """One animated property.

    Attributes:
        path: translation, rotation (xyzw) or scale.
        times: (K,) s, rising.
        values: (K, 3 | 4), or (K, 3, 3 | 4) with in-tangent, value and out-tangent for cubic splines.
        interpolation: LINEAR, STEP or CUBICSPLINE.
    """

    path: str
    times: Array
    values: Array
    interpolation: str

    def sampled(self, at: Array) -> Array:
        """(T, 3 | 4) values at the times (T,), held before the first and after the last key."""
        low = np.clip(np.searchsorted(self.times, at, side="right") - 1, 0, len(self.times) - 1)
        high = np.minimum(low + 1, len(self.times) - 1)
        step = np.where(high > low, self.times[high] - self.times[low], 1.0)
        share = np.clip((at - self.times[low]) / step, 0.0, 1.0)
        near = (1e-6 + 2e-7 * np.abs(at)) / step  # keys are stored as float32
        share = np.where(share < near, 0.0, np.where(share > 1 - near, 1.0, share))
        if self.interpolation == "STEP":
            return self.values[np.where(share == 1.0, high, low)]
        if self.interpolation == "CUBICSPLINE":
            return self._cubic(low, high, share[:, None], step[:, None])
        if self.path == "rotation":
            return _slerp(self.values[low], self.values[high], share[:, None])
        return self.values[low] * (1 - share[:, None]) + self.values[high] * share[:, None]

    def _cubic(self, low: NDArray[np.integer], high: NDArray[np.integer], s: Array, step: Array) -> Array:
        start, leave = self.values[low, 1], self.values[low, 2] * step
        end, arrive = self.values[high, 1], self.values[high, 0] * step
        s2, s3 = s * s, s * s * s
        value = (2 * s3 - 3 * s2 + 1) * start + (s3 - 2 * s2 + s) * leave
        return value + (-2 * s3 + 3 * s2) * end + (s3 - s2) * arrive


def _slerp(start: Array, end: Array, share: Array) -> Array:
    """Spherical interpolation of quaternions (T, 4) the short way."""
    cosine = np.sum(start * end, axis=-1, keepdims=True)
    end = np.where(cosine < 0, -end, end)
    angle = np.arccos(np.clip(np.abs(cosine), 0.0, 1.0))
    sine = np.sin(angle)
    near = sine < 1e-5
    safe = np.where(near, 1.0, sine)
    first = np.where(near, 1 - share, np.sin((1 - share) * angle) / safe)
    second = np.where(near, share, np.sin(share * angle) / safe)
    return first * start + second * end


def read_tracks(file: GltfFile, animation: dict[str, Any]) -> dict[int, dict[str, Track]]:
    """Tracks of an animation by node and path; morph weights are left out. Raises ``BadFile``."""
    tracks: dict[int, dict[str, Track]] = {}
    for channel in animation["channels"]:
        target, sampler = channel["target"], animation["samplers"][channel["sampler"]]
        if target.get("path") not in _WIDTHS or "node" not in target:
            continue
        if not 0 <= int(target["node"]) < len(file.document["nodes"]):
            raise BadFile(file.path, "its animation moves a node that does not exist")
        width, kind = _WIDTHS[target["path"]], sampler.get("interpolation", "LINEAR")
        times = file.array(sampler["input"]).reshape(-1).astype(np.float64)
        values = file.array(sampler["output"]).astype(np.float64)
        parts = 3 if kind == "CUBICSPLINE" else 1
        if kind not in ("LINEAR", "STEP", "CUBICSPLINE") or values.shape != (parts * len(times), width):
            raise BadFile(file.path, f"a {target['path']} track has {len(values)} values for {len(times)} keys")
        if np.any(np.diff(times) <= 0):
            raise BadFile(file.path, "the key times of a track do not rise")
        keys = values[1::3] if parts == 3 else values
        if target["path"] == "rotation" and np.linalg.norm(keys, axis=-1).min() < 0.1:
            raise BadFile(file.path, "a rotation key is no rotation")
        values = values.reshape(len(times), 3, width) if parts == 3 else values
        tracks.setdefault(int(target["node"]), {})[target["path"]] = Track(target["path"], times, values, kind)
    if not tracks:
        raise BadFile(file.path, "its animation moves nothing")
    return tracks


def frame_grid(tracks: list[Track], claimed: float | None) -> tuple[Array, float]:
    """Times (T,) at which to sample, from the first key to the last, and their rate.

    The rate is what the file claims, else the spacing of its keys when that is regular, else 30.
    """
    first = min(float(track.times[0]) for track in tracks)
    last = max(float(track.times[-1]) for track in tracks)
    fps = claimed or rate_of_times(max((track.times for track in tracks), key=len))
    frames = round((last - first) * fps) + 1
    if frames > MAX_FRAMES:
        raise BadInput(f"claims {frames} frames; at most {MAX_FRAMES} are accepted")
    return first + np.arange(frames) / fps, fps


def rate_of_times(times: Array) -> float:
    """Frames per second of the times (K,) of keys: their spacing when it is regular, else 30."""
    if len(times) < 2:
        return _DEFAULT_RATE
    gaps = np.diff(times)
    regular = gaps.max() - gaps.min() < 0.02 * gaps.mean()
    rate = (len(times) - 1) / (times[-1] - times[0]) if regular else 1.0 / gaps.min()
    tolerance = _SNAP if regular else 1e-2
    near = [known for known in KNOWN_RATES if abs(rate - known) < tolerance * known]
    if near:
        return min(near, key=lambda known: abs(rate - known))
    return float(rate) if regular and rate <= KNOWN_RATES[-1] else _DEFAULT_RATE
