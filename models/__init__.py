"""The model lab: simulate, train, evaluate, export. Keras lives here and nowhere else (on PyTorch)."""

import os

# The package switches ONNX Runtime's telemetry off, which must happen before the lab imports it.
import screening as screening

os.environ.setdefault("KERAS_BACKEND", "torch")
