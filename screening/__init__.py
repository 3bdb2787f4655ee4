"""The screening engine: a video goes in, an honest result comes out. No Qt anywhere below this line.

The whole way, in the order in which `analysis.analyse` walks it::

    with video.open_video(path) as source:                       # file → (seconds, picture), the decode receipt
        for window in sampling.windows(source.pictures(), spec):  # pictures → 32 × 56 × 56 × 3, cut by time
            verdict = quality.assess(window)                      # dark? frozen? nobody in view?
            scores = scorer.score([window])                       # → probabilities of 43 behaviours
    bouts = episodes.find(timeline, thresholds, rule)             # probabilities → episodes
    result = indicators.evaluate(bouts, profile, …)               # episodes → index and level, or why there is none
    report.write(result, "report.pdf", language="vi")             # → what the clinician signs
"""

import os

__version__ = "0.1.0"

# Nothing leaves the machine: this ONNX Runtime keeps a device's id and its usage on disk unless told so *before* it is
# imported, and every way to it leads through this package.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
