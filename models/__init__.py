"""The model lab: simulate, train, evaluate, export. Keras lives here and nowhere else (on PyTorch)."""

import os

os.environ.setdefault("KERAS_BACKEND", "torch")
