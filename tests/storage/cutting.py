"""A wire to a database server that is cut when the answer to a commit should pass: saved, and nobody knows."""

import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field

COMMIT = b"COMMIT\x00"


@dataclass(slots=True)
class Wire:
    """Where to connect, and how often it still cuts."""

    port: int
    cuts: int = 0
    stays: bool = False
    """Whether nobody is let through after a cut."""
    cut: int = field(default=0, init=False)
    """How often it did."""

    def carry(self, client: socket.socket, server: socket.socket) -> None:
        """Both ways, until one hangs up."""
        back = threading.Thread(target=self._forward, args=(server, client), daemon=True)
        back.start()
        with closing(client), closing(server), suppress(OSError):
            while words := client.recv(65536):
                if COMMIT in words and self.cuts > 0:
                    self.cuts, self.cut = self.cuts - 1, self.cut + 1
                    client.shutdown(socket.SHUT_RDWR)
                    server.sendall(words)
                    back.join(5)
                    return
                server.sendall(words)

    @staticmethod
    def _forward(source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while words := source.recv(65536):
                target.sendall(words)
        with suppress(OSError):
            target.shutdown(socket.SHUT_RDWR)


@contextmanager
def wire(to: int) -> Iterator[Wire]:
    """A wire to that port of this machine."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        made = Wire(listening.getsockname()[1])

        def accept() -> None:
            with suppress(OSError):
                while True:
                    client, _ = listening.accept()
                    if made.stays and made.cut:
                        client.close()
                        continue
                    server = socket.create_connection(("127.0.0.1", to))
                    threading.Thread(target=made.carry, args=(client, server), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        yield made
        listening.shutdown(socket.SHUT_RDWR)
