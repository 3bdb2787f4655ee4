"""A network camera on this computer: a real MJPEG stream over HTTP, which can be unplugged and can stall."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import cv2

from tests.screening.videos import scene


class LoopbackCamera(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, size: tuple[int, int] = (160, 120), rate: float = 20.0) -> None:
        super().__init__(("127.0.0.1", 0), _Stream)
        self.rate = rate
        self.unplugged, self.stalled = threading.Event(), threading.Event()
        pictures = [cv2.cvtColor(scene(n / 20, *size), cv2.COLOR_RGB2BGR) for n in range(40)]
        self.jpegs = [cv2.imencode(".jpg", picture)[1].tobytes() for picture in pictures]

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/camera"


class _Stream(BaseHTTPRequestHandler):
    server: LoopbackCamera

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=picture")
        self.end_headers()
        began, sent = time.monotonic(), 0
        camera = self.server
        while not camera.unplugged.wait(max(0.0, began + sent / camera.rate - time.monotonic())):
            if camera.stalled.is_set():
                camera.unplugged.wait()
                return
            jpeg = camera.jpegs[sent % len(camera.jpegs)]
            head = f"--picture\r\nContent-Type: image/jpeg\r\nContent-Length: {len(jpeg)}\r\n\r\n"
            try:
                self.wfile.write(head.encode() + jpeg + b"\r\n")
            except OSError:
                return
            sent += 1


@contextmanager
def serving(size: tuple[int, int] = (160, 120), rate: float = 20.0) -> Iterator[LoopbackCamera]:
    with LoopbackCamera(size, rate) as camera:
        thread = threading.Thread(target=camera.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield camera
        finally:
            camera.unplugged.set()
            camera.shutdown()
            thread.join()
