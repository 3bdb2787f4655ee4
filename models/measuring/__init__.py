"""How good answers are, in numbers and pictures."""
