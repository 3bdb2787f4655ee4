"""Player, timeline, frame strip, episode table: what pages are made of."""
