"""Is a model any good: judges, prompts and the table that compares generated with real motion."""
