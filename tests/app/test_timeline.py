"""From a request to its timeline: conditions, durations, and what is refused in one line."""

from __future__ import annotations

import json
from pathlib import Path as File
from typing import Any

import numpy as np
import pytest

from app.request import Request
from app.timeline import DURATION, ROOM, WALK, fps_of, main_prompt, timeline_of
from helpers import walking_clip
from motion.body import default_body
from motion.conditions import Keep, Loop, Path, Pose, Prefix, Speed, Text, Timeline, Waypoints
from motion.core import Motion, MotionError, Skeleton
from motion.core.axes import ground
from motion.formats import save


@pytest.fixture(scope="module")
def skeleton() -> Skeleton:
    return default_body().skeleton()


@pytest.fixture(scope="module")
def clip_file(tmp_path_factory: pytest.TempPathFactory, skeleton: Skeleton) -> str:
    clip = walking_clip(seconds=3.0, fps=50.0, skeleton=skeleton)
    return str(save(clip, tmp_path_factory.mktemp("clips") / "walk.npz"))


def asked(skeleton: Skeleton, prompt: str | None = "a person walks", **given: Any) -> Timeline:
    return timeline_of(Request(prompt, ("a.glb",), **given), skeleton)


def only(timeline: Timeline, kind: type) -> Any:
    (found,) = [one for one in timeline.conditions if isinstance(one, kind)]
    return found


def test_a_prompt_alone_is_a_text_of_six_seconds(skeleton: Skeleton) -> None:
    assert asked(skeleton, seed=3) == Timeline(DURATION, (Text("a person walks"),), 3)


def test_a_path_takes_as_long_as_it_is_walked(skeleton: Skeleton) -> None:
    line = ((0.0, 0.0), (0.0, 6.0))
    assert asked(skeleton, path=line).duration == pytest.approx(6.0 / WALK, abs=0.03)
    assert asked(skeleton, path=line, speed=2.0).duration == pytest.approx(3.0, abs=0.03)
    timeline = asked(skeleton, path=line, duration=4.0, facing=0.5)
    assert timeline.duration == 4.0
    assert only(timeline, Path).facing == 0.5
    assert not timeline.speeds


def test_speed_waypoints_and_loop_become_conditions(skeleton: Skeleton) -> None:
    timeline = asked(skeleton, speed=1.4, waypoints=((0.0, 0.0), (1.0, 2.0, 3.0), (1.0, 4.0)), loop=True)
    assert only(timeline, Speed) == Speed.constant(1.4)
    assert [point.time for point in only(timeline, Waypoints).waypoints] == [None, 3.0, None]
    assert timeline.duration == pytest.approx(3.0 + 2.0 / 1.4, abs=0.03)
    assert only(timeline, Loop) == Loop()


def test_the_prompt_fills_what_the_timeline_leaves(skeleton: Skeleton) -> None:
    timeline = asked(
        skeleton, texts=("waves@2-4", {"prompt": "sits", "start": 5}), parts=("arms: claps@0-1",), duration=8
    )
    assert timeline.texts == (
        Text("a person walks", 0.0, 2.0), Text("claps", 0.0, 1.0, ("left_arm", "right_arm")), Text("waves", 2.0, 4.0),
        Text("a person walks", 4.0, 5.0), Text("sits", 5.0),
    )  # fmt: skip
    assert main_prompt(Request("x", ("a.glb",)), timeline) == "x"


def test_a_timeline_lasts_until_its_last_prompt_ends(skeleton: Skeleton) -> None:
    timeline = asked(skeleton, None, texts=("walks@0-3", "waves@3-8.5"))
    assert timeline.duration == 8.5
    assert main_prompt(Request(None, ("a.glb",), texts=("x",)), timeline) == "waves"
    assert asked(skeleton, None, texts=("walks@0-3", "waves@3-")).duration == DURATION
    assert asked(skeleton, "walks", texts=("waves@2-8",)).texts[-1] == Text("waves", 2.0, 8.0)
    assert asked(skeleton, texts=("walks@0-300", "waves@300-600"), prompt=None).duration == 600.0


def test_without_words_nothing_is_compared(skeleton: Skeleton, clip_file: str) -> None:
    timeline = asked(skeleton, None, start_from=clip_file)
    assert not timeline.texts
    assert main_prompt(Request(None, ("a.glb",), start_from=clip_file), timeline) is None


def test_an_edit_keeps_the_clips_duration_and_frame_rate(skeleton: Skeleton, clip_file: str) -> None:
    request = Request("waves", ("a.glb",), edit=clip_file, edit_span="1-2", edit_parts=("arms", "torso+left_arm"))
    timeline = timeline_of(request, skeleton)
    keep = only(timeline, Keep)
    assert (keep.start, keep.end, keep.parts, keep.file) == (1.0, 2.0, ("torso", "left_arm", "right_arm"), clip_file)
    assert timeline.duration == pytest.approx(3.0)
    assert fps_of(request, timeline) == 50.0
    assert fps_of(Request("waves", ("a.glb",)), asked(skeleton)) == 30.0
    assert fps_of(Request("waves", ("a.glb",), fps=24.0), timeline) == 24.0


def test_a_continued_clip_comes_first_and_the_way_after_it(skeleton: Skeleton, clip_file: str) -> None:
    timeline = asked(skeleton, start_from=clip_file, speed=1.0, path=((0.0, 4.0), (3.0, 4.0)))
    prefix, path = only(timeline, Prefix), only(timeline, Path)
    assert only(timeline, Speed).start == prefix.length == 1.0
    apart = np.linalg.norm(ground(prefix.clip.root_position[-1]) - [0.0, 4.0])
    assert path.start == pytest.approx(1.0 + apart)
    assert timeline.duration == pytest.approx(path.start + 3.0, abs=0.03)
    way = asked(skeleton, start_from=clip_file, speed=1.0, waypoints=((0.0, 4.0), (3.0, 4.0)))
    assert only(way, Waypoints).waypoints[0].time == pytest.approx(path.start)


def test_keys_come_from_files_and_from_the_request(skeleton: Skeleton, clip_file: str, tmp_path: File) -> None:
    file = tmp_path / "keys.json"
    file.write_text(json.dumps([{"kind": "pose", "time": 8.0, "clip": clip_file, "frame": 10}]))
    reach = {"kind": "reach", "time": 2.0, "what": "left_hand", "position": [0.2, 1.2, 0.3]}
    timeline = asked(skeleton, keyframes=str(file), conditions=(reach, Speed.constant(1.0)))
    assert only(timeline, Pose).time == 8.0
    assert timeline.duration == 8.0 + ROOM
    assert timeline.speeds == (Speed.constant(1.0),)


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "speed out of range": ({"speed": 9.0}, "speed must be 0 to 6 m/s, got 9"),
    "negative speed": ({"speed": -1.0}, "speed must be 0 to 6"),
    "a path of one point": ({"path": [[0, 0]]}, "two or more points"),
    "an odd facing": ({"path": [[0, 0], [0, 3]], "facing": "up"}, "'along', 'free' or an angle"),
    "a path too long": ({"path": [[0, 0], [0, 90]], "duration": 3}, "at most"),
    "a path too long for its speed": ({"path": [[0, 0], [0, 9]], "duration": 3, "speed": 1.0}, "nearest are 9.0 s"),
    "waypoints too far apart": ({"waypoints": [[0, 0, 0], [0, 10, 1]]}, "at most 7 m/s"),
    "a waypoint past the end": ({"waypoints": [[0, 0, 0], [0, 3, 9]], "duration": 4}, "or a clip of 9 s"),
    "a way at no speed": ({"waypoints": [[0, 0], [0, 3]], "speed": 0.0}, "at 0 m/s nobody gets anywhere"),
    "a way at hardly any speed": ({"waypoints": [[0, 0], [0, 9]], "speed": 0.01}, "takes 900 s"),
    "a speed past the end": ({"speed": [[1.0, 0.0], [2.0, 9.0]], "duration": 6}, "or a clip of 9 s"),
    "a speed that jumps": ({"speed": [[0.5, 0.0], [6.0, 0.2]]}, "0.69 s for it"),
    "a turn in no time": (
        {"waypoints": [[0, 0, 0, 0], [0, 0.1, 0.1, 3.1]]}, "at most 720 degrees a second are possible: 0.25 s",
    ),
    "a speed beside other times": ({"waypoints": [[0, 0, 0], [0, 3, 5]], "speed": 3.0}, "ask for 0.60 m/s"),
    "a way that begins far off": (
        {"start_from": "{clip}", "path": [[50, 0], [55, 0]], "duration": 4}, "begin nearer, go faster",
    ),
    "a span of what is over": ({"edit": "{clip}", "edit_span": "5-9"}, "begins after the end"),
    "retimed too far": ({"retime": 100.0}, "retimed to 1.50 to 24.00 s"),
    "waypoints out of order": ({"waypoints": [[0, 0, 3], [0, 3, 1]]}, "later than the one before"),
    "no keyframes": ({"keyframes": "none.json"}, "none.json: no such file"),
    "no clip to go on from": ({"start_from": "none.npz"}, "none.npz: no such file"),
    "no clip to edit": ({"edit": "none.npz", "edit_span": "1-2"}, "none.npz: no such file"),
    "an edit of nothing": ({"edit": "{clip}"}, "a range of time or body parts"),
    "a bad span": ({"edit": "{clip}", "edit_span": "soon"}, "START-END"),
    "a span that ends before it starts": ({"edit": "{clip}", "edit_span": "2-1"}, "end after it starts"),
    "a part to edit that nobody has": ({"edit": "{clip}", "edit_parts": ["tail"]}, "body part 'tail'"),
    "a part that nobody has": ({"parts": ["left_wing: flaps"]}, "body part 'left_wing'"),
    "a part without a text": ({"parts": ["left_arm"]}, "PART: TEXT"),
    "a bad time": ({"texts": ["waves@2to5"]}, "TEXT@START-END"),
    "a text past the end": ({"texts": ["waves@9-12"], "duration": 5}, "after the clip's 5 s"),
    "an unknown kind": ({"conditions": [{"kind": "fly"}]}, "kind of condition 'fly'"),
    "no condition": ({"conditions": [3]}, "JSON object"),
    "a key past the end": (
        {"conditions": [{"kind": "pose", "time": 9, "clip": "{clip}", "frame": 1}], "duration": 5},
        "after the clip's 5 s",
    ),
    "a hand too far away": (
        {"conditions": [{"kind": "reach", "time": 2, "what": "left_hand", "position": [0, 5, 0]}]}, "nearest possible",
    ),
    "keys that contradict each other": (
        {"conditions": [
            {"kind": "reach", "time": 2, "what": "left_hand", "position": [0, 1, z]} for z in (0.0, 0.5)
        ]},
        "contradict each other",
    ),
    "a key in two places": (
        {"conditions": [{"kind": "pose", "time": 2, "clip": "{clip}", "frame": 0, "placed": True}],
         "path": [[50, 0], [55, 0]]}, "nobody can be at both",
    ),
    "less than the clip that is continued": ({"start_from": "{clip}", "duration": 1.0}, "ask for more than 1 s"),
    "too long": ({"duration": 601}, "duration must be 1 to 600"),
}  # fmt: skip


@pytest.mark.parametrize("case", sorted(REFUSED))
def test_what_cannot_be_is_refused_in_one_line(case: str, skeleton: Skeleton, clip_file: str) -> None:
    given, says = REFUSED[case]
    given = json.loads(json.dumps(given).replace("{clip}", clip_file))
    with pytest.raises(MotionError) as caught:
        asked(skeleton, **given)
    assert says in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


def test_a_clip_of_another_skeleton_is_refused(skeleton: Skeleton, tmp_path: File) -> None:
    three = Skeleton(
        ("hips", "spine", "head"), (-1, 0, 1), np.array([[0.0, 1.0, 0.0], [0.0, 0.3, 0.0], [0.0, 0.3, 0.0]])
    )

    clip = Motion(three, np.zeros((40, 3)), np.tile(np.eye(3), (40, 3, 1, 1)), 30.0)
    file = str(save(clip, tmp_path / "three.bvh"))
    for given in ({"start_from": file}, {"edit": file, "edit_span": "0.2-0.4"},
                  {"conditions": [{"kind": "pose", "time": 1, "clip": file}]}):  # fmt: skip
        with pytest.raises(MotionError, match="joints"):
            asked(skeleton, **given)
