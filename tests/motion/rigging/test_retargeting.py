"""A movement on other people's bones: nothing changes that should not; limbs, hands and feet are where they belong."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from characters import A_POSE, NAMES, foreign, lying_bvh, places, posed_at_rest, rig_of, written

from helpers import smpl_skeleton, walking_clip
from motion.core.axes import ground, height
from motion.core.clip import Motion
from motion.core.errors import BadInput
from motion.core.rotation import rotmat_to_rotvec, rotvec_to_rotmat, yaw_to_rotmat
from motion.core.skeleton import Skeleton
from motion.formats import load
from motion.formats.exporting import export_rig
from motion.formats.rig import open_rig
from motion.metrics.contacts import foot_contacts
from motion.rigging.character import put_on
from motion.rigging.planting import slide


@pytest.fixture
def clip() -> Motion:
    return walking_clip(2.0)


def degrees(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.degrees(np.linalg.norm(rotmat_to_rotvec(np.swapaxes(a, -1, -2) @ b), axis=-1).max()))


def directions(skeleton: Skeleton, points: np.ndarray, names: dict[str, str]) -> np.ndarray:
    """(T, bones, 3) unit vectors along the limbs."""
    ends = [("hip", "knee"), ("knee", "ankle"), ("shoulder", "elbow"), ("elbow", "wrist")]
    rows = []
    for side in ("left", "right"):
        for start, end in ends:
            a, b = (points[:, skeleton.index(names.get(f"{side}_{p}", f"{side}_{p}"))] for p in (start, end))
            rows.append((b - a) / np.linalg.norm(b - a, axis=-1, keepdims=True))
    return np.stack(rows, axis=1)


def test_oneself_moves_as_ever(clip: Motion) -> None:
    rig = rig_of(smpl_skeleton())
    assert np.abs(places(rig, put_on(clip, rig).posed) - clip.joint_positions()).max() < 1e-5


@pytest.mark.parametrize("seed", range(3))
def test_axes_of_bones_change_nothing(clip: Motion, seed: int) -> None:
    plain, rolled = rig_of(foreign("unreal")), rig_of(foreign("unreal"), seed)
    one, other = put_on(clip, plain), put_on(clip, rolled)
    assert np.abs(places(plain, one.posed) - places(rolled, other.posed)).max() < 1e-5
    assert degrees(one.posed.rotation, other.posed.rotation) < 1e-4


def test_the_turned_axes_of_bones_turn_along(clip: Motion) -> None:
    """The surface is carried by world matrix times inverse bind: it must be the same turn whatever the axes."""
    rig = rig_of(smpl_skeleton(), 5)
    posed = put_on(clip, rig).posed
    local = rig.locals(posed)
    world = local.copy()
    for bone, parent in enumerate(rig.parents):
        world[:, bone] = local[:, bone] if parent < 0 else world[:, parent] @ local[:, bone]
    carried = world @ np.linalg.inv(rig.rest)
    expected, _ = clip.skeleton.forward_kinematics(clip.root_position, clip.joint_rotation)
    assert degrees(carried[..., :3, :3], expected) < 1e-4


def test_a_pose_and_t_pose_agree(clip: Motion) -> None:
    t, a = rig_of(smpl_skeleton(), 1), rig_of(posed_at_rest(smpl_skeleton(), A_POSE), 2)
    upright, spread = put_on(clip, t).posed, put_on(clip, a).posed
    limbs = [directions(rig.skeleton, places(rig, posed), {}) for rig, posed in ((t, upright), (a, spread))]
    assert np.degrees(np.arccos(np.clip((limbs[0] * limbs[1]).sum(-1), -1, 1))).max() < 1.0
    # the whole turn as well: arms that are let down about another axis than the shortest way are twisted by a little
    for side in ("left", "right"):
        joint, turn = t.skeleton.index(f"{side}_shoulder"), rotvec_to_rotmat(np.array(A_POSE[f"{side}_shoulder"]))
        assert degrees(spread.rotation[:, joint] @ turn, upright.rotation[:, joint]) < 2.0


@pytest.mark.parametrize("scale", [0.5, 1.7])
def test_places_scale_with_the_person(clip: Motion, scale: float) -> None:
    rig = rig_of(smpl_skeleton(scale), 3)
    assert np.abs(places(rig, put_on(clip, rig).posed) - scale * clip.joint_positions()).max() < 1e-5


def test_a_mirrored_clip_is_symmetric(clip: Motion) -> None:
    rig = rig_of(foreign("mixamo", 0.8), 4)
    skeleton = foreign("mixamo", 0.8)
    swap = [skeleton.index(n.replace("Left", "?").replace("Right", "Left").replace("?", "Right"))
            for n in skeleton.joint_names]  # fmt: skip
    one, other = (places(rig, put_on(c, rig).posed) for c in (clip, clip.mirrored()))
    assert np.abs(other - one[:, swap] * [-1, 1, 1]).max() < 1e-5


def test_facing_backwards_flips_nothing(clip: Motion) -> None:
    half = yaw_to_rotmat(np.array(np.pi))
    rotation = clip.joint_rotation.copy()
    rotation[:, 0] = half @ rotation[:, 0]
    back = replace(clip, root_position=clip.root_position @ half.T, joint_rotation=rotation)
    rig = rig_of(foreign("unreal"), 6)
    one, other = put_on(clip, rig).posed, put_on(back, rig).posed
    assert np.abs(places(rig, other) - places(rig, one) @ half.T).max() < 1e-5
    step = np.swapaxes(other.rotation[:-1], -1, -2) @ other.rotation[1:]
    own = np.swapaxes(clip.joint_rotation[:-1], -1, -2) @ clip.joint_rotation[1:]
    bound = np.linalg.norm(rotmat_to_rotvec(own), axis=-1).sum(axis=1).max()
    assert np.linalg.norm(rotmat_to_rotvec(step), axis=-1).max() <= bound


@pytest.mark.parametrize("turn", [[0.0, np.pi, 0.0], [-np.pi / 2, 0.0, 0.0], [0.0, np.pi / 2, 0.0]])
def test_a_character_that_rests_lying_or_looks_elsewhere(clip: Motion, turn: list[float]) -> None:
    rig = rig_of(smpl_skeleton(), 7, rotvec_to_rotmat(np.array(turn)))
    assert np.abs(places(rig, put_on(clip, rig).posed) - clip.joint_positions()).max() < 1e-5


@pytest.mark.parametrize("suffix", [".fbx", ".glb"])
@pytest.mark.parametrize("kind", ["mixamo", "unreal", "odd"])
def test_people_of_other_tools(tmp_path: Path, clip: Motion, kind: str, suffix: str) -> None:
    """Their own file, opened, moved, written and read again: hands within 3 cm, feet slide no more than 1 cm/s more."""
    path = written(rig_of(foreign(kind), 8), tmp_path / f"them{suffix}")
    rig = open_rig(path)
    worn = put_on(clip, rig)
    out = export_rig(rig, worn.posed, tmp_path / f"moved{suffix}")
    again = open_rig(out)
    assert again.names == rig.names and np.abs(again.rest - rig.rest).max() < 1e-5
    found, wanted = places(rig, worn.posed), clip.joint_positions()
    for name in ("left_wrist", "right_wrist", "left_hand", "right_hand", "head"):
        bone = rig.names.index(NAMES[kind][name])
        assert np.abs(found[:, bone] - wanted[:, clip.skeleton.index(name)]).max() < 0.03, name
    assert worn.feet.after <= worn.feet.source + 0.01


def test_a_bvh_rests_in_its_first_frame_where_its_zero_pose_is_nonsense(tmp_path: Path, clip: Motion) -> None:
    rig = open_rig(lying_bvh(foreign("mixamo"), tmp_path / "them.bvh"))
    worn = put_on(clip, rig)
    export_rig(rig, worn.posed, tmp_path / "moved.bvh")
    found = load(tmp_path / "moved.bvh")
    order = [found.skeleton.index(NAMES["mixamo"][name]) for name in clip.skeleton.joint_names]
    assert np.abs(found.joint_positions()[:, order] - clip.joint_positions()).max() < 0.005  # nothing tells its floor
    header = (tmp_path / "them.bvh").read_text().split("MOTION")[0]
    assert (tmp_path / "moved.bvh").read_text().startswith(header)


@pytest.mark.parametrize(("thigh", "foot"), [(1.25, 1.0), (0.8, 1.3)])
def test_feet_stand_on_other_legs(clip: Motion, thigh: float, foot: float) -> None:
    skeleton = smpl_skeleton()
    offsets = skeleton.rest_offsets.copy()
    for side, sign in (("left", 1.0), ("right", -1.0)):
        offsets[skeleton.index(f"{side}_knee")] *= thigh
        offsets[skeleton.index(f"{side}_foot")] *= [foot, 1.0, foot]
        offsets[skeleton.index(f"{side}_hip")] += [0.05 * sign, 0, 0]
    offsets[0] += [0.0, 0.38 * (thigh - 1), 0.0]
    rig = rig_of(Skeleton(skeleton.joint_names, skeleton.parents, offsets), 9)
    worn = put_on(clip, rig)
    contacts = foot_contacts(clip, floor=None)
    assert worn.feet.before > worn.feet.source + 0.002
    assert worn.feet.after <= worn.feet.source + 0.01
    assert slide(worn.clip, contacts) == worn.feet.after < worn.feet.before
    assert height(worn.clip.joint_positions()).min() > -0.01


@pytest.mark.parametrize("where", ["root", "hips", "in-place"])
def test_the_way_is_where_it_is_wanted(clip: Motion, where: str) -> None:
    rig = rig_of(foreign("unreal"), 10)
    found = places(rig, put_on(clip, rig, root_motion=where).posed)
    root, hips = rig.names.index("root"), rig.names.index("pelvis")
    way = float(np.linalg.norm(np.ptp(ground(clip.root_position), axis=0)))
    moved = [float(np.linalg.norm(np.ptp(ground(found[:, bone]), axis=0))) for bone in (root, hips)]
    assert np.abs(height(found[:, root])).max() < 1e-9
    assert moved == pytest.approx({"root": [way, way], "hips": [0, way], "in-place": [0, 0]}[where], abs=0.05)


def test_hips_without_a_root_carry_the_way_themselves(clip: Motion) -> None:
    with pytest.raises(BadInput, match="--root-motion hips"):
        put_on(clip, rig_of(foreign("mixamo")), root_motion="root")


def test_the_report_tells_what_came_of_it(clip: Motion) -> None:
    report = put_on(clip, rig_of(foreign("unreal", 0.9))).report()
    assert report["unmapped"] == ["root"] and report["mapped"] == 26 and report["leg_scale"] == pytest.approx(0.9)
    assert report["hands_apart_error_m"] < 0.01


def test_the_first_frame_may_be_the_rest_pose(clip: Motion) -> None:
    rig = rig_of(foreign("unreal"), 11)
    posed = put_on(clip, rig, t_pose=True).posed
    assert posed.num_frames == clip.num_frames + 1
    assert np.abs(places(rig, posed)[0] - rig.rest[:, :3, 3]).max() < 1e-9
