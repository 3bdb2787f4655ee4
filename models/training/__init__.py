"""What a training run is made of; `models.train` puts it together."""
