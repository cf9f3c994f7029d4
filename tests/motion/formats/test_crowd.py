"""Several people in one .glb: names, times, one surface, and the same movement as in a file of one's own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from helpers import box_skin, smpl_skeleton, walking_clip
from motion.core import BadInput
from motion.formats import load
from motion.formats.check_glb import check_glb
from motion.formats.crowd import Person, write_crowd
from motion.formats.gltf import GltfFile, read_gltf
from motion.formats.gltf_tracks import Track, read_tracks


def crowd() -> list[Person]:
    """One all the time, one who comes later, two of one name that engines cannot keep."""
    clips = [walking_clip(seconds, seed=seed) for seed, seconds in enumerate((3.0, 1.0, 2.0))]
    return [Person("7", clips[0], 10.0), Person("anna b/c", clips[1], 11.0), Person("anna.b.c", clips[2], 10.0)]


def tracks_by_name(file: GltfFile) -> dict[str, dict[str, Track]]:
    tracks = read_tracks(file, file.document["animations"][0])
    return {file.document["nodes"][node]["name"]: found for node, found in tracks.items()}


def test_everybody_moves_as_alone(tmp_path: Path) -> None:
    write_crowd(crowd(), tmp_path / "crowd.glb", skin=box_skin(smpl_skeleton()), provenance={"seed": 3})
    file = read_gltf(tmp_path / "crowd.glb")
    tracks = tracks_by_name(file)
    for name, one in zip(("7", "anna_b_c", "anna_b_c-2"), crowd(), strict=True):
        pelvis = tracks[f"{name}_pelvis"]["translation"]
        np.testing.assert_allclose(pelvis.values, one.clip.root_position, atol=1e-5)
        np.testing.assert_allclose(pelvis.times, one.start - 10 + np.arange(one.clip.num_frames) / 30, atol=1e-5)
    assert len(file.document["meshes"]) == 1 and len(file.document["skins"]) == 3
    assert file.document["asset"]["extras"]["people"][1] == {"name": "anna_b_c", "start": 1.0, "duration": 1.0}
    first = load(tmp_path / "crowd.glb")
    np.testing.assert_allclose(first.root_position, crowd()[0].clip.root_position, atol=1e-4)


def test_people_are_there_during_their_clip_only(tmp_path: Path) -> None:
    write_crowd(crowd(), tmp_path / "crowd.glb")
    tracks = tracks_by_name(read_gltf(tmp_path / "crowd.glb"))
    assert "scale" not in tracks.get("7", {})
    late, early = tracks["anna_b_c"]["scale"], tracks["anna_b_c-2"]["scale"]
    np.testing.assert_allclose(late.times, [0.0, 1.0, 2.0], atol=1e-6)
    assert late.values[:, 0].tolist() == [0, 1, 0] and early.values[:, 0].tolist() == [1, 0]
    assert late.interpolation == "STEP"


def test_a_crowd_is_conformant(tmp_path: Path) -> None:
    write_crowd(crowd(), tmp_path / "crowd.glb", skin=box_skin(smpl_skeleton()))
    assert [item.name for item in check_glb(tmp_path / "crowd.glb") if not item.ok] == []


def test_crowds_that_cannot_be(tmp_path: Path) -> None:
    one = crowd()[0]
    with pytest.raises(BadInput, match="1 to 1000"):
        write_crowd([], tmp_path / "a.glb")
    with pytest.raises(BadInput, match="frame rate"):
        write_crowd([one, replace(one, clip=one.clip.resampled(20))], tmp_path / "a.glb")
    with pytest.raises(BadInput, match="equally long"):
        write_crowd([one, Person("tall", walking_clip(1.0, skeleton=smpl_skeleton(1.1)))], tmp_path / "a.glb")
    assert not list(tmp_path.iterdir())
