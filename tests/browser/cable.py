"""A line between browser and server that can be cut, as when a laptop leaves its network."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class Cable:
    """Passes on what comes at its port to a server's. Cut, it passes nothing and takes no calls."""

    def __init__(self, server: int) -> None:
        self._server = server
        self._whole = True
        self._ends: list[socket.socket] = []
        self._door = socket.create_server(("localhost", 0))
        self.port = int(self._door.getsockname()[1])
        threading.Thread(target=self._answer, daemon=True).start()

    def swallow(self) -> None:
        """Lose everything that is sent from here on; nobody notices yet."""
        self._whole = False

    def cut(self) -> None:
        """End every connection, and let nobody in."""
        self._whole = False
        for end in self._ends:
            _close(end)
        self._ends.clear()

    def mend(self) -> None:
        """Let everything through again."""
        self._whole = True

    def end(self) -> None:
        """Take the line away."""
        self.cut()
        self._door.close()

    def _answer(self) -> None:
        with suppress(OSError):  # the door was closed
            while True:
                near, _ = self._door.accept()
                if not self._whole:
                    _close(near)
                    continue
                far = socket.create_connection(("localhost", self._server))
                self._ends += [near, far]
                for ends in ((near, far), (far, near)):
                    threading.Thread(target=self._pass_on, args=ends, daemon=True).start()

    def _pass_on(self, source: socket.socket, to: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                if self._whole:
                    to.sendall(data)
        _close(source)
        _close(to)


@contextmanager
def cable(port: int) -> Iterator[Cable]:
    """Lay a line to the server at `port` while the block runs."""
    one = Cable(port)
    try:
        yield one
    finally:
        one.end()


def _close(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
