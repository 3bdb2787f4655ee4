"""How long one window takes in the lean graph, beside direct exports of the same weights: run by hand.

    python tests/bench/graph.py [--threads 2] [--rounds 15] [--depth 8]

The direct exports are `torch.onnx.export` of the Keras model itself and of a plain PyTorch module with the same
mathematics (a 3-D convolution, `scaled_dot_product_attention`), by the exporter that traces and, where onnxscript is
installed, by the newer one; each for any batch size, as the lean graph takes it, and for one, its best case.
All are measured in one run of ONNX Runtime under the settings of an analysis, and take
turns, so that a busy machine slows every one of them. Figures are milliseconds for each window; ratios are of the
fastest turns, and of the least processor time, which other programs disturb less.
"""

from __future__ import annotations

import argparse
import importlib.util
import itertools
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


def exported(module: torch.nn.Module, clip: torch.Tensor, dynamo: bool, any_batch: bool) -> bytes:
    """What `torch.onnx.export` makes of `module`: for the batch size of `clip`, or for `any_batch`."""
    kept = {"input_names": ["clip"], "dynamo": dynamo}
    with warnings.catch_warnings(), torch.no_grad(), tempfile.TemporaryDirectory() as folder:
        warnings.simplefilter("ignore")
        path = Path(folder) / "model.onnx"
        if dynamo:
            shapes = ({0: torch.export.Dim("batch")},) if any_batch else None
            # A batch of one would be taken for a constant.
            example = torch.cat([clip, clip]) if any_batch and len(clip) == 1 else clip
            torch.onnx.export(
                module.eval(), (example,), path, dynamic_shapes=shapes, external_data=False, verbose=False, **kept
            )
        else:
            axes = {"clip": {0: "batch"}} if any_batch else None
            torch.onnx.export(module.eval(), (clip,), path, opset_version=18, dynamic_axes=axes, **kept)
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


def operations(w: graph.Weights) -> float:
    """Multiplications and additions in one window's matrix products, which are nearly all the work there is."""
    tokens, width = w.positions.shape
    linears = [pair for b in w.blocks for pair in (b.query, b.key, b.value, b.output, b.mlp_in, b.mlp_out)]
    attention = len(w.blocks) * 2 * tokens**2 * width
    products = tokens * (w.tubelets[0].size + sum(kernel.size for kernel, _ in linears)) + attention
    return 2.0 * (products + w.head[0].size)


def matrix_product(threads: int, side: int = 1536) -> float:
    """Operations per second of one large matrix product: what the processor can do at most."""
    torch.set_num_threads(threads)
    a = torch.rand(side, side)
    seconds = []
    for _ in range(8):
        start = time.perf_counter()
        torch.mm(a, a)
        seconds.append(time.perf_counter() - start)
    return float(2 * side**3 / min(seconds))


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
    print(f"{'':<46}{'batch':>6}{'fastest':>10}{'median':>9}{'processor':>11}  lean/this: fastest, processor")
    for batch in (1, 8):
        clip = np.random.default_rng(0).random((batch, config.frames, config.size, config.size, 3), dtype=np.float32)
        contents = {"lean graph": lean}
        for name, module in modules.items():
            for dynamo, any_batch in itertools.product(exporters, (False, True)):
                if any_batch and not dynamo and name == "Keras model":
                    continue  # the exporter that traces cannot: it takes a size of the batch for a constant
                key = f"{name}, dynamo={dynamo}, {'any batch' if any_batch else 'one batch'}"
                try:
                    contents[key] = exported(module, torch.from_numpy(clip), dynamo, any_batch)
                except (RuntimeError, torch.onnx.errors.OnnxExporterError) as error:
                    print(f"{key:<46}{batch:>6}  not exported: {str(error).splitlines()[0][:60]}")
        sessions = {name: session(content, given.threads) for name, content in contents.items()}
        answers = {name: running.run(None, {"clip": clip})[0] for name, running in sessions.items()}
        for name, answer in answers.items():
            np.testing.assert_allclose(answer, answers["lean graph"], atol=1e-4, err_msg=name)
        most = matrix_product(given.threads)
        taken = measure(sessions, clip, given.rounds)
        reached = operations(weights) / (taken["lean graph"][0] / 1000)
        print(
            f"batch {batch}: the lean graph does {reached / 1e9:.0f} thousand million operations a second, "
            f"{reached / most:.0%} of what one large matrix product reaches"
        )
        for name, (fastest, median, worked) in taken.items():
            ratio, of_work = taken["lean graph"][0] / fastest, taken["lean graph"][2] / worked
            verdict = (
                "" if name == "lean graph" else f"{ratio:>7.2f} {'≤' if ratio <= AIM else '>'} {AIM}{of_work:>8.2f}"
            )
            print(f"{name:<46}{batch:>6}{fastest:>10.2f}{median:>9.2f}{worked:>11.2f}{verdict}")


if __name__ == "__main__":
    main()
