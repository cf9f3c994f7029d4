"""Results on disk: whole or not at all, there again after a restart, nothing outside their folder."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from app.page.cards import cards, export, slug
from app.page.history import History
from app.page.recipe import Recipe
from app.page.server import worker
from motion.body import default_body
from motion.core import UnknownName
from motion.core.errors import BadInput, MotionError
from motion.core.progress import Cancelled, silent
from motion.formats import load
from motion.metrics.contacts import FOOT_JOINTS, foot_positions

TWO = Recipe.from_json({"prompts": [{"text": "a person walks <b>/../</b>", "seconds": 2}], "variations": 2, "seed": 3})


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(tmp_path / "studio")


def test_a_result_is_there_again_after_a_restart(history: History, walker: list[object]) -> None:
    entry = worker(history)(TWO, silent)
    again = History(history.folder)
    assert again.entries() == [entry] and again.entry(entry.name).recipe == TWO
    assert (history.place(entry.name) / "thumbnail.png").stat().st_size > 500
    again.pick(entry.name, 1)
    again.star(entry.name, True)
    assert (history.entry(entry.name).picked, history.entry(entry.name).star) == (1, True)
    history.remove(entry.name)
    assert again.entries() == [] and list(history.folder.iterdir()) == []


def test_the_facts_are_those_of_the_clip(history: History, walker: list[object]) -> None:
    entry = worker(history)(TWO, silent)
    clip, facts = history.clip(entry.name, 1), history.facts(entry.name, 1)
    assert facts["frames"] == clip.num_frames and facts["fps"] == clip.fps
    assert np.allclose(facts["way"], clip.root_position[:, [0, 2]], atol=1e-4)
    feet = {name: foot_positions(clip)[:, foot] for foot, name in enumerate(FOOT_JOINTS)}
    for stand in facts["stands"]:
        places = feet[stand["joint"]][stand["first"] : stand["stop"], [0, 2]]
        assert np.allclose(stand["place"], places.mean(axis=0), atol=1e-3)


def test_what_is_cancelled_or_killed_leaves_nothing(history: History, walker: list[object]) -> None:
    def stop(stage: str, share: float) -> None:
        if stage == "export":
            raise Cancelled

    with pytest.raises(Cancelled):
        worker(history)(TWO, stop)
    assert list(history.folder.iterdir()) == []
    (history.folder / ".making-20260101-000000-abcdef").mkdir()
    assert list(History(history.folder).folder.iterdir()) == []


@pytest.mark.parametrize("name", ["..", "../..", "20260101-000000-abcdef", "", "20260101-000000-abcde/"])
def test_names_that_no_result_has(history: History, name: str) -> None:
    with pytest.raises(BadInput, match="no result"):
        history.entry(name)


def test_files_that_no_result_has(history: History, walker: list[object]) -> None:
    entry = worker(history)(TWO, silent)
    for name in ("../entry.json", "entry.json", ".hidden.glb", "a/b.glb", "clip.glb\n", "x" * 100 + ".glb"):
        with pytest.raises(BadInput):
            history.file(entry.name, name)


def test_a_damaged_result_does_not_hide_the_others(history: History, walker: list[object]) -> None:
    first, second = worker(history)(TWO, silent), worker(history)(TWO, silent)
    (history.place(first.name) / "entry.json").write_text('{"recipe": 3}')
    assert [entry.name for entry in history.entries()] == [second.name]
    with pytest.raises(MotionError):
        history.entry(first.name)


@pytest.mark.parametrize("card", ["unreal", "godot", "amass", "bvh", "gif"])
def test_an_export_is_the_clip_and_says_that_it_was_checked(history: History, walker: list[object], card: str) -> None:
    entry = worker(history)(TWO, silent)
    done = export(history, entry.name, 1, card)
    file = history.file(entry.name, done["file"])
    assert done["file"].startswith("walks-b-b_2_") and done["bytes"] == file.stat().st_size
    if card == "gif":
        assert file.read_bytes()[:3] == b"GIF" and not done["checked"]
        return
    clip, back = history.clip(entry.name, 1), load(file, skeleton=default_body().skeleton())
    assert back.num_frames == clip.num_frames and done["checked"] and len(done["items"]) > 3
    assert done["ok"], [item for item in done["items"] if not item["ok"]]


def test_there_is_no_such_card(history: History, walker: list[object]) -> None:
    entry = worker(history)(TWO, silent)
    with pytest.raises(UnknownName, match="unreal"):
        export(history, entry.name, 0, "unreel")
    with pytest.raises(BadInput, match="clips 0 to 1"):
        export(history, entry.name, 2, "unreal")
    assert {"unreal", "unity", "godot", "blender", "maya", "mixamo"} <= {card["name"] for card in cards()}


def test_a_title_becomes_a_harmless_name() -> None:
    assert slug("A person walks, then <script>alert(1)</script>") == "walks-then-script-alert-1-scrip"
    assert slug("../../etc") == "etc" and slug("走る") == "clip"
