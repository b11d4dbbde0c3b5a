"""What may stand between a scanner and a server: limits, losses and bans. Each forwards to a real server on loopback."""
import random
import socket
import struct
import threading
import time

from scripted import Peer, has_extensions, offered, record

FORWARD_LIMIT = 30.0


class Middlebox(Peer):
    """Forwards every connection; subclasses refuse some or change what passes."""

    reads_first = False

    def __init__(self, port):
        self.to = ("127.0.0.1", port)
        self.lock = threading.Lock()
        self.live = self.refused = 0
        self.random = random.Random(1)

    def admits(self, number):
        """Whether the connection with this number (1 is the first) is let through."""
        return True

    def refuse(self, connection):
        """By default with a reset."""
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def up(self, connection, data):
        """What goes to the server in place of these octets; None ends the connection."""
        return data

    def down(self, data):
        """What goes to the client in place of these octets."""
        return data

    def behave(self, connection, first):
        with self.lock:
            self.live += 1
            number = self.connections
        try:
            if self.admits(number):
                self._forward(connection)
            else:
                self.refused += 1
                self.refuse(connection)
        finally:
            with self.lock:
                self.live -= 1

    def _forward(self, connection):
        with socket.create_connection(self.to, timeout=FORWARD_LIMIT) as server:
            for each in (connection, server):
                each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                each.settimeout(FORWARD_LIMIT)
            back = threading.Thread(target=self._back, args=(server, connection), daemon=True)
            back.start()
            try:
                while data := connection.recv(65536):
                    data = self.up(connection, data)
                    if data is None:
                        break
                    server.sendall(data)
            finally:
                try:
                    server.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass
                back.join(timeout=5)

    def _back(self, server, connection):
        try:
            while data := server.recv(65536):
                connection.sendall(self.down(data))
            connection.shutdown(socket.SHUT_WR)
        except OSError:
            pass


class ResetsSome(Middlebox):
    """One connection in twenty."""
    share = 0.05

    def admits(self, number):
        return self.random.random() >= self.share


class ResetsMany(ResetsSome):
    share = 0.3


class OneAtATime(Middlebox):
    def admits(self, number):
        return self.live <= 1


class FourAtATime(Middlebox):
    """Closes what is too much, without a reset."""

    def admits(self, number):
        return self.live <= 4

    def refuse(self, connection):
        pass


class TenASecond(Middlebox):
    def __init__(self, port):
        super().__init__(port)
        self.recent = []

    def admits(self, number):
        now = time.monotonic()
        with self.lock:
            self.recent = [moment for moment in self.recent if now - moment < 1]
            if len(self.recent) >= 10:
                return False
            self.recent.append(now)
        return True


class SilentFor(Middlebox):
    """Never answers a hello that names this host."""

    def __init__(self, port, host):
        super().__init__(port)
        self.host = host.encode()

    def up(self, connection, data):
        if self.host in data:
            self.hold(connection)
            return None
        return data


class DropsLongHellos(Middlebox):
    def up(self, connection, data):
        return None if len(data) > 260 else data


class SilentOnMiddlingHellos(Middlebox):
    """Handshake messages of 256 to 511 octets are never answered."""

    def up(self, connection, data):
        if data[0] == 22 and 256 <= len(data) - 5 <= 511:
            self.hold(connection)
            return None
        return data


class DropsManySuites(Middlebox):
    def up(self, connection, data):
        return None if len(offered(data)[1]) > 128 else data


class AlertsOnManySuites(Middlebox):
    def up(self, connection, data):
        if len(offered(data)[1]) > 64:
            connection.sendall(record("alert", b"\2\x28"))
            return None
        return data


class RecordsOfOneOctet(Middlebox):
    """Splits handshake records; what is not whole or not a handshake passes as it is."""

    def down(self, data):
        out, at = b"", 0
        while at + 5 <= len(data):
            kind, version, length = struct.unpack("!BHH", data[at:at + 5])
            if kind != 22 or at + 5 + length > len(data):
                break
            out += b"".join(record("handshake", data[i:i + 1], version) for i in range(at + 5, at + 5 + length))
            at += 5 + length
        return out + data[at:]


class DropsExtensions(Middlebox):
    def up(self, connection, data):
        return None if has_extensions(data) else data


class DropsAboveTls10(Middlebox):
    def up(self, connection, data):
        return None if offered(data)[0] > 0x0301 else data


class Slow(Middlebox):
    def __init__(self, port, seconds=0.4):
        super().__init__(port)
        self.seconds = seconds

    def up(self, connection, data):
        time.sleep(self.seconds)
        return data


class Bans(Middlebox):
    """Lets the first connections through and none after."""

    def __init__(self, port, first):
        super().__init__(port)
        self.first = first

    def admits(self, number):
        return number <= self.first


class BansSilently(Bans):
    def refuse(self, connection):
        self.hold(connection)
