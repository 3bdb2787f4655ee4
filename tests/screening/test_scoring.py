from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from screening import pack, scoring
from screening.errors import Cancelled, PackRefused
from screening.records import OutputSpec
from screening.scoring import Scorer, probabilities
from tests.screening.broken_models import BROKEN_GRAPHS, BROKEN_MODELS
from tests.screening.broken_packs import BROKEN_PACKS, SMALL
from tests.screening.packs import (
    BLUE,
    GREEN,
    OTHER,
    RED,
    onnx_model,
    tiny_answer,
    tiny_clips,
    tiny_info,
    tiny_model,
    tiny_pack,
    write_tiny,
)


@pytest.fixture(scope="module")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sound pack to copy: writing one costs more than breaking it."""
    return tiny_pack(tmp_path_factory.mktemp("packs") / "sound", input=SMALL)


@pytest.fixture
def scorer(tmp_path: Path) -> Scorer:
    return Scorer(write_tiny(tmp_path / "pack", input=SMALL))


def clips(count: int) -> NDArray[np.uint8]:
    return np.random.default_rng(3).integers(0, 256, (count, 4, 16, 16, 3), dtype=np.uint8)


# ---------------------------------------------------------------------------------------------- what comes out


@pytest.mark.parametrize("colour", ["RGB", "BGR"])
@pytest.mark.parametrize("value_range", [(0.0, 1.0), (0.0, 255.0), (-1.0, 1.0)])
@pytest.mark.parametrize("batch", ["dynamic", "single"])
@pytest.mark.parametrize(
    ("kind", "temperature"), [("softmax", 1.0), ("softmax", 1.6), ("sigmoid", 2.0), ("logits", 0.7)]
)
def test_whatever_a_pack_expects_the_same_clip_gets_the_same_answer(
    tmp_path: Path, colour: str, value_range: tuple[float, float], batch: str, kind: str, temperature: float
) -> None:
    spec = {"colour": colour, "value_range": value_range, "batch": batch}
    made = write_tiny(tmp_path / "p", input=SMALL | spec, output={"kind": kind, "temperature": temperature})

    scores = Scorer(made).score(tiny_clips(made.info))

    assert scores.dtype == np.float32
    np.testing.assert_allclose(scores, tiny_answer(tiny_clips(made.info), made.info), atol=1e-4)
    assert scores.argmax(axis=1).tolist() == [RED, GREEN, BLUE, OTHER]


@pytest.mark.parametrize(
    ("colour", "value_range", "seen"),
    [
        ("RGB", (0.0, 1.0), [255 / 255, 51 / 255, 0]),
        ("BGR", (0.0, 1.0), [0, 51 / 255, 255 / 255]),
        ("RGB", (0.5, 1.0), [1.0, 0.6, 0.5]),
    ],
)
def test_colour_order_and_value_range_reach_the_model(
    tmp_path: Path, colour: str, value_range: tuple[float, float], seen: list[float]
) -> None:
    """The seed's traps: 0–255 given to a model of 0–1, RGB given to a model of BGR."""
    changes: dict[str, Any] = {
        "input": SMALL | {"colour": colour, "value_range": value_range},
        "output": {"kind": "sigmoid"},  # passed through: the model answers with the mean of each channel that it saw
        "labels": tiny_info().labels[:3],
    }
    mean = helper.make_node("ReduceMean", ["clips", "axes"], ["answer"], keepdims=0)
    model = onnx_model([mean], {"axes": np.array([1, 2, 3])}, tiny_info(**changes))
    means = tiny_clips(tiny_info(**changes)).mean(axis=(1, 2, 3)) / 255 * (value_range[1] - value_range[0])
    answers = (means + value_range[0]).astype(np.float32)
    made = write_tiny(tmp_path / "p", model=model, answers=answers[:, ::-1] if colour == "BGR" else answers, **changes)

    orange = np.full((1, 4, 16, 16, 3), (255, 51, 0), np.uint8)

    np.testing.assert_allclose(Scorer(made).score(orange)[0], seen, atol=1e-5)


def test_the_same_clips_give_the_same_numbers_in_every_run(scorer: Scorer, tmp_path: Path) -> None:
    again = Scorer(pack.read(tmp_path / "pack"))

    first = scorer.score(clips(5))

    np.testing.assert_array_equal(first, scorer.score(clips(5)))
    np.testing.assert_array_equal(first, again.score(clips(5)))


def test_it_does_not_matter_how_many_clips_come_at_once(scorer: Scorer) -> None:
    together = scorer.score(clips(8))

    one_by_one = np.concatenate([scorer.score(clip[None]) for clip in clips(8)])

    np.testing.assert_allclose(together, one_by_one, atol=1e-5)
    assert scorer.score(clips(0)).shape == (0, 11)


def test_the_caller_s_clips_stay_as_they_are_and_may_be_a_view(scorer: Scorer) -> None:
    whole = clips(6)
    kept = whole.copy()
    whole.flags.writeable = False

    np.testing.assert_allclose(scorer.score(whole[::-2]), scorer.score(whole[::-2].copy()), atol=0)
    np.testing.assert_array_equal(whole, kept)


def test_clips_of_a_wrong_kind_are_a_defect_of_the_program_and_not_of_the_pack(scorer: Scorer) -> None:
    with pytest.raises(ValueError, match="clips must be uint8"):
        scorer.score(np.zeros((1, 4, 16, 17, 3), np.uint8))
    with pytest.raises(ValueError, match="clips must be uint8"):
        scorer.score(np.zeros((1, 4, 16, 16, 3), np.float32))  # type: ignore[arg-type]


def test_what_really_runs_is_known(tmp_path: Path) -> None:
    scorer = Scorer(write_tiny(tmp_path / "pack", input=SMALL), threads=1)

    assert scorer.provider == "CPUExecutionProvider"
    assert scorer.threads == 1


# ---------------------------------------------------------------------------------------------- temperature

LOGITS = arrays.arrays(np.float32, (3, 5), elements=st.floats(-8, 8, width=32))
TEMPERATURES = st.floats(0.25, 8)


@given(LOGITS, TEMPERATURES)
def test_softmax_and_logits_are_calibrated_alike(logits: NDArray[np.float32], temperature: float) -> None:
    shares = np.exp(logits.astype(np.float64))
    shares /= shares.sum(axis=1, keepdims=True)

    from_logits = probabilities(logits, OutputSpec("logits", temperature, None))
    from_shares = probabilities(shares.astype(np.float32), OutputSpec("softmax", temperature, None))

    np.testing.assert_allclose(from_logits, from_shares, atol=1e-5)
    np.testing.assert_allclose(from_logits.sum(axis=1), 1, atol=1e-5)


@given(LOGITS, TEMPERATURES)
def test_sigmoid_is_calibrated_label_by_label(logits: NDArray[np.float32], temperature: float) -> None:
    exact = logits.astype(np.float64)
    raw = (1 / (1 + np.exp(-exact))).astype(np.float32)

    calibrated = probabilities(raw, OutputSpec("sigmoid", temperature, None))

    np.testing.assert_allclose(calibrated, 1 / (1 + np.exp(-exact / temperature)), atol=1e-3)
    np.testing.assert_allclose(probabilities(raw, OutputSpec("sigmoid", 1.0, None)), raw, atol=0)


@given(LOGITS, st.sampled_from(["logits", "softmax", "sigmoid"]), st.floats(1, 8))
def test_a_higher_temperature_never_makes_a_model_surer(logits: NDArray[np.float32], kind: Any, hotter: float) -> None:
    raw = logits if kind == "logits" else probabilities(logits, OutputSpec("logits", 1.0, None))

    mild, hot = (probabilities(raw, OutputSpec(kind, temperature, None)) for temperature in (1.0, hotter))

    doubt = 0.5 if kind == "sigmoid" else 1 / raw.shape[1]
    assert np.all(abs(hot - doubt).max(axis=1) <= abs(mild - doubt).max(axis=1) + 1e-5)
    if kind != "sigmoid":
        np.testing.assert_allclose(np.take_along_axis(hot, mild.argmax(1)[:, None], 1)[:, 0], hot.max(1), atol=1e-5)


@given(st.sampled_from(["softmax", "sigmoid"]), TEMPERATURES)
def test_certainty_stays_certain_and_finite(kind: Any, temperature: float) -> None:
    certain = np.array([[0, 1, 0, 0, 0]], np.float32)

    np.testing.assert_array_equal(probabilities(certain, OutputSpec(kind, temperature, None)), certain)


# ---------------------------------------------------------------------------------------------- what is refused


@pytest.mark.parametrize("kind", BROKEN_MODELS)
def test_a_model_that_breaks_a_promise_is_refused_with_a_sentence_that_names_it(
    made_once: Path, tmp_path: Path, kind: str
) -> None:
    words, ways = BROKEN_MODELS[kind]
    for number, broken in enumerate(ways):
        made = pack.read(broken(Path(shutil.copytree(made_once, tmp_path / str(number)))))

        with pytest.raises(PackRefused) as refused:
            Scorer(made)

        assert words in str(refused.value), f"way {number}"
        assert f"“{number}”" in str(refused.value)


def test_every_kind_of_refusal_has_a_sentence_of_its_own(made_once: Path, tmp_path: Path) -> None:
    everything = BROKEN_PACKS | BROKEN_GRAPHS | BROKEN_MODELS
    assert len(everything) == len(BROKEN_PACKS) + len(BROKEN_GRAPHS) + len(BROKEN_MODELS)

    said: dict[str, str] = {}
    for kind, (_, ways) in everything.items():
        with pytest.raises(PackRefused) as refused:
            Scorer(pack.read(ways[0](Path(shutil.copytree(made_once, tmp_path / kind)))))
        said.setdefault(refused.value.template, kind)

    assert set(said.values()) == set(everything), "these share another kind's sentence"


def test_a_model_that_fails_only_on_some_video_is_stopped_there(tmp_path: Path) -> None:
    """Sound on its golden clips, no number on a black one: it must not be shown as a score."""
    model = tiny_model(tiny_info(input=SMALL))
    model.graph.node.append(helper.make_node("ReduceMax", ["clips"], ["brightest"], keepdims=0))
    model.graph.node.append(helper.make_node("Div", ["brightest", "brightest"], ["one_or_none"]))
    model.graph.node.append(helper.make_node("Mul", ["answer", "one_or_none"], ["guarded"]))
    model.graph.output[0].name = "guarded"
    scorer = Scorer(pack.read(tiny_pack(tmp_path / "p", model=model, input=SMALL)))

    with pytest.raises(PackRefused, match="no number"):
        scorer.score(np.zeros((1, 4, 16, 16, 3), np.uint8))


def test_nothing_is_printed_however_bad_the_model(tmp_path: Path) -> None:
    """ONNX Runtime writes to the process's own stderr, where Python cannot catch it: look from outside."""
    kinds = ("cannot be loaded", "fails while running")
    bad = [BROKEN_MODELS[kind][1][0](tmp_path / kind.replace(" ", "-")) for kind in kinds]
    script = (
        "import sys; from pathlib import Path\n"
        "from screening import pack, scoring\n"
        "from screening.errors import PackRefused\n"
        "for path in sys.argv[1:]:\n"
        "    try: scoring.Scorer(pack.read(Path(path)))\n"
        "    except PackRefused: continue\n"
        "    sys.exit('not refused')\n"
    )

    run = subprocess.run([sys.executable, "-c", script, *map(str, bad)], capture_output=True, text=True, timeout=120)

    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")


# ---------------------------------------------------------------------------------------------- stopping


def endless(rounds: int) -> onnx.ModelProto:
    """As the tiny model, but a bright clip goes round a loop of matrix products (`rounds` times) before it."""
    model = tiny_model(tiny_info(input=SMALL))
    body = helper.make_graph(
        [
            helper.make_node("MatMul", ["state", "wheel"], ["next"]),
            helper.make_node("Identity", ["go"], ["go_on"]),
        ],
        "body",
        [
            helper.make_tensor_value_info("round", TensorProto.INT64, []),
            helper.make_tensor_value_info("go", TensorProto.BOOL, []),
            helper.make_tensor_value_info("state", TensorProto.FLOAT, [64, 64]),
        ],
        [
            helper.make_tensor_value_info("go_on", TensorProto.BOOL, []),
            helper.make_tensor_value_info("next", TensorProto.FLOAT, [64, 64]),
        ],
    )
    model.graph.initializer.append(numpy_helper.from_array(np.eye(64, dtype=np.float32), "wheel"))
    model.graph.initializer.append(numpy_helper.from_array(np.array(rounds), "rounds"))
    model.graph.initializer.append(numpy_helper.from_array(np.array(0.99, np.float32), "bright"))
    model.graph.initializer.append(numpy_helper.from_array(np.array(0, np.float32), "zero"))
    nodes = [
        helper.make_node("ReduceMin", ["clips"], ["darkest"], keepdims=0),
        helper.make_node("Greater", ["darkest", "bright"], ["go_first"]),
        helper.make_node("Loop", ["rounds", "go_first", "wheel"], ["turned"], body=body),
        helper.make_node("ReduceMax", ["turned"], ["one"], keepdims=0),
        helper.make_node("Mul", ["answer", "one"], ["late"]),
    ]
    model.graph.node.extend(nodes)
    model.graph.output[0].name = "late"
    return model


WHITE = np.full((1, 4, 16, 16, 3), 255, np.uint8)


def test_stop_ends_a_running_score_from_another_thread(tmp_path: Path) -> None:
    scorer = Scorer(pack.read(tiny_pack(tmp_path / "p", model=endless(2**40), input=SMALL)))
    outcome: list[BaseException] = []
    started = threading.Event()

    def run() -> None:
        started.set()
        try:
            scorer.score(WHITE)
        except Cancelled as error:
            outcome.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    started.wait()
    thread.join(0.5)
    assert thread.is_alive(), "the model was meant to run for ever"

    scorer.stop()
    thread.join(20)

    assert not thread.is_alive()
    assert len(outcome) == 1


def test_stop_before_the_call_holds_for_every_later_one(scorer: Scorer) -> None:
    scorer.stop()

    for _ in range(2):
        with pytest.raises(Cancelled):
            scorer.score(clips(1))


def test_a_model_that_never_answers_its_golden_clip_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scoring, "GOLDEN_LIMIT_S", 0.3)
    info = tiny_info(input=SMALL)
    model = endless(2**40)
    bright = next(tensor for tensor in model.graph.initializer if tensor.name == "bright")
    bright.CopyFrom(numpy_helper.from_array(np.array(-1, np.float32), "bright"))  # every clip is bright enough
    made = pack.read(tiny_pack(tmp_path / "p", model=model, answers=tiny_answer(tiny_clips(info), info), input=SMALL))

    with pytest.raises(PackRefused, match="took longer"):
        Scorer(made)
