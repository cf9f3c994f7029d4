"""Tracks in and out of files: every form there and back, real shapes of each, and what is refused in one line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motion.core import BadInput, MotionError, UnknownName
from motion.core.errors import BadFile
from motion.forecasting.track_files import (
    FORMS,
    Reading,
    Sightings,
    read_homography,
    read_sightings,
    tables,
    write_sightings,
)  # fmt: skip
from motion.forecasting.track_files.cameras import SDD_SCALE
from motion.forecasting.track_files.sightings import from_rows, usual_step

READABLE = [name for name, form in FORMS.items() if (form.is_it and form.write) or name == "wildtrack"]
#: How far a place may be off after writing and reading, in metres.
HELD = {"sdd": SDD_SCALE, "wildtrack": 0.0126}


#: Names with the signs that tables are made of, and any others.
SIGNS = st.one_of(st.sampled_from(',;#"1a'), st.characters(categories=("L", "N", "P", "S")))
NAMES = st.lists(st.text(SIGNS, min_size=1, max_size=4), min_size=1, max_size=2).map(" ".join)


def crowd() -> Sightings:
    """Three people on WildTrack's floor at 2 sights a second: one with a gap, one standing, one seen once."""
    times = np.array([0.0, 0.5, 1.0, 2.0, 2.5, 0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 1.5])
    person = np.array([0] * 5 + [1] * 6 + [2])
    places = np.stack([times * 1.2, -1 - times * 0.4], axis=-1)
    places[5:11], places[11] = [3.0, -4.0], [5.5, -7.25]
    return from_rows(person, times, places, ("3", "7", "12"))


@pytest.mark.parametrize("form", READABLE)
def test_every_form_there_and_back(form: str, tmp_path: Path) -> None:
    path = write_sightings(crowd(), tmp_path / f"tracks{FORMS[form].suffix}", form)
    found = read_sightings(path, Reading(scale=SDD_SCALE if form == "sdd" else None))
    assert found.form == form and found.ids == crowd().ids
    seconds = 2.5 if form in ("social-gan",) else 2.0  # a form without a rate: its step is 0.4 s, it was 0.5 s
    np.testing.assert_allclose(found.time * seconds, crowd().time * 2.0, atol=0.05)
    np.testing.assert_allclose(found.position, crowd().position, atol=HELD.get(form, 1e-6))
    again = write_sightings(found, tmp_path / f"again{FORMS[form].suffix}", form)
    if path.is_file() and form != "sdd":
        assert again.read_text() == path.read_text()


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 10_000),
            NAMES,
            st.floats(-1e6, 1e6), st.floats(-1e6, 1e6),
        ),
        min_size=1, max_size=20, unique_by=lambda row: row[:2],
    )
)  # fmt: skip
def test_any_names_and_places_survive_a_csv(tmp_path_factory: pytest.TempPathFactory, rows: list) -> None:
    names = sorted({row[1] for row in rows})
    if all(tables.is_number(name) for name in names):
        return  # numbers are written their shortest way
    person = np.array([names.index(row[1]) for row in rows])
    made = from_rows(person, np.array([row[0] / 10 for row in rows]), np.array([row[2:] for row in rows]), tuple(names))
    found = read_sightings(write_sightings(made, tmp_path_factory.mktemp("csv") / "a.csv", "csv"))
    assert found.ids == made.ids
    np.testing.assert_allclose(found.position, made.position, atol=1e-5)
    np.testing.assert_allclose(found.time, made.time, atol=1e-6)


def test_seen_from_above_north_is_up(tmp_path: Path) -> None:
    """A file's y goes away from whoever looks down with x to the right; our z comes towards them."""
    path = tmp_path / "a.txt"
    path.write_text("0 1 2.0 3.0\n10 1 2.0 4.0\n")
    np.testing.assert_allclose(read_sightings(path).position, [[2, -3], [2, -4]])
    path.write_text("time,id,x,z\n0,1,2.0,3.0\n")
    np.testing.assert_allclose(read_sightings(path).position, [[2, 3]])


def test_mot_boxes_need_a_homography(tmp_path: Path) -> None:
    path = tmp_path / "gt.txt"
    path.write_text("1,4,100,200,20,80,1,1,0.9\n2,4,110,200,20,80,1,1,0.9\n2,5,110,200,20,80,1,3,0.9\n")
    with pytest.raises(BadFile, match=r"pixels; give --homography"):
        read_sightings(path)
    to_metres = np.array([[0.01, 0, 0], [0, 0.02, 0], [0, 0, 1]])
    (tmp_path / "H.txt").write_text("\n".join(" ".join(map(str, row)) for row in to_metres.tolist()))
    found = read_sightings(path, Reading(homography=read_homography(tmp_path / "H.txt")))
    np.testing.assert_allclose(found.written, [[1.1, 5.6], [1.2, 5.6]])  # the feet: middle of the lower edge
    assert found.ids == ("4",) and any("no pedestrians" in note for note in found.notes)
    (tmp_path / "seqinfo.ini").write_text("[Sequence]\nframeRate=10\n")
    assert read_sightings(path, Reading(scale=0.01)).step == pytest.approx(0.1)


def test_drone_annotations_are_boxes_of_pedestrians(tmp_path: Path) -> None:
    path = tmp_path / "annotations.txt"
    path.write_text(
        '0 0 0 20 40 0 0 0 0 "Biker"\n1 10 10 30 50 0 0 0 0 "Pedestrian"\n1 10 10 30 50 30 1 0 1 "Pedestrian"\n'
    )
    found = read_sightings(path, Reading(scale=0.1))
    np.testing.assert_allclose(found.position, [[2, 3]])
    assert any("Biker" in note for note in found.notes) and any("out of sight" in note for note in found.notes)


def test_jupedsim_tells_rate_and_unit(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("# PersID Frame x/cm y/cm z/cm\n# framerate: 16 fps\n1 8 150 -20 160\n1 16 250 -20 160\n")
    found = read_sightings(path)
    np.testing.assert_allclose(found.written, [[1.5, -0.2], [2.5, -0.2]])
    np.testing.assert_allclose(found.time, [0.5, 1.0])


def test_obsmat_tells_its_rate_by_velocities(tmp_path: Path) -> None:
    rows = [f"{780 + 6 * k} 1 {0.5 * k} 0 2.0 1.25 0 0.0" for k in range(5)]
    (tmp_path / "obsmat.txt").write_text("\n".join(rows))
    found = read_sightings(tmp_path / "obsmat.txt")
    assert found.step == pytest.approx(0.4) and found.frames_per_s == pytest.approx(15)


def test_trajnet_scenes_tell_the_rate_and_predictions_are_no_sights(tmp_path: Path) -> None:
    lines = [{"scene": {"id": 1, "p": 5, "s": 0, "e": 20, "fps": 2.5}}]
    lines += [{"track": {"f": 10 * k, "p": 5, "x": k, "y": 0.5}} for k in range(3)]
    lines += [{"track": {"f": 20, "p": 5, "x": 9, "y": 9, "prediction_number": 0, "scene_id": 1}}]
    (tmp_path / "a.ndjson").write_text("\n".join(map(json.dumps, lines)))
    found = read_sightings(tmp_path / "a.ndjson")
    assert len(found.time) == 3 and found.step == pytest.approx(0.4) and "1 rows that are predictions" in found.notes[0]


def test_sumo_tells_of_people_among_cars(tmp_path: Path) -> None:
    steps = "".join(
        f'<timestep time="{t:.2f}">\n <vehicle id="c" x="9" y="9"/>\n <person id="p.0" x="{t}" y="2"/>\n</timestep>\n'
        for t in (0.0, 0.5, 1.0)
    )
    (tmp_path / "fcd.xml").write_text(f'<?xml version="1.0"?>\n<fcd-export>\n{steps}</fcd-export>\n')
    found = read_sightings(tmp_path / "fcd.xml")
    assert found.ids == ("p.0",) and found.step == 0.5
    np.testing.assert_allclose(found.written, [[0, 2], [0.5, 2], [1, 2]])
    (tmp_path / "fcd.xml").write_text('<fcd-export>\n<timestep time="0"><person id="a" x="1"/>')
    with pytest.raises(BadFile, match="lacks its numbers"):
        read_sightings(tmp_path / "fcd.xml")
    with pytest.raises(BadInput, match="only read"):
        write_sightings(found, tmp_path / "a.xml", "sumo")


def test_what_is_repaired_is_said(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("time,id,x,y,mood\n0.8,anna,2,0,good\n0.4,anna,1,0,bad\n0.4,anna,1,0,bad\n")
    found = read_sightings(path)
    np.testing.assert_allclose(found.time, [0.4, 0.8])
    said = " ".join(found.notes)
    assert "anna" in said and "sorted" in said and "count once" in said and "mood" in said


BAD: dict[str, str] = {
    "": "empty",
    "0 1 2 3\n0 1 2\n": "line 2 has 3 columns",
    "0 1 2 3\n0 1 2 x\n": "line 2, column 4",
    "0 1 2 nan\n": "row 1",
    "0 1 2 inf\n": "row 1",
    "0 nan 2 3\n": "id",
    "0 1 2 3\n0 1 2 4\n": "two places",
    "1 2 3\n4 5 6\n": "known",
    "who,where\na,b\n": "known",
    "time,id,x\n0,1,2\n": "no column 'y'",
    "a,b,c,d\n1,2,3,4\n": "unknown; needed are time",
    "1,-1,0,0,5,5,1,-1,-1,-1\n": "detections",
    '{"track": {"f": 1, "p": 1, "x": 1}}\n': "f, p, x and y",
    '{"track": {"f": 1, "p": 1, "x": NaN, "y": 1}}\n': "f, p, x and y",
    '{"track": 3\n': "no JSON",
    "# ID FR X Y\n1 1 1 1\n": "frames per second",
    "# framerate: -1\n1 1 1 1\n": "frame rate",
    "\0\1\2": "no text",
    "0 1 2 3e30\n": "out of bounds",
}


@pytest.mark.parametrize("content", BAD, ids=list(BAD.values()))
def test_bad_files_are_refused_in_one_line(content: str, tmp_path: Path) -> None:
    path = tmp_path / "tracks"
    path.write_text(content)
    with pytest.raises(BadFile) as caught:
        read_sightings(path)
    assert BAD[content] in str(caught.value) and "\n" not in str(caught.value)


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet='0123456789 .,;\n\t"-#enxyidtime{}[]:track', max_size=200))
def test_nothing_but_our_errors_comes_of_any_text(tmp_path_factory: pytest.TempPathFactory, content: str) -> None:
    path = tmp_path_factory.mktemp("any") / "a"
    path.write_text(content)
    try:
        found = read_sightings(path)
    except MotionError as error:
        assert "\n" not in str(error)
    else:
        assert len(found.time) and np.all(np.isfinite(found.position))


def test_too_many_rows_are_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MAX_ROWS", 70_000)
    (tmp_path / "a.txt").write_text("0 1 2 3\n" * 70_001)
    with pytest.raises(BadFile, match="more than 70000 rows"):
        read_sightings(tmp_path / "a.txt")


@pytest.mark.parametrize(
    "reading", [lambda: Reading(fps=0), lambda: Reading(scale=-1), lambda: Reading(scale=1, homography=np.eye(3))]
)
def test_senseless_readings_are_refused(reading: Callable[[], Reading]) -> None:
    with pytest.raises(BadInput):
        reading()


def test_forms_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(UnknownName, match="did you mean 'carla'"):
        write_sightings(crowd(), tmp_path / "a.json", "carl")
    with pytest.raises(BadFile, match="without frames"):
        read_sightings(tmp_path)


def test_a_folder_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    far = from_rows(np.zeros(1, int), np.zeros(1), np.array([[100.0, 0.0]]), ("1",))
    with pytest.raises(BadInput, match="grid"):
        write_sightings(far, tmp_path / "frames", "wildtrack")
    assert not list(tmp_path.iterdir())


def test_carla_is_left_handed_and_earth_is_round(tmp_path: Path) -> None:
    walkers = json.loads(write_sightings(crowd(), tmp_path / "a.json", "carla").read_text())["walkers"]
    first = walkers[0]["waypoints"][1]
    assert first["location"] == {"x": 0.6, "y": -1.2, "z": 0.0} and first["speed"] == pytest.approx(1.2649, abs=1e-4)
    features = json.loads(write_sightings(crowd(), tmp_path / "a.geojson", "geojson").read_text())["features"]
    east, north = features[0]["geometry"]["coordinates"][-1]
    assert east * 111_320 == pytest.approx(3.0, abs=1e-3) and north * 111_320 == pytest.approx(2.0, abs=1e-3)


def test_tracks_end_at_the_moment_and_bridge_short_gaps() -> None:
    tracks = crowd().tracks(0.0, 2.5, 2.5)
    np.testing.assert_allclose(
        tracks.positions[0, :, 0], 1.2 * np.array([0, 0.1, 0.5, 0.9, 1.3, 1.7, 2.1, 2.5]), atol=1e-9
    )
    assert not tracks.valid[0, 0] and tracks.valid[0, 1:].all()
    assert tracks.valid[2].tolist() == [False] * 5 + [True] + [False] * 2  # seen at 1.5 s, the column is at 1.7 s
    assert not tracks.valid[2, -1] and crowd().tracks(0.0, 1.5, 2.0).valid[2, -1]


def test_a_long_gap_stays_a_gap_and_a_late_sight_goes_on() -> None:
    times = np.array([0.0, 1.0, 5.0, 5.9])
    seen = from_rows(np.zeros(4, int), times, np.stack([times, 0 * times], axis=-1), ("1",))
    tracks = seen.tracks(0.0, 6.0, 1.0)
    assert tracks.valid[0].tolist() == [True, True, False, False, False, True, True]
    assert tracks.positions[0, -1, 0] == pytest.approx(6.0)
    assert not seen.tracks(5.0, 7.0, 1.0).valid[0, -1]


def test_too_much_to_hold_is_refused() -> None:
    seen = from_rows(np.zeros(2, int), np.array([0.0, 1e9]), np.zeros((2, 2)), ("1",))
    with pytest.raises(BadInput, match="too much"):
        seen.tracks(0.0, 1e9, 2.5)
    with pytest.raises(BadInput, match="nobody is seen"):
        seen.between(3.0, 4.0)
    assert usual_step(seen.person, seen.time) == 1e9
