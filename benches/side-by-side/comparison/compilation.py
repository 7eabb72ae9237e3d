"""Compiling a crate that uses a library for its tests."""

import os
import pathlib
import resource
import shutil
import subprocess
import tempfile

from .rounds import HERE, QUICK, ROOT

TESTS = {
    "cuc-mock": "let mock = cuc_mock::CucMock::start_blocking();\n    assert!(mock.uri().starts_with(\"http\"));",
    "wiremock": (
        "let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();\n"
        "    let server = runtime.block_on(wiremock::MockServer::start());\n    assert!(server.uri().starts_with(\"http\"));"
    ),
    "mockito": "let server = mockito::Server::new();\n    assert!(server.url().starts_with(\"http\"));",
    "httpmock": "let server = httpmock::MockServer::start();\n    assert!(server.base_url().starts_with(\"http\"));",
}
DEPENDENCIES = {
    "cuc-mock": f'cuc-mock = {{ path = "{ROOT}", default-features = false }}',
    "wiremock": 'wiremock = "0.6"\ntokio = { version = "1", features = ["rt"] }',
    "mockito": 'mockito = "1.7"',
    "httpmock": 'httpmock = "0.8"',
}
"""Each with the fewest features for HTTP. wiremock needs a runtime of the test's own."""


def crate(folder, name):
    """Writes a crate with one test, and fetches its dependencies in the versions of the comparison."""
    path = pathlib.Path(folder, name)
    (path / "src").mkdir(parents=True)
    (path / "src" / "lib.rs").write_text(f"#[test]\nfn starts() {{\n    {TESTS[name]}\n}}\n")
    (path / "Cargo.toml").write_text(
        '[package]\nname = "compiled"\nversion = "0.0.0"\nedition = "2024"\n\n'
        f"[dev-dependencies]\n{DEPENDENCIES[name]}\n\n[workspace]\n"
    )
    shutil.copy(HERE / "Cargo.lock", path / "Cargo.lock")
    shutil.copy(ROOT / "rust-toolchain.toml", path / "rust-toolchain.toml")
    subprocess.run(["cargo", "fetch", "--quiet"], check=True, cwd=path)
    return path


def environment():
    """The environment of a user, without the settings of this process for cargo."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("CARGO_PROFILE", "CARGO_BUILD", "RUSTFLAGS"))}
    return {**kept, "CARGO_INCREMENTAL": "0", "RUSTC_WRAPPER": ""}


def compiled(path):
    """CPU seconds of compiling the tests of a crate, with nothing compiled before."""
    with tempfile.TemporaryDirectory(dir=path) as target:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        command = ["cargo", "test", "--no-run", "--quiet", "--offline"]
        subprocess.run(command, check=True, cwd=path, env={**environment(), "CARGO_TARGET_DIR": target})
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,)


def crates(folder, *options):
    """The number of crates that are compiled, with that of the folder."""
    command = ["cargo", "tree", "--prefix", "none", *options]
    output = subprocess.run(command, check=True, capture_output=True, text=True, cwd=folder).stdout
    lines = (line.removesuffix(" (*)").removesuffix(" (proc-macro)").strip() for line in output.splitlines())
    return len({line for line in lines if line and not line.startswith("[")})


def of_users():
    """The CPU seconds of compiling a crate with a test, in the faster of two rounds, and the number of its dependencies,
    for each library."""
    with tempfile.TemporaryDirectory() as folder:
        # A short run compares with the one that the goal names.
        paths = {name: crate(folder, name) for name in TESTS if name in ("cuc-mock", "wiremock") or not QUICK}
        measured = {name: [] for name in paths}
        for _ in range(1 if QUICK else 2):
            for name, path in paths.items():
                measured[name].append(compiled(path)[0])
        return {name: (min(times), crates(paths[name], "--offline") - 1) for name, times in measured.items()}
