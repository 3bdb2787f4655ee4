"""Placeholder while calibrating."""
