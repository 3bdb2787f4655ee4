"""Score windows with a model pack in ONNX Runtime: uint8 clips come in, float32 probabilities go out.

Everything that a pack says about its model's conventions (colour order, value range, batch axis, kind of output,
temperature) is applied here and nowhere else.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Iterator

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray
from onnxruntime.capi import onnxruntime_pybind11_state as ort_errors

from screening.errors import N_, Cancelled, PackRefused
from screening.pack import Pack
from screening.records import OutputSpec

BATCH = 4
"""Windows in one run of the model. On a processor, more gain no speed and take memory and cache."""

TOLERANCE = 1e-3
"""How far a golden answer may lie from the stored one: processors round differently, but not by more."""

GOLDEN_LIMIT_S = 60.0
"""A golden run that takes longer is given up: such a model would screen no video in useful time."""

# ONNX Runtime's errors have no common base, and some reach Python as plain ones (an invalid text, too little memory).
_FAILURES: tuple[type[Exception], ...] = (
    *(error for error in vars(ort_errors).values() if isinstance(error, type) and issubclass(error, Exception)),
    ValueError,
    RuntimeError,
    MemoryError,
)
_SILENT = 4  # only fatal errors; whatever else goes wrong is raised

ort.set_default_logger_severity(_SILENT)
ort.disable_telemetry_events()


class Scorer:
    """One pack's model, ready to score. Loading verifies it: shapes, label count, and the golden clips' answers.

    `provider` is what really runs (TRAPS 21); `threads` the processor threads that one run uses. Raises PackRefused,
    with a sentence that names the broken promise.
    """

    def __init__(self, pack: Pack, threads: int | None = None) -> None:
        self._info = pack.info
        self._name = pack.folder.name
        self._stopped = threading.Event()
        self._run_options = ort.RunOptions()
        self._run_options.log_severity_level = _SILENT
        self.threads = threads or min(4, _processors())
        self._session = _session(pack, self.threads)
        self.provider: str = self._session.get_providers()[0]
        self._check_shapes()
        self._check_golden(pack)

    def score(self, frames: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Probabilities float32 (N, C), in the order of the pack's labels, of clips uint8 (N, T, H, W, 3) in RGB.

        The same clips give the same numbers, run after run. Raises Cancelled once `stop` was called, and PackRefused
        when the model gives no valid numbers.
        """
        clip = (self._info.input.frames, self._info.input.height, self._info.input.width, 3)
        if frames.dtype != np.uint8 or frames.shape[1:] != clip:
            raise ValueError(f"clips must be uint8 (N, {_shape(clip)}), not {frames.dtype} {_shape(frames.shape)}")
        raw = np.concatenate([self._run(clips) for clips in self._batches(frames)] or [self._nothing()])
        return probabilities(raw, self._info.output)

    def stop(self) -> None:
        """End a running `score` within a fraction of a second, and every later one at once. Any thread may call it."""
        self._stopped.set()
        self._run_options.terminate = True

    # ------------------------------------------------------------------------------------------ one run

    def _batches(self, frames: NDArray[np.uint8]) -> Iterator[NDArray[np.float32]]:
        """`frames` as the model wants them: float32, its colour order and value range, so many at a time."""
        low, high = self._info.input.value_range
        size = 1 if self._info.input.batch == "single" else BATCH
        for start in range(0, len(frames), size):
            clips = frames[start : start + size]
            if self._info.input.colour == "BGR":
                clips = clips[..., ::-1]
            batch = np.multiply(clips, np.float32((high - low) / 255), dtype=np.float32, order="C")
            batch += np.float32(low)
            yield batch

    def _run(self, batch: NDArray[np.float32]) -> NDArray[np.float32]:
        if self._stopped.is_set():
            raise Cancelled(N_("Stopped."))
        try:
            (raw,) = self._session.run(None, {self._session.get_inputs()[0].name: batch}, self._run_options)
        except _FAILURES as error:
            # A stopped run raises the same error as a broken one; it is only a cancellation if we asked for it.
            if self._stopped.is_set():
                raise Cancelled(N_("Stopped.")) from error
            raise PackRefused(
                N_("The model in “{name}” failed while it ran. Ask its maker for a correct one, or use another pack."),
                name=self._name,
            ) from error
        answer: NDArray[np.float32] = raw
        self._check_answer(answer, len(batch))
        return answer

    def _nothing(self) -> NDArray[np.float32]:
        return np.zeros((0, len(self._info.labels)), np.float32)

    # ------------------------------------------------------------------------------------------ promises

    def _check_shapes(self) -> None:
        clip = self._info.input
        inputs, outputs = self._session.get_inputs(), self._session.get_outputs()
        promised = (clip.frames, clip.height, clip.width, 3)
        first = inputs[0].shape if len(inputs) == 1 and inputs[0].type == "tensor(float)" else []
        # A size that the model leaves open is a name or None; the golden run settles it.
        if len(first) != 5 or any(isinstance(n, int) and n != m for n, m in zip(first[1:], promised, strict=True)):
            raise PackRefused(
                N_("The model in “{name}” takes {shape}, where pack.json promises clips of {promised}."),
                name=self._name, shape=_described(inputs), promised=_shape(promised),
            )  # fmt: skip
        if isinstance(first[0], int) and (clip.batch == "dynamic" or first[0] != 1):
            raise PackRefused(
                N_("The model in “{name}” takes {count} clips at a time, which is not what pack.json promises."),
                name=self._name, count=first[0],
            )  # fmt: skip
        last = outputs[0].shape if len(outputs) == 1 and outputs[0].type == "tensor(float)" else []
        if len(last) != 2:
            raise PackRefused(
                N_("The model in “{name}” gives {shape}, where one row of numbers for each clip is promised."),
                name=self._name, shape=_described(outputs),
            )  # fmt: skip
        if isinstance(last[1], int):
            self._check_label_count(last[1])

    def _check_label_count(self, answers: int) -> None:
        if answers != len(self._info.labels):
            raise PackRefused(
                N_("The pack “{name}” names {labels} behaviours, but its model answers for {answers}."),
                name=self._name, labels=len(self._info.labels), answers=answers,
            )  # fmt: skip

    def _check_answer(self, raw: NDArray[np.float32], clips: int) -> None:
        """What must hold for every run, not only for the golden one: no number is ever shown that is none."""
        if raw.ndim != 2 or len(raw) != clips:
            raise PackRefused(
                N_("The model in “{name}” answered with {shape} numbers for {clips} clips."),
                name=self._name, shape=_shape(raw.shape), clips=clips,
            )  # fmt: skip
        self._check_label_count(raw.shape[1])
        if not np.isfinite(raw).all():
            raise PackRefused(N_("The model in “{name}” answered with something that is no number."), name=self._name)
        if self._info.output.kind == "logits":
            return
        if raw.min() < -TOLERANCE or raw.max() > 1 + TOLERANCE:
            raise PackRefused(
                N_("The model in “{name}” answered with numbers that are no probabilities (not between 0 and 1)."),
                name=self._name,
            )
        if self._info.output.kind == "softmax" and np.abs(raw.sum(axis=1) - 1).max() > TOLERANCE:
            raise PackRefused(
                N_("The model in “{name}” promises probabilities that add up to one, but its answers do not."),
                name=self._name,
            )

    def _check_golden(self, pack: Pack) -> None:
        alarm = threading.Timer(GOLDEN_LIMIT_S, self.stop)
        alarm.daemon = True
        alarm.start()
        try:
            answer = self.score(pack.golden.frames)
        except Cancelled as error:
            raise PackRefused(
                N_("The model in “{name}” took longer than {seconds} s for its own stored clip. It is of no use here."),
                name=self._name, seconds=round(GOLDEN_LIMIT_S),
            ) from error  # fmt: skip
        finally:
            alarm.cancel()
        difference = float(np.abs(answer - pack.golden.probabilities).max())
        if difference > TOLERANCE:
            raise PackRefused(
                N_("The model in “{name}” does not give the answer stored with it (it differs by {difference})."),
                name=self._name, difference=f"{difference:.4f}",
            )  # fmt: skip


def probabilities(raw: NDArray[np.float32], output: OutputSpec) -> NDArray[np.float32]:
    """The model's answers (N, C) as calibrated probabilities: the logits behind them divided by the temperature.

    "softmax" and "logits": softmax(z / T), where z = log p for "softmax" (log p differs from the logits by a constant
    in each row, which the softmax takes out again). "sigmoid": sigmoid(logit(p) / T) for each label by itself.
    Temperature scaling as in Guo et al., "On calibration of modern neural networks", ICML 2017.
    """
    values = raw.astype(np.float64)
    if output.kind != "logits":
        values = np.clip(values, 0, 1)
        if output.temperature == 1:
            return values.astype(np.float32)
    with np.errstate(divide="ignore"):  # a probability of exactly 0 or 1 stays what it is: its logit is infinite
        if output.kind == "sigmoid":
            logit = (np.log(values) - np.log1p(-values)) / output.temperature
            return (0.5 * (1 + np.tanh(logit / 2))).astype(np.float32)
        scaled = (values if output.kind == "logits" else np.log(values)) / output.temperature
    weights = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    shares: NDArray[np.float32] = (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32)
    return shares


def _session(pack: Pack, threads: int) -> ort.InferenceSession:
    options = ort.SessionOptions()
    options.log_severity_level = _SILENT
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # The bytes were checked as ONNX: they may not also be taken for the runtime's own format.
    options.add_session_config_entry("session.load_model_format", "ONNX")
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        return ort.InferenceSession(
            pack.model,
            options,
            providers=["CPUExecutionProvider"],
            enable_fallback=0,  # it would print to the screen and try the same again
            read_config_from_model=0,  # the settings are ours, not the stranger's
        )
    except _FAILURES as error:
        raise PackRefused(
            N_("The model in “{name}” cannot be loaded on this computer. Ask its maker for a correct one."),
            name=pack.folder.name,
        ) from error


def _processors() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _shape(sizes: Iterable[object]) -> str:
    return " × ".join("?" if size is None else str(size) for size in sizes)


def _described(arguments: Iterable[ort.NodeArg]) -> str:
    return "; ".join(f"{_shape(argument.shape)} ({argument.type})" for argument in arguments)
