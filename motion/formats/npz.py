"""AMASS .npz: ``poses``, ``trans``, ``betas``, ``gender`` and the frame rate in both spellings; Z up on disk.

Two facts trip most readers of these files. ``trans`` is not the pelvis: the model turns about its rest pelvis J0, so
pelvis = J0 + trans with J0 in the axes of the body's own file, however the body is turned. And SMPL's last two joints,
the hands, have no place in the 156 numbers of SMPL-H, whose joints 22 to 51 are fingers; they travel in
``stride_hand_pose``.
"""

from __future__ import annotations

import os
from typing import Any

import numpy as np
from numpy.typing import NDArray

from motion.core.axes import Y_UP_FROM_Z_UP, y_up_from_z_up, z_up_from_y_up
from motion.core.clip import MAX_FRAMES, Motion
from motion.core.errors import BadFile, BadInput, MotionError
from motion.core.rotation import rotmat_to_rotvec, rotvec_to_rotmat
from motion.core.skeleton import SMPL_JOINT_NAMES, SMPL_PARENTS, Skeleton
from motion.core.skin import Skin
from motion.formats.archive import read_arrays
from motion.formats.atomic import atomic_path
from motion.formats.provenance import from_text, to_text

Array = NDArray[np.floating]

#: The root and the 21 body joints every SMPL family model shares.
BODY_JOINTS = 22
#: Where SMPL's mean pelvis lies in its template, in metres; our own body's lies there too. A person's own J0 differs by
#: a centimetre or two with the shape.
SMPL_REST_PELVIS: Array = np.array([0.0, -0.2233, 0.0282])
#: Columns of ``poses`` in SMPL without hands, SMPL, SMPL-H and SMPL-X.
POSE_WIDTHS = (66, 72, 156, 165)
_RATE_KEYS = ("mocap_framerate", "mocap_frame_rate")
_KEYS = {
    "poses", "root_orient", "pose_body", "trans", "betas", *_RATE_KEYS, "meta_json",
    "stride_hand_pose", "stride_rest_offsets", "stride_rest_pelvis", "stride_contacts",
}  # fmt: skip


def write_npz(
    clip: Motion,
    path: str | os.PathLike[str],
    *,
    skin: Skin | None = None,
    provenance: dict[str, Any] | None = None,
    rest_pelvis: Array = SMPL_REST_PELVIS,
) -> None:
    """Write a clip of SMPL's 24 (or first 22) joints as AMASS SMPL-H .npz; the skin has no place in it.

    ``rest_pelvis`` (3,) m is J0, the pelvis of the body's file in the T-pose (``BodyModel.file_joints()[0]``).
    Extra keys hold what AMASS lacks, so that reading back is lossless: ``stride_hand_pose`` (T, 2, 3) rad,
    ``stride_rest_offsets`` (J, 3) m, ``stride_rest_pelvis``, ``stride_contacts`` (T, 4), and the provenance as JSON
    text in ``meta_json``.
    """
    names = clip.skeleton.joint_names
    if names not in (SMPL_JOINT_NAMES, SMPL_JOINT_NAMES[:BODY_JOINTS]):
        raise BadInput(
            f"an AMASS .npz holds SMPL's joints, this clip has {len(names)} joints starting with {names[0]!r}; "
            "retarget it to SMPL first, or write .bvh or .glb"
        )
    rotation = clip.joint_rotation.copy()
    rotation[:, 0] = Y_UP_FROM_Z_UP.T @ rotation[:, 0]
    rotvec = rotmat_to_rotvec(rotation)
    frames = clip.num_frames
    poses = np.zeros((frames, 156))
    poses[:, : 3 * BODY_JOINTS] = rotvec[:, :BODY_JOINTS].reshape(frames, -1)
    betas = np.zeros(16)
    if clip.betas is not None:
        betas = np.pad(clip.betas, (0, max(0, 16 - len(clip.betas))))
    arrays: dict[str, Any] = {
        "poses": poses,
        "trans": z_up_from_y_up(clip.root_position) - rest_pelvis,
        "betas": betas,
        "num_betas": np.int64(len(betas)),
        "dmpls": np.zeros((frames, 8)),
        "gender": np.str_("neutral"),
        "surface_model_type": np.str_("smplh"),
        "mocap_framerate": np.float64(clip.fps),
        "mocap_frame_rate": np.float64(clip.fps),
        "mocap_time_length": np.float64(clip.duration),
        "stride_rest_offsets": clip.skeleton.rest_offsets,
        "stride_rest_pelvis": np.asarray(rest_pelvis, dtype=np.float64),
        "meta_json": np.str_(to_text(provenance)),
    }
    if len(names) > BODY_JOINTS:
        arrays["stride_hand_pose"] = rotvec[:, BODY_JOINTS:]
    if clip.contacts is not None:
        arrays["stride_contacts"] = clip.contacts
    with atomic_path(path) as temporary, temporary.open("xb") as file:
        np.savez_compressed(file, **arrays)


def read_npz(
    path: str | os.PathLike[str], *, skeleton: Skeleton | None = None, rest_pelvis: Array = SMPL_REST_PELVIS
) -> Motion:
    """Read an AMASS .npz: SMPL, SMPL-H or SMPL-X, all poses in one array or as root_orient and pose_body.

    Args:
        path: the file.
        skeleton: SMPL's 24 joints, for files that carry no skeleton, which is all but our own.
        rest_pelvis: (3,) m, J0 of the body the file was made with, where the file does not say.

    Returns:
        The clip with the joints of the skeleton; joints the file does not speak of (fingers folded into SMPL's hands)
        rest. All-zero ``betas`` become None, the mean shape.
    """
    arrays = read_arrays(path, _KEYS)
    rotvec = _pose(path, arrays)
    frames = len(rotvec)
    trans = _shaped(path, arrays, "trans", (frames, 3))
    skeleton = _skeleton(path, arrays, skeleton, rotvec.shape[1])
    full = np.zeros((frames, skeleton.num_joints, 3))
    shared = min(rotvec.shape[1], skeleton.num_joints)
    full[:, :shared] = rotvec[:, :shared]
    if "stride_hand_pose" in arrays and skeleton.num_joints == len(SMPL_JOINT_NAMES):
        full[:, BODY_JOINTS:] = _shaped(path, arrays, "stride_hand_pose", (frames, 2, 3))
    rotation = rotvec_to_rotmat(full)
    rotation[:, 0] = Y_UP_FROM_Z_UP @ rotation[:, 0]
    if "stride_rest_pelvis" in arrays:
        rest_pelvis = _shaped(path, arrays, "stride_rest_pelvis", (3,))
    betas = np.atleast_1d(arrays["betas"]).astype(np.float64).reshape(-1) if "betas" in arrays else np.zeros(1)
    try:
        return Motion(
            skeleton,
            y_up_from_z_up(trans + rest_pelvis),
            rotation,
            _frame_rate(path, arrays),
            betas=betas if np.any(betas) else None,
            contacts=_shaped(path, arrays, "stride_contacts", (frames, 4)) > 0 if "stride_contacts" in arrays else None,
        )
    except BadFile:
        raise
    except MotionError as error:
        raise BadFile(path, str(error)) from error


def read_provenance(path: str | os.PathLike[str]) -> dict[str, Any] | None:
    """The record of how the clip was made, or None when the file carries none."""
    return from_text(str(read_arrays(path, {"meta_json"}).get("meta_json", "")))


def _shaped(path: str | os.PathLike[str], arrays: dict[str, NDArray[Any]], key: str, shape: tuple[int, ...]) -> Array:
    if key not in arrays:
        raise BadFile(path, f"lacks {key!r}; an AMASS file has poses, trans, betas and mocap_framerate")
    array = arrays[key]
    if array.shape != shape or array.dtype.kind not in "fiub":
        raise BadFile(path, f"{key!r} must be numbers of shape {shape}, got {array.dtype} {array.shape}")
    return array.astype(np.float64)


def _pose(path: str | os.PathLike[str], arrays: dict[str, NDArray[Any]]) -> Array:
    """(T, 22 or 24, 3) rad, axis times angle, the root first and still in Z-up coordinates."""
    if "poses" in arrays:
        frames = arrays["poses"].shape[0] if arrays["poses"].ndim else 0
        width = arrays["poses"].size // max(frames, 1)
        if width not in POSE_WIDTHS:
            widths = ", ".join(map(str, POSE_WIDTHS))
            raise BadFile(path, f"'poses' must be (T, N) with N one of {widths}; got {arrays['poses'].shape}")
        poses = _shaped(path, arrays, "poses", (frames, width))
        joints = len(SMPL_JOINT_NAMES) if width == 3 * len(SMPL_JOINT_NAMES) else BODY_JOINTS
        rotvec = poses[:, : 3 * joints].reshape(frames, joints, 3)
    elif "root_orient" in arrays:
        frames = arrays["root_orient"].shape[0] if arrays["root_orient"].ndim else 0
        root = _shaped(path, arrays, "root_orient", (frames, 3))
        body = _shaped(path, arrays, "pose_body", (frames, 3 * (BODY_JOINTS - 1)))
        rotvec = np.concatenate([root, body], axis=1).reshape(frames, BODY_JOINTS, 3)
    else:
        raise BadFile(path, "has neither 'poses' nor 'root_orient' and 'pose_body': not an AMASS file")
    if not 1 <= frames <= MAX_FRAMES:
        raise BadFile(path, f"has {frames} frames; 1 to {MAX_FRAMES} are accepted")
    return rotvec


def _skeleton(
    path: str | os.PathLike[str], arrays: dict[str, NDArray[Any]], given: Skeleton | None, joints: int
) -> Skeleton:
    if "stride_rest_offsets" in arrays:
        count = len(SMPL_JOINT_NAMES) if len(arrays["stride_rest_offsets"]) == len(SMPL_JOINT_NAMES) else BODY_JOINTS
        offsets = _shaped(path, arrays, "stride_rest_offsets", (count, 3))
        return Skeleton(SMPL_JOINT_NAMES[:count], np.array(SMPL_PARENTS[:count]), offsets)
    if given is None:
        raise BadFile(path, "carries no skeleton, as usual for AMASS; give the skeleton of the body to use")
    if given.joint_names[:BODY_JOINTS] != SMPL_JOINT_NAMES[:BODY_JOINTS]:
        raise BadInput("an AMASS file needs a skeleton with SMPL's joint names")
    return given


def _frame_rate(path: str | os.PathLike[str], arrays: dict[str, NDArray[Any]]) -> float:
    rates = {float(arrays[k].reshape(-1)[0]) for k in _RATE_KEYS if k in arrays and arrays[k].dtype.kind in "fiu"
             and arrays[k].size == 1}  # fmt: skip
    if not rates:
        raise BadFile(path, "lacks the frame rate ('mocap_framerate' or 'mocap_frame_rate')")
    if len(rates) > 1:
        raise BadFile(path, f"gives two different frame rates: {' and '.join(f'{r:g}' for r in sorted(rates))}")
    return rates.pop()
