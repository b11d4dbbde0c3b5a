"""Networks and boxes that lose, limit and ban: what is found is exact, or said to be incomplete. Never is silence a "no"."""
import unittest

import middleboxes
import raw_truth
from cases import ServerCase, words
from certificates import NAME
from program import order, protocols, suites
from servers import Nginx

DIRECTIVES = "ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3;\nssl_ciphers HIGH:!aNULL:!PSK:!SRP:!ARIA:!CAMELLIA:@SECLEVEL=0;\nssl_prefer_server_ciphers on;\n"


class Adversity(ServerCase):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enter(Nginx(DIRECTIVES))
        cls.truth = {version: found for version, found in raw_truth.accepted_suites(cls.server.address, NAME).items() if found}
        assert set(cls.truth) == {"TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3"}, cls.truth

    def ask(self, box, *arguments):
        with box:
            done = self.scan(box, "--only", "protocols,cipher_suites", "-o", "json", *arguments, limit=120)
        self.assertIn(done.code, (1, 3), done.report())
        return done.endpoint()

    def exact(self, behaviour, *arguments):
        endpoint = self.ask(behaviour(self.server.port), *arguments)
        self.assertEqual({version for version, support in protocols(endpoint).items() if support == "yes"}, set(self.truth), endpoint["errors"])
        for version, truth in self.truth.items():
            self.assertEqual(sorted(words(suites(endpoint)[version])), sorted(words(truth)), version)
        self.assertEqual({each["complete"] for each in order(endpoint).values()}, {True})

    def honest(self, box):
        """What was found is true, and where something is missing this is said."""
        endpoint = self.ask(box, "--timeout", "1")
        self.assertEqual(endpoint["status"], "partial")
        self.assertNotEqual(endpoint["errors"], [])
        for version, support in protocols(endpoint).items():
            self.assertNotEqual(support, "no" if version in self.truth else "yes", version)
        said = order(endpoint)
        for version, listed in suites(endpoint).items():
            self.assertEqual(words(set(listed) - self.truth[version]), [], f"{version}: invented")
            if said[version]["complete"]:
                self.assertEqual(sorted(words(listed)), sorted(words(self.truth[version])), version)
            else:
                self.assertTrue(said[version]["reason"], version)

    def test_a_few_resets(self):
        self.exact(middleboxes.ResetsSome)

    def test_many_resets(self):
        self.exact(middleboxes.ResetsMany)

    def test_one_connection_at_a_time(self):
        self.exact(middleboxes.OneAtATime)

    def test_four_connections_at_a_time(self):
        self.exact(middleboxes.FourAtATime)

    def test_ten_connections_a_second(self):
        self.exact(middleboxes.TenASecond)

    def test_long_hellos_dropped(self):
        self.exact(middleboxes.DropsLongHellos)

    def test_silent_on_middling_hellos(self):
        self.exact(middleboxes.SilentOnMiddlingHellos, "--timeout", "1")

    def test_many_suites_dropped(self):
        self.exact(middleboxes.DropsManySuites)

    def test_alert_on_many_suites(self):
        self.exact(middleboxes.AlertsOnManySuites)

    def test_records_of_one_octet(self):
        self.exact(middleboxes.RecordsOfOneOctet)

    def test_slow(self):
        self.exact(middleboxes.Slow)

    def test_bans(self):
        for first in (1, 3, 6, 10, 20, 40):
            with self.subTest(first):
                self.honest(middleboxes.Bans(self.server.port, first))

    def test_bans_silently(self):
        for first in (6, 40):
            with self.subTest(first):
                self.honest(middleboxes.BansSilently(self.server.port, first))


if __name__ == "__main__":
    unittest.main()
