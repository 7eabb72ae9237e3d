"""Packages of npm and PyPI, in the pinned versions."""

import json
import subprocess

from .rounds import ROOT

FOLDER = ROOT / "target" / "peers"
NPM = {
    "@mbtest/mountebank": "2.9.2",
    "@stoplight/prism-cli": "5.16.0",
    "azurite": "3.37.0",
    "json-server": "0.17.4",
    "wiremock": "3.13.2",
}
MOTO = "5.2.5"


def npm(package):
    """The folder of a package of npm, installed without its scripts."""
    folder = FOLDER / "node"
    installed = folder / "node_modules" / package
    version = NPM[package]
    if not installed.exists() or json.loads((installed / "package.json").read_text())["version"] != version:
        folder.mkdir(parents=True, exist_ok=True)
        command = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", f"{package}@{version}"]
        subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL)
    return installed


def moto():
    """The command of moto's server."""
    folder = FOLDER / f"moto-{MOTO}"
    server = folder / "bin" / "moto_server"
    if not server.exists():
        subprocess.run(["python3", "-m", "venv", folder], check=True)
        pip = [folder / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, f"moto[server]=={MOTO}"], check=True)
    return server
