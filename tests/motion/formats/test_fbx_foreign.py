"""Files as other programs write them: wrapper nodes that scale, pivots and pre-rotations, sparse and cubic keys."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from helpers import walking_clip
from motion.core.rotation import euler_to_rotmat
from motion.formats import fbx, load
from motion.formats.check import check_file
from motion.formats.fbx_binary import Node, read_fbx_file
from motion.formats.fbx_curves import CUBIC, HELD, STRAIGHT, Curve
from motion.formats.fbx_objects import prop, properties
from motion.formats.fbx_scene import Object, local_matrices


def under_a_wrapper(node: Node) -> Node:
    """Everything hangs below a node that is a hundred times as large, as Blender writes by default."""
    if node.name == "Objects":
        scale = prop("Lcl Scaling", "Lcl Scaling", 100.0, 100.0, 100.0)
        wrapper = Node("Model", (np.int64(7), "Armature\x00\x01Model", "Null"), (properties(scale),))
        return Node(node.name, (), (wrapper, *node.children))
    if node.name == "Connections":
        moved = [Node("C", ("OO", c.values[1], np.int64(7))) if c.values[2] == 0 else c for c in node.children]
        return Node(node.name, (), (Node("C", ("OO", np.int64(7), np.int64(0))), *moved))
    if node.name == "P" and node.values[0] == "Lcl Translation":
        return Node("P", (*node.values[:4], *(value / 100 for value in node.values[4:])))
    return node


def smaller_ways(nodes: list[Node]) -> None:
    """The curves of the root's translation, a hundredth as large; they are the first three."""
    objects = next(node for node in nodes if node.name == "Objects").children
    for curve in [node for node in objects if node.name == "AnimationCurve"][:3]:
        values = next(child for child in curve.children if child.name == "KeyValueFloat")
        object.__setattr__(values, "values", ((values.values[0] / 100).astype("<f4"),))


def test_a_wrapper_that_scales_is_folded_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write, clip = fbx.to_bytes, walking_clip(1.0)

    def deep(node: Node) -> Node:
        node = under_a_wrapper(node)
        return Node(node.name, node.values, tuple(deep(child) for child in node.children), node.open)

    def rewrite(nodes: list[Node]) -> bytes:
        nodes = [deep(node) for node in nodes]
        smaller_ways(nodes)
        return write(nodes)

    monkeypatch.setattr(fbx, "to_bytes", rewrite)
    fbx.write_fbx(clip, tmp_path / "a.fbx")
    back = load(tmp_path / "a.fbx")
    assert np.abs(back.joint_positions() - clip.joint_positions()).max() < 1e-5
    wrong = {item.name for item in check_file(tmp_path / "a.fbx") if not item.ok}
    assert wrong == {
        "nodes with a scale", "wrapper nodes that turn or scale", "scale of a bone in the world, away from 1",
    }  # fmt: skip


def model(tmp_path: Path, **table: Any) -> Object:
    """A node with these properties."""
    fbx.write_fbx(walking_clip(0.1), tmp_path / "a.fbx")
    objects = read_fbx_file(tmp_path / "a.fbx").first("Objects")
    assert objects is not None
    found = Object(objects.children[0], 1, "joint", "LimbNode")
    found.properties.update({name: np.atleast_1d(value).tolist() for name, value in table.items()})
    return found


def shift(*place: float) -> np.ndarray:
    matrix = np.eye(4)
    matrix[:3, 3] = place
    return matrix


def turn(degrees: list[float], order: str = "ZYX") -> np.ndarray:
    """About X, Y, Z by these angles, in an intrinsic order."""
    matrix = np.eye(4)
    angles = np.radians([degrees["XYZ".index(axis)] for axis in order])
    matrix[:3, :3] = euler_to_rotmat(angles, order)
    return matrix


def test_pivots_offsets_and_rotations_before_and_after(tmp_path: Path) -> None:
    """Autodesk's formula, written out."""
    one = model(
        tmp_path, RotationActive=1, RotationOrder=4, PreRotation=[10.0, 20.0, 30.0], PostRotation=[5.0, -15.0, 25.0],
        RotationOffset=[1.0, 2.0, 3.0], RotationPivot=[4.0, 5.0, 6.0], ScalingOffset=[0.1, 0.2, 0.3],
        ScalingPivot=[7.0, 8.0, 9.0],
    )  # fmt: skip
    expected = (
        shift(1, 1, 1) @ shift(1, 2, 3) @ shift(4, 5, 6) @ turn([10, 20, 30]) @ turn([40, 50, 60], "YXZ")
        @ turn([5, -15, 25]).T @ shift(-4, -5, -6) @ shift(0.1, 0.2, 0.3) @ shift(7, 8, 9)
        @ np.diag([2.0, 3.0, 4.0, 1.0]) @ shift(-7, -8, -9)
    )  # fmt: skip
    found = local_matrices(one, np.ones((1, 3)), np.array([[40.0, 50.0, 60.0]]), np.array([[2.0, 3.0, 4.0]]))
    assert np.allclose(found[0], expected, atol=1e-9)


def test_curves_are_held_straight_or_cubic() -> None:
    times, values = np.array([0.0, 1.0, 2.0, 3.0]), np.array([0.0, 1.0, 4.0, 9.0])
    slopes = np.stack([2 * times, 2 * (times + 1)], axis=-1)
    at = np.linspace(0, 3, 31)
    cubic = Curve(times, values, np.full(4, CUBIC), slopes).sampled(at)
    assert np.allclose(cubic, at**2)  # a parabola is a cubic with those slopes
    straight = Curve(times, values, np.full(4, STRAIGHT), slopes).sampled(at)
    assert np.allclose(straight, np.interp(at, times, values))
    held = Curve(times, values, np.full(4, HELD), slopes).sampled(np.array([-1.0, 0.5, 1.0, 2.9, 5.0]))
    assert np.array_equal(held, [0, 0, 1, 4, 9])
