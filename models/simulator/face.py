"""The head: joints, a subject and a pose in; the shapes of skull, face and hair out.

From afar a face is a few balls. From near (`detailed`) lids close over white and iris, the iris follows the gaze, brows
move, lips part, teeth bite and the tongue comes out: flat patches laid on the skull's own surface.
"""

from __future__ import annotations

import numpy as np

from models.simulator.body import Joints, Pose
from models.simulator.hair import hair
from models.simulator.pools import Subject
from models.simulator.shapes import Colour, Hull, Panel, Points, Shape, ball, capsule, shade

WHITE_OF_EYE = (236, 234, 228)
PUPIL = (34, 26, 22)
IRIS = (74, 48, 34)
TEETH = (244, 242, 234)
THROAT = (52, 20, 22)
TONGUE = (226, 86, 108)
LIP = (176, 62, 72)

# Lengths in radii of the head (half its height); x to the child's left, y up, from the middle of the head.
EYE = (0.34, -0.02)  # of the left eye
EYE_WIDTH = 0.21  # half of it; eyes of a child, a little larger than life
UPPER_LID, LOWER_LID = 0.19, 0.1  # heights over and under the corners when open
IRIS_RADIUS = 0.115
GAZE_REACH = np.array([0.1, 0.07])  # how far the iris goes
BROW = 0.37
MOUTH = -0.56
MOUTH_WIDTH = 0.26
JAW_DROP = 0.3  # of the lower lip when the mouth is wide open
TONGUE_LENGTH = 0.3
UPPER_SKULL, LOWER_SKULL = (0.22, 0.0, 0.8), (-0.42, 0.12, 0.6)  # up, forward, radius

_ACROSS = np.array([0.82, 1.0, 0.82, 0.45, 0.0, -0.45, -0.82, -1.0, -0.82, -0.45, 0.0, 0.45])
_IS_UPPER = np.array([True, True, False, False, False, False, False, False, True, True, True, True])
_ROUND = np.sqrt(1.0 - _ACROSS**2)
_NEAREST = 0.4  # how much nearer than it is a feature counts when painted, so that no fringe hides it


def head(subject: Subject, j: Joints, pose: Pose, layer: int, detailed: bool = False) -> list[Shape]:
    """All shapes of a head; `detailed` shows what the eyes, the lips and the tongue do."""
    r = subject.body.head * j.height * 0.5
    left, up, forward = j.skull
    locks = hair(subject, j.head, r, left, up, forward, layer)
    face = _near(subject, j, pose, r, layer) if detailed else _far(subject, j, r, layer)
    return [*face, *locks]


def _skull(subject: Subject, j: Joints, r: float, layer: int, drop: float = 0.0) -> list[Hull]:
    left, up, forward = j.skull
    at = j.head
    skin = subject.skin
    ears = [ball(at + side * left * 0.78 * r - up * 0.1 * r, 0.17 * r, shade(skin, 0.9), layer) for side in (1.0, -1.0)]
    nose = ball(at + forward * 0.72 * r - up * 0.2 * r, 0.13 * r, shade(skin, 1.08), layer, -0.3 * r)
    for feature in (*ears, nose):
        feature.shadow = False
    spheres = np.array([at + up * 0.22 * r, at - up * (0.42 + drop) * r + forward * 0.12 * r])
    return [Hull(spheres, np.array([0.8, 0.6]) * r, skin, layer, -0.01), *ears, nose]


def _far(subject: Subject, j: Joints, r: float, layer: int) -> list[Hull]:
    left, up, forward = j.skull
    at = j.head
    lips = at + forward * 0.62 * r - up * 0.52 * r
    features = [
        capsule(lips + left * 0.17 * r, lips - left * 0.17 * r, 0.055 * r, 0.055 * r, (150, 74, 70), layer, -0.25 * r)
    ]
    for side in (1.0, -1.0):
        eye = at + forward * 0.64 * r + left * side * 0.3 * r + up * 0.08 * r
        features.append(ball(eye, 0.13 * r, WHITE_OF_EYE, layer, -0.25 * r))
        features.append(ball(eye + forward * 0.06 * r, 0.085 * r, PUPIL, layer, -0.27 * r))
        brow = at + forward * 0.62 * r + up * 0.33 * r
        inner, outer = brow + left * side * 0.18 * r, brow + left * side * 0.44 * r
        features.append(capsule(inner, outer, 0.035 * r, 0.03 * r, subject.hair, layer, -0.2 * r))
    for feature in features:
        feature.shadow = False
    return [*_skull(subject, j, r, layer), *features]


class _Skin:
    """The surface of the face, on which features are laid at (x, y) in radii."""

    def __init__(self, j: Joints, r: float, layer: int) -> None:
        self.at, self.axes, self.r, self.layer = j.head, j.skull, r, layer

    def on(self, xy: Points) -> Points:
        """World points (n, 3) of face points (n, 2)."""
        x, y = xy.T
        fronts = [
            forward + np.sqrt(np.maximum(radius**2 - x**2 - (y - above) ** 2, 0.0))
            for above, forward, radius in (UPPER_SKULL, LOWER_SKULL)
        ]
        local = np.stack([x, y, np.maximum(*fronts)], axis=1)
        return np.asarray(self.at + self.r * (local @ self.axes))

    def patch(self, xy: Points, colour: Colour, rank: float) -> Panel:
        """A convex patch; a higher rank is painted over a lower one."""
        return Panel(self.on(xy), colour, self.layer, self._bias(rank))

    def stroke(self, xy: Points, radii: Points, colour: Colour, rank: float) -> Hull:
        """A thick line or a ball."""
        return Hull(self.on(xy), radii * self.r, colour, self.layer, self._bias(rank), shadow=False)

    def tongue(self, line: Points, radii: tuple[float, float], colour: Colour, rank: float) -> Hull:
        """A tapered line (2, 3) that hangs free from the middle of the mouth: left, up, forward in radii."""
        centres = self.on(np.array([[0.0, MOUTH]])) + self.r * (line @ self.axes)
        return Hull(centres, np.array(radii) * self.r, colour, self.layer, self._bias(rank), shadow=False)

    def _bias(self, rank: float) -> float:
        return -(_NEAREST + 0.05 * rank) * self.r


def _lens(middle: Points, half: float, top: float, bottom: float, roundness: float = 1.0) -> Points:
    """Corner points (12, 2) between two arcs, `top` over and `bottom` under the line of the corners."""
    arc = _ROUND**roundness
    y = np.where(_IS_UPPER, top, bottom) * arc
    return np.asarray(np.stack([half * _ACROSS, y], axis=1) + middle)


def _near(subject: Subject, j: Joints, pose: Pose, r: float, layer: int) -> list[Shape]:
    face = _Skin(j, r, layer)
    # Who shows the tongue opens the mouth for it.
    opening = max(float(pose.mouth), 0.3 * min(1.0, 3.0 * float(pose.tongue)))
    frown = min(max(-float(pose.brows), 0.0), 1.0)
    shapes: list[Shape] = [*_skull(subject, j, r, layer, 0.12 * opening)]
    for side in (0, 1):
        shapes += _eye(subject, face, pose, side, frown)
        shapes += _brow(subject, face, pose, side, frown)
    return shapes + _mouth(subject, face, pose, opening)


def _eye(subject: Subject, face: _Skin, pose: Pose, side: int, frown: float) -> list[Shape]:
    sign = 1.0 if side == 0 else -1.0
    middle = np.array([sign * EYE[0], EYE[1]])
    gaze = np.clip(pose.gaze, -1.0, 1.0)
    # The upper lid follows the gaze down; a frown raises the cheek, and with it the lower lid.
    openness = float(np.clip(pose.eyes[side], 0.0, 1.15)) * (1.0 - 0.3 * max(-float(gaze[1]), 0.0))
    low = -LOWER_LID + 0.085 * frown
    high = low + (UPPER_LID + LOWER_LID) * openness
    lid = _lens(middle, EYE_WIDTH * 1.06, UPPER_LID * 1.12, -LOWER_LID, 1.3)
    lash = _lens(middle, EYE_WIDTH * 1.1, high + 0.05, low - 0.022, 1.3)
    shapes: list[Shape] = [face.patch(lid, shade(subject.skin, 0.84), 0), face.patch(lash, PUPIL, 1)]
    if high - low > 0.03:
        shapes.append(face.patch(_lens(middle, EYE_WIDTH, high, low, 1.3), WHITE_OF_EYE, 2))
        looks = gaze * GAZE_REACH + [0.0, 0.03]
        for radius, colour, rank in ((IRIS_RADIUS, IRIS, 3.5), (0.55 * IRIS_RADIUS, PUPIL, 5.0)):
            shapes.append(face.patch(middle + _within(looks, radius, high, low), colour, rank))
        if openness > 0.6:
            glint = middle + looks + [0.045, 0.05]
            shapes.append(face.stroke(glint[None], np.array([0.022]), (255, 255, 255), 7))
    if frown > 0.3:
        # The cheek that is pushed up: a fold under the eye, and folds at its outer corner.
        fold = middle + np.array([[-0.2, -0.15], [0.0, -0.19], [0.2, -0.14]]) * [1.0, 1.0]
        dark = shade(subject.skin, 0.72)
        shapes.append(face.stroke(fold, np.full(3, 0.018 * frown), dark, 1))
        corner = middle + np.array([[sign * 0.24, 0.0], [sign * 0.36, 0.05]])
        shapes.append(face.stroke(corner, np.full(2, 0.018 * frown), dark, 1))
    return shapes


def _within(looks: Points, radius: float, high: float, low: float) -> Points:
    """A disc (12, 2) about the point looked at, as far as the lids leave it open."""
    x = np.clip(looks[0] + radius * _ACROSS, -0.97 * EYE_WIDTH, 0.97 * EYE_WIDTH)
    y = looks[1] + radius * _ROUND * np.where(_IS_UPPER, 1.0, -1.0)
    arc = np.sqrt(1.0 - (x / EYE_WIDTH) ** 2) ** 1.3
    return np.stack([x, np.clip(y, low * arc, high * arc)], axis=1)


def _brow(subject: Subject, face: _Skin, pose: Pose, side: int, frown: float) -> list[Shape]:
    sign = 1.0 if side == 0 else -1.0
    height = BROW + 0.1 * float(np.clip(pose.brows, -1.0, 1.0))
    inner = np.array([sign * (0.17 - 0.06 * frown), height - 0.08 * frown])
    outer = np.array([sign * 0.5, height - 0.03 + 0.03 * frown])
    thick = 0.042 + 0.014 * frown
    colour = shade(subject.hair, 0.8)
    shapes: list[Shape] = [face.stroke(np.array([inner, outer]), np.array([thick, 0.7 * thick]), colour, 0)]
    if frown > 0.3:
        furrow = np.array([[sign * 0.05, 0.22], [sign * 0.05, 0.36]])
        shapes.append(face.stroke(furrow, np.full(2, 0.016 * frown), shade(subject.skin, 0.72), 0))
    return shapes


def _mouth(subject: Subject, face: _Skin, pose: Pose, opening: float) -> list[Shape]:
    middle = np.array([0.0, MOUTH])
    bitten = min(max(float(pose.bitten), 0.0), 1.0)
    tongue = min(max(float(pose.tongue), 0.0), 1.0)
    half = MOUTH_WIDTH - 0.05 * opening
    top, bottom = 0.014 + 0.07 * opening, -0.016 - JAW_DROP * opening
    lip = _between(subject.skin, LIP, 0.6)
    outer = _lens(middle, half + 0.05, top + 0.06, bottom - 0.09 - 0.07 * bitten)
    shapes: list[Shape] = [
        face.patch(outer, lip, 0),
        face.patch(_lens(middle, half, top, bottom), THROAT, 1),
    ]
    if opening > 0.2:
        shapes.append(face.patch(_lens(middle, 0.85 * half, top, -0.02), TEETH, 2))
    if bitten > 0.05:
        # The lower lip goes in under the upper teeth; the skin of the chin follows it.
        row = np.array([[0.18, 0.0], [0.18, -0.135 * bitten], [-0.18, -0.135 * bitten], [-0.18, 0.0]])
        gap = np.array([[0.012, 0.0], [0.012, -0.135 * bitten], [-0.012, -0.135 * bitten], [-0.012, 0.0]])
        chin = _lens(middle - [0.0, 0.3], 0.24, 0.035 * bitten, -0.035 * bitten)
        shapes.append(face.patch(row + middle, TEETH, 3))
        shapes.append(face.patch(gap + middle, shade(TEETH, 0.8), 4))
        shapes.append(face.patch(chin, shade(subject.skin, 0.74), 0))
    if tongue > 0.02:
        hang, out = 0.06 + TONGUE_LENGTH * tongue, 0.04 + 0.12 * tongue
        shapes.append(face.tongue(np.array([[0.0, -0.04, 0.02], [0.0, -0.04 - hang, out]]), (0.12, 0.15), TONGUE, 4))
        if tongue > 0.3:
            groove = np.array([[0.0, -0.08, 0.12], [0.0, -hang, out + 0.1]])
            shapes.append(face.tongue(groove, (0.02, 0.02), shade(TONGUE, 0.75), 6))
    return shapes


def _between(a: Colour, b: Colour, share: float) -> Colour:
    red, green, blue = (round(x + (y - x) * share) for x, y in zip(a, b, strict=True))
    return red, green, blue
