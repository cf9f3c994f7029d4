"""Numbers about motion, in numpy: foot contacts, skate, jerk, floor, speed, variety; ``text_motion``: of embeddings."""

from motion.metrics.contacts import FOOT_JOINTS, foot_contacts, standing_heights
from motion.metrics.physical import PhysicalReport, foot_skate_ratio, mean_jerk, pairwise_distance, physical_report

__all__ = [
    "FOOT_JOINTS", "PhysicalReport", "foot_contacts", "foot_skate_ratio", "mean_jerk", "pairwise_distance",
    "physical_report", "standing_heights",
]  # fmt: skip
