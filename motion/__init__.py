"""The person: clips, body, conditions, generation, forecasting, understanding, refinement, formats and training."""

#: Of which distribution this is a part; the command line looks whether another one has overwritten it.
DISTRIBUTION = "stride-studio"
