"""A way to a server that can be cut: connections break, and new ones are refused."""

import socket
from contextlib import suppress
from threading import Lock, Thread

from local.ports import free_port


class Relay:
    """Passes bytes between a port of its own and a server's."""

    def __init__(self, port: int) -> None:
        self._server = port
        self._lock = Lock()
        self._open: list[socket.socket] = []
        self.port = free_port()
        self._listener = socket.create_server(("127.0.0.1", self.port))
        self._accept_from(self._listener)

    def cut(self) -> None:
        """Break everything."""
        with self._lock:
            for one in (self._listener, *self._open):
                with suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)
                one.close()
            self._open = []

    def mend(self) -> None:
        """Take connections again, at the same port."""
        self._listener = socket.create_server(("127.0.0.1", self.port))
        self._accept_from(self._listener)

    def _accept_from(self, listener: socket.socket) -> None:
        Thread(target=self._accept, args=(listener,), daemon=True).start()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                near, _ = listener.accept()
                far = socket.create_connection(("127.0.0.1", self._server))
            except OSError:
                return
            with self._lock:
                self._open += [near, far]
            for pair in ((near, far), (far, near)):
                Thread(target=_pass_on, args=pair, daemon=True).start()


def _pass_on(out_of: socket.socket, into: socket.socket) -> None:
    with suppress(OSError):
        while data := out_of.recv(65_536):
            into.sendall(data)
    for one in (out_of, into):
        with suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
