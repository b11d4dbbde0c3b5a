"""A DNS server on loopback with a root of its own: one signed zone that holds all, and below `insecure.` what is not signed."""
import os
import socketserver
import tempfile
import threading
import time
import unittest

try:
    import dns.dnssec
    import dns.exception
    import dns.flags
    import dns.message
    import dns.name
    import dns.rcode
    import dns.rdata
    import dns.rdataclass
    import dns.rdatatype
    import dns.rrset
    from cryptography.hazmat.primitives.asymmetric import ec
    MISSING = None
except ImportError as error:
    MISSING = str(error)

TTL = 60
UDP_MOST = 1232
INSECURE = "insecure."


class Zone:
    """What is there. Names are absolute, with the last dot."""

    def __init__(self):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.dnskey = dns.dnssec.make_dnskey(self.key.public_key(), "ECDSAP256SHA256", flags=257)
        self.records = {}
        self.bogus, self.stripped, self.servfail, self.silent, self.absent = set(), set(), set(), set(), set()
        self.signs = True  # False: as a server that knows no DNSSEC
        self.questions = []
        self.lock = threading.Lock()
        self.add(".", "SOA", "ns. admin. 1 3600 600 86400 60")
        self.add(".", "NS", "ns.")
        self.add(".", "DNSKEY", self.dnskey.to_text())
        self.add(INSECURE, "NS", "ns.insecure.")

    @property
    def anchor(self):
        return f". IN DS {dns.dnssec.make_ds(dns.name.root, self.dnskey, 'SHA256').to_text()}\n"

    def add(self, name, kind, *texts):
        with self.lock:
            rrset = self.records.setdefault((dns.name.from_text(name), dns.rdatatype.from_text(kind)), [])
            rrset.extend(dns.rdata.from_text(dns.rdataclass.IN, dns.rdatatype.from_text(kind), text) for text in texts)

    def add_octets(self, name, kind, *octets):
        """RDATA as it is, whatever it is."""
        with self.lock:
            rrset = self.records.setdefault((dns.name.from_text(name), dns.rdatatype.from_text(kind)), [])
            rrset.extend(dns.rdata.GenericRdata(dns.rdataclass.IN, dns.rdatatype.from_text(kind), each) for each in octets)

    def _signed(self, name, datas, tamper=False):
        rrset = dns.rrset.from_rdata_list(name, TTL, datas)
        now = time.time()
        signature = dns.dnssec.sign(rrset, self.key, dns.name.root, self.dnskey, inception=now - 3600, expiration=now + 86400)
        if tamper:
            signature = signature.replace(signature=bytes(64))
        return [rrset, dns.rrset.from_rdata(name, TTL, signature)]

    def _nsec(self, name):
        kinds = sorted({kind for owner, kind in self.records if owner == name} | {dns.rdatatype.RRSIG, dns.rdatatype.NSEC})
        text = " ".join(dns.rdatatype.to_text(kind) for kind in kinds)
        following = dns.name.Name((b"\0",) + name.labels)
        data = dns.rdata.from_text(dns.rdataclass.IN, dns.rdatatype.NSEC, f"{following.to_text()} {text}")
        return self._signed(name, [data])

    def answer(self, query):
        question = query.question[0]
        name, kind = question.name.canonicalize(), question.rdtype
        with self.lock:
            self.questions.append((name.to_text(), dns.rdatatype.to_text(kind)))
            text = name.to_text()
            if text in self.silent or "*" in self.silent:
                return None
            reply = dns.message.make_response(query, recursion_available=True)
            if text in self.servfail:
                reply.set_rcode(dns.rcode.SERVFAIL)
                return reply
            below = name.is_subdomain(dns.name.from_text(INSECURE)) and not (text == INSECURE and kind == dns.rdatatype.DS)
            datas = self.records.get((name, kind))
            if below or not self.signs:
                if datas:
                    reply.answer.append(dns.rrset.from_rdata_list(name, TTL, datas))
                else:
                    zone = dns.name.from_text(INSECURE) if below else dns.name.root
                    reply.authority.append(dns.rrset.from_text(zone, TTL, "IN", "SOA", "ns. admin. 1 3600 600 86400 60"))
                    if text in self.absent:
                        reply.set_rcode(dns.rcode.NXDOMAIN)
            elif datas:
                reply.answer.extend(self._signed(name, datas, text in self.bogus)[: 1 if text in self.stripped else 2])
            else:
                reply.authority.extend(self._signed(dns.name.root, self.records[(dns.name.root, dns.rdatatype.SOA)]))
                reply.authority.extend(self._nsec(name))
        return reply


class DnsServer:
    """Answers from its zone over UDP and TCP on one port of 127.0.0.1."""

    def __init__(self):
        if MISSING:
            raise unittest.SkipTest(f"python3-dnspython and python3-cryptography are needed: {MISSING}")
        self.zone = Zone()

    def _reply(self, wire, most):
        try:
            reply = self.zone.answer(dns.message.from_wire(wire))
        except dns.exception.DNSException:
            return None
        if reply is None:
            return None
        octets = reply.to_wire(max_size=65535)
        if len(octets) > most:
            reply.answer, reply.authority = [], []
            reply.flags |= dns.flags.TC
            octets = reply.to_wire()
        return octets

    def __enter__(self):
        outer = self

        class Datagram(socketserver.BaseRequestHandler):
            def handle(self):
                octets = outer._reply(self.request[0], UDP_MOST)
                if octets:
                    self.request[1].sendto(octets, self.client_address)

        class Stream(socketserver.StreamRequestHandler):
            def handle(self):
                head = self.rfile.read(2)
                if len(head) < 2:
                    return
                octets = outer._reply(self.rfile.read(int.from_bytes(head, "big")), 65535)
                if octets:
                    self.wfile.write(len(octets).to_bytes(2, "big") + octets)

        class Udp(socketserver.ThreadingUDPServer):
            daemon_threads = True

        class Tcp(socketserver.ThreadingTCPServer):
            daemon_threads = True

        for _ in range(20):
            self.tcp = Tcp(("127.0.0.1", 0), Stream)
            self.port = self.tcp.server_address[1]
            try:
                self.udp = Udp(("127.0.0.1", self.port), Datagram)
                break
            except OSError:
                self.tcp.server_close()
        for server in (self.tcp, self.udp):
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        handle, self.anchor = tempfile.mkstemp(prefix="tlsgauge-anchor-")
        os.write(handle, self.zone.anchor.encode())
        os.close(handle)
        return self

    def __exit__(self, *_):
        for server in (self.tcp, self.udp):
            server.shutdown()
            server.server_close()
        os.unlink(self.anchor)

    @property
    def server(self):
        return f"127.0.0.1@{self.port}"

    @property
    def options(self):
        return ["--dns-server", self.server, "--dns-anchor", self.anchor]
