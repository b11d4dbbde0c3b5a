#!/usr/bin/python3
"""Writes the documents that every format is held against (tests/report/formats/corpus.py) to a folder: documents.py FOLDER."""
import pathlib
import shutil
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "report" / "formats"))
import corpus  # pylint: disable=wrong-import-position

for name, path in corpus.results().items():
    shutil.copyfile(path, pathlib.Path(sys.argv[1]) / f"{name}.json")
