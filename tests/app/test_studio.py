"""make(): words in, files and numbers out; nothing is written when something is wrong."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.report import REPORT
from app.request import CANDIDATES, Request
from app.studio import dressed, leg_length, make
from helpers import smpl_skeleton, walking_clip
from motion.body import default_body
from motion.conditions import Text
from motion.core import BadFile, BadInput, MissingDependency, MotionError, UnknownName
from motion.core.axes import ground
from motion.core.progress import Cancelled
from motion.formats import FORMATS, Format, load, save


def ask(folder: Path, **change: Any) -> Request:
    return replace(Request("a person walks", (str(folder / "clip.glb"),), duration=2.0), **change)


def test_every_format_asked_for_is_written(walker: list[dict[str, Any]], tmp_path: Path) -> None:
    out = tuple(str(tmp_path / f"clip{suffix}") for suffix in FORMATS if FORMATS[suffix].read)
    result = make(ask(tmp_path, out=out, fps=24.0, seed=3, steps=4, guidance=2.0))
    assert result.files == out
    assert (result.frames, result.fps, result.duration_s, result.seed) == (48, 24.0, 2.0, 3)
    assert result.model["name"] == "stride-nc"
    assert {"text", "sample", "refine", "export"} <= result.seconds.keys()
    for name in out:
        assert load(name, skeleton=default_body().skeleton()).num_frames == 48
    (call,) = walker
    assert (call["steps"], call["guidance"], call["fps"], call["samples"]) == (4, 2.0, 24.0, CANDIDATES)
    assert call["timeline"].conditions == (Text("a person walks"),)


def test_the_report_has_the_contracts_keys(walker: list[dict[str, Any]], tmp_path: Path) -> None:
    report = make(ask(tmp_path)).to_json()["report"]
    assert set(REPORT) <= report.keys()
    assert 0 <= report["foot_skate_ratio"] < 0.4
    assert report["realised_speed"] > 0.5
    assert report["path_error_m"] is None
    assert report["foot_skate_before"] == 0.2


def test_samples_get_a_number_each(walker: list[dict[str, Any]], tmp_path: Path) -> None:
    result = make(ask(tmp_path, samples=2))
    assert [Path(name).name for name in result.files] == ["clip_0.glb", "clip_1.glb"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["clip_0.glb", "clip_1.glb"]


def test_one_clip_is_the_best_of_several_candidates(walker: list[dict[str, Any]], tmp_path: Path) -> None:
    several = make(ask(tmp_path, samples=4))
    one = make(ask(tmp_path))
    assert (one.candidates, len(one.samples)) == (CANDIDATES, 1)
    similarities = [sample.report["prompt_similarity"] for sample in several.samples]
    chosen = one.samples[0]
    assert chosen.report == several.samples[chosen.number].report
    assert chosen.report["prompt_similarity"] > min(similarities)
    again = make(ask(tmp_path, samples=4, pick="best"))
    assert again.samples == one.samples


def test_without_budget_there_is_one_candidate(walker: list[dict[str, Any]], tmp_path: Path) -> None:
    assert make(ask(tmp_path, budget=0.0)).candidates == 1
    assert walker[-1]["samples"] == 1


def test_a_far_prompt_is_flagged_with_what_is_known(walker: list[dict[str, Any]], tmp_path: Path) -> None:
    near, far = make(ask(tmp_path)), make(ask(tmp_path, prompt="a cello is played"))
    assert near.report["far_from_training"] is False and far.report["far_from_training"] is True
    assert far.known == ("walking", "waving") and far.report["nearest_training_caption"] == "walking"


REFUSED: dict[str, tuple[dict[str, Any], type[MotionError]]] = {
    "empty prompt": ({"prompt": "  "}, BadInput),
    "no duration": ({"duration": 0.0}, BadInput),
    "negative duration": ({"duration": -1.0}, BadInput),
    "endless duration": ({"duration": 1e9}, BadInput),
    "unknown suffix": ({"out": ("clip.xyz",)}, UnknownName),
    "no suffix": ({"out": ("clip",)}, BadFile),
    "missing optional package": ({"out": ("clip.glb", "clip.needy")}, MissingDependency),
    "no folder": ({"out": ("nowhere/clip.glb",)}, BadFile),
    "file as folder": ({"out": ("file/clip.glb",)}, BadFile),
    "folder as file": ({"out": ("folder.glb",)}, BadFile),
    "one of two bad": ({"out": ("clip.glb", "clip.xyz")}, UnknownName),
    "negative seed": ({"seed": -1}, BadInput),
    "impossible speed": ({"speed": 7.0}, BadInput),
    "impossible waypoints": ({"waypoints": ((0.0, 0.0, 0.0), (0.0, 10.0, 1.0))}, BadInput),
    "no clip to edit": ({"edit": "none.npz", "edit_span": "1-2"}, BadFile),
    "no body": ({"body": "nobody"}, BadFile),
    "empty body folder": ({"body": "."}, BadFile),
}


@pytest.mark.parametrize("case", sorted(REFUSED))
def test_bad_input_is_refused_before_the_model_is_loaded(
    case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "motion.generation", None)  # importing it would raise ImportError
    monkeypatch.setitem(FORMATS, ".needy", Format("needs what nobody has", print, needs=("nobody_has_it", "all")))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").touch()
    (tmp_path / "folder.glb").mkdir()
    before = sorted(tmp_path.rglob("*"))
    change, error = REFUSED[case]
    with pytest.raises(error) as caught:
        make(ask(tmp_path, **change))
    assert len(str(caught.value).splitlines()) == 1
    assert sorted(tmp_path.rglob("*")) == before


def test_a_mirrored_clip_in_place_is_the_clip_without_its_way(walker: list[dict[str, Any]], tmp_path: Path) -> None:
    skeleton = default_body().skeleton()
    line = ((0.2, 0.0), (0.2, 2.0))
    plain = make(ask(tmp_path, out=(str(tmp_path / "plain.npz"),), path=line))
    there = make(ask(tmp_path, out=(str(tmp_path / "there.npz"),), path=line, mirror=True, in_place=True))
    clip, made = (load(result.files[0], skeleton=skeleton) for result in (plain, there))
    mirrored = clip.mirrored()
    np.testing.assert_allclose(made.joint_rotation, mirrored.joint_rotation, atol=1e-6)
    np.testing.assert_allclose(ground(made.root_position), 0.0, atol=1e-6)
    record = FORMATS[".npz"].provenance(there.files[0])  # type: ignore[misc]
    assert record is not None and record["mirror"] is True and record["path"] == [[0.2, 0.0], [0.2, 2.0]]
    assert "speed" not in record
    np.testing.assert_allclose(record["removed_path"]["positions"], ground(mirrored.root_position), atol=1e-3)
    assert there.report == plain.report  # conditions are told of the clip as it was made


def test_the_generator_is_told_all_of_the_request(walker: list[dict[str, Any]], tmp_path: Path) -> None:
    result = make(ask(tmp_path, prompt=None, texts=("walks@0-1", "waves@1-3"), duration=None, feet="always"))
    (call,) = walker
    assert (call["timeline"].duration, call["feet"], call["fps"]) == (3.0, "always", 30.0)
    assert (result.duration_s, result.report["far_from_training"]) == (3.0, False)
    assert result.report["requested_duration_s"] == result.report["realised_duration_s"] == 3.0


def test_without_words_there_is_no_likeness(walker: list[dict[str, Any]], tmp_path: Path) -> None:
    walk = save(walking_clip(skeleton=default_body().skeleton()), tmp_path / "walk.npz")
    report = make(ask(tmp_path, prompt=None, start_from=str(walk), duration=None)).report
    assert report["prompt_similarity"] is None and report["far_from_training"] is None


def test_an_unknown_model_is_refused(walker: list[dict[str, Any]], tmp_path: Path) -> None:
    with pytest.raises(UnknownName, match="stride-nc"):
        make(ask(tmp_path, model="stride-cn"))


def test_stopping_leaves_nothing_behind(walker: list[dict[str, Any]], tmp_path: Path) -> None:
    def stop(stage: str, share: float) -> None:
        if stage == "export":
            raise Cancelled

    with pytest.raises(Cancelled):
        make(ask(tmp_path), stop)
    assert not list(tmp_path.iterdir())


def test_another_body_keeps_its_feet_on_the_ground() -> None:
    class Tall:
        def skeleton(self) -> Any:
            return smpl_skeleton(1.2)

    clip = walking_clip()
    tall = dressed(clip, Tall())  # type: ignore[arg-type]
    assert leg_length(tall.skeleton) == pytest.approx(1.2 * leg_length(clip.skeleton))
    np.testing.assert_allclose(tall.joint_positions(), 1.2 * clip.joint_positions(), atol=1e-9)


def test_the_own_body_changes_nothing() -> None:
    clip = walking_clip(skeleton=default_body().skeleton())
    assert dressed(clip, default_body()) is clip
    rounded = replace(clip.skeleton, rest_offsets=clip.skeleton.rest_offsets.astype(np.float32).astype(float))
    assert not np.array_equal(rounded.rest_offsets, clip.skeleton.rest_offsets)
    kept = dressed(replace(clip, skeleton=rounded), default_body())
    assert np.array_equal(kept.root_position, clip.root_position)
