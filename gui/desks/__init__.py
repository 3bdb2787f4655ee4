"""Desks: each joins a page with the work behind it, and is all that knows both."""
