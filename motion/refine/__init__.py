"""After sampling: foot locking and inverse kinematics."""

from motion.refine.foot_lock import lock_feet

__all__ = ["lock_feet"]
