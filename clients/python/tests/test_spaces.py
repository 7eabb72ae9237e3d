"""Spaces."""

from __future__ import annotations

import pytest
from conftest import SEED, Client

from cuc_mock import ControlError, CucMock, CucMockError


def test_a_space_is_isolated(mock: CucMock, client: Client) -> None:
    with mock.space() as space:
        worker = Client(space)
        worker.add_tenant("acme")
        space.fault("busy", path="coses")
        assert worker.aliases() == [*SEED, "acme"]
        assert worker.get("coses").status_code == 503
        assert client.aliases() == SEED
        assert len(space.requests()) == 3
        assert len(mock.requests()) == 1
        assert len(mock.requests(all_spaces=True)) == 4
        space.verify("POST", "tenants", exactly=1)
        mock.verify("POST", never=True)
        assert repr(space) == f"<Space {space.name!r} at {mock.url}>"
        assert mock.spaces() == ["default", space.name]
    assert mock.spaces() == ["default"]


def test_a_space_has_its_own_credentials(mock: CucMock) -> None:
    assert mock.space("worker 1/ä").auth == ("worker 1/ä", "secret")
    assert mock.auth == ("admin", "secret")


def test_a_space_is_that_of_a_user() -> None:
    with CucMock(users={"Alice": "wonderland", "bob": "builder"}) as mock:
        space = mock.space("alice")
        assert space.auth == ("Alice", "wonderland")
        Client(space).add_tenant("acme")
        assert len(space.requests()) == 1
        with pytest.raises(CucMockError, match='no user has the name of the space "carol".*the users are Alice, bob'):
            _ = mock.space("carol").auth


def test_spaces_are_created_for_users() -> None:
    with CucMock(spaces="auto") as mock:
        client = Client(mock)
        client.get("tenants")
        client.session.auth = ("carol", "x")
        client.session.cookies.clear()
        client.get("tenants")
        assert mock.spaces() == ["default", "carol"]
        assert len(mock.requests()) == len(mock.space("carol").requests()) == 1
    with CucMock(spaces="auto", users={"carol": "x"}) as mock:
        assert mock.space("Carol").auth == ("carol", "x")
        with pytest.raises(CucMockError, match='no user has the name of the space "default"'):
            _ = mock.auth


def test_an_existing_space_is_returned(mock: CucMock) -> None:
    Client(mock.space("a")).add_tenant("acme")
    assert Client(mock.space("a")).aliases() == [*SEED, "acme"]
    with pytest.raises(ControlError, match="there is a space of this name already"):
        mock.space("a", seed=7)


def test_a_new_name_is_not_in_use(mock: CucMock) -> None:
    names = {mock.space().name for _ in range(3)}
    assert len(names) == 3
    assert mock.spaces() == ["default", *sorted(names)]


def test_a_space_has_a_seed(mock: CucMock) -> None:
    assert mock.space("a", seed=7).seed == 7
    assert mock.space("b").seed == mock.seed


def test_a_space_has_resources(mock: CucMock) -> None:
    space = mock.space("a")
    space.set_resources(PAGERS)
    assert Client(space).get("pagers").status_code == 200
    space.delete_resources()
    assert Client(space).get("pagers").status_code != 200


def test_a_space_is_deleted(mock: CucMock) -> None:
    space = mock.space("a")
    space.delete()
    space.delete()
    assert mock.spaces() == ["default"]


def test_reset_all_deletes_spaces_and_snapshots(mock: CucMock, client: Client) -> None:
    client.add_tenant("acme")
    mock.space("a")
    mock.snapshot()
    mock.reset_all()
    assert (mock.spaces(), mock.snapshots(), client.aliases()) == (["default"], [], SEED)


PAGERS = """\
<resource path="pagers" list="Pagers" element="Pager">
  <evidence id="sample" inferred="an example"/>
  <verb name="list" by="sample"/>
  <object-id by="sample"/>
  <text name="Name" by="sample"/>
</resource>
"""
