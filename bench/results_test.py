#!/usr/bin/env python3
"""What the runner makes of figures, on figures made up."""
import pathlib
import sys
import tempfile
import unittest
import xml.dom.minidom

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import measure  # noqa: E402
import picture  # noqa: E402
import results  # noqa: E402


def row(net, precision, ours, peers, wrong=()):
    known = {name: us for name, us in peers.items() if name not in wrong}
    best = min(known, key=known.get, default=None)
    return {"level": "avx9", "net": net, "precision": precision, "threads": 1, "ours_us": ours, "best_peer": best,
            "best_peer_us": known.get(best), "ratio": 0.5, "limit_share": 0.25, "multiply_adds": 5000000,
            "ours": {"us": ours, "start_ms": 1.5, "resident_mb": 2.0, "runtime": "Dimple"},
            "peers": {name: {"us": us, "runtime": name.upper(), "difference": 2, "start_ms": 3.0, "resident_mb": 7.0}
                      for name, us in peers.items()}, "lost": {}, "wrong": list(wrong)}


class Difference(unittest.TestCase):
    def test_is_of_codes_where_both_have_them(self):
        self.assertEqual(measure.difference(([0.5], [3, 4]), ([0.9], [3, 7]), "int8"), 3)
        self.assertAlmostEqual(measure.difference(([0.5], []), ([0.75], []), "int8"), 0.25)

    def test_of_answers_that_are_not_equally_long_is_without_bound(self):
        self.assertEqual(measure.difference(([0.5], []), ([0.5, 0.5], []), "f32"), float("inf"))


class Page(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.page, self.figures = results.PAGE, results.FIGURES
        results.PAGE = pathlib.Path(self.folder.name) / "speed.md"
        results.FIGURES = pathlib.Path(self.folder.name) / "speed.json"

    def tearDown(self):
        results.PAGE, results.FIGURES = self.page, self.figures
        self.folder.cleanup()

    def test_keeps_rows_of_other_levels_and_nets(self):
        results.keep("avx9", {"f32": 1e11}, 0.1, [row("a", "f32", 10.0, {"x": 20.0}), row("b", "f32", 11.0, {})])
        results.keep("avx8", {}, 0.1, [row("a", "f32", 12.0, {})])
        results.keep("avx9", {"f32": 1e11}, 0.1, [row("a", "f32", 13.0, {"x": 20.0})])
        page = results.PAGE.read_text()
        for shown in ["| a | f32 | 1 | 13 | 20 |", "| b | f32 | 1 | 11 |", "| a | f32 | 1 | 12 |", "## avx8"]:
            self.assertIn(shown, page)
        self.assertNotIn("| a | f32 | 1 | 10 |", page)
        self.assertNotIn("no measure", page)

    def test_says_what_is_wrong_and_what_was_disturbed(self):
        results.keep("avx9", {}, 5.0, [row("a", "f32", 10.0, {"x": 5.0, "y": 8.0}, wrong=["x"])])
        page = results.PAGE.read_text()
        self.assertIn("| wrong | 8 |", page)
        self.assertIn("figures are no measure", page)

    def test_table_shows_what_is_not_there_as_nothing(self):
        lines = results.table_of([row("a", "int8", None, {})]).splitlines()
        self.assertEqual(lines[0].split(), results.COLUMNS)
        self.assertEqual(lines[1].split(), ["avx9", "a", "int8", "1", "0.5", "0.25"])


class Picture(unittest.TestCase):
    def test_is_a_document_with_a_point_for_each_figure(self):
        rows = [row("a", "f32", 10.0, {"x": 20.0}), row("b", "int8", 1000.0, {}), row("c", "int8", None, {"x": 9.0})]
        xml.dom.minidom.parseString(picture.growth("avx9", rows))
        self.assertEqual(picture.growth("avx9", rows).count("<title>"), 2)

    def test_of_nothing_is_empty(self):
        xml.dom.minidom.parseString(picture.growth("avx9", []))


if __name__ == "__main__":
    unittest.main()
