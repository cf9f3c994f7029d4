"""The shipped body: a closed, symmetric, sane person in the T-pose, and the limits of its parameters."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from helpers import walking_clip
from motion.body import BodyModel, default_body
from motion.core.axes import height
from motion.core.errors import BadInput
from motion.core.skeleton import SMPL_JOINT_NAMES, SMPL_PARENTS

BODY = default_body()
SKELETON = BODY.skeleton()
AT = dict(zip(SMPL_JOINT_NAMES, SKELETON.rest_positions, strict=True))


def test_it_is_laid_out_like_smpl() -> None:
    assert BODY.joint_names == SMPL_JOINT_NAMES
    assert tuple(BODY.parents) == SMPL_PARENTS
    assert BODY.num_betas == 10
    assert BODY.posedirs is None
    assert 7000 <= len(BODY.v_template) <= 10000


def test_the_mesh_is_closed_and_faces_outwards() -> None:
    edges = np.concatenate([BODY.faces[:, [k, (k + 1) % 3]] for k in range(3)])
    forward = {tuple(edge) for edge in edges.tolist()}
    assert len(forward) == len(edges)
    assert {(b, a) for a, b in forward} == forward
    vertices, edge_count, face_count = len(np.unique(BODY.faces)), len(edges) // 2, len(BODY.faces)
    assert vertices == len(BODY.v_template)
    assert vertices - edge_count + face_count == 2  # one piece without handles
    a, b, c = np.moveaxis(BODY.v_template[BODY.faces], 1, 0)
    volume = np.sum(a * np.cross(b, c)) / 6
    assert 0.050 < volume < 0.075  # m^3


def test_weights_are_shares_of_at_most_four_joints() -> None:
    assert np.allclose(BODY.weights.sum(axis=1), 1, atol=1e-6)
    assert BODY.weights.min() >= 0
    assert (BODY.weights > 0).sum(axis=1).max() <= 4
    assert np.all(BODY.weights.max(axis=0) > 0.3)  # every joint moves something


def test_the_regressor_takes_means_of_vertices() -> None:
    assert BODY.joint_regressor.min() >= 0
    assert np.allclose(BODY.joint_regressor.sum(axis=1), 1, atol=1e-6)


@pytest.mark.parametrize("seed", range(3))
def test_the_skeleton_is_symmetric_whatever_the_shape(seed: int) -> None:
    betas = np.random.default_rng(seed).normal(size=10)
    joints = BODY.skeleton(betas).rest_positions
    mirrored = joints[SKELETON.mirror_indices] * [-1, 1, 1]
    assert np.abs(joints - mirrored).max() < 1e-5


def test_it_stands_in_the_t_pose_on_the_ground_facing_z() -> None:
    skin = BODY.skin()
    assert height(skin.vertices).min() == pytest.approx(0, abs=1e-9)
    assert 1.65 < np.ptp(height(skin.vertices)) < 1.75
    assert np.allclose(AT["pelvis"][[0, 2]], 0, atol=1e-9)
    assert 0.90 < AT["pelvis"][1] < 1.0
    arm = [AT[f"left_{joint}"] for joint in ("shoulder", "elbow", "wrist", "hand")]
    assert np.all(np.diff([p[0] for p in arm]) > 0.05)  # out to +X
    assert np.ptp([p[1] for p in arm]) < 1e-3
    assert np.ptp([p[2] for p in arm]) < 1e-3
    assert AT["left_foot"][2] - AT["left_ankle"][2] > 0.08
    heights = [
        AT[j][1] for j in ("left_foot", "left_ankle", "left_knee", "left_hip", "pelvis", "spine1", "neck", "head")
    ]
    assert np.all(np.diff(heights) > 0)


def test_palms_face_down() -> None:
    hand = np.flatnonzero(BODY.weights[:, SKELETON.index("left_hand")] > 0.9)
    extent = np.ptp(BODY.v_template[hand], axis=0)
    assert extent[1] < 0.6 * min(extent[0], extent[2])  # flat as seen from the side


def test_joints_sit_in_the_middle_of_their_limbs() -> None:
    for seed in range(4):
        betas = np.random.default_rng(seed).normal(size=10)
        vertices, joints = BODY.shaped(betas), BODY.file_joints(betas)
        for name in ("left_knee", "right_knee", "left_elbow", "right_elbow"):
            joint = SKELETON.index(name)
            child = joints[list(BODY.parents).index(joint)]
            along = child - joints[joint]
            along /= np.linalg.norm(along)
            offset = vertices - joints[joint]
            near = BODY.weights[:, [joint, BODY.parents[joint]]].sum(axis=1) > 0.95
            ring = offset[near & (np.abs(offset @ along) < 0.01)]
            ring -= (ring @ along)[:, None] * along
            middle = (ring.max(axis=0) + ring.min(axis=0)) / 2
            assert np.linalg.norm(middle) < 0.35 * np.linalg.norm(ring, axis=1).max(), name


def test_the_first_shape_coefficient_is_stature() -> None:
    tall, short = (np.ptp(height(BODY.shaped(np.array([beta])))) for beta in (2.0, -2.0))
    assert tall - short > 0.2
    assert height(BODY.skin(np.array([2.0])).vertices).min() == pytest.approx(0, abs=1e-9)


def test_betas_are_checked() -> None:
    for bad in (np.zeros((2, 3)), np.full(3, np.nan), np.array([99.0]), np.zeros(1000)):
        with pytest.raises(BadInput, match="betas must be"):
            BODY.skeleton(bad)
    assert np.array_equal(BODY.shaped(np.ones(16)), BODY.shaped(np.ones(10)))


def test_the_rest_clip_is_the_skin_and_moves_with_its_root() -> None:
    clip = walking_clip(seconds=0.2, skeleton=SKELETON)
    rest = np.tile(np.eye(3), (1, 24, 1, 1))
    still = type(clip)(SKELETON, SKELETON.rest_offsets[:1] + [1.0, 0.0, 2.0], rest, 30.0)
    assert np.allclose(BODY.vertices(still)[0], BODY.skin().vertices + [1.0, 0.0, 2.0], atol=1e-5)


def test_the_surface_follows_the_joints() -> None:
    clip = walking_clip(seconds=1.5, skeleton=SKELETON)
    vertices, joints = BODY.vertices(clip), clip.joint_positions()
    head = np.flatnonzero(BODY.weights[:, SKELETON.index("head")] > 0.99)
    distance = np.linalg.norm(vertices[:, head] - joints[:, SKELETON.index("head"), None], axis=-1)
    assert np.ptp(distance, axis=0).max() < 1e-5  # rigid
    assert vertices.shape == (clip.num_frames, len(BODY.v_template), 3)
    assert np.all(np.isfinite(vertices))


def test_another_skeleton_is_refused() -> None:
    clip = walking_clip(seconds=0.2)
    renamed = type(SKELETON)(tuple(f"j{k}" for k in range(24)), SKELETON.parents, SKELETON.rest_offsets)
    with pytest.raises(BadInput, match="retarget"):
        BODY.vertices(type(clip)(renamed, clip.root_position, clip.joint_rotation, clip.fps))


def test_wrong_shapes_are_refused() -> None:
    fields = {name: getattr(BODY, name) for name in BodyModel.__dataclass_fields__}
    for name, value in {
        "weights": BODY.weights[:, :23],
        "v_template": BODY.v_template * np.nan,
        "faces": BODY.faces + len(BODY.v_template),
        "joint_regressor": BODY.joint_regressor[:, :-1],
    }.items():
        with pytest.raises(BadInput):
            BodyModel(**{**fields, name: value})
    with pytest.raises(BadInput, match="sum to one"):
        BodyModel(**{**fields, "weights": BODY.weights * 0.5})


def test_the_body_loads_without_torch() -> None:
    code = (
        "import sys; from motion.body import default_body; default_body().skeleton(); sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
