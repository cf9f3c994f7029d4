"""Plain data and the conventions: frozen dataclasses in numpy, no torch, no files.

Start with ``skeleton.Skeleton`` and ``clip.Motion``; everything else in Stride is a function between such values.
"""

from motion.core.clip import Motion
from motion.core.errors import BadFile, BadInput, MissingDependency, MotionError, UnknownName
from motion.core.skeleton import SMPL_JOINT_NAMES, SMPL_PARENTS, Skeleton
from motion.core.skin import Skin

__all__ = [
    "SMPL_JOINT_NAMES", "SMPL_PARENTS", "BadFile", "BadInput", "MissingDependency", "Motion", "MotionError", "Skeleton",
    "Skin", "UnknownName",
]  # fmt: skip
