"""Request: what is asked of the studio, frozen, JSON in and out.

The command line, and later the page, the HTTP API and the batch engine, all ask with it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from motion.core.errors import BadInput, UnknownName
from motion.formats.presets import chosen

#: Sampling steps: 4 is what the shipped model is made for, 10 is best, 1 and 2 are previews.
STEPS = (1, 2, 4, 10)

#: What may be done with several samples: write all, or the best.
PICKS = ("best",)

#: How sliding feet are cleaned.
FEET = ("auto", "always", "never")

#: Candidates that are drawn for one clip when nothing else is asked for and time allows.
CANDIDATES = 4

MAX_SAMPLES = 64
MAX_BUDGET = 3600.0
MAX_FPS = 240.0
MAX_GUIDANCE = 20.0

#: Most entries of any list.
MAX_ENTRIES = 10_000


@dataclass(frozen=True)
class Request:
    """One order for clips. What directs the motion may be left out and may be combined.

    Attributes:
        prompt: what the person does, in English; beside ``texts`` it holds where none of these does. None where texts,
            parts, keys or clips say enough.
        out: files to write; the suffix picks the format. With several samples, ``clip.glb`` becomes ``clip_0.glb``, ...
        duration: s, 1 to 600; None: as long as the path, the texts or the edited clip need, else 6.
        seed: fixes the result.
        samples: how many different clips.
        pick: ``best`` writes only the best of the samples; None writes all. One sample is the best of ``CANDIDATES``.
        budget: s, about what drawing several candidates for one sample may take on two cores; with 0 there is one.
        steps: sampling steps, one of ``STEPS``; None: as many as the model is made for.
        guidance: how strongly the prompt pulls, or None for the model's own best value.
        fps: frames per second of the files; None: those of the edited clip, else 30.
        body: an SMPL-format body (.npz) or a folder with one, or None for the shipped body.
        model: which weights.
        texts: a timeline of prompts, each ``TEXT@START-END`` in seconds or a JSON object of ``motion.conditions.Text``.
        parts: prompts for some of the body, each ``left_arm: waves`` or ``arms: waves@2-5``.
        speed: m/s over the ground, 0 to 6; or several: (m/s, s) each are a curve, (m/s, s, s) hold from one time to
            another.
        path: a line to follow, (x, z) m each.
        facing: along the path: ``along``, ``free``, or a heading in rad.
        waypoints: places to pass, each (x, z) m, (x, z, s) or (x, z, s or None, heading in rad).
        keyframes: a JSON file of conditions, as ``motion.conditions.kinds`` describes it.
        start_from: a clip file whose last second the result begins with and goes on from.
        edit: a clip file of which only ``edit_span`` (``A-B`` in seconds) or ``edit_parts`` or both are made anew.
        conditions: more of them, as ``motion.conditions`` has them or as JSON objects.
        loop: the end runs into the beginning; the part that loops best is cut out, and repeated where ``duration`` asks
            for more.
        retime: s, in which the finished clip is played: all of it, times of keys too, as much faster or slower.
        in_place: the way over the ground is taken out.
        mirror: the finished clip, its way included, with left and right exchanged.
        feet: how sliding feet are cleaned: ``auto``, ``always`` or ``never``.
        scene: a mesh file of the place (.obj .glb .gltf .ply .stl) in which the person goes from ``start`` to ``goal``.
        start, goal: m, (x, z) on the lowest floor there, or (x, y, z) with the height y of a floor.
        goal_heading: rad, direction to face at the goal; None: as one arrives.
        sit, lie: on which object of the scene to sit or lie down, by its name or its place (x, z); "": the best near
            ``start``. Then ``goal`` may be left out: the clip ends there.
        stay: s that one sits or lies; None: 3, or what ``duration`` leaves.
        scene_up, scene_unit, scene_floor: how the mesh is to be understood, as ``scenes.open_scene`` has it; None:
            detected.
        preset, root_motion, t_pose: bones, root and first frame of .glb, .fbx and .bvh, as ``motion.formats.presets``
            has them; None: SMPL's bones, the way on the hips.
    """

    prompt: str | None
    out: tuple[str, ...]
    duration: float | None = None
    seed: int = 0
    samples: int = 1
    pick: str | None = None
    budget: float = 1.5
    steps: int | None = None
    guidance: float | None = None
    fps: float | None = None
    body: str | None = None
    model: str = "stride-nc"
    texts: tuple[str | Mapping[str, Any], ...] = ()
    parts: tuple[str, ...] = ()
    speed: float | tuple[tuple[float, ...], ...] | None = None
    path: tuple[tuple[float, ...], ...] = ()
    facing: str | float = "along"
    waypoints: tuple[tuple[float | None, ...], ...] = ()
    keyframes: str | None = None
    start_from: str | None = None
    edit: str | None = None
    edit_span: str | None = None
    edit_parts: tuple[str, ...] = ()
    conditions: tuple[Any, ...] = ()
    loop: bool = False
    retime: float | None = None
    in_place: bool = False
    mirror: bool = False
    feet: str = "auto"
    scene: str | None = None
    start: tuple[float, ...] | None = None
    goal: tuple[float, ...] | None = None
    goal_heading: float | None = None
    sit: str | tuple[float, ...] | None = None
    lie: str | tuple[float, ...] | None = None
    stay: float | None = None
    scene_up: str | None = None
    scene_unit: str | None = None
    scene_floor: float | None = None
    preset: str | None = None
    root_motion: str | None = None
    t_pose: bool = False

    def __post_init__(self) -> None:
        self._check_files()
        self._check_sampling()
        self._check_directions()
        self._check_scene()

    def _check_files(self) -> None:
        for name in TEXTS:
            if getattr(self, name) is not None:
                _text(name, getattr(self, name))
        _text("model", self.model)
        if isinstance(self.out, str) or not self.out or not all(isinstance(name, str) for name in self.out):
            raise BadInput("out must name one or more files, such as clip.glb")
        object.__setattr__(self, "out", tuple(self.out))
        chosen(self.preset, self.root_motion, bool(self.t_pose))
        if len(set(self.out)) != len(self.out):
            raise BadInput(f"out names a file twice: {', '.join(self.out)}")

    def _check_sampling(self) -> None:
        if self.duration is not None:
            _number("duration", self.duration)
        _whole("seed", self.seed)
        if not 1 <= _whole("samples", self.samples) <= MAX_SAMPLES:
            raise BadInput(f"samples must be 1 to {MAX_SAMPLES}, got {self.samples}")
        if self.pick is not None and self.pick not in PICKS:
            raise BadInput(f"pick must be {' or '.join(PICKS)}, got {self.pick!r}")
        if not 0 <= _number("budget", self.budget) <= MAX_BUDGET:
            raise BadInput(f"budget must be 0 to {MAX_BUDGET:g} s, got {self.budget:g}")
        if self.steps is not None and _whole("steps", self.steps) not in STEPS:
            raise BadInput(f"steps must be one of {', '.join(map(str, STEPS))}, got {self.steps}")
        if self.guidance is not None and not 0 <= _number("guidance", self.guidance) <= MAX_GUIDANCE:
            raise BadInput(f"guidance must be 0 to {MAX_GUIDANCE:g}, got {self.guidance:g}")
        if self.fps is not None and not 1 <= _number("fps", self.fps) <= MAX_FPS:
            raise BadInput(f"fps must be 1 to {MAX_FPS:g}, got {self.fps:g}")

    def _check_directions(self) -> None:
        if self.retime is not None:
            _number("retime", self.retime)
        self._check_speed()
        for one in _list("texts", self):
            if not isinstance(one, str | Mapping):
                raise BadInput(f"each of texts must be TEXT@START-END or a JSON object, got {one!r:.60}")
        object.__setattr__(self, "texts", tuple(self.texts))
        for name in ("parts", "edit_parts"):
            object.__setattr__(self, name, tuple(_text(f"each of {name}", one) for one in _list(name, self)))
        for name, sizes in (("path", (2,)), ("waypoints", (2, 3, 4))):
            object.__setattr__(self, name, tuple(_place(name, one, sizes) for one in _list(name, self)))
        object.__setattr__(self, "conditions", tuple(_list("conditions", self)))
        for name in ("loop", "in_place", "mirror", "t_pose"):
            if not isinstance(getattr(self, name), bool):
                raise BadInput(f"{name} must be true or false, got {getattr(self, name)!r:.60}")
        if self.feet not in FEET:
            raise BadInput(f"feet must be one of {', '.join(FEET)}, got {self.feet!r:.60}")
        if not isinstance(self.facing, str):
            _number("facing", self.facing)
        if self.facing != "along" and not self.path:
            raise BadInput("facing says how the person is turned on a path; path must be given too")
        if self.edit is None and (self.edit_span is not None or self.edit_parts):
            raise BadInput("edit_span and edit_parts say what of a clip is made anew; edit must name its file")
        if self.prompt is None and not any(getattr(self, name) for name in WITHOUT_PROMPT):
            raise BadInput("a prompt is needed; say what the person does, such as 'a person walks forward'")

    def _check_scene(self) -> None:
        if self.scene is None:
            for name in IN_SCENES:
                if getattr(self, name) is not None:
                    raise BadInput(f"{name} is told of a place; scene must name its mesh, such as room.glb")
            return
        self._check_rest()
        for name in ("start", "goal"):
            if getattr(self, name) is None:
                if name == "goal" and (self.sit is not None or self.lie is not None):
                    continue
                raise BadInput(f"in a scene somebody goes from start to goal; {name} is missing, such as [1.5, 2]")
            object.__setattr__(self, name, _place(name, getattr(self, name), (2, 3), "[x, z] or [x, y, z]"))
        for name in ("goal_heading", "scene_floor"):
            if getattr(self, name) is not None:
                _number(name, getattr(self, name))

    def _check_rest(self) -> None:
        for name in ("sit", "lie"):
            value = getattr(self, name)
            if value is not None and not isinstance(value, str):
                object.__setattr__(self, name, _place(name, value, (2,), "the name of an object or [x, z]"))
        if self.sit is not None and self.lie is not None:
            raise BadInput("one sits or lies; sit and lie cannot be asked for together")
        if self.stay is not None:
            if self.sit is None and self.lie is None:
                raise BadInput("stay says how long one sits or lies; sit or lie must be asked for too")
            if not 0.0 <= _number("stay", self.stay) <= MAX_STAY:
                raise BadInput(f"stay must be 0 to {MAX_STAY:g} s, got {self.stay:g}")

    def _check_speed(self) -> None:
        if self.speed is None or isinstance(self.speed, int | float | str):
            if self.speed is not None:
                _number("speed", self.speed)
            return
        for one in _list("speed", self):
            if isinstance(one, str) or not isinstance(one, Sequence) or len(one) not in (2, 3):
                raise BadInput(f"each entry of speed must be [m/s, s] or [m/s, s, s], got {one!r:.60}")
        numbers = (tuple(float(_number("each number of speed", x)) for x in one) for one in self.speed)
        object.__setattr__(self, "speed", tuple(numbers) or None)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Request:
        """A request from a JSON object; raises ``UnknownName`` or ``BadInput`` for what does not belong."""
        if not isinstance(data, Mapping):
            raise BadInput(f"a request must be a JSON object, got {data!r:.60}")
        known = {entry.name: entry for entry in fields(cls)}
        for name in data:
            if name not in known:
                raise UnknownName("request field", str(name), known)
        if "out" not in data:
            raise BadInput("a request needs out")
        return cls(**{"prompt": None, **data})

    def to_json(self) -> dict[str, Any]:
        """A JSON object from which ``from_json`` makes an equal request; raises if a condition's clip has no file."""
        return {entry.name: _plain(getattr(self, entry.name)) for entry in fields(self)}


#: Fields that are text or None.
TEXTS = (
    "prompt", "body", "keyframes", "start_from", "edit", "edit_span", "preset", "root_motion", "scene", "scene_up",
    "scene_unit",
)  # fmt: skip

#: Fields that mean something in a scene only.
IN_SCENES = (
    "start", "goal", "goal_heading", "scene_up", "scene_unit", "scene_floor", "sit", "lie", "stay",
)  # fmt: skip

#: Longest stay on a seat, in seconds.
MAX_STAY = 500.0

#: Any of these says enough without a prompt.
WITHOUT_PROMPT = ("texts", "parts", "keyframes", "start_from", "edit", "conditions")


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return value.to_json() if hasattr(value, "to_json") else value


def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise BadInput(f"{name} must be text, got {value!r:.60}")
    return value


def _number(name: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise BadInput(f"{name} must be a number, got {value!r:.60}")
    return value


def _whole(name: str, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise BadInput(f"{name} must be a whole number, got {value!r:.60}")
    return value


def _list(name: str, request: Request) -> Sequence[Any]:
    value = getattr(request, name)
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise BadInput(f"{name} must be a list, got {value!r:.60}")
    if len(value) > MAX_ENTRIES:
        raise BadInput(f"{name} may have {MAX_ENTRIES} entries, got {len(value)}")
    return value


def _place(name: str, value: object, sizes: tuple[int, ...], form: str | None = None) -> tuple[float | None, ...]:
    if isinstance(value, str) or not isinstance(value, Sequence) or len(value) not in sizes:
        if form is None:
            form = "[x, z]" if sizes == (2,) else "[x, z], [x, z, seconds] or [x, z, seconds or null, heading]"
            name = f"each entry of {name}"
        raise BadInput(f"{name} must be {form}, got {value!r:.60}")
    none_at = 2 if len(value) == 4 else None  # a waypoint may have a heading and no time
    return tuple(
        None if one is None and at == none_at else float(_number(f"each number of {name}", one))
        for at, one in enumerate(value)
    )
