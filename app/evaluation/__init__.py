"""Evaluation of what needs both people and places: ``stride evaluate scenes``."""
