"""Takes joined in time: a short one with another of its kind, and two different actions in turn."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from motion.generation.windows import at_origin, moved_to, start_of
from motion.representation.layout import LIMBS, ROOT
from motion.representation.spline import KNOT_RATE
from motion.training import composed_captions

Array = NDArray[np.floating]

#: Takes shorter than this many seconds are also joined with another one of the same captions.
JOIN_BELOW = 3.4

#: Two takes are joined where no joint is further apart, in metres, between the end of one and the start of the other;
#: two different actions only where their speeds over ground differ by less, too, in m/s.
JOIN_DISTANCE, JOIN_SPEED = 0.15, 0.3

#: Control points over which the two blend.
JOIN_BLEND = 4

#: Pairs of different actions that are tried, and control points of each of the two, at most.
TRIES, EACH = 4000, 32


class Span(Protocol):
    """What is joined: a span of the corpus with captions and a label."""

    @property
    def start(self) -> int: ...
    @property
    def stop(self) -> int: ...
    @property
    def captions(self) -> tuple[int, ...]: ...
    @property
    def label(self) -> str: ...
    @property
    def clip_id(self) -> str: ...


def joint_positions(controls: Array) -> Array:
    """Positions (..., J, 3) of the limbs' joints in control points (..., NUM_FEATURES)."""
    positions = np.concatenate([controls[..., part.positions] for part in LIMBS], axis=-1)
    return positions.reshape(*controls.shape[:-1], -1, 3)


def join(first: Array, second: Array) -> Array:
    """One curve out of two: ``second`` is placed where ``first`` ends, and they blend over a few control points."""
    second = moved_to(at_origin(second), *start_of(first[-3 - JOIN_BLEND :]))
    overlap = JOIN_BLEND + 3
    share = np.linspace(0, 1, overlap)[:, None]
    share = share * share * (3 - 2 * share)
    blend = first[-overlap:] * (1 - share) + second[:overlap] * share
    return np.concatenate([first[:-overlap], blend, second[overlap:]])


def repeated(controls: Array, takes: Sequence[Span]) -> Iterator[tuple[Array, int, int]]:
    """Joined curves of short takes and partners with the same captions, and the places of the two in ``takes``."""
    random = np.random.default_rng(0)
    by_captions: dict[tuple[int, ...], list[int]] = defaultdict(list)
    for place, take in enumerate(takes):
        if take.stop - take.start < JOIN_BELOW * KNOT_RATE + 3:
            by_captions[take.captions].append(place)
    for alike in by_captions.values():
        starts = np.stack([joint_positions(controls[takes[place].start + 1]) for place in alike])
        for place in alike:
            take = takes[place]
            end = joint_positions(controls[take.stop - 2])
            distance = np.linalg.norm(starts - end, axis=-1).max(axis=-1)
            partners = np.flatnonzero(distance < JOIN_DISTANCE)
            if len(partners) == 0 or take.stop - take.start < 2 * (JOIN_BLEND + 3):
                continue
            other = alike[int(random.choice(partners))]
            partner = takes[other]
            if partner.stop - partner.start < 2 * (JOIN_BLEND + 3):
                continue
            yield join(controls[take.start : take.stop], controls[partner.start : partner.stop]), place, other


def in_turn(controls: Array, takes: Sequence[Span]) -> Iterator[tuple[Array, str, tuple[str, ...], str]]:
    """Curve, label, captions and id of two different actions in turn, joined where their poses and speeds agree."""
    random = np.random.default_rng(0)
    by_label: dict[str, list[Span]] = defaultdict(list)
    for take in takes:
        if take.stop - take.start >= 2 * (JOIN_BLEND + 3):
            by_label[take.label].append(take)
    labels = sorted(by_label)
    for _ in range(TRIES if len(labels) > 1 else 0):
        first, second = (
            by_label[label][int(random.integers(len(by_label[label])))]
            for label in (labels[i] for i in random.choice(len(labels), size=2, replace=False))
        )
        end = _end_like(controls[first.start : first.stop], controls[second.start + 1])
        if end is None:
            continue
        before = controls[max(first.start, first.start + end - EACH) : first.start + end]
        after = controls[second.start : min(second.stop, second.start + EACH)]
        captions = composed_captions.in_turn(first.label, second.label, random)
        yield join(before, after), f"{first.label}, {second.label}", captions, f"{first.clip_id}, {second.clip_id}"


def _end_like(controls: Array, pose: Array) -> int | None:
    """Where to end a take so that it ends about like ``pose``; None when it never is like that."""
    blend = JOIN_BLEND + 3
    candidates = np.arange(20, len(controls) - blend + 2)  # where the second point of the blend may be
    if len(candidates) == 0:
        return None
    distance = np.linalg.norm(joint_positions(controls[candidates]) - joint_positions(pose), axis=-1).max(axis=-1)
    fits = distance < JOIN_DISTANCE
    fits &= np.abs(controls[candidates, ROOT["speed"].start] - pose[ROOT["speed"].start]) < JOIN_SPEED
    if not fits.any():
        return None
    return int(candidates[np.where(fits, distance, np.inf).argmin()]) - 1 + blend
