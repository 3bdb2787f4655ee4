"""A dressed person: joints and a `Subject` in, the hulls that the painter draws out."""

from __future__ import annotations

import numpy as np

from models.simulator.body import Joints, Pose, solve
from models.simulator.extras import extras
from models.simulator.face import head
from models.simulator.pools import Subject
from models.simulator.shapes import Hull, Points, Shape, ball, capsule, shade


def person(
    subject: Subject,
    pose: Pose,
    fine: bool = False,
    layers: tuple[int, int] = (0, 0),
    crown: int | None = None,
    face: bool = False,
) -> list[Shape]:
    """All hulls of a person.

    `fine` draws fingers and toes, `face` eyelids, gaze, teeth and tongue; `layers` are those of the body and of the
    arms, `crown` that of the head (as the body's when not given).
    """
    joints = solve(subject.body, pose)
    body, arms = layers
    hulls: list[Shape] = [*_trunk(subject, joints, body), *_legs(subject, joints, body)]
    hulls += head(subject, joints, pose, body if crown is None else crown, face)
    hulls += extras(subject, joints, body, body if crown is None else crown)
    hulls += _arms(subject, joints, arms)
    for side in (0, 1):
        if fine:
            digits = _hand(subject, joints, pose, side, arms) + _toes(subject, joints, pose, side, body)
            for hull in digits:
                hull.shadow = False
            hulls += digits
        else:
            hulls += _mitten(subject, joints, pose, side, arms)
    return hulls


def _trunk(subject: Subject, j: Joints, layer: int) -> list[Hull]:
    h, g = j.height, subject.body.girth
    left, up, forward = j.trunk
    sides = np.array([1.0, -1.0])[:, None]
    top = j.shoulders - sides * left * 0.022 * h - up * 0.02 * h
    waist = j.pelvis + up * 0.08 * h + sides * left * 0.045 * h * g + forward * 0.008 * h
    seat = j.pelvis + sides * left * 0.043 * h * g - up * 0.005 * h
    hulls = [
        Hull(seat, np.full(2, 0.062 * h * g), subject.bottom, layer, 0.03),
        Hull(np.vstack([top, waist]), np.array([0.045, 0.045, 0.06 * g, 0.06 * g]) * h, subject.top, layer),
    ]
    front = 0.052 * h * g
    if subject.pattern == "stripes":
        for share in (0.2, 0.5, 0.8):
            bar = top + (waist - top) * share
            radius = 0.012 * h
            width = 1.0 + 0.6 * (0.045 + (0.06 * g - 0.045) * share) / 0.05
            middle = bar.mean(axis=0)
            hulls.append(Hull(middle + (bar - middle) * width, np.full(2, radius), subject.trim, layer, -0.001, False))
    elif subject.pattern == "print":
        chest = top.mean(axis=0) * 0.6 + waist.mean(axis=0) * 0.4 + forward * front * 0.72
        hulls.append(ball(chest, 0.038 * h, subject.trim, layer, 0.03))
    elif subject.pattern == "dungarees":
        bib = np.array([0.6, 0.6])[:, None] * (top - top.mean(axis=0)) + top * 0.5 + waist * 0.5
        bib = bib - (top - top.mean(axis=0)) * 0.5 + forward * front * 0.45
        low = waist + forward * front * 0.3
        hulls.append(Hull(np.vstack([bib, low]), np.full(4, 0.03 * h), subject.bottom, layer, -0.002))
    hulls.append(
        capsule(
            j.chest - up * 0.02 * h, j.neck + j.skull[1] * 0.02 * h, 0.034 * h, 0.032 * h, subject.skin, layer, 0.01
        )
    )
    return hulls


def _limb(
    a: Points,
    b: Points,
    ra: float,
    rb: float,
    cloth: float,
    inner: tuple[int, int, int],
    outer: tuple[int, int, int],
    layer: int,
    bias: float,
) -> list[Hull]:
    """A limb segment whose first share `cloth` is covered."""
    if cloth >= 1.0:
        return [capsule(a, b, ra, rb, outer, layer, bias)]
    hulls = [capsule(a, b, ra * 0.92, rb * 0.95, inner, layer, bias)]
    if cloth > 0.0:
        hulls.append(
            capsule(a, a + (b - a) * cloth, ra * 1.06, ra + (rb - ra) * cloth + ra * 0.12, outer, layer, bias - 0.003)
        )
    return hulls


def _arms(subject: Subject, j: Joints, layer: int) -> list[Hull]:
    h, g = j.height, subject.body.girth
    hulls = []
    for side in (0, 1):
        upper = min(1.0, subject.sleeve * 1.6)
        lower = 1.0 if subject.sleeve >= 1.0 else 0.0
        sleeve = shade(subject.top, 0.93) if subject.pattern != "dungarees" else shade(subject.trim, 0.96)
        hulls += _limb(
            j.shoulders[side], j.elbows[side], 0.035 * h * g, 0.028 * h * g, upper, subject.skin, sleeve, layer, -0.03
        )
        hulls += _limb(
            j.elbows[side], j.wrists[side], 0.027 * h * g, 0.02 * h * g, lower, subject.skin, sleeve, layer, -0.032
        )
    return hulls


def _mitten(subject: Subject, j: Joints, pose: Pose, side: int, layer: int) -> list[Hull]:
    h = j.height
    along = j.hand_axes[side, 2]
    wrist = j.wrists[side]
    open_share = 1.0 - float(pose.curl[side, 1:].mean())
    knuckles = wrist + along * 0.04 * h
    tips = knuckles + along * (0.012 + 0.03 * open_share) * h
    return [
        Hull(
            np.array([wrist, knuckles, tips]),
            np.array([0.019, 0.024, 0.015 + 0.006 * (1 - open_share)]) * h,
            subject.skin,
            layer,
            -0.036,
        )
    ]


def _hand(subject: Subject, j: Joints, pose: Pose, side: int, layer: int) -> list[Hull]:
    """Palm, four fingers of two segments, and the thumb."""
    h = j.height * subject.body.hand / 0.088
    across, back, along = j.hand_axes[side]
    wrist = j.wrists[side]
    nail = shade(subject.skin, 1.25)
    row = wrist + along * 0.046 * h + np.outer([-0.019, -0.0065, 0.0065, 0.019], across) * h
    palm = np.vstack([[wrist], row[[0, 3]]])
    hulls = [Hull(palm, np.array([0.018, 0.0115, 0.0115]) * h, shade(subject.skin, 0.95), layer, -0.034)]
    order = (1, 2, 3, 4) if side == 0 else (4, 3, 2, 1)
    lengths = {1: 0.040, 2: 0.045, 3: 0.042, 4: 0.033}
    for place, finger in enumerate(order):
        angle = (place - 1.5) * pose.spread[side]
        direction = along * np.cos(angle) + across * np.sin(angle)
        bend = pose.curl[side, finger] * 1.5
        length = lengths[finger] * h
        middle = row[place] + (direction * np.cos(bend) - back * np.sin(bend)) * length * 0.52
        bend *= 1.9
        tip = middle + (direction * np.cos(bend) - back * np.sin(bend)) * length * 0.48
        hulls.append(capsule(row[place], middle, 0.0088 * h, 0.0078 * h, subject.skin, layer, -0.038))
        hulls.append(capsule(middle, tip, 0.0078 * h, 0.0064 * h, shade(subject.skin, 1.06), layer, -0.04))
        hulls.append(ball(tip + back * 0.003 * h, 0.0034 * h, nail, layer, -0.042))
    bend = pose.curl[side, 0] * 1.2
    outward = -across if side == 0 else across
    base = wrist + along * 0.014 * h + outward * 0.016 * h
    middle = base + (along * 0.7 + outward * np.cos(bend) * 0.7 - back * np.sin(bend) * 0.7) * 0.024 * h
    tip = middle + (along * 0.9 + outward * np.cos(bend) * 0.3 - back * np.sin(bend) * 0.8) * 0.02 * h
    hulls.append(capsule(base, middle, 0.011 * h, 0.009 * h, subject.skin, layer, -0.036))
    hulls.append(capsule(middle, tip, 0.009 * h, 0.0072 * h, shade(subject.skin, 1.05), layer, -0.037))
    return hulls


def _legs(subject: Subject, j: Joints, layer: int) -> list[Hull]:
    h, g = j.height, subject.body.girth
    hulls = []
    cover = 0.0 if subject.skirt else subject.leg
    for side in (0, 1):
        lower = 1.0 if cover >= 1.0 else 0.0
        upper = 1.0 if cover >= 1.0 else cover * 1.5
        cloth = shade(subject.bottom, 0.96 if side == 0 else 0.92)
        hulls += _limb(
            j.hips[side], j.knees[side], 0.06 * h * g, 0.041 * h * g, upper, subject.skin, cloth, layer, -0.004
        )
        hulls += _limb(
            j.knees[side], j.ankles[side], 0.04 * h * g, 0.026 * h * g, lower, subject.skin, cloth, layer, -0.004
        )
        _, up, forward = j.foot_axes[side]
        colour = subject.skin if subject.barefoot else subject.shoe
        size = 1.0 if subject.barefoot else 1.18
        heel = j.ankles[side] - up * 0.018 * h - forward * 0.012 * h
        toe = j.ankles[side] - up * 0.02 * h + forward * 0.075 * h
        hulls.append(
            Hull(
                np.array([heel, j.ankles[side], toe]), np.array([0.02, 0.024, 0.018]) * h * size, colour, layer, -0.006
            )
        )
        if not subject.barefoot:
            sole = shade(subject.shoe, 1.5)
            hulls.append(
                capsule(heel - up * 0.016 * h, toe - up * 0.014 * h, 0.007 * h, 0.007 * h, sole, layer, -0.007)
            )
    if subject.skirt:
        hem = j.hips + (j.knees - j.hips) * 0.72
        middle = hem.mean(axis=0)
        hem = middle + (hem - middle) * 1.5
        hulls.append(
            Hull(np.vstack([j.hips, hem]), np.array([0.062, 0.062, 0.06, 0.06]) * h * g, subject.bottom, layer, -0.012)
        )
    return hulls


def _toes(subject: Subject, j: Joints, pose: Pose, side: int, layer: int) -> list[Hull]:
    if not subject.barefoot:
        return []
    h = j.height
    left, up, forward = j.foot_axes[side]
    inner = -left if side == 0 else left
    hulls = []
    for k, (length, radius) in enumerate(
        ((0.03, 0.0115), (0.028, 0.0085), (0.025, 0.008), (0.021, 0.0075), (0.017, 0.007))
    ):
        root = j.ankles[side] - up * 0.024 * h + forward * (0.078 - 0.004 * k) * h + inner * (0.019 - 0.0105 * k) * h
        angle = pose.wiggle[side, k]
        tip = root + (forward * np.cos(angle) + up * np.sin(angle)) * length * h
        hulls.append(capsule(root, tip, radius * h, radius * 0.9 * h, subject.skin, layer, -0.012))
        hulls.append(ball(tip + up * radius * 0.5 * h, radius * 0.5 * h, shade(subject.skin, 1.25), layer, -0.014))
    return hulls
