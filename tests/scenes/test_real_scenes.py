"""Real rooms, a house, furniture and the reference level of Recast, when they lie beside the checkout.

Writes the measured numbers to the log (``--log-cli-level=info`` shows it); ``STRIDE_SCENES`` names the folder if it is
elsewhere.
"""

from __future__ import annotations

import logging
import os
import time
from pathlib import Path

import numpy as np
import pytest

from motion.core import BadFile
from scene_meshes import clearance_in
from scenes.files import read_mesh
from scenes.heights import Agent
from scenes.orientation import UNITS, UP_AXES, understand
from scenes.routing import NoRoute, plan_route
from scenes.scene import Scene, open_scene
from scenes.search import geodesic

LOG = logging.getLogger(__name__)

FOLDER = Path(os.environ.get("STRIDE_SCENES") or Path(__file__).resolve().parents[3] / "shared" / "data" / "scenes")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.data,
    pytest.mark.skipif(not FOLDER.is_dir(), reason=f"no scenes in {FOLDER}"),
]

FILES = [path for path in sorted(FOLDER.rglob("*")) if path.suffix in (".obj", ".glb", ".gltf")]
ROOMS = [path for path in FILES if "quest" in str(path)]
HOUSE = FOLDER / "aws_small_house" / "small_house_collision.obj"
NAV_TEST = FOLDER / "recast" / "nav_test.obj"


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def true_up(path: Path) -> str:
    """As the list of the scenes says."""
    return "+z" if path.parent.name.startswith(("aws", "iwer", "furniture")) or path.stem == "simple_room" else "+y"


def timed(path: Path, **options: str) -> tuple[Scene, float, float]:
    """The scene, CPU seconds to prepare it, and to find it again."""
    begun = time.process_time()
    scene = open_scene(path, **options)  # type: ignore[arg-type]
    prepared = time.process_time()
    open_scene(path, **options)  # type: ignore[arg-type]
    return scene, prepared - begun, time.process_time() - prepared


def test_axes_and_units_are_found_in_nearly_all() -> None:
    wrong, count = [], 0
    for path in FILES:
        mesh = read_mesh(path)[0].moved(UP_AXES[true_up(path)], 1.0, np.zeros(3))
        for up in ("+y", "+z"):
            for unit in ("m", "cm", "mm"):
                found = understand(mesh.moved(UP_AXES[up].T, 1 / UNITS[unit], np.zeros(3)), ".obj")
                count += 1
                if (found.up, found.unit) != (up, unit):
                    wrong.append(f"{path.stem} {up} {unit}: {found.up} {found.unit}")
    LOG.info("%d of %d understood: %s", count - len(wrong), count, wrong)
    assert len(wrong) <= 0.05 * count


def test_every_file_as_it_is_gives_a_scene_to_walk_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scenes.scene.MAX_SAMPLES", 20_000)
    failed = []
    for path in FILES:
        try:
            scene = open_scene(path, keep=False, agent=Agent(cell=0.1))
        except BadFile as error:
            failed.append(f"{path.stem}: {error}")
            continue
        if scene.main_area < 1.0 or scene.orientation.up != true_up(path):
            failed.append(f"{path.stem}: {scene.orientation}, {scene.main_area:.1f} m²")
    LOG.info("%d of %d prepared: %s", len(FILES) - len(failed), len(FILES), failed)
    assert len(failed) <= 0.05 * len(FILES)


@pytest.mark.parametrize("path", [*ROOMS, HOUSE], ids=lambda path: path.stem)
def test_routes_in_real_rooms(path: Path) -> None:
    scene, prepared, again = timed(path)
    walkable = scene.walkable
    rng = np.random.default_rng(0)
    main = np.flatnonzero(walkable.areas == 0)
    ratios, clearances, spent = [], [], []
    for start in rng.choice(main, 4):
        goals = rng.choice(main, 6)
        for goal, least in zip(goals, geodesic(walkable, int(start), goals), strict=True):
            if least < 1.0:
                continue
            begun = time.process_time()
            route = plan_route(scene, walkable.points[start], walkable.points[goal])
            spent.append(time.process_time() - begun)
            ratios.append(route.route.length / least)
            clearances.append(clearance_in(scene.mesh, route))
    if not ratios:
        pytest.skip(f"{scene.main_area:.1f} m² are too little for a way of a metre")
    LOG.info(
        "%s: %.1f m², prepared in %.1f s, again %.3f s; %d routes: by geodesic %.3f, clearance %.3f m, %.0f to %.0f ms",
        path.stem, scene.main_area, prepared, again, len(ratios), max(ratios), min(clearances),
        1000 * np.median(spent), 1000 * max(spent),
    )  # fmt: skip
    assert prepared < (30 if path == HOUSE else 10)
    assert again < 0.3
    assert max(ratios) <= 1.05
    assert min(clearances) >= 0.2
    assert np.median(spent) < 0.03


def test_the_reference_list_of_nav_test_is_found() -> None:
    scene, prepared, again = timed(NAV_TEST, up="+y", unit="m")
    scene = open_scene(NAV_TEST, up="+y", unit="m")  # from the cache: its first query is as quick as any
    spent, lost = [], []
    for line in (FOLDER / "recast" / "nav_mesh_test.txt").read_text().splitlines():
        if line.startswith("pf"):
            ends = scene.in_ours(np.array(line.split()[1:7], dtype=np.float64).reshape(2, 3))
            begun = time.process_time()
            try:
                plan_route(scene, *ends)
            except NoRoute as error:
                lost.append(str(error))
            spent.append(time.process_time() - begun)
    LOG.info(
        "nav_test: %d of %d routes, prepared in %.1f s, again %.3f s, %.0f to %.0f ms a route: %s",
        len(spent) - len(lost), len(spent), prepared, again, 1000 * np.median(spent), 1000 * max(spent), lost,
    )  # fmt: skip
    assert spent and not lost
    assert spent[0] < 0.06, "the bar is 30 ms on a free machine"


#: Furniture to sit or lie on: which, its kind, and the height of its top in metres.
SEATS = [
    ("residential_ChairD_01", "seat", 0.37), ("residential_SofaB_01", "seat", 0.44),
    ("residential_SofaC_01", "seat", 0.43),
    ("residential_Bed_01", "bed", 0.65), ("residential_SofaC_01", "bed", 0.43),
]  # fmt: skip


@pytest.mark.parametrize(("name", "kind", "height"), SEATS)
def test_furniture_is_sat_and_lain_on(name: str, kind: str, height: float) -> None:
    scene = open_scene(FOLDER / "furniture" / f"{name}_visual.obj")
    found = [seat for seat in scene.seats if seat.kind == kind]
    assert found
    assert found[0].height == pytest.approx(height, abs=0.03)
    assert found[0].name == f"{name}_visual.obj"


@pytest.mark.parametrize("name", ["residential_KitchenTable_01", "residential_Wardrobe_01"])
def test_tables_and_wardrobes_are_not(name: str) -> None:
    assert open_scene(FOLDER / "furniture" / f"{name}_visual.obj").seats == ()
