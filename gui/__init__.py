"""The desktop application: the only rooms that know PySide6 and pyqtgraph."""
