"""What `pip install .` gives works away from the checkout, and holds nothing else."""

import os
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("commands", "pipelines", "scheduler", "spiders", "storage")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout, built by the means of this environment, without network."""
    return build_wheel(tmp_path_factory.mktemp("wheel"))


def build_wheel(folder: Path) -> Path:
    # Setuptools would add the modules of an earlier build that are gone.
    shutil.rmtree(ROOT / "build", ignore_errors=True)
    command = [
        sys.executable,
        "-m",
        "build",
        "--wheel",
        "--no-isolation",
        "--outdir",
        str(folder),
        str(ROOT),
    ]
    variables = {**os.environ, "SOURCE_DATE_EPOCH": "1764460800"}
    done = subprocess.run(command, env=variables, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = folder.glob("*.whl")
    return built


def test_two_builds_are_the_same(wheel: Path, tmp_path: Path) -> None:
    assert build_wheel(tmp_path).read_bytes() == wheel.read_bytes()


def test_it_is_typed_and_has_its_notices(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = [name.partition("/")[2] for name in archive.namelist()]
    assert {f"{room}/py.typed" for room in ROOMS} <= set(names)
    assert {"licenses/LICENSE", "licenses/NOTICE"} <= set(names)


def test_it_holds_only_shopwire(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    tops = {name.split("/")[0] for name in names}
    assert tops == {"shopwire", next(top for top in tops if top.endswith(".dist-info"))}
    sources = {f"shopwire/{path.relative_to(ROOT)}" for room in ROOMS for path in (ROOT / room).rglob("*.py")}
    assert sources <= set(names)


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The scripts folder of an environment with the wheel; its dependencies are this one's."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    command = [python, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", str(wheel)]
    subprocess.run(command, check=True, env={**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"})
    (packages,) = folder.glob("lib/python*/site-packages")
    here = Path(next(path for path in sys.path if path.endswith("site-packages")))
    # Only the distributions: a .pth of the same folder would bring the checkout in.
    for path in here.iterdir():
        if path.suffix != ".pth" and "shopwire" not in path.name and not (packages / path.name).exists():
            (packages / path.name).symlink_to(path)
    return folder / "bin"


def run(*command: str | Path, cwd: Path) -> str:
    environment = {
        **os.environ,
        "SCRAPY_SETTINGS_MODULE": "shopwire.spiders.settings",
        "PYTHONPATH": "",
    }
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_commands_work_from_another_folder(installed: Path, tmp_path: Path) -> None:
    python = installed / "python"
    where = run(python, "-c", "import shopwire.spiders.base as b; print(b.__file__)", cwd=tmp_path)
    assert where.startswith(str(installed.parent))
    listed = run(python, "-m", "scrapy", "list", cwd=tmp_path).split()
    assert {"ebrun", "retaildive"} <= set(listed)
    assert not [name for name in listed if name.startswith("newsroom")]
    assert "ebrun" in run(installed / "shopwire", "source", "list", "--json", cwd=tmp_path)
    assert "crawl" in run(installed / "shopwire", "--help", cwd=tmp_path)
