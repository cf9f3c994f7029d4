"""A user's own SMPL, SMPL-H or SMPL-X files (``--body``): found in a folder and brought to SMPL's 24 joints.

The files stay where they are; their licence is between the user and their makers. The ``.pkl`` releases are refused:
unpickling runs whatever code the file holds.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from motion.body.model import BodyModel, body_from_arrays, read_arrays, tree_of
from motion.core.errors import BadFile
from motion.core.skeleton import SMPL_JOINT_NAMES, SMPL_PARENTS

Array = NDArray[np.floating]

#: The joints that every model of the family shares come first.
_SHARED = 22
#: By number of joints (SMPL-H, SMPL-X): the first joint of the left and of the right middle finger, SMPL's "hand".
_KNUCKLES = {52: (25, 40), 55: (28, 43)}
#: SMPL-X appends expressions to the shapes: how many shapes there are in so many columns.
_NUM_SHAPES = {400: 300, 20: 10}
_HEAD, _WRISTS = SMPL_JOINT_NAMES.index("head"), (20, 21)
_CONVERT = (
    "import pickle, numpy as n; d = pickle.load(open('{0}.pkl', 'rb'), encoding='latin1'); "
    "n.savez('{0}.npz', **{{k: n.array(d[k].todense() if hasattr(d[k], 'todense') else d[k]) for k in "
    "('v_template', 'shapedirs', 'posedirs', 'J_regressor', 'weights', 'f', 'kintree_table')}})"
)


def load_user_body(path: str | Path) -> BodyModel:
    """Read a body file, or the most neutral one in a folder or one of its subfolders.

    SMPL-H and SMPL-X come back with SMPL's 24 joint names: fingers become part of the hands, which turn about the
    middle knuckle; jaw and eyes become part of the head.

    Raises:
        BadFile: nothing usable is there; the message says what would be.
    """
    path = Path(path)
    if path.is_dir():
        path = _choose(path)
    if path.suffix == ".pkl":
        command = _CONVERT.format(path.stem)
        raise BadFile(
            path,
            "a .pkl runs code when opened and is refused; convert it once where you trust it "
            f'(needs scipy and chumpy): python -c "{command}"',
        )
    if path.suffix != ".npz":
        raise BadFile(path, "a body is an .npz file, or a folder that holds one")
    arrays = read_arrays(path)
    if len(tree_of(arrays)) in _KNUCKLES:
        arrays = _to_smpl_joints(path, arrays)
    return body_from_arrays(path, arrays)


def _choose(folder: Path) -> Path:
    """The .npz to take: neutral before others, SMPL before SMPL-H and SMPL-X, then by name."""
    found = sorted({*folder.glob("*.npz"), *folder.glob("*/*.npz"), *folder.glob("*/*/*.npz")})
    if not found:
        pickles = sorted(folder.rglob("*.pkl"))
        if pickles:
            return pickles[0]
        raise BadFile(folder, "holds no body (.npz with v_template, shapedirs, J_regressor, weights, f, kintree_table)")

    def rank(path: Path) -> tuple[bool, bool, bool, str]:
        name = str(path.relative_to(folder)).lower()
        return "neutral" not in name, "smplx" in name, "smplh" in name, name

    return min(found, key=rank)


def _to_smpl_joints(path: Path, arrays: dict[str, NDArray]) -> dict[str, NDArray]:
    """The arrays of an SMPL-H or SMPL-X file over SMPL's 24 joints."""
    parents = tree_of(arrays)
    count = len(parents)
    if tuple(parents[:_SHARED]) != SMPL_PARENTS[:_SHARED]:
        raise BadFile(path, f"its first {_SHARED} joints are not those of the SMPL family")
    if not all(0 <= parents[joint] < joint for joint in range(_SHARED, count)):
        raise BadFile(path, "kintree_table is not a tree with parents before children")
    if arrays["weights"].shape[1] != count or len(arrays["J_regressor"]) != count:
        raise BadFile(path, f"weights and J_regressor must have {count} joints, as kintree_table has")
    rows = [*range(_SHARED), *_KNUCKLES[count]]
    weights = np.zeros((len(arrays["weights"]), len(SMPL_JOINT_NAMES)))
    for joint in range(count):
        weights[:, _owner(joint, parents)] += arrays["weights"][:, joint]
    shapes = arrays["shapedirs"].shape[2]
    merged = {
        **arrays,
        "J_regressor": arrays["J_regressor"][rows],
        "weights": weights,
        "shapedirs": arrays["shapedirs"][:, :, : _NUM_SHAPES.get(shapes, shapes)],
        "kintree_table": np.array([SMPL_PARENTS, range(len(SMPL_PARENTS))]),
    }
    if "posedirs" in arrays:  # the hands of SMPL's layout get none: the fingers' belong to bent fingers
        shared = arrays["posedirs"][:, :, : 9 * (_SHARED - 1)]
        merged["posedirs"] = np.concatenate([shared, np.zeros((*shared.shape[:2], 18))], axis=2)
    return merged


def _owner(joint: int, parents: list[int]) -> int:
    """SMPL's joint that a joint of SMPL-H or SMPL-X is part of."""
    if joint < _SHARED:
        return joint
    while joint >= _SHARED:
        joint = parents[joint]
    return _SHARED + _WRISTS.index(joint) if joint in _WRISTS else _HEAD
