"""A movement of roles given to all bones of a character: fingers and hair follow, a root bone carries the way."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from motion.core.axes import UP, from_ground, ground, height
from motion.core.clip import Motion
from motion.core.errors import BadInput, UnknownName
from motion.core.rotation import yaw_to_rotmat
from motion.formats.folding import on_floor
from motion.formats.presets import ROOT_MOTIONS
from motion.formats.rig import Posed, Rig
from motion.formats.take import heading
from motion.rigging.people import Person
from motion.rigging.topology import Tree

Array = NDArray[np.floating]


def worn(clip: Motion, person: Person, rig: Rig, root_motion: str | None = None) -> Posed:
    """Where all of a character's bones are.

    Args:
        clip: of the person's roles, on the floor at height 0.
        person: the character's roles.
        rig: the character.
        root_motion: one of ``ROOT_MOTIONS``; None: on a root bone on the floor where the character has one, else on the
            hips.

    Raises:
        MotionError: the character has no bone that could carry the way as is asked for.
    """
    tree, rest = Tree(rig.skeleton), rig.skeleton.rest_positions
    pelvis = int(person.bones[0])
    above = tree.chain(pelvis)[1:]
    way = _way(rig, above, root_motion)
    turned, places = person.skeleton.forward_kinematics(clip.root_position, clip.joint_rotation)
    hips = places[:, 0]
    if way == "in-place":
        hips = UP * height(hips)[:, None] + from_ground(ground(person.skeleton.rest_offsets[0]))
    rotation = np.tile(np.eye(3), (clip.num_frames, len(rig.names), 1, 1))
    position = np.tile(rest, (clip.num_frames, 1, 1))
    moving: tuple[int, ...] = (pelvis,)
    if above and not rig.movable[pelvis]:  # the first bone takes the hips along, unturned
        position[:, above] = rest[above] + (hips - rest[pelvis])[:, None]
        moving = (above[-1],)
    elif above and way == "root":
        turn = yaw_to_rotmat(heading(turned[:, 0]))
        apart = rest[above] - rest[pelvis] * [1.0, 0.0, 1.0]
        rotation[:, above] = turn[:, None]
        position[:, above] = from_ground(ground(hips))[:, None] + np.einsum("tab,nb->tna", turn, apart)
        moving = (above[-1], pelvis)
    own = {int(bone): joint for joint, bone in enumerate(person.bones) if bone >= 0}
    for bone, parent in enumerate(rig.parents):
        if bone in own:
            rotation[:, bone] = turned[:, own[bone]] @ person.turns[own[bone]] @ person.upright
        elif bone not in above and parent >= 0:
            rotation[:, bone] = rotation[:, parent]
        if bone == pelvis:
            position[:, bone] = hips
        elif bone not in above and parent >= 0:
            position[:, bone] = position[:, parent] + rotation[:, parent] @ rig.skeleton.rest_offsets[bone]
    return Posed(rotation, position, clip.fps, moving)


def _way(rig: Rig, above: list[int], asked: str | None) -> str:
    """Where the way is."""
    if asked is not None and asked not in ROOT_MOTIONS:
        raise UnknownName("root motion", asked, ROOT_MOTIONS)
    if asked == "root" and not above:
        raise BadInput(f"{rig.path}: its hips {rig.names[0]!r} are its first bone, no bone on the floor is above them; "
                       "right would be --root-motion hips or in-place")  # fmt: skip
    if asked is None:
        return "root" if above and on_floor(rig.names[above[-1]]) and rig.movable[above[-1]] else "hips"
    return asked
