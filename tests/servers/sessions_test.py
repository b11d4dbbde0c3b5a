"""Renegotiation and early data of real servers, each with a server that does it and one that does not."""
import unittest

from cases import ServerCase
from certificates import certificates
from servers import Nginx, OpensslServer


class Renegotiation(ServerCase):
    def facts(self, *arguments):
        with OpensslServer("-tls1_2", *arguments) as server:
            done = self.scan(server, "--only", "renegotiation", "-o", "json")
            return done.endpoint()["facts"]["renegotiation"]

    def test_is_refused_by_default(self):
        found = self.facts()
        self.assertEqual(found["client_initiated"], "no")
        self.assertNotIn("evidence", found)

    def test_is_accepted_ten_times(self):
        found = self.facts("-client_renegotiation")
        self.assertEqual((found["client_initiated"], found["count"]), ("yes", 10))
        self.assertIn("echo R", found["evidence"]["reproduce"])

    def test_a_warning_before_is_no_refusal(self):
        made = certificates()
        found = self.facts("-client_renegotiation", "-servername", "other.test", "-cert2", made.certificate("good"), "-key2", made.key("good"))
        self.assertEqual((found["client_initiated"], found["count"]), ("yes", 10))


class EarlyData(ServerCase):
    def facts(self, *lines):
        with Nginx("ssl_protocols TLSv1.3;\n" + "".join(f"{line}\n" for line in lines) + Nginx.HSTS) as server:
            done = self.scan(server, "--only", "early_data", "-o", "json")
            return done.endpoint()["facts"]["early_data"]

    def test_is_not_offered_by_default(self):
        found = self.facts()
        self.assertEqual(found["offered"], "no")
        self.assertNotIn("accepted", found)

    def test_is_replayed_where_nothing_is_done_against_it(self):
        found = self.facts("ssl_early_data on;")
        self.assertEqual((found["accepted"], found["replay"]), ("yes", "accepted"))
        self.assertIn("-early_data", found["evidence"]["reproduce"])

    def test_a_replay_may_be_told_to_come_later(self):
        found = self.facts("ssl_early_data on;", "if ($ssl_early_data) { return 425; }")
        self.assertEqual((found["answer"], found["replay"]), (425, "too_early"))


if __name__ == "__main__":
    unittest.main()
