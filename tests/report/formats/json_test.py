"""json and jsonl: what is read back is the document, and follows its schema."""
import json
import unittest

import jsonschema

import corpus

SCHEMA = json.loads((corpus.ROOT / "reports/schema/result-1.schema.json").read_text(encoding="utf-8"))


class JsonTest(unittest.TestCase):
    def test_every_result_is_read_and_written_unchanged(self):
        for name in corpus.results():
            with self.subTest(name):
                self.assertEqual(json.loads(corpus.text(name, "json")), corpus.document(name))

    def test_lines_are_the_endpoints(self):
        for name in corpus.results():
            with self.subTest(name):
                lines = [json.loads(line) for line in corpus.text(name, "jsonl").split("\n") if line]
                self.assertEqual([line["target"] for line in lines], [each["target"] for each in corpus.document(name)["endpoints"]])

    def test_measured_documents_follow_the_schema(self):
        validator = jsonschema.Draft202012Validator(SCHEMA)
        for name in corpus.results():
            if name.startswith("hostile-"):
                continue  # has texts where the schema wants hexadecimal digits
            with self.subTest(name):
                self.assertEqual([error.message[:200] for error in validator.iter_errors(json.loads(corpus.text(name, "json")))][:3], [])


if __name__ == "__main__":
    unittest.main()
