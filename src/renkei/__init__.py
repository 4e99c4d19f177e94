"""Renkei plans and simulates a semiconductor production alliance, from the agreement to single lots on the fab floor."""

__version__ = "0.1.0"
