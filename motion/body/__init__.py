"""The body: an SMPL-format model, its skeleton and skin, linear blend skinning in numpy and torch."""

from motion.body.model import BodyModel, default_body, load_body
from motion.body.smpl import load_user_body

__all__ = ["BodyModel", "default_body", "load_body", "load_user_body"]
