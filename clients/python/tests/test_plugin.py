"""The pytest plugin, in runs of pytest of their own."""

from __future__ import annotations

import subprocess
import sys
import xml.etree.ElementTree as ElementTree

import pytest

HELPERS = """
    import requests

    def client(mock):
        session = requests.Session()
        session.trust_env = False
        session.auth = mock.auth
        session.headers["Accept"] = "application/json"
        return session

    def add_tenant(mock, alias, **fields):
        with client(mock) as session:
            body = {"Alias": alias, "SmtpDomain": alias + ".example.com", **fields}
            return session.post(mock.url + "/vmrest/tenants", json=body)

    def aliases(mock):
        with client(mock) as session:
            return [tenant["Alias"] for tenant in session.get(mock.url + "/vmrest/tenants").json()["Tenant"]]
"""


@pytest.fixture(autouse=True)
def helpers(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(helpers=HELPERS)


def run(pytester: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    return pytester.runpytest_subprocess("-p", "no:cacheprovider", *arguments)


def test_each_test_gets_the_same_server_in_its_initial_state(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest
        from helpers import add_tenant, aliases

        urls = set()

        @pytest.mark.parametrize("number", range(3))
        def test_isolation(cuc_mock, number):
            urls.add(cuc_mock.url)
            assert cuc_mock.requests() == []
            assert cuc_mock.spaces() == ["default"]
            assert cuc_mock.snapshots() == []
            assert cuc_mock.clock.mode == "real"
            assert aliases(cuc_mock) == ["clientteam", "Taxoma"]
            assert add_tenant(cuc_mock, "acme").status_code == 201
            cuc_mock.space("a")
            cuc_mock.snapshot()
            cuc_mock.clock.freeze()
            cuc_mock.fault("busy")

        def test_there_was_one_server():
            assert len(urls) == 1
        """
    )
    run(pytester).assert_outcomes(passed=4)


def test_marks_choose_the_options_of_the_server(pytester: pytest.Pytester) -> None:
    pytester.mkdir("tests").joinpath("acme.xml").write_text(
        "<Tenants><Tenant><ObjectId>8f2b3c1d-0d4e-4f5a-9b6c-7d8e9f0a1b2c</ObjectId><Alias>acme</Alias>"
        "<SmtpDomain>acme.example.com</SmtpDomain></Tenant></Tenants>"
    )
    pytester.path.joinpath("tests", "test_marks.py").write_text(
        """
import pytest

pytestmark = pytest.mark.cuc_mock(release="12.5", seed=1)
urls = {}

def test_the_mark_of_the_module(cuc_mock):
    urls["module"] = cuc_mock.url
    assert (cuc_mock.release, cuc_mock.seed) == ("12.5", 1)

@pytest.mark.cuc_mock(seed=2, fixtures="acme.xml")
class TestClass:
    def test_marks_are_combined(self, cuc_mock):
        urls["class"] = cuc_mock.url
        assert (cuc_mock.release, cuc_mock.seed) == ("12.5", 2)
        assert cuc_mock.objects("tenants")["total"] == 1

    @pytest.mark.cuc_mock(release="14", fixtures=["acme.xml"], seed=2)
    def test_the_closest_mark_wins(self, cuc_mock):
        urls["function"] = cuc_mock.url
        assert (cuc_mock.release, cuc_mock.seed) == ("14", 2)

    @pytest.mark.cuc_mock(release="12.5")
    def test_equal_options_share_a_server(self, cuc_mock):
        assert cuc_mock.url == urls["class"]

def test_different_options_do_not(cuc_mock):
    assert cuc_mock.url == urls["module"]
    assert len(set(urls.values())) == 3
"""
    )
    run(pytester, "--strict-markers").assert_outcomes(passed=5)


def test_a_mark_with_an_unknown_option_is_an_error(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.cuc_mock(relaese="12.5")
        def test_a_misspelt_name(cuc_mock): ...

        def test_a_misspelt_name_for_the_factory(cuc_mock_factory):
            cuc_mock_factory(sede=1)

        @pytest.mark.cuc_mock("12.5")
        def test_an_option_without_a_name(cuc_mock): ...
        """
    )
    result = run(pytester)
    result.assert_outcomes(errors=2, failed=1)
    result.stdout.fnmatch_lines_random(
        [
            'E*UsageError: CucMock has no option "relaese", expected release, fixtures, resources, *',
            'E*UsageError: CucMock has no option "sede", expected release, fixtures, resources, *',
            "*test_an_option_without_a_name: the mark cuc_mock takes options by name, such as release='12.5'*",
        ]
    )


def test_a_conftest_sets_the_options_of_all_servers(pytester: pytest.Pytester) -> None:
    pytester.makeconftest(
        """
        import pytest

        @pytest.fixture(scope="session")
        def cuc_mock_options():
            return {"release": "15", "seed": 7}
        """
    )
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.cuc_mock(seed=8)
        def test_options(cuc_mock):
            assert (cuc_mock.release, cuc_mock.seed) == ("15", 8)
        """
    )
    run(pytester).assert_outcomes(passed=1)


def test_the_factory_starts_servers_that_end_with_the_test(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        from helpers import add_tenant, aliases

        started = []

        def test_two_clusters(cuc_mock, cuc_mock_factory):
            other = cuc_mock_factory(release="12.5")
            started.extend([other, cuc_mock_factory()])
            add_tenant(other, "acme")
            assert "acme" in aliases(other)
            assert "acme" not in aliases(cuc_mock)

        def test_they_have_ended():
            assert [mock.is_running for mock in started] == [False, False]
        """
    )
    run(pytester).assert_outcomes(passed=2)


def test_a_failed_test_shows_its_requests_and_the_seed(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest
        from helpers import add_tenant, aliases

        def test_another_passes(cuc_mock):
            add_tenant(cuc_mock, "umbrella")

        @pytest.mark.cuc_mock(seed=4711)
        def test_a_tenant_is_created(cuc_mock):
            space = cuc_mock.space("worker")
            aliases(space)
            cuc_mock.fault("busy", times=1)
            cuc_mock.fault("busy", method="DELETE", path="tenants/*")
            cuc_mock.fault("reset", nth=9)
            add_tenant(cuc_mock, "acme")
            assert add_tenant(cuc_mock, "acme", TimeZone="x").status_code == 201
        """
    )
    result = run(pytester)
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.re_match_lines(
        [
            r"-+ cuc-mock at http://127\.0\.0\.1:\d+ -+",
            r"in the space worker: #1 GET /vmrest/tenants, answered with 200",
            r"#1 POST /vmrest/tenants, answered with 503, hit by fault 1",
            r"  rejected: .*",
            r"#2 POST /vmrest/tenants, answered with 400",
            r"  rejected: Invalid parameter\. Parameter = \[TimeZone\], Value = \[x\]: .*",
            r"fault 2 for DELETE /vmrest/tenants/\* hit no request",
            r"fault 3 hit no request",
            r"the seed was 4711: CUC_MOCK_SEED=4711 repeats the run",
        ],
        consecutive=True,
    )
    assert str(result.stdout).count("cuc-mock at http") == 1
    result.stdout.no_fnmatch_line("*umbrella*")
    result.stdout.no_fnmatch_line("*c2VjcmV0*")


@pytest.mark.parametrize("option", ["--show-capture=no", "--tb=no", "--tb=auto", "--tb=native"])
def test_the_requests_are_in_junit_xml(pytester: pytest.Pytester, option: str) -> None:
    pytester.makepyfile(
        """
        import pytest
        from helpers import add_tenant

        def test_a_tenant_is_created(cuc_mock):
            assert add_tenant(cuc_mock, "acme", TimeZone="x").status_code == 201

        def test_without_a_traceback(cuc_mock):
            add_tenant(cuc_mock, "umbrella")
            pytest.fail("a reason", pytrace=False)

        @pytest.mark.xfail(strict=True)
        def test_passes_by_mistake(cuc_mock):
            add_tenant(cuc_mock, "stark")
        """
    )
    report = pytester.path / "report.xml"
    result = run(pytester, option, f"--junit-xml={report}")
    result.assert_outcomes(failed=3)
    failures = [failure.text or "" for failure in ElementTree.parse(report).iter("failure")]
    assert "  rejected: Invalid parameter. Parameter = [TimeZone], Value = [x]: " in failures[0]
    assert "#1 POST /vmrest/tenants, answered with 201" in failures[1]
    shown = str(result.stdout).count("cuc-mock at http")
    # The error of the third has no traceback, and no place for a section.
    assert shown == {"--tb=no": 0, "--show-capture=no": 2}.get(option, 3)


def test_a_failed_test_shows_the_servers_of_the_factory(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        def test_two_servers(cuc_mock, cuc_mock_factory):
            cuc_mock_factory(seed=1)
            cuc_mock_factory(seed=2).close()
            assert False
        """
    )
    result = run(pytester)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "*- cuc-mock at *",
            "no request arrived",
            "*- cuc-mock at *",
            "the seed was 1: *",
            "*- cuc-mock at *",
            "the server was closed",
        ]
    )


def test_paths_are_relative_to_the_folder_that_names_them(pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]")
    pytester.makeconftest(
        """
        import pytest

        @pytest.fixture(scope="session")
        def cuc_mock_options():
            return {"fixtures": "root.xml"}
        """
    )
    folder = pytester.mkdir("tests")
    for path, alias in ((pytester.path / "root.xml", "root"), (folder / "acme.xml", "acme")):
        path.write_text(
            f"<Tenants><Tenant><ObjectId>8f2b3c1d-0d4e-4f5a-9b6c-7d8e9f0a1b2c</ObjectId><Alias>{alias}</Alias>"
            f"<SmtpDomain>{alias}.example.com</SmtpDomain></Tenant></Tenants>"
        )
    folder.joinpath("test_paths.py").write_text(
        """
import pytest

def test_options(cuc_mock):
    assert cuc_mock.objects("tenants", text="root")["total"] == 1

@pytest.mark.cuc_mock(fixtures="acme.xml")
def test_mark(cuc_mock):
    assert cuc_mock.objects("tenants", text="acme")["total"] == 1

def test_factory(cuc_mock_factory):
    assert cuc_mock_factory(fixtures=["acme.xml"]).objects("tenants", text="acme")["total"] == 1
"""
    )
    elsewhere = pytester.mkdir("elsewhere")
    for current in (pytester.path, folder, elsewhere):
        pytester._monkeypatch.chdir(current)
        run(pytester, f"--rootdir={pytester.path}", str(folder)).assert_outcomes(passed=3)


def test_a_failed_setup_and_a_failed_teardown_show_the_requests(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest
        from helpers import add_tenant

        @pytest.fixture
        def tenant(cuc_mock):
            add_tenant(cuc_mock, "acme")
            assert False

        def test_setup(tenant): ...

        @pytest.fixture
        def session(cuc_mock):
            yield
            add_tenant(cuc_mock, "umbrella")
            assert False

        def test_teardown(session): ...

        def test_both(session):
            assert False
        """
    )
    result = run(pytester)
    result.assert_outcomes(errors=3, failed=1, passed=1)
    assert str(result.stdout).count("cuc-mock at http") == 3


def test_a_failed_verification_shows_the_line_of_the_test(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        def test_verification(cuc_mock):
            cuc_mock.verify("POST", "tenants", exactly=1)
        """
    )
    result = run(pytester)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            '>       cuc_mock.verify("POST", "tenants", exactly=1)',
            "E       *VerificationError: expected POST /vmrest/tenants exactly once",
            "E       found 0 among 0 requests",
        ]
    )
    result.stdout.no_fnmatch_line("*_controls.py*")


def test_a_test_that_stops_the_server_does_not_fail_the_next(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        def test_stops(cuc_mock):
            cuc_mock.close()

        def test_next(cuc_mock):
            assert cuc_mock.requests() == []
        """
    )
    run(pytester).assert_outcomes(passed=2)


def test_a_failed_start_shows_the_error_of_the_server(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.cuc_mock(fixtures="none.xml")
        def test_start(cuc_mock): ...
        """
    )
    result = run(pytester)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["E*did not start: it ended with status 2:", "E*none.xml: cannot be read:*"])


def test_without_the_fixture_nothing_is_imported(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import sys

        def test_modules():
            assert {name for name in sys.modules if name.startswith("cuc_mock")} == {"cuc_mock", "cuc_mock.pytest_plugin"}
        """
    )
    run(pytester).assert_outcomes(passed=1)


def test_the_mark_and_the_fixtures_are_described(pytester: pytest.Pytester) -> None:
    run(pytester, "--markers").stdout.fnmatch_lines(["@pytest.mark.cuc_mock(release=*"])
    run(pytester, "--fixtures").stdout.fnmatch_lines(["cuc_mock -- *", "*A server in its initial state.*"])


def test_no_test_sees_the_data_of_another_under_xdist(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest
        from helpers import add_tenant, aliases

        @pytest.mark.parametrize("number", range(200))
        def test_the_same_name(cuc_mock, number, worker_id, record_property):
            record_property("server", worker_id + " " + cuc_mock.url)
            assert aliases(cuc_mock) == ["clientteam", "Taxoma"]
            assert add_tenant(cuc_mock, "acme").status_code == 201
            assert aliases(cuc_mock) == ["clientteam", "Taxoma", "acme"]
            assert len(cuc_mock.requests()) == 3
            cuc_mock.verify("POST", "tenants", exactly=1)
        """
    )
    report = pytester.path / "report.xml"
    run(pytester, "-n", "8", f"--junit-xml={report}").assert_outcomes(passed=200)
    servers = {
        entry.attrib["value"] for entry in ElementTree.parse(report).iter("property") if entry.attrib["name"] == "server"
    }
    assert len(servers) == len({server.split()[0] for server in servers}) == len({server.split()[1] for server in servers})
    assert len(servers) > 1


def test_a_failure_under_xdist_shows_the_requests(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        from helpers import add_tenant

        def test_fails(cuc_mock):
            assert add_tenant(cuc_mock, "acme").status_code == 200
        """
    )
    result = run(pytester, "-n", "2")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["#1 POST /vmrest/tenants, answered with 201", "the seed was *"])


def test_the_import_of_the_plugin_needs_no_network_module() -> None:
    code = (
        "import pytest, sys; before = set(sys.modules); import cuc_mock.pytest_plugin;"
        "print(sorted(name for name in set(sys.modules) - before if name.split('.')[0] != 'cuc_mock'))"
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True) == "[]\n"
