"""What may be asked of a clip: one small frozen class per kind, and the timeline that holds them."""

from motion.conditions.act import Act
from motion.conditions.keep import Keep
from motion.conditions.kinds import CONDITIONS, Condition, condition_from_json, conditions_from_json
from motion.conditions.loop import Loop
from motion.conditions.path import Path
from motion.conditions.pose import Pose
from motion.conditions.prefix import Prefix
from motion.conditions.reach import Reach
from motion.conditions.speed import Speed
from motion.conditions.text import Text
from motion.conditions.timeline import Timeline
from motion.conditions.waypoints import Waypoints

__all__ = [
    "CONDITIONS", "Act", "Condition", "Keep", "Loop", "Path", "Pose", "Prefix", "Reach", "Speed", "Text", "Timeline",
    "Waypoints", "condition_from_json", "conditions_from_json",
]  # fmt: skip
