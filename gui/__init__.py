"""The desktop application: the only rooms that know PySide6 and pyqtgraph."""

# ONNX Runtime comes before Qt (after it, Windows may fail to load its library), and through our own package, which
# switches its telemetry off first.
from screening import scoring as scoring
