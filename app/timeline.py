"""From a request to the timeline it comes to; what cannot be is refused here, before any model is loaded."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain

import numpy as np

from app import directions
from app.on_the_way import on_the_way
from app.places import Going
from app.request import Request
from motion.conditions import (
    Condition,
    Keep,
    Loop,
    Path,
    Pose,
    Prefix,
    Reach,
    Speed,
    Text,
    Timeline,
    Waypoints,
    condition_from_json,
)  # fmt: skip
from motion.conditions.possible import check
from motion.conditions.timeline import MAX_DURATION, MIN_DURATION
from motion.core import BadInput, Motion, Skeleton, Waypoint
from motion.core.axes import ground
from motion.formats import load
from motion.refine.playback import check_stretch

#: Seconds of a clip of which nothing tells the duration.
DURATION = 6.0

#: m/s at which a path or a way is gone when neither speed nor duration is given: a walk.
WALK = 1.2

#: Frame rate when neither a request nor an edited clip tells another.
FPS = 30.0

#: Seconds that a clip goes on after its last key, and that a prompt must last between two others.
ROOM = 0.5


def timeline_of(request: Request, skeleton: Skeleton, usual: float = DURATION, going: Going | None = None) -> Timeline:
    """Everything that the request asks of the motion.

    Args:
        request: what is asked.
        skeleton: the body's, for what it can reach and for clips in files that carry no skeleton.
        usual: seconds of a clip of which nothing tells the duration.
        going: the way planned in the request's scene, or None where it names none.

    Raises:
        MotionError: a file that cannot be read, a text that cannot be understood, something that is impossible.
    """

    def read(name: str) -> Motion:
        return load(name, skeleton=skeleton)

    prompt = request.prompt
    if prompt is not None and going is not None and going.seat is not None:
        prompt = on_the_way(prompt)
    whole = () if prompt is None else (Text(prompt),)
    asked = tuple(chain(_of_clips(request, read), _of_keys(request, skeleton, read), _of_texts(request)))
    if going is None:
        asked += _of_ways(request, next((one for one in asked if isinstance(one, Prefix)), None))
    else:
        asked += going.conditions
    duration = float(duration_of((*whole, *asked), usual) if request.duration is None else request.duration)
    if request.duration is None and duration > MAX_DURATION:
        raise BadInput(
            f"what is asked takes {duration:.0f} s and a clip lasts at most {MAX_DURATION:g}; go faster, or less far"
        )
    timed = tuple(one for one in asked if isinstance(one, Text) and not one.parts)
    rest = tuple(one for text in whole for one in _between(text, timed, duration))
    timeline = Timeline(duration, (*rest, *asked), request.seed)
    timeline.observe(1.0, skeleton)  # refuses poses and clips of another skeleton
    check(timeline, skeleton)
    if request.retime is not None:
        check_stretch(duration, request.retime, fps_of(request, timeline))
    return timeline


def fps_of(request: Request, timeline: Timeline) -> float:
    """Frames per second of the clips: an edited clip keeps its own, so that what is kept stays to the last bit."""
    own = next((one.clip.fps for one in timeline.conditions if isinstance(one, Keep)), FPS)
    return own if request.fps is None else request.fps


def main_prompt(request: Request, timeline: Timeline) -> str | None:
    """The sentence a whole clip is compared with: the request's own, else the longest text of the whole body.

    None where nothing is said.
    """
    if request.prompt is not None or not timeline.texts:
        return request.prompt

    def weight(text: Text) -> tuple[bool, float]:
        end = timeline.duration if text.end is None else text.end
        return not text.parts, end - text.start

    return max(timeline.texts, key=weight).prompt


def duration_of(asked: tuple[Condition, ...], usual: float = DURATION) -> float:
    """Seconds that the conditions need: to the end of a way at the speed asked for, or at a walk; else ``usual``."""
    speeds = tuple(one for one in asked if isinstance(one, Speed)) or (Speed.constant(WALK),)
    ways, ends = [], []
    for one in asked:
        if isinstance(one, Path):
            ways.append(float(one.followed(MAX_DURATION, speeds)[0][-1]) if one.end is None else one.end)
        elif isinstance(one, Waypoints):
            ways.append(float(one.times(MAX_DURATION, speeds)[-1]))
        elif isinstance(one, Keep):
            ways.append(one.clip.duration)
        elif isinstance(one, Pose | Reach):
            ends.append(one.time + ROOM)
        else:
            end = one.times[-1] if isinstance(one, Speed) and one.times else one.span()[1]
            ends += [] if end is None else [end]
    spoken = [one for one in asked if isinstance(one, Text)]
    told = bool(ways) or (bool(spoken) and all(one.end is not None for one in spoken))
    return max([*ways, *ends, MIN_DURATION if told else usual])


def _of_clips(request: Request, read: directions.Read) -> list[Condition]:
    found: list[Condition] = []
    if request.edit is not None:
        start, end = (0.0, None) if request.edit_span is None else directions.span(request.edit_span)
        clip = read(request.edit)
        if start >= clip.duration:
            raise BadInput(f"the span {request.edit_span} begins after the end of {request.edit}, {clip.duration:g} s")
        found.append(Keep(clip, start, end, directions.parts(request.edit_parts), request.edit))
    if request.start_from is not None:
        found.append(Prefix(read(request.start_from), file=request.start_from))
    return found


def _of_keys(request: Request, skeleton: Skeleton, read: directions.Read) -> list[Condition]:
    keys = [] if request.keyframes is None else list(directions.keyframes(request.keyframes, skeleton))
    given = [one if isinstance(one, Condition) else condition_from_json(one, read) for one in request.conditions]
    return [*keys, *given, *([Loop(request.duration)] if request.loop else [])]


def _of_texts(request: Request) -> list[Condition]:
    texts = [directions.timed_text(one) if isinstance(one, str) else Text.from_json(one) for one in request.texts]
    return [*texts, *map(directions.part_text, request.parts)]


def _of_ways(request: Request, prefix: Prefix | None) -> tuple[Condition, ...]:
    """Speed, path and waypoints; after a clip that is continued, and with the time it takes to their first place."""
    begin = 0.0 if prefix is None else prefix.length
    speeds = _speeds(request, begin)
    if (request.path or request.waypoints) and speeds and not any(any(one.values) for one in speeds):
        raise BadInput(f"at 0 m/s nobody gets anywhere; leave the speed out, or ask for more, such as {WALK:g} m/s")

    def at_first(first: tuple[float | None, ...]) -> float:
        place = np.array(first[:2], dtype=float)
        apart = 0.0 if prefix is None else np.linalg.norm(ground(prefix.clip.root_position[-1]) - place)
        goes = next((float(one.at(begin)) for one in speeds), 0.0)
        time = begin + float(apart) / (goes or WALK)
        if request.duration is not None and time >= request.duration:
            raise BadInput(
                f"({place[0]:g}, {place[1]:g}) is {apart:.1f} m from where {request.start_from} ends and reached at "
                f"{time:.1f} s; begin nearer, go faster, or ask for a clip of more than {time:.1f} s"
            )
        return time

    found: list[Condition] = [*speeds]
    if request.path:
        found.append(Path(np.array(request.path), at_first(request.path[0]), facing=request.facing))
    if request.waypoints:
        first, *others = (Waypoint(np.array(one[:2], dtype=float), *one[2:]) for one in request.waypoints)
        if first.time is None and prefix is not None:
            first = replace(first, time=at_first(request.waypoints[0]))
        found.append(Waypoints((first, *others)))
    return tuple(found)


def _speeds(request: Request, begin: float) -> list[Speed]:
    """One speed from ``begin`` s on; or the curve through all that have one time, and the spans of the others."""
    if request.speed is None or isinstance(request.speed, int | float):
        return [] if request.speed is None else [Speed.constant(request.speed, begin)]
    points = sorted((one for one in request.speed if len(one) == 2), key=lambda one: one[1])
    curve = [Speed(tuple(v for v, _ in points), tuple(t for _, t in points), begin)] if points else []
    return [*curve, *(Speed.constant(*one) for one in request.speed if len(one) == 3)]


def _between(text: Text, timed: tuple[Text, ...], duration: float) -> list[Text]:
    """The text where none of those with a time holds; all of the clip where there are none."""
    pieces, at = [], 0.0
    for other in sorted(timed, key=lambda one: one.start):
        if other.start - at >= ROOM:
            pieces.append(replace(text, start=at, end=other.start))
        at = max(at, duration if other.end is None else other.end)
    return [*pieces, *([replace(text, start=at)] if duration - at >= ROOM or not timed else [])]
