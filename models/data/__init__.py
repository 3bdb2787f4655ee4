"""Clips on disk become what training looks at."""
