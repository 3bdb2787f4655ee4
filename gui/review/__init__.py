"""A review while it is made: wishes come in, and every step is kept before it is shown as done."""
