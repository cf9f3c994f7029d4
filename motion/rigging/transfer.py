"""A movement from one person's bones to another's, whose rest pose, bone axes and proportions differ.

In the world, ``G_t(f) = G_s(f) A`` with a constant A that puts the target's rest pose into the source's
(``motion.rigging.stance``): once both stand alike, bones turn alike. Their axes have no part in it. The middle of the
hips keeps the source's way and height, scaled by the length of the legs.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from motion.core.axes import from_ground, ground, height
from motion.core.clip import Motion
from motion.core.rotation import slerp
from motion.core.skeleton import Skeleton
from motion.rigging.people import Person

Array = NDArray[np.floating]


def transfer(clip: Motion, source: Person, target: Person) -> Motion:
    """The clip of the source's roles (``source.clip``) on the target's, who ``stands_like`` the source.

    Feet are not looked after yet.
    """
    ours, theirs = source.skeleton, target.skeleton
    turned = ours.forward_kinematics(clip.root_position, clip.joint_rotation)[0]
    world = np.empty((clip.num_frames, theirs.num_joints, 3, 3))
    for joint, name in enumerate(theirs.joint_names):
        if name.startswith(("spine", "neck")):
            world[:, joint] = _along(turned, ours, theirs, name)
        elif name in ours.joint_names:
            world[:, joint] = turned[:, ours.index(name)]
        else:
            world[:, joint] = world[:, int(theirs.parents[joint])]
    scale = target.leg / source.leg
    here, there = _middle(ours), _middle(theirs)
    hips = clip.root_position + turned[:, 0] @ (here - ours.rest_offsets[0])
    up = scale * (height(hips) - height(here)) + height(there)
    root = from_ground(scale * ground(hips), up) - world[:, 0] @ (there - theirs.rest_offsets[0])
    return Motion(theirs, root, theirs.local_rotations(world), clip.fps, contacts=clip.contacts)


def _middle(skeleton: Skeleton) -> Array:
    """(3,) m, the middle of the hips at rest."""
    rest = skeleton.rest_positions
    return (rest[skeleton.index("left_hip")] + rest[skeleton.index("right_hip")]) / 2


def _along(turned: Array, ours: Skeleton, theirs: Skeleton, name: str) -> Array:
    """(T, 3, 3) of a bone of the spine or the neck: between the source's two nearest, by the way along the bones.

    The first and the last bone of a chain answer each other; chains of equal length answer bone by bone.
    """
    kind = name.rstrip("0123456789")
    stations, chain = _stations(ours, kind), _stations(theirs, kind)
    here, there = list(stations), list(chain)
    if len(here) == 1:  # the source has no such chain: what is below it goes on
        return turned[:, ours.index(here[0])]
    if len(here) == len(there):
        return turned[:, ours.index(here[there.index(name)])]
    at = chain[name]
    after = next(i for i, one in enumerate(here) if stations[one] >= at - 1e-9)
    if after == 0:
        return turned[:, ours.index(here[0])]
    first, second = here[after - 1], here[after]
    share = (at - stations[first]) / max(stations[second] - stations[first], 1e-9)
    a, b = turned[:, ours.index(first)], turned[:, ours.index(second)]
    return slerp(a, b, np.full(len(a), min(share, 1.0)))


def _stations(skeleton: Skeleton, kind: str) -> dict[str, float]:
    """The bones of a chain, the one below it first, each with its share of the way along them (0 to 1)."""
    names = [name for name in skeleton.joint_names if name.rstrip("0123456789") == kind]
    spine = [name for name in skeleton.joint_names if name.startswith("spine")]
    below = spine[-1] if kind == "neck" and spine else "pelvis"
    joints = [skeleton.index(name) for name in (below, *names)]
    lengths = np.linalg.norm(np.diff(skeleton.rest_positions[joints], axis=0), axis=-1)
    way = np.concatenate([[0.0], np.cumsum(lengths)])
    return dict(zip((below, *names), (way / max(way[-1], 1e-9)).tolist(), strict=True))
