"""What people of domain B wear besides, and ways of wearing their hair: a subject and joints in, hulls out."""

from __future__ import annotations

import numpy as np

from models.simulator.body import Joints
from models.simulator.pools import Subject
from models.simulator.shapes import Colour, Hull, Points, shade

# Spheres about the middle of the head: left, up, forward, radius, in radii of the head; one row for each hull.
_HEADGEAR = {
    "hood": (((0, 0.28, -0.25, 0.98), (0, -0.5, -0.4, 0.72)),),
    "headscarf": (((0, 0.36, -0.16, 0.92), (0, -0.5, -0.22, 0.78)), ((0.3, -0.9, 0.1, 0.4), (-0.3, -0.9, 0.1, 0.4))),
    "afro": (((0, 0.5, -0.3, 1.15), (0, 0.15, -0.45, 1.05)),),
    "pigtails": (
        ((0.85, 0.2, -0.2, 0.22), (1.15, -0.7, -0.2, 0.26)),
        ((-0.85, 0.2, -0.2, 0.22), (-1.15, -0.7, -0.2, 0.26)),
    ),
    "braid": (((0, 0.1, -0.9, 0.3), (0.15, -1.0, -1.0, 0.2), (0.1, -1.9, -0.9, 0.14)),),
    "quiff": (((0, 0.8, 0.35, 0.42), (0, 1.2, 0.15, 0.25)),),
}  # fmt: skip
_OF_CLOTH = ("hood", "headscarf")


def extras(subject: Subject, j: Joints, layer: int, crown: int) -> list[Hull]:
    """The hulls that `subject.extra` adds; `crown` is the layer of the head."""
    kind = subject.extra
    if kind in _HEADGEAR:
        return _about_head(subject, j, kind, crown)
    h, g = j.height, subject.body.girth
    left, up, forward = j.trunk
    if kind == "tunic":
        hem = j.hips + (j.knees - j.hips) * 0.4
        return [Hull(np.vstack([j.hips + up * 0.05 * h, hem]), np.full(4, 0.074 * h * g), subject.top, layer, -0.013)]
    if kind == "vest":
        shoulders = j.shoulders + (j.shoulders.mean(axis=0) - j.shoulders) * 0.3 - up * 0.03 * h
        low = j.pelvis + up * 0.06 * h + np.array([[0.045], [-0.045]]) * left * h * g
        front = forward * 0.012 * h
        return [Hull(np.vstack([shoulders, low]) + front, np.full(4, 0.054 * h * g), subject.trim, layer, -0.01)]
    if kind == "scarf":
        ring = j.neck + np.array([[0.035], [-0.035]]) * left * h + forward * 0.012 * h
        tail = np.vstack([ring[0], ring[0] - up * 0.13 * h + forward * 0.045 * h])
        return [
            Hull(ring, np.full(2, 0.032 * h), subject.trim, layer, -0.012),
            Hull(tail, np.full(2, 0.024 * h), shade(subject.trim, 0.85), layer, -0.03),
        ]
    return []


def _about_head(subject: Subject, j: Joints, kind: str, layer: int) -> list[Hull]:
    r = subject.body.head * j.height * 0.5
    tint: Colour = subject.trim if kind in _OF_CLOTH else shade(subject.hair, 0.92)

    def spheres(rows: tuple[tuple[float, float, float, float], ...]) -> tuple[Points, Points]:
        s = np.array(rows)
        return j.head + r * (s[:, :3] @ j.skull), s[:, 3] * r

    return [Hull(*spheres(rows), tint, layer, 0.02 * r) for rows in _HEADGEAR[kind]]
