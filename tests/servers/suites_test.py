"""Every suite and group that a one-at-a-time check finds, on every server of the table."""
import unittest

from cases import ExactCase, ServerCase
from program import suites
from server_table import ROWS

LEAST_ROWS = 48
STACKS = ("Nginx", "Openssl", "Openssl35", "Gnutls", "Nss", "Java")


class WeakDh:
    def test_bits(self):
        bits = {each["dh_bits"] for each in self.done.endpoint()["facts"]["cipher_suites"] if each["key_exchange"] == "DHE"}
        self.assertEqual(bits, {1024})


class Rc4InSslv3:
    def test_rc4_in_sslv3(self):
        self.assertIn(0x0005, suites(self.done.endpoint())["SSLv3"])


class PostQuantum:
    def test_is_post_quantum(self):
        self.assertEqual([each["post_quantum"] for each in self.done.endpoint()["facts"]["groups"]], [True])


MORE = {"OpensslWeakDh": WeakDh, "NssSslv3": Rc4InSslv3, "Openssl35MlKem": PostQuantum, "Openssl35HybridP256": PostQuantum,
        "Openssl35HybridP384": PostQuantum, "Openssl35PureMlKem": PostQuantum}

for row in ROWS:
    bases = (MORE[row.id], ExactCase, ServerCase) if row.id in MORE else (ExactCase, ServerCase)
    globals()[row.id] = type(row.id, bases, {"__doc__": row.about, "__module__": __name__, "row": row})


class Table(unittest.TestCase):
    def test_rows(self):
        ids = [each.id for each in ROWS]
        self.assertEqual(len(ids), len(set(ids)))
        self.assertGreaterEqual(len(ids), LEAST_ROWS)
        for stack in STACKS:
            self.assertTrue(any(each.startswith(stack) for each in ids), stack)
        print(f"table: {len(ids)} servers")


if __name__ == "__main__":
    unittest.main()
