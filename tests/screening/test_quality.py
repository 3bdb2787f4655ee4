"""What cannot be assessed is named, what can be is never turned away: a made-up room, real videos, spoilt copies."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from screening import quality, sampling
from screening.records import InputSpec, Window
from screening.video import open_video

Media = Callable[[str], Path]
Frames = NDArray[np.uint8]

SPEC = InputSpec(32, 56, 56, 15.0, 8, "RGB", (0.0, 1.0), "stretch", "black", "dynamic")
SIGNERS = tuple(f"asl_{word}.mkv" for word in ("again", "bird", "brother", "help", "milk", "no", "please", "sorry"))


def room(size: int = 56, moving: bool = True, seed: int = 0) -> Frames:
    """A room of flat patches with edges, a little sensor noise, and a child-sized patch that sways by 1 pixel in 56."""
    random = np.random.default_rng(seed)
    patches = random.integers(60, 200, (7, 7, 3)).astype(np.uint8)
    still = cv2.resize(patches, (size, size), interpolation=cv2.INTER_NEAREST)
    frames = np.repeat(still[None], 32, axis=0)
    for i, frame in enumerate(frames):
        sway = round(np.sin(i / 3) * size / 56) if moving else 0
        left = size // 2 + sway
        frame[size // 3 : -size // 8, left : left + size // 6] = (210, 40, 60)
    noise = random.integers(-1, 2, frames.shape)
    return np.clip(frames + noise, 0, 255).astype(np.uint8)


def window(frames: Frames, padded: slice | None = None, index: int = 1) -> Window:
    times = index * 8 / 15 + np.arange(len(frames)) / 15
    if padded is not None:
        frames, times = frames.copy(), times.copy()
        frames[padded], times[padded] = 0, np.nan
    start_s = index * 8 / 15
    return Window(index, start_s, start_s + 32 / 15, frames, times, float(np.isnan(times).mean()))


def windows(path: Path) -> list[Window]:
    """The windows of a real video, cut as the corridor cuts them."""
    sampler, cut = sampling.Sampler(SPEC), []
    with open_video(path) as source:
        for seconds, picture in source.pictures(start_s=0.0, end_s=None, needed_fps=SPEC.fps):
            cut += sampler.push(seconds, picture)
        return cut + sampler.finish(source.info().duration_s)


def darkened(frames: Frames) -> Frames:
    return (frames * 0.1).astype(np.uint8)


def washed_out(frames: Frames) -> Frames:
    return np.clip(frames.astype(np.int16) + 240, 0, 255).astype(np.uint8)


def blurred(frames: Frames) -> Frames:
    return np.stack([cv2.GaussianBlur(frame, (0, 0), frame.shape[0] / 56 * 2.5) for frame in frames]).astype(np.uint8)


def stalled(frames: Frames) -> Frames:
    return np.concatenate([frames[:14], np.repeat(frames[14:15], 18, axis=0)])


SPOILT = [(darkened, "dark"), (washed_out, "overexposed"), (blurred, "blurred"), (stalled, "frozen")]

# ------------------------------------------------------------------------------------------------ a made-up room


def test_a_child_who_sways_in_a_room_can_be_assessed() -> None:
    assert quality.assess(window(room())) == ()


def test_a_room_in_which_nothing_moves_but_noise_holds_nobody() -> None:
    assert quality.assess(window(room(moving=False))) == ("nobody",)


@pytest.mark.parametrize(("spoil", "reason"), SPOILT)
@pytest.mark.parametrize("size", [56, 112])
def test_a_spoilt_picture_is_named(spoil: Callable[[Frames], Frames], reason: str, size: int) -> None:
    assert quality.assess(window(room(size))) == ()
    assert quality.assess(window(spoil(room(size))))[0] == reason


def test_a_shadow_over_an_empty_room_is_nobody() -> None:
    # Given light that falls by a fifth over the window, as when somebody passes outside or exposure adapts
    dimming = np.linspace(1, 0.8, 32)[:, None, None, None]
    wall = np.full((32, 56, 56, 3), 180.0) + np.linspace(-20, 20, 56)[None, None, :, None]
    detail = room(moving=False).astype(np.float64) * 0.1
    assert quality.assess(window(((wall + detail) * dimming).astype(np.uint8))) == ("nobody",)


def test_too_much_padding_at_the_end_of_the_first_window_is_a_video_that_is_too_short() -> None:
    assert quality.assess(window(room(), slice(20, None), index=0)) == ("too_short",)


@pytest.mark.parametrize("padded", [slice(20, None), slice(0, 12), slice(10, 20), slice(None)])
def test_too_much_padding_later_is_a_gap(padded: slice) -> None:
    assert quality.assess(window(room(), padded)) == ("gap",)


def test_a_first_window_without_any_picture_is_a_gap() -> None:
    assert quality.assess(window(room(), slice(None), index=0)) == ("gap",)


def test_a_little_padding_does_no_harm_and_black_padding_is_not_taken_for_darkness_or_movement() -> None:
    assert quality.assess(window(room(), slice(24, None))) == ()
    assert quality.assess(window(room(moving=False), slice(24, None))) == ("nobody",)


def test_black_bars_do_not_hide_that_the_picture_is_blurred() -> None:
    barred = np.zeros((32, 56, 56, 3), np.uint8)
    barred[:, :, 12:44] = blurred(room())[:, :, 12:44]
    assert quality.assess(window(barred)) == ("blurred",)


def test_a_single_colour_is_never_called_blurred() -> None:
    assert quality.assess(window(np.full((32, 56, 56, 3), 120, np.uint8))) == ("frozen",)


def test_the_most_important_reason_comes_first() -> None:
    assert quality.assess(window(stalled(darkened(room())))) == ("dark", "frozen")


def test_each_reason_has_a_sentence() -> None:
    said = {"dark", "overexposed", "blurred", "frozen", "nobody", "too_short", "gap"}
    known = {"not_trained", "not_in_model", "no_assessable_video"}
    assert set(quality.REASONS) == said | known
    assert all(sentence and not sentence.endswith(".") for sentence in quality.REASONS.values())


@settings(deadline=None, max_examples=30)
@given(st.integers(1, 9), st.integers(1, 60), st.integers(1, 60), st.integers(0, 2**32 - 1))
def test_any_window_gets_known_reasons_and_is_left_as_it_was(count: int, height: int, width: int, seed: int) -> None:
    frames = np.random.default_rng(seed).integers(0, 256, (count, height, width, 3)).astype(np.uint8)
    frames.flags.writeable = False
    asked = window(frames)
    first = quality.assess(asked)
    assert set(first) <= set(quality.REASONS)
    assert quality.assess(dataclasses.replace(asked, index=7, start_s=3.7)) == first, (
        "depends on more than the pictures"
    )


# ------------------------------------------------------------------------------------------------ real videos


@pytest.mark.parametrize("name", [*SIGNERS, "carphone.mp4", "chaplin.mp4", "nasa_13013.mp4"])
def test_people_who_move_can_be_assessed_throughout(media: Media, name: str) -> None:
    assert {quality.assess(w) for w in windows(media(name))} == {()}


def test_a_lens_in_the_dark_is_dark(media: Media) -> None:
    assert {quality.assess(w)[0] for w in windows(media("no_duration.webm"))} == {"dark"}


@pytest.mark.parametrize("name", ["asl_again.mkv", "carphone.mp4"])
@pytest.mark.parametrize(("spoil", "reason"), SPOILT)
def test_a_spoilt_copy_of_a_real_video_is_named(
    media: Media, name: str, spoil: Callable[[Frames], Frames], reason: str
) -> None:
    whole = [w for w in windows(media(name)) if not w.padded_share]
    assert {quality.assess(dataclasses.replace(w, frames=spoil(w.frames)))[0] for w in whole} == {reason}


def test_nobody_is_said_of_an_empty_hall_and_never_of_people_who_stand_still_in_it(media: Media) -> None:
    # Given a hall, empty at first, through which people walk one by one and in which they stand still for long
    cut = windows(media("people_one_by_one.mp4"))
    empty = cut[0].frames[0].astype(np.int16)
    nobody = [w for w in cut if quality.assess(w) == ("nobody",)]
    # When the picture is compared with the empty hall
    changed = {w.index: (np.abs(w.frames - empty).max(axis=3) > 50).sum(axis=(1, 2)).max() for w in cut}
    # Then "nobody" was said of nearly three quarters of the empty windows and of none that shows somebody
    assert all(changed[w.index] < 15 for w in nobody)
    assert len(nobody) >= 0.7 * sum(count < 15 for count in changed.values())
    assert {quality.assess(w) for w in cut} == {(), ("nobody",)}


def test_bottles_alone_are_nobody_and_the_hand_that_moves_them_can_be_assessed(media: Media) -> None:
    reasons = {round(w.start_s, 1): quality.assess(w) for w in windows(media("bottle_no_person.mp4"))}
    assert reasons[8.0] == ("nobody",)
    assert reasons[11.2] == reasons[16.0] == ()
