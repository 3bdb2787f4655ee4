"""One decoded picture, converted only when and as far as somebody asks: crop, scale, colour, turn upright.

In goes a frame of PyAV in whatever pixel format, colour space, aspect and rotation the file has; out comes a small RGB
array of the picture as displayed. Nothing of full size is ever converted.
"""

from __future__ import annotations

import struct
import threading
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

import numpy as np
from av import VideoFrame
from av.filter import Graph
from av.sidedata.sidedata import SideData
from av.sidedata.sidedata import Type as SideDataType
from numpy.typing import NDArray

from screening.records import Region

_UNSPECIFIED_COLOUR_SPACE = 2
_MUCH_SMALLER = 16  # times fewer pixels


@dataclass(frozen=True, slots=True)
class Orientation:
    """How stored pixels become upright ones: first swap rows and columns, then mirror."""

    transpose: bool = False
    flip_x: bool = False
    flip_y: bool = False

    @property
    def degrees(self) -> int:
        """Clockwise turn (0, 90, 180, 270) that makes the stored picture upright, a mirroring left aside."""
        if self.transpose:
            return 90 if self.flip_x else 270
        return 180 if self.flip_y else 0

    def upright(self, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """`pixels` (rows, columns, 3) as stored → as displayed."""
        if self.transpose:
            pixels = pixels.transpose(1, 0, 2)
        if self.flip_x:
            pixels = pixels[:, ::-1]
        if self.flip_y:
            pixels = pixels[::-1]
        return np.ascontiguousarray(pixels)


def orientation_of(frame: VideoFrame) -> Orientation:
    """The orientation that the file asks for, from the display matrix (ISO/IEC 14496-12, 8.2.2.3).

    The matrix sends a stored pixel (p, q) to (a·p + c·q, b·p + d·q); it is taken to the nearest quarter turn.
    """
    sides = cast(Iterable[SideData], frame.side_data)  # PyAV's container is typed as a mapping and iterates like a list
    matrix = next((data for data in sides if data.type == SideDataType.DISPLAYMATRIX), None)
    if matrix is None:
        return Orientation()
    a, b, _, c, d = struct.unpack_from("=5i", bytes(matrix))
    if abs(b) + abs(c) > abs(a) + abs(d):
        return Orientation(True, flip_x=c < 0, flip_y=b < 0)
    return Orientation(False, flip_x=a < 0, flip_y=d < 0)


def displayed_size(width: int, height: int, aspect: float, orientation: Orientation) -> tuple[int, int]:
    """Width × height upright, in square pixels, of a stored picture whose pixels are `aspect` times as wide as high."""
    wide = max(1, round(width * aspect))
    return (height, wide) if orientation.transpose else (wide, height)


class Converter:
    """Crops, scales and colours frames of one video; keeps the last few filter graphs, since most frames need the same.

    A picture may be asked for from any thread, one at a time.
    """

    _KEPT_GRAPHS = 8

    def __init__(self) -> None:
        self._graphs: OrderedDict[tuple[object, ...], Graph] = OrderedDict()
        self._lock = threading.Lock()

    def rgb(self, frame: VideoFrame, box: tuple[int, int, int, int], width: int, height: int) -> NDArray[np.uint8]:
        """`box` (x, y, width, height in stored pixels) of `frame` → uint8 (height, width, 3), RGB, as stored."""
        key = (
            frame.width,
            frame.height,
            frame.format.name,
            int(frame.colorspace),
            int(frame.color_range),
            box,
            width,
            height,
        )
        with self._lock:
            graph = self._graphs.pop(key, None) or _graph(frame, box, width, height)
            self._graphs[key] = graph
            if len(self._graphs) > self._KEPT_GRAPHS:
                self._graphs.popitem(last=False)
            graph.vpush(frame)
            return graph.vpull().to_ndarray().view(np.uint8)


def _graph(frame: VideoFrame, box: tuple[int, int, int, int], width: int, height: int) -> Graph:
    graph = Graph()
    graph.threads = 1  # the decoder already keeps the cores busy; a small picture gains nothing
    chain = [
        graph.add(
            "buffer",
            f"video_size={frame.width}x{frame.height}:pix_fmt={frame.format.name}:time_base=1/1000"
            f":colorspace={int(frame.colorspace)}:range={int(frame.color_range)}",
        )
    ]
    x, y, box_width, box_height = box
    if box != (0, 0, frame.width, frame.height):
        # A crop moves pointers and copies nothing.
        chain.append(graph.add("crop", f"{box_width}:{box_height}:{x}:{y}:exact=1"))
    # Without full chroma the colours of a tiny picture would be at half its width, and it would come out darker.
    options = "flags=area+accurate_rnd+full_chroma_int"
    if int(frame.colorspace) == _UNSPECIFIED_COLOUR_SPACE and not frame.format.is_rgb:
        # What players do when the file does not say: HD is BT.709, anything smaller BT.601.
        options += ":in_color_matrix=" + ("bt709" if frame.width >= 1280 or frame.height > 576 else "bt601")
    if box_width * box_height >= _MUCH_SMALLER * width * height:
        # Shrinking to 16 bits first, then colour: a third of the time of doing both at once, and as exact.
        chain.append(graph.add("scale", f"{width}:{height}:flags=area"))
        chain.append(graph.add("format", "yuv444p16le"))
    chain.append(graph.add("scale", f"{width}:{height}:{options}"))
    chain.append(graph.add("format", "rgb24"))
    chain.append(graph.add("buffersink"))
    graph.link_nodes(*chain).configure()
    return graph


class DecodedPicture:
    """A `records.Picture`; it stays valid after the decoder has moved on, since it holds a reference to the frame."""

    __slots__ = ("_converter", "_frame", "_orientation", "height", "width")

    def __init__(self, frame: VideoFrame, orientation: Orientation, aspect: float, converter: Converter) -> None:
        self._frame = frame
        self._orientation = orientation
        self._converter = converter
        self.width, self.height = displayed_size(frame.width, frame.height, aspect, orientation)

    def rgb(self, width: int, height: int, region: Region | None = None) -> NDArray[np.uint8]:
        """`region` (displayed pixels; default: all; what lies outside is left out) → uint8 (height, width, 3) RGB."""
        box = (0, 0, self._frame.width, self._frame.height) if region is None else self._stored(region)
        stored_width, stored_height = (height, width) if self._orientation.transpose else (width, height)
        return self._orientation.upright(self._converter.rgb(self._frame, box, stored_width, stored_height))

    def _stored(self, region: Region) -> tuple[int, int, int, int]:
        """A box as displayed → the box of stored pixels under it: upright undone backwards, then the pixel aspect."""
        left, right = region.x / self.width, (region.x + region.width) / self.width
        top, bottom = region.y / self.height, (region.y + region.height) / self.height
        if self._orientation.flip_y:
            top, bottom = 1 - bottom, 1 - top
        if self._orientation.flip_x:
            left, right = 1 - right, 1 - left
        if self._orientation.transpose:
            left, right, top, bottom = top, bottom, left, right
        x, width = _pixels(left, right, self._frame.width)
        y, height = _pixels(top, bottom, self._frame.height)
        return x, y, width, height


def _pixels(low: float, high: float, size: int) -> tuple[int, int]:
    """Shares of a side → first pixel and count, at least one pixel, inside the picture."""
    first = min(max(0, round(low * size)), size - 1)
    last = min(max(first + 1, round(high * size)), size)
    return first, last - first
