"""One file for each step of the clinician's work."""
