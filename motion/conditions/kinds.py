"""The kinds of conditions by their names in JSON, and the reading of lists of them, such as a file of keyframes.

A file of keyframes is a JSON list of objects (or an object whose ``conditions`` is that list). ``kind`` says which
condition an object is; times are in seconds, places in metres (Y up; on the ground x and z), angles in radians; what is
in brackets may be left out::

    {"kind": "pose", "time": 2.0, "clip": "kick.bvh", "frame": 12, ["placed": false, "hard": true,
     "moving": true]}
    {"kind": "pose", "time": 2.0, "joint_rotation": [24 x 3 x 3], "root_position": [x, y, z], ["placed", "hard"]}
    {"kind": "reach", "time": 3.5, "what": "left_hand", "position": [x, y, z], ["rotation": [3 x 3], "hard": true]}
    {"kind": "waypoints", "waypoints": [{"position": [x, z], ["time": 1.0, "heading": 0.0]}, ...]}
    {"kind": "path", "points": [[x, z], ...], ["start": 0.0, "end": null, "facing": "along", "times": [s, ...]]}
    {"kind": "speed", "value": 1.2, ["start": 0.0, "end": null]}
    {"kind": "speed", "times": [s, ...], "values": [m/s, ...], ["start", "end"]}
    {"kind": "text", "prompt": "waves", ["start": 0.0, "end": null, "parts": ["left_arm"]]}
    {"kind": "prefix", "clip": "walk.glb", ["seconds": 1.0]}
    {"kind": "keep", "clip": "walk.glb", ["start": 0.0, "end": null, "parts": ["left_arm"]]}
    {"kind": "loop", ["seconds": 6.0]}
    {"kind": "act", "clip": "sits.glb", ["start": 2.0, "floor": 0.0, "rest": 1.5]}

``clip`` is a file; whoever reads the list passes the function that loads it. A hand is where its wrist is, a foot where
its ankle is; a path's ``facing`` is ``along``, ``free`` or an angle. A pose that is not ``placed`` tells posture and
height only, not where the person stands or which way it faces; a ``moving`` one is passed as in its clip, not held.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from motion.conditions.act import Act
from motion.conditions.checked import Load, sequence, word
from motion.conditions.keep import Keep
from motion.conditions.loop import Loop
from motion.conditions.path import Path
from motion.conditions.pose import Pose
from motion.conditions.prefix import Prefix
from motion.conditions.reach import Reach
from motion.conditions.speed import Speed
from motion.conditions.text import Text
from motion.conditions.waypoints import Waypoints
from motion.core.errors import BadInput, UnknownName

#: What may be asked of a clip; each kind is a frozen class of its own file.
Condition = Text | Speed | Path | Waypoints | Pose | Reach | Prefix | Keep | Loop | Act

#: Every kind by its name. What is known of a clip is written in this order: where two tell the same, the later counts.
CONDITIONS: dict[str, type[Condition]] = {
    "text": Text, "speed": Speed, "loop": Loop, "keep": Keep, "prefix": Prefix, "path": Path, "waypoints": Waypoints,
    "pose": Pose, "reach": Reach, "act": Act,
}  # fmt: skip

#: Most conditions of one timeline.
MAX_CONDITIONS = 1000


def condition_from_json(data: Any, load: Load | None = None) -> Condition:
    """One condition from a JSON object; ``load`` reads the clips that objects name.

    Raises:
        MotionError: what is not as it should be; also whatever ``load`` raises.
    """
    if not isinstance(data, Mapping) or "kind" not in data:
        raise BadInput(f'a condition must be a JSON object with a "kind" ({", ".join(CONDITIONS)}), got {data!r:.60}')
    kind = word("a condition's kind", data["kind"])
    if kind not in CONDITIONS:
        raise UnknownName("kind of condition", kind, CONDITIONS)
    return CONDITIONS[kind].from_json(data, load)


def conditions_from_json(data: Any, load: Load | None = None) -> tuple[Condition, ...]:
    """Conditions from a JSON list, or from an object that holds one as ``conditions``; raises like the single one."""
    if isinstance(data, Mapping):
        if list(data) != ["conditions"]:
            raise BadInput('a file of conditions holds a list, or an object with nothing but "conditions"')
        data = data["conditions"]
    return tuple(condition_from_json(entry, load) for entry in sequence("conditions", data, MAX_CONDITIONS))
