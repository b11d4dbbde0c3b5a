"""The same scan ten times: the same facts ten times, also where one connection in twenty is reset."""
import json
import unittest

import middleboxes
from cases import ServerCase
from servers import Nginx

TIMES = 10
# Times and what an exchange cost; the length of an ECDSA signature is not always the same.
MEASURED = {"days_left", "time_ms", "tcp_round_trip_ms", "duration_ms", "bytes_sent", "bytes_received", "connections", "evidence"}


def bare(value):
    """The value without what is measured anew each time."""
    if isinstance(value, dict):
        return {key: bare(each) for key, each in value.items() if key not in MEASURED}
    return [bare(each) for each in value] if isinstance(value, list) else value


def parts(endpoint):
    """{name of the fact: canonical JSON}"""
    whole = {**endpoint["facts"], "status": endpoint["status"], "errors": endpoint["errors"]}
    return {key: json.dumps(bare(value), sort_keys=True, indent=1) for key, value in whole.items()}


class Repeat(ServerCase):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enter(Nginx(Nginx.INTERMEDIATE + Nginx.HSTS, names=("good", "good-ecdsa")))
        cls.first = cls.facts(cls.server)

    @classmethod
    def facts(cls, server):
        done = cls.scan(server, "-o", "json")
        if done.code not in (0, 1):
            raise AssertionError(done.report())
        return parts(done.endpoint())

    def assert_same(self, found, turn):
        self.assertEqual(set(found), set(self.first), turn)
        for key, value in found.items():
            self.assertEqual(value, self.first[key], f"{key}, {turn}")

    def test_ten_times(self):
        for turn in range(1, TIMES):
            self.assert_same(self.facts(self.server), f"scan {turn + 1}")

    def test_ten_times_with_resets(self):
        refused = 0
        for turn in range(TIMES):
            with middleboxes.ResetsSome(self.server.port) as box:
                box.random.seed(turn)
                self.assert_same(self.facts(box), f"resets of seed {turn}")
                refused += box.refused
        self.assertGreater(refused, TIMES, "the proxy did not reset connections")


if __name__ == "__main__":
    unittest.main()
