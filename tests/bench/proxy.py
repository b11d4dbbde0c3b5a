"""A proxy on loopback that counts, and can stand for distance: the hello waits for a whole round trip (the handshake of TCP took one),
and after that all that passes for half of one each way."""
import asyncio
import contextlib
import socket
import threading

ESTABLISHED = 1  # the state in the first octet of TCP_INFO


class Proxy:
    def __init__(self, port, round_trip=0.0):
        self.to, self.delay = port, round_trip / 2
        self.loop = asyncio.new_event_loop()
        self.clients = set()
        self.reset()

    def __enter__(self):
        ready = threading.Event()
        self.thread = threading.Thread(target=self._run, args=(ready,), daemon=True)
        self.thread.start()
        ready.wait(10)
        return self

    def __exit__(self, *_):
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(5)
        self.loop.run_until_complete(self._drop())
        self.loop.close()

    @staticmethod
    async def _drop():
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def reset(self):
        self.connections = self.most = self.up = self.down = 0

    def _open(self):
        """Connections that their clients have not left."""
        count = 0
        for client in self.clients:
            with contextlib.suppress(OSError):  # closed here as well
                count += client.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0] == ESTABLISHED
        return count

    def _run(self, ready):
        asyncio.set_event_loop(self.loop)
        self.server = self.loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", 0, backlog=512))
        self.port = self.server.sockets[0].getsockname()[1]
        ready.set()
        self.loop.run_forever()

    async def _serve(self, reader, writer):
        self.connections += 1
        client = writer.get_extra_info("socket")
        self.clients.add(client)
        self.most = max(self.most, self._open())
        try:
            if self.delay:
                await asyncio.sleep(2 * self.delay)
            there, back = await asyncio.open_connection("127.0.0.1", self.to)
            answers = asyncio.ensure_future(self._pump(there, writer, "down"))
            await self._pump(reader, back, "up")
            back.close()
            await answers
        except OSError:
            pass
        finally:
            self.clients.discard(client)
            with contextlib.suppress(RuntimeError):  # the loop may be closed
                writer.close()

    async def _pump(self, source, sink, way):
        """What was read leaves after the delay, in order; the end of the stream too."""
        queue = asyncio.Queue()

        async def send():
            while True:
                moment, data = await queue.get()
                wait = moment - self.loop.time()
                if wait > 0:
                    await asyncio.sleep(wait)
                if not data:
                    if sink.can_write_eof():
                        sink.write_eof()
                    return
                sink.write(data)

        sender = asyncio.ensure_future(send())
        try:
            while data := await source.read(65536):
                setattr(self, way, getattr(self, way) + len(data))
                queue.put_nowait((self.loop.time() + self.delay, data))
            queue.put_nowait((self.loop.time() + self.delay, b""))
            await sender
        except OSError:
            sender.cancel()
