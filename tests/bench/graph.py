"""How long one window takes in the lean graph, beside direct exports of the same weights: run by hand.

    python tests/bench/graph.py [--threads 2] [--rounds 15] [--depth 8]

The direct exports are `torch.onnx.export` of the Keras model itself and of a plain PyTorch module with the same
mathematics (a 3-D convolution, `scaled_dot_product_attention`), by the exporter that traces and, where onnxscript is
installed, by the newer one. They are exported for one batch size, which is their best case; the lean graph takes any.
All are measured in one run of ONNX Runtime under the settings of an analysis, and take
turns, so that a busy machine slows every one of them. Figures are milliseconds for each window; ratios are of the
fastest turns, and of the least processor time, which other programs disturb less.
"""

from __future__ import annotations

import argparse
import importlib.util
import io
import platform
import statistics
import sys
import tempfile
import time
import warnings
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from models.packing import graph

from models import vivit  # isort: skip  # `models` chooses the backend of Keras
import keras
import numpy as np
import onnxruntime as ort
import torch
import torch.nn.functional as F

from models.vivit import ViViTConfig

AIM = 0.6


class PlainViViT(torch.nn.Module):
    """The ViViT as one would write it in PyTorch: clips (N, T, H, W, 3) → logits."""

    def __init__(self, w: graph.Weights) -> None:
        super().__init__()
        kernel, bias = w.tubelets
        self.tubelets = torch.nn.Conv3d(3, len(bias), w.tubelet, w.tubelet)
        _set(self.tubelets, kernel.transpose(4, 3, 0, 1, 2), bias)
        self.positions = torch.nn.Parameter(torch.tensor(w.positions))
        self.blocks = torch.nn.ModuleList(PlainBlock(block) for block in w.blocks)
        self.norm, self.head = _norm(w.norm), _linear(w.head)

    def forward(self, clip: torch.Tensor) -> torch.Tensor:
        """The logits."""
        x = self.tubelets(clip.permute(0, 4, 1, 2, 3)).flatten(2).transpose(1, 2) + self.positions
        for block in self.blocks:
            x = block(x)
        logits: torch.Tensor = self.head(self.norm(x).mean(1))
        return logits


class PlainBlock(torch.nn.Module):
    """One transformer layer."""

    def __init__(self, b: graph.Block) -> None:
        super().__init__()
        self.heads, self.size = b.query[1].shape
        self.norm_attention, self.norm_mlp = _norm(b.norm_attention), _norm(b.norm_mlp)
        self.query, self.key, self.value = _linear(b.query), _linear(b.key), _linear(b.value)
        self.output = _linear((b.output[0].reshape(-1, len(b.output[1])), b.output[1]))
        self.mlp_in, self.mlp_out = _linear(b.mlp_in), _linear(b.mlp_out)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Attention, then the MLP, each added to what goes into it."""
        y = self.norm_attention(x)
        q, k, v = (
            part(y).unflatten(-1, (self.heads, self.size)).transpose(1, 2)
            for part in (self.query, self.key, self.value)
        )
        x = x + self.output(F.scaled_dot_product_attention(q, k, v).transpose(1, 2).flatten(2))
        added: torch.Tensor = x + self.mlp_out(F.gelu(self.mlp_in(self.norm_mlp(x))))
        return added


def _set(layer: Any, weight: graph.Floats, bias: graph.Floats) -> None:
    with torch.no_grad():
        layer.weight.copy_(torch.tensor(weight))
        layer.bias.copy_(torch.tensor(bias))


def _norm(norm: graph.Norm) -> torch.nn.LayerNorm:
    layer = torch.nn.LayerNorm(len(norm.gamma), norm.epsilon)
    _set(layer, norm.gamma, norm.beta)
    return layer


def _linear(pair: graph.Linear) -> torch.nn.Linear:
    kernel, bias = pair[0].reshape(len(pair[0]), -1), pair[1].reshape(-1)
    layer = torch.nn.Linear(*kernel.shape)
    _set(layer, kernel.T, bias)
    return layer


class Wrapped(torch.nn.Module):
    """The Keras model, which is a PyTorch module but for its call."""

    def __init__(self, model: keras.Model) -> None:
        super().__init__()
        self.model = model

    def forward(self, clip: torch.Tensor) -> torch.Tensor:
        """The logits."""
        logits: torch.Tensor = self.model(clip)
        return logits


def exported(module: torch.nn.Module, clip: torch.Tensor, dynamo: bool) -> bytes:
    """What `torch.onnx.export` makes of `module` for the batch size of `clip`: the best case of a fixed shape."""
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        if not dynamo:
            stream = io.BytesIO()
            torch.onnx.export(module.eval(), (clip,), stream, opset_version=18, dynamo=False, input_names=["clip"])
            return stream.getvalue()
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "model.onnx"
            torch.onnx.export(
                module.eval(), (clip,), path, dynamo=True, input_names=["clip"], external_data=False, verbose=False
            )
            return path.read_bytes()


def session(content: bytes, threads: int) -> ort.InferenceSession:
    """A session under the settings of `screening.scoring`."""
    options = ort.SessionOptions()
    options.log_severity_level = 4
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return ort.InferenceSession(content, options, providers=["CPUExecutionProvider"])


def measure(
    sessions: dict[str, ort.InferenceSession], clip: np.ndarray, rounds: int
) -> dict[str, tuple[float, float, float]]:
    """Milliseconds for each window of every session, fastest and median, and the least processor time.

    They take turns.
    """
    seconds: dict[str, list[tuple[float, float]]] = {name: [] for name in sessions}
    for turn in range(rounds + 3):
        for name, running in sessions.items():
            start, worked = time.perf_counter(), time.process_time()
            running.run(None, {"clip": clip})
            if turn >= 3:
                seconds[name].append((time.perf_counter() - start, time.process_time() - worked))
    each = 1000 / len(clip)
    columns = {name: tuple(zip(*taken, strict=True)) for name, taken in seconds.items()}
    return {
        name: (min(passed) * each, statistics.median(passed) * each, min(worked) * each)
        for name, (passed, worked) in columns.items()
    }


def main() -> None:
    """Export, check that all answer alike, measure, print the table."""
    parser = argparse.ArgumentParser(description="The lean graph beside direct exports of the same weights.")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--depth", type=int, default=ViViTConfig().depth)
    given = parser.parse_args()
    config = ViViTConfig(depth=given.depth)
    model = vivit.build(config)
    weights = graph.of_keras(model, config)
    lean = graph.build(weights)
    modules: dict[str, Any] = {"Keras model": Wrapped(model), "PyTorch module": PlainViViT(weights)}
    exporters = [False, True] if importlib.util.find_spec("onnxscript") else [False]
    print(f"ONNX Runtime {ort.__version__}, torch {torch.__version__}, {given.threads} threads, {platform.machine()}")
    print(f"{'':<36}{'batch':>6}{'fastest':>10}{'median':>9}{'processor':>11}  lean/this: fastest, processor")
    for batch in (1, 8):
        clip = np.random.default_rng(0).random((batch, config.frames, config.size, config.size, 3), dtype=np.float32)
        contents = {"lean graph": lean}
        for name, module in modules.items():
            for dynamo in exporters:
                key = f"{name}, dynamo={dynamo}"
                try:
                    contents[key] = exported(module, torch.from_numpy(clip), dynamo)
                except (RuntimeError, torch.onnx.errors.OnnxExporterError) as error:
                    print(f"{key:<36}{batch:>6}  not exported: {str(error).splitlines()[0][:60]}")
        sessions = {name: session(content, given.threads) for name, content in contents.items()}
        answers = {name: running.run(None, {"clip": clip})[0] for name, running in sessions.items()}
        for name, answer in answers.items():
            np.testing.assert_allclose(answer, answers["lean graph"], atol=1e-4, err_msg=name)
        taken = measure(sessions, clip, given.rounds)
        for name, (fastest, median, worked) in taken.items():
            ratio, of_work = taken["lean graph"][0] / fastest, taken["lean graph"][2] / worked
            verdict = (
                "" if name == "lean graph" else f"{ratio:>7.2f} {'≤' if ratio <= AIM else '>'} {AIM}{of_work:>8.2f}"
            )
            print(f"{name:<36}{batch:>6}{fastest:>10.2f}{median:>9.2f}{worked:>11.2f}{verdict}")


if __name__ == "__main__":
    main()
