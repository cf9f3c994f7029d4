"""What may be asked of a clip: one small frozen class per kind, and the timeline that holds them."""

from motion.conditions.text import Text
from motion.conditions.timeline import Condition, Timeline

__all__ = ["Condition", "Text", "Timeline"]
