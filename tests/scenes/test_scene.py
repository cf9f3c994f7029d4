"""Scenes from files: prepared once, found again by content, reported."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from scene_meshes import at, room, write_obj
from scenes import cache
from scenes import scene as scene_module
from scenes.heights import Agent
from scenes.orientation import UP_AXES
from scenes.report import report, to_text
from scenes.routing import plan_route
from scenes.scene import Scene, open_scene


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(scene_module, "MAX_SAMPLES", 40_000)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return write_obj(tmp_path / "room.obj", room().moved(UP_AXES["+z"].T, 100.0, np.zeros(3)))


def same(one: Scene, other: Scene) -> bool:
    return (
        one.orientation == other.orientation and one.mesh.parts == other.mesh.parts and one.laid == other.laid
        and np.array_equal(one.mesh.vertices, other.mesh.vertices)
        and np.array_equal(one.walkable.areas, other.walkable.areas)
        and np.array_equal(one.field.values, other.field.values)
    )  # fmt: skip


def test_the_second_time_nothing_is_prepared(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = open_scene(file)
    monkeypatch.setattr(scene_module, "read_mesh", lambda path: pytest.fail("read again"))
    monkeypatch.setattr(scene_module, "make_search", lambda walkable: pytest.fail("cells taken together again"))
    again = open_scene(file)
    assert same(first, again)
    one, other = (plan_route(place, at(-1.0, -1.5), at(1.0, -1.5)) for place in (first, again))
    np.testing.assert_allclose(one.points, other.points, atol=1e-4)


def test_other_contents_or_options_are_prepared_anew(file: Path) -> None:
    first = open_scene(file)
    assert not same(first, open_scene(file, agent=Agent(radius=0.5)))
    assert not same(first, open_scene(file, unit="mm", up="+z"))
    write_obj(file, room(door=False).moved(UP_AXES["+z"].T, 100.0, np.zeros(3)))
    assert not same(first, open_scene(file))


def test_a_damaged_cache_is_prepared_anew(file: Path) -> None:
    first = open_scene(file)
    (kept,) = cache.folder().glob("*.npz")
    for damage in (b"", b"PK\x03\x04 no", kept.read_bytes()[:-500]):
        kept.write_bytes(damage)
        assert same(first, open_scene(file))


def test_without_a_place_for_the_cache_it_still_works(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(file))
    assert open_scene(file).main_area > 5
    assert not list(file.parent.glob("*.part"))


def test_old_scenes_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "KEPT", 2)
    for name in "abc":
        cache.save(name, {"x": np.zeros(1)})
    assert len(list(cache.folder().glob("*.npz"))) == 2


def test_the_report_says_what_was_understood(file: Path) -> None:
    about = report(open_scene(file))
    assert (about["up"], about["unit"], about["kind"]) == ("+z", "cm", "place")
    np.testing.assert_allclose(about["size_m"], [6.2, 2.6, 4.2], atol=1e-3)
    assert 10 < about["walkable_m2"] < 20
    assert "sofa" in [thing["name"] for thing in about["objects"]]
    text = "\n".join(to_text(about))
    assert "up axis +z, unit cm" in text and "walkable: " in text


def test_the_files_coordinates_become_ours(file: Path) -> None:
    np.testing.assert_allclose(open_scene(file).in_ours(np.array([100.0, 50.0, 20.0])), [1.0, 0.2, -0.5], atol=0.02)
