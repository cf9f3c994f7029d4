"""A body: an SMPL-format model with a shape space, a skeleton and a skin."""

from __future__ import annotations

import zipfile
import zlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from motion.body.skinning import skin_vertices
from motion.core.axes import UP, height
from motion.core.clip import Motion
from motion.core.errors import BadFile, BadInput
from motion.core.skeleton import SMPL_JOINT_NAMES, SMPL_PARENTS, Skeleton
from motion.core.skin import Skin
from motion.resources import asset

Array = NDArray[np.floating]

#: Shape coefficients beyond this many standard deviations are refused: no person looks like that.
MAX_BETA = 10.0
#: Most shape coefficients accepted; SMPL-X has 300.
MAX_BETAS = 400
#: Most vertices, and most bytes of arrays, accepted of a body file; SMPL-X has 10,475 and about 300 MB.
MAX_VERTICES = 200_000
MAX_BYTES = 1 << 30


@dataclass(frozen=True)
class BodyModel:
    """A body in the layout of SMPL: a T-pose template, linear shape directions, skin weights of J joints.

    Coordinates are metres, Y up, facing +Z, left hand at +X. The template's origin is the file's own;
    ``skeleton`` and ``skin`` put the soles on the ground and the pelvis above the origin.

    Attributes:
        joint_names: J names; SMPL's for the shipped body.
        parents: (J,) int, -1 for the root.
        v_template: (V, 3) m, the mean person in the T-pose.
        shapedirs: (V, 3, B) m per shape coefficient.
        posedirs: (V, 3, 9 (J - 1)) m per entry of R - I of the joints but the root; None when there are none.
        joint_regressor: (J, V), joints of the shaped template; rows sum to one.
        weights: (V, J), each row sums to one.
        faces: (F, 3) int, counter-clockwise seen from outside.
    """

    joint_names: tuple[str, ...]
    parents: NDArray[np.integer]
    v_template: Array
    shapedirs: Array
    posedirs: Array | None
    joint_regressor: Array
    weights: Array
    faces: NDArray[np.integer]

    def __post_init__(self) -> None:
        vertices, joints = len(self.v_template), len(self.joint_names)
        shapes = {
            "v_template": (self.v_template, (vertices, 3)),
            "shapedirs": (self.shapedirs, (vertices, 3, self.num_betas)),
            "J_regressor": (self.joint_regressor, (joints, vertices)),
            "weights": (self.weights, (vertices, joints)),
            "f": (self.faces, (len(self.faces), 3)),
        }
        if self.posedirs is not None:
            shapes["posedirs"] = (self.posedirs, (vertices, 3, 9 * (joints - 1)))
        for name, (array, shape) in shapes.items():
            if array.shape != shape:
                raise BadInput(f"{name} of a body must be {shape}, got {array.shape}")
            if not np.all(np.isfinite(array)):
                raise BadInput(f"{name} of a body must be finite")
        if self.faces.size and not 0 <= self.faces.min() <= self.faces.max() < vertices:
            raise BadInput("a face of a body refers to a vertex that does not exist")
        if np.abs(self.weights.sum(axis=1) - 1).max() > 1e-3 or self.weights.min() < -1e-6:
            raise BadInput("the skin weights of every vertex must be non-negative and sum to one")

    @property
    def num_betas(self) -> int:
        return self.shapedirs.shape[-1]

    def shaped(self, betas: Array | None = None) -> Array:
        """(V, 3) m, the T-posed person with shape coefficients ``betas``, in the file's coordinates.

        Coefficients beyond the body's own B are left out, as is usual with the 16 of an AMASS file.
        """
        if betas is None:
            return self.v_template
        betas = checked_betas(betas)[: self.num_betas]
        return self.v_template + self.shapedirs[:, :, : len(betas)] @ betas

    def file_joints(self, betas: Array | None = None) -> Array:
        """(J, 3) m, rest joints in the file's own coordinates; AMASS's ``trans`` is root position minus row 0."""
        return self.joint_regressor @ self.shaped(betas)

    def _to_ground(self, shaped: Array, joints: Array) -> Array:
        """(3,) m, what puts the soles on the ground and the pelvis above the origin."""
        return UP * (height(joints[0]) - height(shaped).min()) - joints[0]

    def skeleton(self, betas: Array | None = None) -> Skeleton:
        """The person's joints; ``rest_offsets[0]`` is the pelvis of the T-pose standing on the ground at the origin."""
        shaped = self.shaped(betas)
        joints = self.joint_regressor @ shaped
        offsets = joints.copy()
        offsets[1:] -= joints[self.parents[1:]]
        offsets[0] += self._to_ground(shaped, joints)
        return Skeleton(self.joint_names, self.parents, offsets)

    def skin(self, betas: Array | None = None) -> Skin:
        """The person's surface bound to :meth:`skeleton`, for exporters."""
        shaped = self.shaped(betas)
        ground = self._to_ground(shaped, self.joint_regressor @ shaped)
        return Skin(self.skeleton(betas), shaped + ground, self.faces, self.weights)

    def vertices(self, clip: Motion) -> Array:
        """(T, V, 3) m, float32, the surface in every frame of a clip of this body, shaped by ``clip.betas``."""
        if clip.skeleton.joint_names != self.joint_names:
            raise BadInput("the clip's joints are not this body's; retarget it first")
        return skin_vertices(self, clip)


def checked_betas(betas: Array) -> Array:
    """Shape coefficients (B,) as float64; raises ``BadInput`` for other shapes, NaN and monsters."""
    betas = np.asarray(betas, dtype=np.float64)
    if betas.ndim != 1 or len(betas) > MAX_BETAS:
        raise BadInput(f"betas must be a list of at most {MAX_BETAS} numbers, got shape {betas.shape}")
    if not np.all(np.abs(betas) <= MAX_BETA):  # NaN fails the comparison too
        raise BadInput(f"betas must be numbers between -{MAX_BETA:g} and {MAX_BETA:g}")
    return betas


def load_body(path: str | Path | None = None) -> BodyModel:
    """Read an SMPL-format ``.npz`` of SMPL's 24 joints; without a path, the shipped body.

    Raises:
        BadFile: the file is missing, not an ``.npz``, or lacks what a body needs.
    """
    path = Path(path) if path is not None else asset("body", "neutral.npz")
    return body_from_arrays(path, read_arrays(path))


@cache
def default_body() -> BodyModel:
    """The shipped body, read once."""
    return load_body()


#: What is read of a body file; anything else in it is left alone.
KEYS = ("v_template", "shapedirs", "posedirs", "J_regressor", "weights", "f", "kintree_table")
_DIMENSIONS = {
    "v_template": 2,
    "shapedirs": 3,
    "posedirs": 3,
    "J_regressor": 2,
    "weights": 2,
    "f": 2,
    "kintree_table": 2,
}


def read_arrays(path: Path) -> dict[str, NDArray]:
    """The arrays of a body file by name (``posedirs`` may be absent); pickled content is refused, never run."""
    try:
        with zipfile.ZipFile(path) as archive:
            sizes = {info.filename.removesuffix(".npy"): info.file_size for info in archive.infolist()}
        missing = [key for key in KEYS if key not in sizes and key != "posedirs"]
        if missing:
            raise BadFile(path, f"not a body: lacks {', '.join(missing)}")
        if sum(sizes.get(key, 0) for key in KEYS) > MAX_BYTES:
            raise BadFile(path, f"its arrays are larger than {MAX_BYTES >> 20} MiB")
        with np.load(path, allow_pickle=False) as file:
            arrays = {key: file[key] for key in KEYS if key in sizes}
    except FileNotFoundError:
        raise BadFile(path, "no such file") from None
    except (OSError, EOFError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, MemoryError) as error:
        raise BadFile(path, f"not a whole .npz file ({error})") from None
    except BadFile:
        raise
    except ValueError as error:  # an array of objects, or a header that lies
        raise BadFile(path, f"an array cannot be read without running code or is malformed ({error})") from None
    for key, array in arrays.items():
        if array.ndim != _DIMENSIONS[key] or array.dtype.kind not in "fiu":
            raise BadFile(
                path, f"{key} must be numbers in {_DIMENSIONS[key]} dimensions, got {array.dtype} {array.shape}"
            )
    if len(arrays["kintree_table"]) != 2 or not arrays["kintree_table"].size:
        raise BadFile(path, f"kintree_table must be (2, J), got {arrays['kintree_table'].shape}")
    return arrays


def body_from_arrays(path: Path, arrays: dict[str, NDArray]) -> BodyModel:
    """A body of SMPL's 24 joints from the arrays of a file; ``path`` is for the message when they do not fit."""
    if tuple(tree_of(arrays)) != SMPL_PARENTS:
        raise BadFile(path, f"expected the tree of SMPL's 24 joints, found another of {len(tree_of(arrays))}")
    if len(arrays["v_template"]) > MAX_VERTICES:
        raise BadFile(path, f"more than {MAX_VERTICES} vertices")
    posedirs = arrays.get("posedirs")
    numbers = {key: array.astype(np.float64) for key, array in arrays.items() if key not in ("f", "kintree_table")}
    try:
        return BodyModel(
            joint_names=SMPL_JOINT_NAMES,
            parents=np.array(SMPL_PARENTS),
            v_template=numbers["v_template"],
            shapedirs=numbers["shapedirs"],
            posedirs=numbers["posedirs"] if posedirs is not None and np.any(posedirs) else None,
            joint_regressor=numbers["J_regressor"],
            weights=numbers["weights"],
            faces=arrays["f"].astype(np.int64),
        )
    except BadInput as error:
        raise BadFile(path, str(error)) from None


def tree_of(arrays: dict[str, NDArray]) -> list[int]:
    """Parents by joint from ``kintree_table``, whose root entry is -1 in any width of integer."""
    parents = [int(parent) for parent in arrays["kintree_table"][0]]
    return [-1, *parents[1:]]
