"""Rows about people in places: walking past furniture, sitting and lying on it; DIMOS's published numbers beside."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from app.evaluation.scene_trial import Findings, Prepared, SceneTrial
from app.on_the_way import on_the_way
from app.places import Going, fit, going
from app.visits import visiting
from motion.body import default_body
from motion.conditions import Text, Timeline
from motion.core import Motion
from motion.core.axes import ground
from motion.core.errors import MotionError
from motion.evaluation.sampling import FPS
from motion.evaluation.scorecard import Row
from motion.generation import generate
from motion.metrics.scene import REACHED, collision_frame_ratio, penetration, walkability
from scenes.floor import inside_of
from scenes.rooms import past_things
from scenes.seats import Seat

Array = NDArray[np.floating]

#: What is said of who walks, sits and lies.
_PROMPTS = {"walk": "a person walks", "seat": "a person walks and sits down", "bed": "a person walks and lies down"}

#: Noise of all that is judged here begins with this number; seconds that one stays.
_SEED, _STAY = 60_000, 2.0


@dataclass
class _Numbers:
    """Numbers of clips, by name."""

    of: dict[str, list[float]] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)

    def add(self, **values: object) -> None:
        """Numbers of one clip; what could not be measured is NaN."""
        for name, value in values.items():
            self.of.setdefault(name, []).append(float(value) if isinstance(value, int | float) else float("nan"))

    def mean(self, name: str) -> float:
        """NaN of nothing, so that a bar over nothing fails."""
        return float(np.mean(self.of[name])) if self.of.get(name) else float("nan")

    def worst(self, name: str) -> float:
        return float(np.max(self.of[name])) if self.of.get(name) else float("nan")

    def usual(self, name: str) -> float:
        return float(np.median(self.of[name])) if self.of.get(name) else float("nan")

    def plain(self) -> dict[str, object]:
        return {
            **{name: [round(v, 4) if np.isfinite(v) else None for v in values] for name, values in self.of.items()},
            "failed": self.failed,
        }


def walking_rows(trial: SceneTrial) -> Findings:
    """From one side of a thing to the other, or across a scanned place, and facing somewhere in the end."""
    numbers, body, asked = _Numbers(), default_body(), 0
    for place, start, goal in _ways(trial):
        trial.progress("walking in places", asked / (trial.ways * len(trial.places)))
        asked += 1
        heading = float(np.random.default_rng(_SEED + asked).uniform(-np.pi, np.pi))
        try:
            plan = going(place.scene, start, goal, heading=heading)
            clip, seconds = _made(trial, plan, "walk", asked)
        except MotionError as error:
            numbers.failed.append(f"{place.name}: {error}")
            continue
        told = fit(clip, body, plan)
        inside = walkability(body.vertices(clip), inside_of(place.scene.walkable))
        numbers.add(
            walkable=inside, deep=told["scene_colliding_ratio"], contact=told["scene_contact"],
            goal=told["goal_distance_m"], heading=told["heading_error_rad"], skate=told["scene_foot_skate_m_s"],
            motion=clip.duration, seconds=2 * seconds / clip.duration, longer=_by_way(told),
        )  # fmt: skip
    reached = sum(distance < REACHED for distance in numbers.of.get("goal", [])) / max(asked, 1)
    rows = [
        Row("walking: vertices inside the walkable area", numbers.mean("walkable"), 0.97, least=0.995, unit="%"),
        Row("walking: frames with a vertex deeper than 1 cm", numbers.mean("deep"), None, most=0.02, unit="%"),
        Row("walking: foot contact score", numbers.mean("contact"), 0.99, least=0.99),
        Row("walking: pelvis from the goal", numbers.mean("goal"), None, most=0.05, unit="m"),
        Row(f"walking: within 20 cm of the goal, of {asked}", reached, None, least=0.99, unit="%"),
        Row("walking: heading at the goal, off by", np.degrees(numbers.mean("heading")), None, most=10, unit="degrees"),
        Row("walking: way walked by way planned", numbers.mean("longer"), None),
        Row("walking: feet near the floor slide", 100 * numbers.mean("skate"), None, unit="cm/s"),
        Row("generation in a scene, for each 2 s of motion", numbers.usual("seconds"), None, most=1.0, unit="s"),
    ]
    return Findings(rows, numbers.plain())


def resting_rows(trial: SceneTrial) -> Findings:
    """Walking up to the best seat and the best bed of every drawn room, and staying there."""
    rows, details = [], {}
    for kind, name, published, bars in (
        ("seat", "sitting", (0.97, 1.91, 10.61), (0.97, 1.0, 5.0)),
        ("bed", "lying", (0.78, 9.90, 44.61), (0.88, 5.0, 20.0)),
    ):
        numbers = _Numbers()
        visits = [(place, seat) for place in trial.places for seat in _best(place, kind)]
        for done, (place, seat) in enumerate(visits):
            trial.progress(f"{name} in places", done / len(visits))
            _visit(trial, place, seat, numbers, done)
        contact, total, most = published
        rows += [
            Row(f"{name}: foot contact score", numbers.mean("contact"), contact, least=bars[0]),
            Row(f"{name}: penetration sum, mean", numbers.mean("sum_mean"), total, most=bars[1], unit="m"),
            Row(f"{name}: penetration sum, largest", numbers.worst("sum_max"), most, most=bars[2], unit="m"),
        ]
        if kind == "seat":
            rows += [
                Row("sitting: pelvis from the seat's place", numbers.mean("pelvis"), 0.2, most=0.05, unit="m"),
                Row("sitting: heading off by", np.degrees(numbers.mean("heading")), None, most=8, unit="degrees"),
                Row("sitting: gap to the seat", numbers.mean("gap"), None, most=0.03, unit="m"),
            ]
        rows.append(
            Row(f"{name}: done, of {len(visits)}", 1 - len(numbers.failed) / max(len(visits), 1), None, unit="%")
        )
        details[name] = numbers.plain()
    return Findings(rows, details)


def _visit(trial: SceneTrial, place: Prepared, seat: Seat, numbers: _Numbers, number: int) -> None:
    """One clip of going to a seat or bed and staying there, measured."""
    body = default_body()
    free = place.scene.walkable.points[place.scene.walkable.areas == 0]
    start = free[np.argmin(np.abs(np.linalg.norm(free - seat.approach, axis=-1) - 2.0))]  # two metres away
    try:
        plan = visiting(place.scene, ground(start), seat, stay=_STAY, seed=number)
        clip, seconds = _made(trial, plan, seat.kind, number)
    except MotionError as error:
        numbers.failed.append(f"{place.name}, {seat.name}: {error}")
        return
    surface = body.vertices(clip)
    distances = np.concatenate([plan.place.field.distance(some) for some in np.array_split(surface, len(surface))])
    depth, told = penetration(distances), fit(clip, body, plan)
    numbers.add(
        contact=told["scene_contact"], sum_mean=depth.sum_mean_m, sum_max=depth.sum_max_m,
        deep=collision_frame_ratio(distances), pelvis=told["seat_pelvis_m"], heading=told["seat_heading_error_rad"],
        gap=told["seat_gap_m"], seconds=2 * seconds / clip.duration,
    )  # fmt: skip


def _made(trial: SceneTrial, plan: Going, kind: str, number: int) -> tuple[Motion, float]:
    """A clip of what was planned, and the seconds it took: by the clock, or of the cores where others use them too."""
    timeline = Timeline(plan.duration, (Text(on_the_way(_PROMPTS[kind])), *plan.conditions), _SEED + number)
    generator = trial.generator
    begun = time.perf_counter(), time.process_time()
    made = generate(timeline, generator, samples=1, steps=trial.steps, fps=FPS, place=plan.place)
    return made[0].clip, min(time.perf_counter() - begun[0], time.process_time() - begun[1])


def _ways(trial: SceneTrial) -> list[tuple[Prepared, Array, Array]]:
    """Ways past things, spread over each drawn room, and ways across each scanned place."""
    found = []
    for place in trial.places:
        ways = past_things(place.room, place.scene) if place.room else _across(place, trial.ways)
        for number in np.unique(np.linspace(0, len(ways) - 1, min(trial.ways, len(ways))).astype(int)):
            found.append((place, *ways[number]))
    return found


def _across(place: Prepared, count: int) -> list[tuple[Array, Array]]:
    """Ground positions between which one can walk, drawn by a seed: 1.5 to 6 m apart where there is so much room."""
    walkable, random = place.scene.walkable, np.random.default_rng(_SEED)
    free = ground(walkable.points[walkable.areas == 0])
    ways: list[tuple[Array, Array]] = []
    for start in random.permutation(free)[: 10 * count]:
        apart = np.linalg.norm(free - start, axis=-1)
        goals = free[(apart > 1.5) & (apart < 6.0)]
        if len(goals) and len(ways) < count:
            ways.append((start, random.choice(goals)))
    return ways


def _best(place: Prepared, kind: str) -> Sequence[Seat]:
    """The best seat or bed that was found in a place, if any."""
    return [seat for seat in place.scene.seats if seat.kind == kind][:1]


def _by_way(told: Mapping[str, object]) -> float | None:
    way, wanted = told["realised_way_m"], told["requested_way_m"]
    return way / wanted if isinstance(way, float) and isinstance(wanted, float) and wanted > 0 else None
