"""Peers that no server is: each scan ends in time, bounded in memory, and never with a "no" that nobody said."""
import unittest

import scripted
from cases import ServerCase
from program import protocols, suites, tlsgauge

SECONDS = 60
MEGABYTES = 100


class Hostile(ServerCase):
    def scan_peer(self, behaviour):
        with behaviour() as peer:
            done = tlsgauge("scan", "--timeout", "1", "-o", "json", peer.target, limit=2 * SECONDS)
            connections = peer.connections
        self.assertEqual(done.code, 3, done.report())
        self.assertRegex(done.err, r"\A[^\n]+\n\Z", "one line says why")
        self.assertLess(done.seconds, SECONDS)
        self.assertLess(done.peak_kb, MEGABYTES * 1024)
        self.assertLess(connections, 600)
        self.assert_follows_schema(done.json())
        endpoint = done.endpoint()
        self.assertIn(endpoint["status"], ("partial", "not_tls", "unreachable"), endpoint["errors"])
        return endpoint

    def never_a_word(self, endpoint):
        """Nothing was said, so nothing is known: neither yes nor no."""
        if "protocols" in endpoint["facts"]:
            self.assertEqual(set(protocols(endpoint).values()), {"inconclusive"})
        self.assertEqual(suites(endpoint), {})

    def no_yes(self, endpoint):
        if "protocols" in endpoint["facts"]:
            self.assertNotIn("yes", protocols(endpoint).values())
        self.assertEqual(suites(endpoint), {})

    def test_silence(self):
        endpoint = self.scan_peer(scripted.Silent)
        self.never_a_word(endpoint)
        self.assertEqual(endpoint["status"], "partial")

    def test_one_octet_a_second(self):
        self.never_a_word(self.scan_peer(scripted.Drip))

    def test_garbage(self):
        endpoint = self.scan_peer(scripted.Garbage)
        self.never_a_word(endpoint)
        self.assertEqual(endpoint["status"], "not_tls")

    def test_oversized_record(self):
        self.never_a_word(self.scan_peer(scripted.LongRecord))

    def test_oversized_message(self):
        self.never_a_word(self.scan_peer(scripted.LongMessage))

    def test_oversized_certificate(self):
        endpoint = self.scan_peer(scripted.LongCertificate)
        self.no_yes(endpoint)

    def test_endless_warnings(self):
        self.never_a_word(self.scan_peer(scripted.EndlessWarnings))

    def test_endless_empty_records(self):
        self.never_a_word(self.scan_peer(scripted.EndlessEmptyRecords))

    def test_endless_messages(self):
        self.never_a_word(self.scan_peer(scripted.EndlessMessages))

    def test_suite_never_offered(self):
        self.no_yes(self.scan_peer(scripted.NeverOffered))

    def test_wrong_version(self):
        self.no_yes(self.scan_peer(scripted.WrongVersion))

    def test_leaves_after_server_hello(self):
        """A ServerHello whose flight then fails is no acceptance."""
        endpoint = self.scan_peer(scripted.EchoesVersion)
        self.assertEqual(suites(endpoint), {})

    def test_takes_everything(self):
        """A peer that picks whatever it hears has no suites that could be listed."""
        with scripted.GarbageCertificates() as peer:
            endpoint = tlsgauge("scan", "--only", "protocols,cipher_suites", "-o", "json", peer.target, limit=SECONDS).endpoint()
        self.assertEqual(suites(endpoint), {})
        self.assertEqual(endpoint["status"], "partial")

    def test_reset_in_the_middle(self):
        self.never_a_word(self.scan_peer(scripted.ResetInTheMiddle))

    def test_closes_at_once(self):
        self.never_a_word(self.scan_peer(scripted.ClosesAtOnce))

    def test_plain_http(self):
        endpoint = self.scan_peer(scripted.PlainHttp)
        self.assertEqual(endpoint["status"], "not_tls")
        self.never_a_word(endpoint)

    def test_speaks_first(self):
        endpoint = self.scan_peer(scripted.SpeaksFirst)
        self.assertEqual(endpoint["status"], "not_tls")
        self.never_a_word(endpoint)

    def test_retries_forever(self):
        self.scan_peer(scripted.RetriesForever)

    def test_endless_ssl2(self):
        self.no_yes(self.scan_peer(scripted.SslTwoEndless))

    def test_text_carries_no_escapes(self):
        """What a peer sends does not reach the terminal as control characters."""
        with scripted.SpeaksFirst() as peer:
            done = tlsgauge("scan", "--timeout", "1", "-v", peer.target)
        self.assertNotIn("\x1b", done.out + done.err)


if __name__ == "__main__":
    unittest.main()
