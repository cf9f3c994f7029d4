"""Whole-body keys: known joint rotations and heights are met exactly, by offsets that come and go smoothly."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
from numpy.typing import NDArray

from motion.core import Motion, Observation
from motion.core.axes import UP, from_ground, ground, height
from motion.core.rotation import rotmat_to_rotvec, rotmat_to_yaw, rotvec_to_rotmat, yaw_to_rotmat
from motion.refine.banded import fading
from motion.refine.from_joints import POINTS, fit_rotations
from motion.refine.limb_ik import Limb, flexion

Array = NDArray[np.floating]
Flags = NDArray[np.bool_]

#: Seconds in which half an offset is gone.
FADE = 0.2
#: Angle in radians from which the way around is chosen by the key before.
FAR = 2.5


def through_keys(clip: Motion, asked: Observation) -> Motion:
    """The clip with every known rotation and root height met exactly; between keys the offsets fade or blend."""
    lift = asked.joint_position_known[:, 0]
    heights = fading(lift, height(asked.joint_position[:, 0] - clip.root_position), FADE, clip.fps)
    rotation = clip.joint_rotation.copy()
    for joint in np.flatnonzero(asked.joint_rotation_known.any(axis=0)):
        known = asked.joint_rotation_known[:, joint]
        rotation[:, joint] = turned_through(rotation[:, joint], asked.joint_rotation[:, joint], known, FADE, clip.fps)
    posed = replace(clip, root_position=clip.root_position + heights[:, None] * UP, joint_rotation=rotation)
    limbs = [make(clip.skeleton, side) for make in (Limb.leg, Limb.arm) for side in ("left", "right")]
    for limb in limbs:
        posed = _not_bent_back(posed, clip, limb, asked.joint_rotation_known[:, limb.middle])
    return posed


def _not_bent_back(posed: Motion, clip: Motion, limb: Limb, known: Flags) -> Motion:
    """The pose whose knee or elbow bends back no further than in the clip, but where its rotation is known."""
    rotations, positions = posed.in_world
    least = np.minimum(0.0, flexion(limb, *clip.in_world))
    lacking = np.maximum(0.0, least - flexion(limb, rotations, positions)) * ~known
    if not lacking.any():
        return posed
    axis = rotations[:, limb.root] @ limb.hinge
    turned = rotvec_to_rotmat(lacking[:, None] * axis) @ rotations[:, limb.middle]
    rotation = posed.joint_rotation.copy()
    local = np.swapaxes(rotations[:, limb.root], -1, -2) @ turned
    rotation[:, limb.middle] = np.where(lacking[:, None, None] > 0, local, rotation[:, limb.middle])
    return replace(posed, joint_rotation=rotation)


def turned_through(rotation: Array, wanted: Array, known: Flags, seconds: float, fps: float) -> Array:
    """Rotations (T, 3, 3) turned smoothly so that they equal ``wanted`` (T, 3, 3) where ``known``."""
    offset = np.zeros((len(known), 3))
    offset[known] = _nearby(rotmat_to_rotvec(np.swapaxes(rotation[known], -1, -2) @ wanted[known]))
    turned = rotation @ rotvec_to_rotmat(fading(known, offset, seconds, fps))
    return np.where(known[:, None, None], wanted, turned)


def _nearby(rotvec: Array) -> Array:
    """Rotation vectors (K, 3), each of a large angle written the way around that is nearer to the one before."""
    for i in range(1, len(rotvec)):
        angle = np.linalg.norm(rotvec[i])
        if angle > FAR:
            other = rotvec[i] * (1 - 2 * np.pi / angle)
            if np.linalg.norm(other - rotvec[i - 1]) < np.linalg.norm(rotvec[i] - rotvec[i - 1]):
                rotvec[i] = other
    return rotvec


def completed(asked: Observation, clip: Motion, kept: Flags) -> Observation:
    """The same request with what follows from it said outright.

    Where its place on the ground is not known, the root's position tells its height alone, and where the heading is
    not, its rotation tells its tilt alone: place and heading are then the clip's own. A frame of which all joints'
    positions but no rotations are known gets the rotations that fit; frames ``kept`` (T,) are known as they are in the
    clip.
    """
    asked = asked.merged(_only(Observation.everything(clip), kept))
    of_points = asked.joint_position_known[:, :POINTS].all(axis=1) & ~asked.joint_rotation_known[:, :POINTS].any(axis=1)
    rotation, rotation_known = asked.joint_rotation.copy(), asked.joint_rotation_known.copy()
    if of_points.any():
        rotation[of_points] = fit_rotations(
            asked.joint_position[of_points, :POINTS], clip.fps, clip.skeleton
        ).joint_rotation
        rotation_known[of_points] = True
    placed = asked.joint_position_known[:, 0] & ~asked.root_ground_known & of_points
    turned = rotation_known[:, 0] & ~asked.heading_known & of_points
    floats = asked.joint_position_known[:, 0] & ~asked.root_ground_known & ~of_points
    position = asked.joint_position.copy()
    position[floats, 0] = from_ground(ground(clip.root_position[floats]), height(position[floats, 0]))
    tilts = rotation_known[:, 0] & ~asked.heading_known & ~of_points
    turn = rotmat_to_yaw(clip.joint_rotation[tilts, 0]) - rotmat_to_yaw(rotation[tilts, 0])
    rotation[tilts, 0] = yaw_to_rotmat(turn) @ rotation[tilts, 0]
    return replace(
        asked,
        joint_position=position,
        joint_rotation=rotation,
        joint_rotation_known=rotation_known,
        root_ground=np.where(placed[:, None], ground(asked.joint_position[:, 0]), asked.root_ground),
        root_ground_known=asked.root_ground_known | placed,
        heading=np.where(turned, rotmat_to_yaw(rotation[:, 0]), asked.heading),
        heading_known=asked.heading_known | turned,
    )


def _only(observation: Observation, frames: Flags) -> Observation:
    """What is known in ``frames`` (T,) alone."""
    masks = {field.name: getattr(observation, field.name) for field in fields(observation) if "_known" in field.name}
    return replace(observation, **{name: (mask.T & frames).T for name, mask in masks.items()})
