"""The head: joints, a subject and a pose in; the hulls of skull, face and hair out."""

from __future__ import annotations

import numpy as np

from models.simulator.body import Joints, Pose
from models.simulator.pools import Subject
from models.simulator.shapes import Hull, Points, ball, capsule, shade

WHITE_OF_EYE = (236, 234, 228)
PUPIL = (34, 26, 22)


def head(subject: Subject, j: Joints, pose: Pose, layer: int, detailed: bool = False) -> list[Hull]:
    """All hulls of a head; `detailed` shows what the eyes, the lips and the tongue do."""
    h = j.height
    r = subject.body.head * h * 0.5
    left, up, forward = j.skull
    at = j.head
    skin = subject.skin
    hulls = [
        Hull(
            np.array([at + up * 0.22 * r, at - up * 0.42 * r + forward * 0.12 * r]),
            np.array([0.8, 0.6]) * r,
            skin,
            layer,
            -0.01,
        ),
        ball(at + left * 0.78 * r - up * 0.1 * r, 0.17 * r, shade(skin, 0.9), layer),
        ball(at - left * 0.78 * r - up * 0.1 * r, 0.17 * r, shade(skin, 0.9), layer),
        ball(at + forward * 0.72 * r - up * 0.2 * r, 0.13 * r, shade(skin, 1.08), layer, -0.3 * r),
        capsule(
            at + forward * 0.62 * r - up * 0.52 * r + left * 0.17 * r,
            at + forward * 0.62 * r - up * 0.52 * r - left * 0.17 * r,
            0.055 * r,
            0.055 * r,
            (150, 74, 70),
            layer,
            -0.25 * r,
        ),
    ]
    for side in (1.0, -1.0):
        eye = at + forward * 0.64 * r + left * side * 0.3 * r + up * 0.08 * r
        hulls.append(ball(eye, 0.13 * r, WHITE_OF_EYE, layer, -0.25 * r))
        hulls.append(ball(eye + forward * 0.06 * r, 0.085 * r, PUPIL, layer, -0.27 * r))
        brow = at + forward * 0.62 * r + up * 0.33 * r
        hulls.append(
            capsule(
                brow + left * side * 0.18 * r,
                brow + left * side * 0.44 * r,
                0.035 * r,
                0.03 * r,
                subject.hair,
                layer,
                -0.2 * r,
            )
        )
    for feature in hulls[1:]:
        feature.shadow = False
    return hulls + _hair(subject, at, r, left, up, forward, layer)


def _hair(subject: Subject, at: Points, r: float, left: Points, up: Points, forward: Points, layer: int) -> list[Hull]:
    colour, style = subject.hair, subject.hair_style

    def hull(
        spheres: list[tuple[float, float, float, float]], tint: tuple[int, int, int] = colour, bias: float = 0.0
    ) -> Hull:
        s = np.array(spheres)
        return Hull(at + r * (s[:, :1] * left + s[:, 1:2] * up + s[:, 2:3] * forward), s[:, 3] * r, tint, layer, bias)

    if style == "shaved":
        return [hull([(0, 0.28, -0.1, 0.82)], shade(subject.skin, 0.7))]
    back = hull([(0, 0.3, -0.2, 0.86), (0, -0.05, -0.28, 0.72)])
    fringe = hull(
        [(0.42, 0.66, 0.3, 0.3), (-0.42, 0.66, 0.3, 0.3), (0.0, 0.86, 0.2, 0.3)], shade(colour, 0.95), -0.2 * r
    )
    if style == "short":
        return [back, fringe]
    if style == "cap":
        return [
            back,
            hull([(0, 0.42, -0.05, 0.84)], subject.trim, -0.05 * r),
            hull([(0.3, 0.6, 0.8, 0.12), (-0.3, 0.6, 0.8, 0.12), (0, 0.62, 0.95, 0.12)], subject.trim, -0.2 * r),
        ]
    if style == "bowl":
        return [back, hull([(0.5, 0.5, 0.32, 0.34), (-0.5, 0.5, 0.32, 0.34), (0, 0.8, 0.25, 0.38)], colour, -0.2 * r)]
    if style == "curly":
        puffs = [
            (0.6, 0.4, -0.1, 0.42),
            (-0.6, 0.4, -0.1, 0.42),
            (0, 0.85, 0.0, 0.5),
            (0.35, 0.75, 0.25, 0.36),
            (-0.35, 0.75, 0.25, 0.36),
        ]
        return [back, *(hull([p], shade(colour, 0.9 + 0.06 * k), -0.02 * k * r) for k, p in enumerate(puffs))]
    locks = {
        "bob": [
            hull(
                [(0.62, 0.2, -0.2, 0.3), (0.6, -0.6, -0.2, 0.24), (-0.6, -0.6, -0.2, 0.24), (-0.62, 0.2, -0.2, 0.3)],
                colour,
                0.1 * r,
            )
        ],
        "long": [
            hull(
                [
                    (0.55, 0.2, -0.3, 0.34),
                    (0.5, -1.5, -0.55, 0.24),
                    (-0.5, -1.5, -0.55, 0.24),
                    (-0.55, 0.2, -0.3, 0.34),
                ],
                colour,
                0.2 * r,
            )
        ],
        "ponytail": [
            hull([(0, 0.45, -0.95, 0.26), (0, -0.3, -1.25, 0.24), (0, -0.9, -1.15, 0.12)], shade(colour, 0.9))
        ],
        "bun": [hull([(0, 0.95, -0.45, 0.38)], shade(colour, 0.92))],
    }
    return [back, fringe, *locks[style]]
