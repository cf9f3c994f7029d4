"""Forecast or recorded ways as walking people: generated, measured against their ways, written as .glb."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from motion.body import default_body
from motion.core.axes import ground
from motion.core.clip import Motion
from motion.core.errors import BadInput
from motion.core.progress import Progress, silent
from motion.forecasting.futures import Futures, present
from motion.forecasting.people import Way, timeline_of
from motion.forecasting.track_files.sightings import MAX_GAP, Sightings
from motion.forecasting.watching import Watched
from motion.formats import save
from motion.formats.crowd import Person, write_crowd
from motion.metrics.physical import foot_skate_ratio

#: Sampling steps, and how many clips are drawn of each person for the best of them.
STEPS, CANDIDATES, FPS = 4, 4, 30.0


def ways_of_futures(watched: Watched, futures: Futures, which: str = "best") -> list[Way]:
    """From where everybody is now along their best forecasts, their likeliest future, or the one of a number from 1.

    The likeliest are those of one scene where the samples are of scenes. Raises ``BadInput`` for another word.
    """
    samples = futures.positions.shape[1]
    if which == "best":
        lines = futures.best
    elif which == "likeliest":
        lines = futures.most_probable if futures.joint is None else futures.positions[:, int(np.argmax(futures.joint))]
    elif which.isdecimal() and 1 <= int(which) <= samples:
        lines = futures.positions[:, int(which) - 1]
    else:
        raise BadInput(f"--future takes best, likeliest, or a number from 1 to {samples}; got {which[:40]!r}")
    here = watched.tracks.positions[present(watched.tracks), -1]
    times = np.append(futures.start, futures.times)
    return [
        Way(name, times, np.vstack([here[row], lines[row]])) for row, name in enumerate(futures.ids)
    ]  # fmt: skip


def ways_of_record(seen: Sightings) -> list[Way]:
    """Everybody's sights; whoever was out of sight for long comes as two people."""
    ways = []
    for index, name in enumerate(seen.ids):
        rows = seen.person == index
        times, places = seen.time[rows], seen.position[rows]
        cuts = np.flatnonzero(np.diff(times) > MAX_GAP) + 1
        for number, (moments, line) in enumerate(zip(np.split(times, cuts), np.split(places, cuts), strict=True)):
            ways.append(Way(name if not number else f"{name}-{number + 1}", moments, line))
    return ways


def animate(
    ways: Sequence[Way], out: str, *, model: str, seed: int, most: int, one_each: bool, progress: Progress = silent
) -> dict[str, Any]:
    """Write people who walk their ways; those of longest duration when there are more than ``most``.

    Returns what ``--json`` prints: files, people with their errors and foot skate, who was left out and why.
    Raises ``BadInput`` when nobody can be animated.
    """
    from motion.generation import generate, load_for_steps  # brings PyTorch
    from motion.understanding.verifier import best, verify

    if most < 1:
        raise BadInput(f"--most must be at least 1, got {most}")
    began = time.perf_counter()
    left_out = {way.name: reason for way in ways if (reason := way.reason_against())}
    able = [way for way in ways if way.name not in left_out]
    chosen = sorted(sorted(able, key=lambda way: -way.duration)[:most], key=lambda way: way.start)
    if not chosen:
        raise BadInput(f"nobody can be animated: person {next(iter(left_out))} {next(iter(left_out.values()))}")
    left_out |= {way.name: f"was left out, --most is {most}" for way in able if way not in chosen}
    body, generator = default_body(), load_for_steps(model, STEPS)
    people: list[Person] = []
    told: list[dict[str, Any]] = []
    middle = np.mean([way.places.mean(axis=0) for way in chosen], axis=0)
    for number, way in enumerate(chosen):
        progress("people", number / len(chosen))
        x, z = middle - way.places.mean(axis=0)
        timeline = timeline_of(way, generator.skeleton, (seed + number) % 2**63, float(np.arctan2(x, z)))
        made = generate(timeline, generator, samples=CANDIDATES, steps=STEPS, fps=FPS)
        clips = [one.clip for one in made]
        clip = clips[best(verify(clips, timeline.texts[0].prompt))]
        people.append(Person(way.name, clip, way.start))
        told.append({"id": way.name, "start_s": way.start, "duration_s": clip.duration, **measured(clip, way)})
    progress("people", 1.0)
    record = {"made_by": "stride forecast --animate", "model": dict(generator.info), "seed": seed, "steps": STEPS}
    files = _write(people, out, one_each, body, record)
    errors = [one["path_error_m"] for one in told]
    skate = float(np.mean([one["foot_skate_ratio"] for one in told]))
    seconds = time.perf_counter() - began
    said = f"{len(people)} people in {seconds:.0f} s; at most {100 * max(errors):.1f} cm off, foot skate {skate:.2f}"
    return {
        "people_files": files, "walkers": told, "left_out": left_out, "path_error_m": max(errors),
        "foot_skate_ratio": skate, "seconds_animation": seconds,
        "animated": [said, *(f"left out: {name} {reason}" for name, reason in left_out.items())],
    }  # fmt: skip


def measured(clip: Motion, way: Way) -> dict[str, float]:
    """How far the root is from the way at its times, at most, in metres; and the foot skate ratio."""
    frames = (way.times - way.start) * clip.fps
    inside = frames <= clip.num_frames - 1 + 1e-6
    root = ground(clip.root_position)
    there = np.stack([np.interp(frames[inside], np.arange(len(root)), column) for column in root.T], axis=-1)
    off = np.linalg.norm(there - way.places[inside], axis=-1)
    return {"path_error_m": float(off.max()), "foot_skate_ratio": float(foot_skate_ratio(clip))}


def _write(people: Sequence[Person], out: str, one_each: bool, body: Any, record: dict[str, Any]) -> list[str]:
    """One file for all, or one for each."""
    if not one_each:
        write_crowd(people, out, skin=body.skin(), provenance=record)
        return [out]
    files = []
    for one in people:
        safe = "".join(sign if sign.isalnum() or sign in "-_" else "_" for sign in one.name)[:40]
        path = Path(out).with_name(f"{Path(out).stem}-{safe}.glb")
        files.append(str(save(one.clip, path, skin=body.skin(), provenance={**record, "start_s": one.start})))
    return files
