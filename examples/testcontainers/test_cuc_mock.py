"""cuc-mock in a container of its own, with Testcontainers.

    docker build -t cuc-mock ../..
    pip install -r requirements.txt
    pytest

CI has no Docker engine, so it runs these tests against the binary: CUC_MOCK_URL=http://127.0.0.1:8443 pytest.
"""

import os

import pytest
import requests
from testcontainers.core.container import DockerContainer
from testcontainers.core.wait_strategies import HealthcheckWaitStrategy


@pytest.fixture(scope="session")
def url():
    """The HTTP address of the server."""
    if "CUC_MOCK_URL" in os.environ:
        yield os.environ["CUC_MOCK_URL"]
        return
    container = DockerContainer("cuc-mock").with_exposed_ports(8443).with_env("CUC_MOCK_SEED", "1")
    container.with_kwargs(read_only=True, cap_drop=["ALL"])
    # The image contains its health check.
    with container.waiting_for(HealthcheckWaitStrategy()):
        yield f"http://{container.get_container_host_ip()}:{container.get_exposed_port(8443)}"


@pytest.fixture(autouse=True)
def reset(url):
    requests.post(f"{url}/__mock/reset", timeout=30).raise_for_status()


def test_the_tenants_of_the_seed_are_there(url):
    answer = requests.get(
        f"{url}/vmrest/tenants",
        auth=("admin", "secret"),
        headers={"Accept": "application/json"},
        timeout=30,
    )
    assert [tenant["Alias"] for tenant in answer.json()["Tenant"]] == ["clientteam", "Taxoma"]
