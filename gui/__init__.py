"""The desktop application: the only rooms that know PySide6 and pyqtgraph."""

import onnxruntime  # noqa: F401  (before Qt: on Windows its library may fail to load after Qt's)
