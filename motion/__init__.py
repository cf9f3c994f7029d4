"""The person: clips, body, conditions, generation, forecasting, understanding, refinement, formats and training."""
