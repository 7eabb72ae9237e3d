"""The records: snapshots, differences, states, objects."""

from __future__ import annotations

import pathlib

import pytest
from conftest import SEED, Client

from cuc_mock import ControlError, CucMock
from test_start import ACME


def test_a_reset_restores_everything(mock: CucMock, client: Client) -> None:
    client.add_tenant("acme")
    mock.fault("busy")
    mock.reset()
    assert mock.requests() == []
    assert client.aliases() == SEED


def test_a_snapshot_is_restored(mock: CucMock, client: Client) -> None:
    client.add_tenant("acme")
    before = mock.snapshot("before")
    client.add_tenant("umbrella")
    before.restore()
    assert client.aliases() == [*SEED, "acme"]
    client.add_tenant("umbrella")
    mock.restore("before")
    mock.restore(before)
    assert client.aliases() == [*SEED, "acme"]


def test_snapshots_have_names(mock: CucMock) -> None:
    mock.snapshot("snapshot-1")
    snapshot = mock.snapshot()
    assert snapshot.name not in ("", "snapshot-1")
    slash = mock.snapshot("a/b ?")
    assert mock.snapshots() == sorted(["snapshot-1", snapshot.name, "a/b ?"])
    slash.delete()
    mock.delete_snapshot(snapshot)
    mock.delete_snapshot("snapshot-1")
    assert mock.snapshots() == []


def test_a_difference_lists_the_changed_objects(mock: CucMock, client: Client) -> None:
    path = client.add_tenant("acme")
    snapshot = mock.snapshot()
    difference = mock.diff()
    assert difference["from"] == "seed"
    assert (path, "created") in [(entry["path"], entry["change"]) for entry in difference["objects"]]
    assert mock.diff(snapshot)["objects"] == snapshot.diff()["objects"] == []
    assert len(mock.diff(limit=1)["objects"]) == 1
    assert mock.diff(mock.space("a"))["created"] == difference["created"]


def test_a_state_is_exported_and_imported(mock: CucMock, client: Client) -> None:
    state = mock.state()
    mock.set_state(ACME)
    assert client.aliases() == ["acme"]
    mock.set_state(state)
    assert client.aliases() == SEED


def test_an_invalid_state_is_an_error_with_each_place(mock: CucMock) -> None:
    with pytest.raises(ControlError) as error:
        mock.set_state("<Tenants><Tenant><Alias>acme</Alias></Tenant></Tenants>")
    assert str(error.value) == (
        "the state has mistakes, and nothing was changed\n"
        "  1:10: ObjectId is missing, expected a value, it is mandatory\n"
        "  1:10: SmtpDomain is missing, expected a value, it is mandatory"
    )


def test_objects_are_a_table(mock: CucMock) -> None:
    table = mock.objects("tenants", text="taxoma", sort="-Alias", page=1, rows=10)
    assert table["total"] == 1
    row = table["objects"][0]
    assert row["values"][table["columns"].index("Alias")] == "Taxoma"
    assert mock.object(row["path"])["element"] == "Tenant"
    assert mock.objects("coses", tenant=row["path"].rsplit("/", 1)[1])["total"] == 1
    assert mock.requests() == []


def test_resources_have_rules(mock: CucMock) -> None:
    assert "tenants" in [resource["path"] for resource in mock.resources()]
    fields = {field["name"]: field for field in mock.resource("tenants")["fields"]}
    assert fields["SmtpDomain"]["rules"]


def test_coverage_counts_the_used_parts(mock: CucMock, client: Client) -> None:
    mock.clear_coverage()
    assert mock.coverage()["touched"] == 0
    client.get("tenants")
    assert mock.coverage()["touched"] > 0
    Client(mock.space("a")).get("coses")
    assert mock.coverage(all_spaces=True)["touched"] > mock.coverage()["touched"]


def test_fixtures_are_loaded_again(tmp_path: pathlib.Path) -> None:
    file = tmp_path / "acme.xml"
    file.write_text(ACME)
    with CucMock(fixtures=file) as mock:
        file.write_text(ACME.replace("<Alias>acme", "<Alias>umbrella"))
        assert ("tenants", 1) in [(change["resource"], change["changed"]) for change in mock.reload()["changes"]]
        assert Client(mock).aliases() == ["umbrella"]
        file.write_text("<Tenants><Tenant/></Tenants>")
        with pytest.raises(ControlError, match=r"acme\.xml:1:10: ObjectId is missing"):
            mock.reload()
