"""Weights become a graph, a card and a pack; `models.export` and `models.convert` put them together."""
