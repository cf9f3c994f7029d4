"""After sampling: what was asked is met exactly, feet stand still, clips loop and are retimed."""

from motion.refine.foot_lock import lock_feet
from motion.refine.loop import looped, repeated
from motion.refine.meet import meet
from motion.refine.playback import in_place, retimed

__all__ = ["in_place", "lock_feet", "looped", "meet", "repeated", "retimed"]
