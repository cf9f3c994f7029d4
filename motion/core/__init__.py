"""Plain data and the conventions: frozen dataclasses in numpy, no torch, no files.

Start with ``skeleton.Skeleton`` and ``clip.Motion``; everything else in Stride is a function between such values.
"""

from motion.core.clip import Motion
from motion.core.errors import BadFile, BadInput, MissingDependency, MotionError, UnknownName
from motion.core.field import DistanceField
from motion.core.observation import Observation
from motion.core.place import Place
from motion.core.route import Route, Trajectory, Waypoint
from motion.core.skeleton import SMPL_JOINT_NAMES, SMPL_PARENTS, Skeleton
from motion.core.skin import Skin
from motion.core.tracks import Tracks

__all__ = [
    "SMPL_JOINT_NAMES", "SMPL_PARENTS", "BadFile", "BadInput", "DistanceField", "MissingDependency", "Motion",
    "MotionError", "Observation", "Place", "Route", "Skeleton", "Skin", "Tracks", "Trajectory", "UnknownName",
    "Waypoint",
]  # fmt: skip
