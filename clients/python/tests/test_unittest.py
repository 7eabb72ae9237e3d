"""The package in `unittest`, without pytest."""

from __future__ import annotations

import pathlib
import subprocess
import sys

TESTS = """
import unittest
import urllib.request

from cuc_mock import CucMock


class Provisioning(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.mock = CucMock()
        cls.addClassCleanup(cls.mock.close)

    def setUp(self):
        self.mock.reset_all()

    def test_passes(self):
        urllib.request.build_opener(urllib.request.ProxyHandler({})).open(self.mock.url + "/__mock/health").close()
        self.assertEqual(self.mock.requests(), [])

    def test_fails(self):
        self.mock.verify("POST", "tenants")


class TheNextClass(unittest.TestCase):
    def test_the_server_of_another_class_has_stopped(self):
        self.assertFalse(Provisioning.mock.is_running)
"""


def test_a_server_lives_as_long_as_its_class(tmp_path: pathlib.Path) -> None:
    (tmp_path / "test_a.py").write_text(TESTS)
    code = "import sys, unittest; sys.modules['pytest'] = None; unittest.main('test_a')"
    run = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "Ran 3 tests" in run.stderr and "FAILED (failures=1)" in run.stderr, run.stderr
    assert "cuc_mock.VerificationError: expected POST /vmrest/tenants at least once\n" in run.stderr
