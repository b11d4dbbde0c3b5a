"""Peers that behave as no server should. Each connection gets a thread that runs the behaviour and then closes."""
import os
import socket
import struct
import threading
import time

HOLD_LIMIT = 120.0
RECORD = {"alert": 21, "handshake": 22, "ccs": 20, "data": 23}


def record(kind, data, version=0x0303):
    return struct.pack("!BHH", RECORD[kind], version, len(data)) + data


def handshake(kind, body):
    return struct.pack("!B", kind) + struct.pack("!I", len(body))[1:] + body


def server_hello(suite, version=0x0303, random=None, extensions=b""):
    body = struct.pack("!H", version) + (random or os.urandom(32)) + b"\0" + struct.pack("!H", suite) + b"\0"
    return handshake(2, body + (struct.pack("!H", len(extensions)) + extensions if extensions else b""))


SERVER_HELLO_DONE = handshake(14, b"")
HELLO_RETRY = bytes.fromhex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c")


def offered(data):
    """(client version, suites) of the ClientHello in a TLS record; SSLv2 hellos give (2, [])."""
    if len(data) < 46 or data[0] != 22:
        return 2, []
    version = struct.unpack("!H", data[9:11])[0]
    at = 44 + data[43]
    length = struct.unpack("!H", data[at:at + 2])[0]
    listed = data[at + 2:at + 2 + length]
    return version, [struct.unpack("!H", listed[i:i + 2])[0] for i in range(0, len(listed) - 1, 2)]


def has_extensions(data):
    """Whether the ClientHello in a TLS record goes on after its compression methods."""
    if len(data) < 46 or data[0] != 22:
        return False
    at = 44 + data[43]
    at += 2 + struct.unpack("!H", data[at:at + 2])[0]
    return len(data) > at + 1 + data[at]


class Peer:
    """Listens on a free loopback port; `behave(connection, first_octets)` answers. Counts connections."""

    reads_first = True

    def __enter__(self):
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port = self.listener.getsockname()[1]
        self.target = f"127.0.0.1:{self.port}"
        self.connections = 0
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stopping.set()
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join(timeout=5)

    def _serve(self):
        while not self.stopping.is_set():
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._one, args=(connection,), daemon=True).start()

    def _one(self, connection):
        try:
            with connection:
                connection.settimeout(HOLD_LIMIT)
                self.behave(connection, connection.recv(65536) if self.reads_first else b"")
        except OSError:
            pass

    def behave(self, connection, first):
        raise NotImplementedError

    def hold(self, connection):
        """Keeps the connection until the client leaves."""
        connection.settimeout(0.2)
        end = time.monotonic() + HOLD_LIMIT
        while time.monotonic() < end and not self.stopping.is_set():
            try:
                if not connection.recv(65536):
                    return
            except TimeoutError:
                pass

    def pour(self, connection, chunk):
        """Sends the chunk again and again until the client leaves."""
        while not self.stopping.is_set():
            connection.sendall(chunk)


class Silent(Peer):
    def behave(self, connection, first):
        self.hold(connection)


class Drip(Peer):
    """The beginning of a handshake record, one octet a second."""

    def behave(self, connection, first):
        for octet in record("handshake", server_hello(0xC02F) + SERVER_HELLO_DONE):
            connection.sendall(bytes([octet]))
            if self.stopping.wait(1.0):
                return


class Garbage(Peer):
    def behave(self, connection, first):
        connection.sendall(b"\x99" + os.urandom(4095))


class LongRecord(Peer):
    """A record header that announces more than a record may hold, and keeps sending."""

    def behave(self, connection, first):
        connection.sendall(struct.pack("!BHH", 22, 0x0303, 0xFFFF))
        self.pour(connection, bytes(65536))


class LongMessage(Peer):
    """A handshake message of 16 MiB less one octet, really sent."""

    def behave(self, connection, first):
        connection.sendall(record("handshake", b"\x0b\xff\xff\xff"))
        self.pour(connection, record("handshake", bytes(16384)))


class LongCertificate(Peer):
    """A proper ServerHello for what was offered, then a Certificate message of 16 MiB."""

    def behave(self, connection, first):
        version, suites = offered(first)
        if not suites or 0x1301 in suites:
            self.hold(connection)
            return
        connection.sendall(record("handshake", server_hello(suites[0], version)))
        connection.sendall(record("handshake", b"\x0b\xff\xff\xff"))
        self.pour(connection, record("handshake", bytes(16384)))


class EndlessWarnings(Peer):
    def behave(self, connection, first):
        self.pour(connection, record("alert", b"\1\x70") * 1000)


class EndlessEmptyRecords(Peer):
    def behave(self, connection, first):
        self.pour(connection, record("handshake", b"") * 1000)


class EndlessMessages(Peer):
    """HelloRequest messages without end, well formed."""

    def behave(self, connection, first):
        self.pour(connection, record("handshake", handshake(0, b"") * 1000))


class NeverOffered(Peer):
    """Picks a suite that is not in the hello."""

    def behave(self, connection, first):
        version, suites = offered(first)
        pick = next(code for code in (0x1399, 0xC0FE, 0x00A7) if code not in suites)
        connection.sendall(record("handshake", server_hello(pick, min(version, 0x0303)) + SERVER_HELLO_DONE))
        self.hold(connection)


class WrongVersion(Peer):
    """Accepts the first suite in a version that does not exist."""

    def behave(self, connection, first):
        _, suites = offered(first)
        connection.sendall(record("handshake", server_hello(suites[0] if suites else 0x002F, 0x0555) + SERVER_HELLO_DONE))
        self.hold(connection)


class EchoesVersion(Peer):
    """Says yes to any version and the first suite, and leaves in the middle of the flight."""

    def behave(self, connection, first):
        version, suites = offered(first)
        connection.sendall(record("handshake", server_hello(suites[0] if suites else 0x002F, version)))


class GarbageCertificates(Peer):
    """Says yes to any version and the first suite, with a whole flight, and a certificate that is none."""

    def behave(self, connection, first):
        version, suites = offered(first)
        certificate = handshake(11, b"\0\1\3" + b"\0\1\0" + os.urandom(256))
        hello = server_hello(suites[0] if suites else 0x002F, version)
        connection.sendall(record("handshake", hello + certificate + SERVER_HELLO_DONE, version))
        self.hold(connection)


class ResetInTheMiddle(Peer):
    def behave(self, connection, first):
        connection.sendall(record("handshake", server_hello(0xC02F))[:20])
        time.sleep(0.02)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


class ClosesAtOnce(Peer):
    reads_first = False

    def behave(self, connection, first):
        pass


class PlainHttp(Peer):
    def behave(self, connection, first):
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n"
                           b"<h1>The plain HTTP request was sent to HTTPS port</h1>\r\n")


class SpeaksFirst(Peer):
    """A mail server without TLS on the port."""
    reads_first = False

    def behave(self, connection, first):
        connection.sendall(b"220 mail.example ESMTP \x1b[31mready\x1b[0m\r\n")
        self.hold(connection)


class RetriesForever(Peer):
    """HelloRetryRequest to every hello of TLS 1.3, for a group that was named."""

    def behave(self, connection, first):
        while first:
            _, suites = offered(first)
            if 0x1301 not in suites:
                connection.sendall(record("alert", b"\2\x46"))
                return
            extensions = struct.pack("!HHH", 43, 2, 0x0304) + struct.pack("!HHH", 51, 2, 0x0017)
            connection.sendall(record("handshake", server_hello(0x1301, random=HELLO_RETRY, extensions=extensions)))
            first = connection.recv(65536)


class SslTwoEndless(Peer):
    """An SSLv2 record of the greatest length, never complete, to any hello."""

    def behave(self, connection, first):
        connection.sendall(b"\xff\xff\x04" + bytes(100))
        self.hold(connection)
