"""Rows become tables and measures."""
