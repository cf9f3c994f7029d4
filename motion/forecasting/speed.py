"""Speed control: futures walked at the speed that is asked for, each along its own line."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]

#: A future shorter than this, m, tells no way to go; the heading does.
SHORT_M = 0.25

#: How often the place of a step is corrected until its chord, not its arc, is as long as asked.
CORRECTIONS = 8

#: m/s, how far from the asked speed a future's own may be before it counts as improbable.
TOLERANCE_M_S = 0.4


def retimed(positions: Array, here: Array, speeds: Array, headings: Array, fps: float) -> Array:
    """Futures along the same lines at other speeds, in every step exactly.

    Args:
        positions: (A, K, T, 2) m. here: (A, 2) m, where people are.
        speeds: (A, T) m/s, 0 stands.
        headings: (A, 2) unit vectors, the way of those whose future is no way; zeros where that is unknown too.
        fps: steps per second.

    A line that is too short goes straight on from its end.
    """
    people, samples, steps = positions.shape[:3]
    start = np.broadcast_to(here[:, None, None], (people, samples, 1, 2))
    line = np.concatenate([start, positions], axis=2).reshape(people * samples, steps + 1, 2)
    headings = np.repeat(headings, samples, axis=0)
    length = np.repeat((speeds / fps).sum(axis=1) * 1.5 + 1.0, samples)
    line, along = _with_run_out(line, headings, length)
    asked = np.repeat(speeds / fps, samples, axis=0)
    place: Array = np.zeros(len(line))
    reached = line[:, 0]
    walked = []
    for step in range(asked.shape[1]):
        place, reached = _stepped(line, along, place, reached, asked[:, step])
        walked.append(reached)
    return np.stack(walked, axis=1).reshape(people, samples, steps, 2)


def likeliness(positions: Array, here: Array, speeds: Array, fps: float) -> Array:
    """(A, K) factors of probability: how well the own mean speed of each future fits the speed asked for."""
    path = np.concatenate([np.broadcast_to(here[:, None, None], (*positions.shape[:2], 1, 2)), positions], axis=2)
    own = np.linalg.norm(np.diff(path, axis=2), axis=-1).mean(axis=-1) * fps
    return np.exp(-0.5 * ((own - speeds.mean(axis=1)[:, None]) / TOLERANCE_M_S) ** 2) + 1e-6


def _with_run_out(line: Array, headings: Array, length: Array) -> tuple[Array, Array]:
    """Lines (N, T + 2, 2) m with a straight piece at the end, and how far along (N, T + 2) m each point is."""
    chord = line[:, -1] - line[:, 0]
    ending = line[:, -1] - line[:, -3]
    long_enough = np.linalg.norm(chord, axis=-1) > SHORT_M
    way = np.where(long_enough[:, None], ending, np.where(np.any(headings, axis=-1)[:, None], headings, chord))
    norm = np.linalg.norm(way, axis=-1, keepdims=True)
    way = np.where(norm > 1e-6, way / np.maximum(norm, 1e-6), np.array([0.0, 1.0]))
    line = np.where(long_enough[:, None, None], line, line[:, :1])  # who hardly moves goes straight
    line = np.concatenate([line, line[:, -1:] + (length[:, None] * way)[:, None]], axis=1)
    along = np.cumsum(np.linalg.norm(np.diff(line, axis=1), axis=-1), axis=1)
    return line, np.concatenate([np.zeros((len(line), 1)), along], axis=1)


def _stepped(line: Array, along: Array, place: Array, reached: Array, asked: Array) -> tuple[Array, Array]:
    """Place (N,) m along each line, and position (N, 2), a chord of ``asked`` (N,) m further."""
    further = asked.copy()
    for _ in range(CORRECTIONS):
        position = _at(line, along, place + further)
        short = asked - np.linalg.norm(position - reached, axis=-1)
        further = np.maximum(further + short, asked)
    return place + further, _at(line, along, place + further)


def _at(line: Array, along: Array, place: Array) -> Array:
    """Points (N, 2) of the lines at ``place`` (N,) m along."""
    index = np.clip((along <= place[:, None]).sum(axis=1) - 1, 0, along.shape[1] - 2)
    rows = np.arange(len(line))
    begin, end = along[rows, index], along[rows, index + 1]
    share = ((place - begin) / np.maximum(end - begin, 1e-9))[:, None]
    return line[rows, index] * (1 - share) + line[rows, index + 1] * share
