"""Text to motion: the denoiser, the text encoder, the samplers, and ``generate`` that reads top to bottom."""

from motion.generation.checkpoint import Generator, load_for_steps, load_generator
from motion.generation.pipeline import Generated, Order, generate, generate_together

__all__ = [
    "Generated", "Generator", "Order", "generate", "generate_together", "load_for_steps", "load_generator",
]  # fmt: skip
