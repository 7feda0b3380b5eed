"""The command line: what it takes, what it prints, how it ends. Each run is a process of its own, as users have it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
BASE = HERE / "diff" / "base.csdl.xml"
SLICE = """
[source]
file = "shop.csdl.xml"
[client]
package = "shop"
class_name = "Shop"
[brake]
relied_upon = ["Order.title"]
"""


def graphslice(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "GRAPHSLICE_CACHE": str(cwd / "cache")}
    command = [sys.executable, "-m", "graphslice", *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)


OVERLAY = (
    '<Edmx Version="4.0" xmlns="http://docs.oasis-open.org/odata/ns/edmx"><DataServices>'
    '<Schema Namespace="notes" xmlns="http://docs.oasis-open.org/odata/ns/edm">'
    '<Annotations Target="shop.order"><Annotation Term="Org.OData.Core.V1.Description" String="An order." />'
    "</Annotations></Schema></DataServices></Edmx>"
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    metadata = tmp_path / "metadata"
    metadata.mkdir()
    shutil.copy(BASE, metadata / "shop.csdl.xml")
    (metadata / "shop.toml").write_text(SLICE, encoding="utf-8")
    return tmp_path


def edit(project: Path, old: str, new: str) -> None:
    path = project / "metadata" / "shop.csdl.xml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def tree(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_generate_check_and_generate_again(project: Path) -> None:
    first = graphslice("generate", "metadata/shop.toml", cwd=project)
    assert (first.returncode, first.stderr) == (0, "") and "files" in first.stdout
    before = tree(project / "generated")
    times = {p: p.stat().st_mtime_ns for p in (project / "generated").rglob("*")}
    assert graphslice("check", "metadata/shop.toml", cwd=project).returncode == 0
    again = graphslice("generate", "metadata/shop.toml", cwd=project)
    assert "unchanged" in again.stdout and tree(project / "generated") == before
    assert {p: p.stat().st_mtime_ns for p in (project / "generated").rglob("*")} == times


def test_a_generator_that_changes_no_output_changes_no_file(project: Path) -> None:
    from dataclasses import replace

    from graphslice.lock import read_lock

    graphslice("generate", "metadata/shop.toml", cwd=project)
    lock = project / "generated/shop.lock.json"
    read = read_lock(lock)
    assert read
    lock.write_text(replace(read, generator_sources="0" * 64).to_text())
    before = tree(project / "generated")
    done = graphslice("check", "metadata/shop.toml", cwd=project)
    assert done.returncode == 0 and "the generator changed" in done.stdout
    assert "unchanged" in graphslice("generate", "metadata/shop.toml", cwd=project).stdout
    assert tree(project / "generated") == before
    graphslice("generate", "metadata/shop.toml", "--force", cwd=project)
    assert read_lock(lock) == read


def test_the_lock_holds_no_path_of_this_machine(project: Path) -> None:
    graphslice("generate", "metadata/shop.toml", cwd=project)
    for path, content in tree(project / "generated").items():
        assert str(project).encode() not in content, path


def test_the_same_from_flags_and_from_another_folder(project: Path) -> None:
    flags = ["-d", "metadata/shop.csdl.xml", "-c", "Shop", "-n", "shop", "-o", "out", "-l", "python", "--ebc"]
    assert graphslice("generate", *flags, cwd=project).returncode == 0
    assert graphslice("generate", "../metadata/shop.toml", cwd=project / "out").returncode == 0
    assert tree(project / "out" / "shop") == tree(project / "generated" / "shop")


def test_each_warning_is_printed_once(project: Path) -> None:
    answers = {"200": {"description": "", "content": {"application/json": {"schema": {"$ref": "#/no/where"}}}}}
    description = {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "paths": {"/a": {"get": {"responses": answers}}},
    }
    (project / "a.json").write_text(json.dumps(description), encoding="utf-8")
    done = graphslice("generate", "-d", "a.json", "-c", "Shop", "-n", "shop", "-o", "out", cwd=project)
    assert done.returncode == 0
    assert done.stderr.count("OAS101") == 1


def test_check_says_what_drifted_and_why(project: Path) -> None:
    graphslice("generate", "metadata/shop.toml", cwd=project)
    edit(project, '<Property Name="theme" Type="Edm.String" />', "")
    (project / "generated/shop/models/line.py").write_text("edited")
    (project / "generated/shop/models/left.py").write_text("")
    (project / "generated/shop/models/state.py").unlink()
    done = graphslice("check", "metadata/shop.toml", cwd=project)
    assert done.returncode == 1
    for line in (
        "edited by hand: shop/models/line.py",
        "orphan: shop/models/left.py",
        "missing: shop/models/state.py",
        "changed: shop/models/settings.py",
        "because the description changed",
    ):
        assert line in done.stdout
    found = json.loads(graphslice("check", "metadata/shop.toml", "--json", cwd=project).stdout)
    assert {"path": "shop/models/left.py", "kind": "orphan"} in found["findings"]


def test_what_is_relied_upon_stops_the_run_until_it_is_accepted(project: Path) -> None:
    graphslice("generate", "metadata/shop.toml", cwd=project)
    before = tree(project / "generated")
    edit(project, '<Property Name="title" Type="Edm.String" />', "")
    done = graphslice("generate", "metadata/shop.toml", cwd=project)
    assert done.returncode == 3 and "OUT041" in done.stderr and "title" in done.stderr
    assert tree(project / "generated") == before
    assert graphslice("generate", "metadata/shop.toml", "--accept", "Order.title", cwd=project).returncode == 0


def test_losing_much_of_the_surface_stops_the_run(project: Path) -> None:
    graphslice("generate", "metadata/shop.toml", cwd=project)
    text = (project / "metadata/shop.toml").read_text()
    (project / "metadata/shop.toml").write_text(text + '[paths]\ninclude = ["/orders", "/orders/{order-id}"]\n')
    done = graphslice("generate", "metadata/shop.toml", cwd=project)
    assert done.returncode == 3 and "OUT040" in done.stderr and "--accept" in done.stderr
    assert graphslice("generate", "metadata/shop.toml", "--accept", "*", cwd=project).returncode == 0
    assert not (project / "generated/shop/archives").exists()


BAD_SLICES = {
    "not toml": ("[source\n", "SLICE002", ":1:"),
    "unknown section": ("[sauce]\n", "SLICE003", ":1:"),
    "unknown key": ("[client]\npackage = 'a'\nclas_name = 'B'\n", "SLICE003", ":3:"),
    "wrong kind": ("[paths]\ninclude = '/a'\n", "SLICE004", ":2:"),
    "bad package": ("[client]\npackage = '../evil'\n", "SLICE006", ":2:"),
    "bad class": ("[client]\nclass_name = 'A; import os'\n", "SLICE006", ""),
    "bad choice": ("[client]\nsubtypes = 'some'\n", "SLICE004", ":2:"),
    "nothing matches": ("[source]\nfile = 'shop.csdl.xml'\n[paths]\ninclude = ['/nothing/**']\n", "SLICE01", ""),
}


@pytest.mark.parametrize("name", BAD_SLICES)
def test_a_bad_slice_is_one_line_with_place_and_cure(project: Path, name: str) -> None:
    text, code, place = BAD_SLICES[name]
    (project / "metadata/bad.toml").write_text(text)
    done = graphslice("generate", "metadata/bad.toml", cwd=project)
    assert done.returncode == 2 and code in done.stderr and place in done.stderr and " -- " in done.stderr
    assert len(done.stderr.splitlines()) == 1 and not (project / "generated").exists()


def test_bad_input_leaves_the_output_untouched(project: Path) -> None:
    graphslice("generate", "metadata/shop.toml", cwd=project)
    before = tree(project / "generated")
    edit(project, 'Type="shop.person"', 'Type="shop.nobody"')
    done = graphslice("generate", "metadata/shop.toml", cwd=project)
    assert done.returncode == 2 and "shop.csdl.xml:" in done.stderr and "nobody" in done.stderr
    edit(project, "</edmx:Edmx>", "")
    done = graphslice("generate", "metadata/shop.toml", cwd=project)
    assert done.returncode == 2 and "Traceback" not in done.stderr
    assert tree(project / "generated") == before


@pytest.mark.parametrize(
    "arguments",
    [
        ["generate"],
        ["generate", "none.toml"],
        ["generate", "-d", "none.xml"],
        ["generate", "-d", "metadata/shop.csdl.xml", "-l", "csharp"],
        ["generate", "-d", "metadata/shop.csdl.xml", "-o", "metadata/shop.toml"],
        ["generate", "--unknown"],
        ["nonsense"],
        ["why", "nobody", "metadata/shop.toml"],
        ["diff", "metadata/shop.toml", "no-such-revision"],
        ["trim", "metadata/shop.toml"],
        ["fetch", "metadata/shop.toml"],
        ["new", "there", "-d", "none.xml", "-n", "a"],
        ["generate", "-d", "http://localhost/x"],
    ],
)
def test_bad_arguments_are_exit_code_2_without_a_traceback(project: Path, arguments: list[str]) -> None:
    done = graphslice(*arguments, cwd=project)
    assert done.returncode == 2 and done.stderr and "Traceback" not in done.stderr


def test_an_output_folder_that_cannot_be_written_is_exit_code_2(project: Path) -> None:
    done = graphslice("generate", "metadata/shop.toml", "-o", "metadata/shop.toml/below", cwd=project)
    assert done.returncode == 2 and "OUT020" in done.stderr and len(done.stderr.splitlines()) == 1


def test_a_newer_generators_output_is_not_undone_unawares(project: Path) -> None:
    graphslice("generate", "metadata/shop.toml", cwd=project)
    lock = project / "generated/shop.lock.json"
    from graphslice.lock import read_lock

    read = read_lock(lock)
    assert read
    from dataclasses import replace

    lock.write_text(replace(read, generator_version="99.0.0").to_text())
    assert graphslice("generate", "metadata/shop.toml", cwd=project).returncode == 3
    assert graphslice("generate", "metadata/shop.toml", "--allow-downgrade", cwd=project).returncode == 0


def test_show_why_map_and_export(project: Path) -> None:
    shown = graphslice("show", "metadata/shop.toml", cwd=project).stdout
    assert "/orders" in shown and "PATCH" in shown
    why = graphslice("why", "manager", "metadata/shop.toml", cwd=project).stdout
    assert "shop.manager" in why and "/orders" in why
    assert graphslice("map", "metadata/shop.toml", "--html", "map.html", cwd=project).returncode == 0
    page = (project / "map.html").read_text()
    assert "OrderItemRequestBuilder" in page and "https://" not in page.split('id="data"')[0].replace("Policy", "")
    assert graphslice("export", "openapi", "metadata/shop.toml", "--to", "a.json", cwd=project).returncode == 0
    assert json.loads((project / "a.json").read_text())["openapi"].startswith("3.")


def test_a_client_of_its_own_export_is_made_from_yaml_whatever_its_ending(project: Path) -> None:
    graphslice("export", "openapi", "metadata/shop.toml", "--to", "shop.txt", cwd=project)
    done = graphslice("generate", "-d", "shop.txt", "-n", "again", "-c", "Shop", "-o", "out", cwd=project)
    assert done.returncode == 0, done.stderr


def test_trim_gives_the_same_client_and_the_same_bytes(project: Path) -> None:
    graphslice("generate", "metadata/shop.toml", cwd=project)
    first = tree(project / "generated/shop")
    shutil.move(project / "metadata/shop.csdl.xml", project / "whole.xml")
    assert graphslice("trim", "metadata/shop.toml", "--from", "whole.xml", cwd=project).returncode == 0
    cut = (project / "metadata/shop.csdl.xml").read_bytes()
    assert "unchanged" in graphslice("trim", "metadata/shop.toml", "--from", "whole.xml", cwd=project).stdout
    assert (project / "metadata/shop.csdl.xml").read_bytes() == cut
    graphslice("generate", "metadata/shop.toml", cwd=project)
    assert tree(project / "generated/shop") == first
    assert "source_sha256" in (project / "metadata/PROVENANCE.toml").read_text()


def test_serve_starts_with_the_state_that_the_slice_names(project: Path) -> None:
    with (project / "metadata/shop.toml").open("a", encoding="utf-8") as file:
        file.write('\n[serve]\nseed = "first.json"\n')
    (project / "metadata/first.json").write_text("[", encoding="utf-8")
    done = graphslice("serve", "metadata/shop.toml", cwd=project)
    assert done.returncode == 2 and "SERVE002" in done.stderr and "first.json" in done.stderr
    assert graphslice("generate", "metadata/shop.toml", cwd=project).returncode == 0


def test_new_makes_a_project_whose_checks_pass(project: Path) -> None:
    arguments = ["-d", "metadata/shop.csdl.xml", "-i", "/orders/**", "-n", "my_shop", "-c", "MyShop"]
    assert graphslice("new", "there", *arguments, cwd=project).returncode == 0
    made = project / "there"
    assert {".github", ".gitignore", "Makefile", "README.md", "generated", "metadata", "pyproject.toml", "tests"} <= {
        p.name for p in made.iterdir()
    }
    assert graphslice("check", "metadata/my-shop.toml", cwd=made).returncode == 0
    environment = {**os.environ, "PYTHONPATH": str(made / "generated")}
    arguments = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    tests = subprocess.run(arguments, cwd=made, env=environment, capture_output=True, text=True, check=False)
    assert tests.returncode == 0, tests.stdout
    again = graphslice("new", "there", "-d", "metadata/shop.csdl.xml", "-n", "my_shop", cwd=project)
    assert again.returncode == 3 and "not empty" in again.stderr
    record = (made / "metadata/PROVENANCE.toml").read_text()
    assert "source_sha256" in record
    for step in ("fetch", "trim", "check"):
        done = graphslice(step, "metadata/my-shop.toml", cwd=made)
        assert done.returncode == 0, done.stderr
    assert (made / "metadata/PROVENANCE.toml").read_text() == record


def test_new_keeps_every_flag_in_the_slice_file(project: Path) -> None:
    (project / "more.xml").write_text(OVERLAY, encoding="utf-8")
    flags = ["--no-sync", "--subtypes", "reachable", "--no-backing-store", "--max-path", "120", "--overlay", "more.xml"]
    flags += ["-e", "/archives/**", "--base-url", "https://shop.example", "--export", "Order*"]
    arguments = ["-d", "metadata/shop.csdl.xml", "-n", "my_shop", "-c", "MyShop", *flags]
    assert graphslice("new", "there", *arguments, cwd=project).returncode == 0
    made = project / "there"
    done = graphslice("check", "metadata/my-shop.toml", cwd=made)
    assert done.returncode == 0, done.stdout + done.stderr
    assert not list((made / "generated").rglob("archives/item"))
    written = (path.read_text(encoding="utf-8") for path in (made / "generated/my_shop").glob("*.py"))
    assert not any("Sync" in text for text in written)


def test_an_openapi_description_is_trimmed_to_itself(project: Path) -> None:
    graphslice("export", "openapi", "metadata/shop.toml", "--to", "shop.yaml", cwd=project)
    whole = (project / "shop.yaml").read_bytes()
    assert graphslice("new", "there", "-d", "shop.yaml", "-n", "my_shop", cwd=project).returncode == 0
    (project / "shop.yaml").write_bytes(whole + b"# a newer one\n")
    for step in ("fetch", "trim"):
        done = graphslice(step, "metadata/my-shop.toml", cwd=project / "there")
        assert done.returncode == 0, done.stderr
    assert (project / "there/metadata/my-shop.openapi.yaml").read_bytes() == whole + b"# a newer one\n"
    assert "source_sha256" in (project / "there/metadata/PROVENANCE.toml").read_text()


def git(folder: Path, *arguments: str) -> None:
    settings = ["-c", "user.name=t", "-c", "user.email=t@t", "-c", "init.defaultBranch=main"]
    subprocess.run(["git", *settings, *arguments], cwd=folder, capture_output=True, check=True)


def test_a_revision_is_read_with_all_its_files(tmp_path: Path) -> None:
    files = {
        "slices/kennel.toml": '[source]\nfile = "../api/kennel.yaml"\n[client]\npackage = "kennel"\n',
        "api/kennel.yaml": """openapi: 3.0.3
info: {title: Kennel, version: "1"}
paths:
  /dogs:
    get:
      responses:
        "200": {description: ok, content: {application/json: {schema: {$ref: "types/dog.yaml#/Dog"}}}}
""",
        "api/types/dog.yaml": "Dog: {type: object, properties: {name: {type: string}}}\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    git(tmp_path, "init")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-m", "one")
    (tmp_path / "api/types/dog.yaml").write_text(files["api/types/dog.yaml"].replace("name:", "age:"), encoding="utf-8")
    done = graphslice("diff", "HEAD", "slices/kennel.toml", cwd=tmp_path)
    assert "property removed: Dog name" in done.stdout, done.stderr
    git(tmp_path, "mv", "slices/kennel.toml", "slices/dogs.toml")
    done = graphslice("diff", "HEAD", "slices/dogs.toml", cwd=tmp_path)
    assert done.returncode == 2 and "no slices/dogs.toml there" in done.stderr
    done = graphslice("diff", "HEAD:slices/kennel.toml", "slices/dogs.toml", cwd=tmp_path)
    assert "property removed: Dog name" in done.stdout, done.stderr


def test_diff_of_revisions_raises_the_version(project: Path) -> None:
    (project / "pyproject.toml").write_text('[project]\nname = "x"\nversion = "1.4.2"\n')
    (project / "CHANGELOG.md").write_text("# Changelog\n\n## 1.4.2\n\n* It began.\n")
    git(project, "init")
    git(project, "add", ".")
    git(project, "commit", "-m", "one")
    edit(project, '<Property Name="theme" Type="Edm.String" />', "")
    text = graphslice("diff", "HEAD", "metadata/shop.toml", cwd=project)
    assert "property removed: shop.settings theme" in text.stdout and "1.4.2 -> 2.0.0" in text.stdout
    assert graphslice("diff", "HEAD", "metadata/shop.toml", "--exit-code", cwd=project).returncode == 1
    markdown = graphslice("diff", "HEAD", "metadata/shop.toml", "--markdown", cwd=project).stdout
    assert "## Breaking" in markdown and "`shop.settings theme`" in markdown
    assert graphslice("diff", "HEAD", "metadata/shop.toml", "--bump", cwd=project).stdout == "1.4.2 -> 2.0.0\n"
    assert 'version = "2.0.0"' in (project / "pyproject.toml").read_text()
    # A slice that states the version goes with it.
    with open(project / "metadata/shop.toml", "a", encoding="utf-8") as file:
        file.write('\n[project]\nversion = "1.4.2"\n')
    assert graphslice("diff", "HEAD", "metadata/shop.toml", "--bump", cwd=project).stdout == "1.4.2 -> 2.0.0\n"
    assert 'version = "2.0.0"' in (project / "metadata/shop.toml").read_text()
    log = (project / "CHANGELOG.md").read_text()
    assert log.index("## 2.0.0") < log.index("## 1.4.2") and "theme" in log
    same = graphslice("diff", "HEAD:metadata/shop.toml", "HEAD", "--slice", "metadata/shop.toml", cwd=project)
    assert "no change for users" in same.stdout, same.stderr


def test_diff_of_generated_packages(project: Path) -> None:
    graphslice("generate", "metadata/shop.toml", "-o", "one", cwd=project)
    edit(project, '<Property Name="theme" Type="Edm.String" />', "")
    graphslice("generate", "metadata/shop.toml", "-o", "two", cwd=project)
    found = json.loads(graphslice("diff", "one/shop", "two/shop.lock.json", "--json", cwd=project).stdout)
    assert found["counts"]["breaking"] >= 1
    assert all("settings" in change["subject"] for change in found["changes"])
    slice_against_package = graphslice("diff", "two/shop", "metadata/shop.toml", "--json", cwd=project)
    assert json.loads(slice_against_package.stdout)["changes"] == [], slice_against_package.stdout


def test_hostile_text_reaches_no_markup(project: Path) -> None:
    from xml.sax.saxutils import quoteattr

    text = "</script><script>alert(1)</script> `code` | [link](http://evil) @someone \x85"
    note = f'<Annotation Term="Org.OData.Core.V1.Description" String={quoteattr(text)} />'
    edit(
        project,
        '<EntityType Name="settings" BaseType="shop.thing">',
        f'<EntityType Name="settings" BaseType="shop.thing">{note}',
    )
    graphslice("diff", BASE, "metadata/shop.csdl.xml", "--html", "d.html", cwd=project)
    graphslice("map", "metadata/shop.toml", "--html", "m.html", cwd=project)
    for page in ("d.html", "m.html"):
        assert "<script>alert" not in (project / page).read_text()
    markdown = graphslice("diff", BASE, "metadata/shop.csdl.xml", "--markdown", cwd=project).stdout
    assert "`</script><script>alert(1)</script> 'code' | [link](http://evil) @someone" in markdown


def test_two_generated_packages_are_judged_by_their_lines(project: Path) -> None:
    graphslice("generate", "metadata/shop.toml", cwd=project)
    shutil.copytree(project / "generated/shop", project / "before/shop")
    title = '<Property Name="title" Type="Edm.String" />'
    edit(project, title, "")
    edit(project, '<EntityType Name="thing">', f'<EntityType Name="thing">{title}')
    edit(project, '<Property Name="theme" Type="Edm.String" />', "")
    assert graphslice("generate", "metadata/shop.toml", "--accept", "*", cwd=project).returncode == 0
    forth = json.loads(graphslice("diff", "before/shop", "generated/shop", "--json", cwd=project).stdout)
    rules = {(change["subject"].partition(":")[2], change["member"]): change["rule"] for change in forth["changes"]}
    assert rules["Order", "title"] == "surface-inherited"
    assert rules["Thing", "title"] == "surface-added"
    assert rules["Settings", "theme"] == "surface-removed"
    # A keyword more is no fault of those who do not give it; one less is.
    shutil.rmtree(project / "generated/shop")
    shutil.copytree(project / "before/shop", project / "generated/shop")
    builder = project / "generated/shop/orders/orders_request_builder.py"
    text = builder.read_text(encoding="utf-8")
    builder.write_text(text.replace("top: int | None = None", "top: int | None = None, more: int | None = None", 1))
    there = graphslice("diff", "before/shop", "generated/shop", cwd=project).stdout
    assert "surface widened" in there and "Breaking" not in there
    back = graphslice("diff", "generated/shop", "before/shop", cwd=project).stdout
    assert "surface changed" in back and "Breaking" in back


def test_names_on_the_map_lead_to_the_nearest_page(project: Path) -> None:
    page = "https://docs.shop.example/order"
    edit(
        project,
        '<EntityType Name="order" BaseType="shop.thing">',
        '<EntityType Name="order" BaseType="shop.thing"><Annotation Term="Org.OData.Core.V1.Links"><Collection><Record>'
        f'<PropertyValue Property="rel" String="describedby" /><PropertyValue Property="href" String="{page}" />'
        "</Record></Collection></Annotation>",
    )
    assert graphslice("map", "metadata/shop.toml", "--html", "map.html", cwd=project).returncode == 0
    text = (project / "map.html").read_text(encoding="utf-8")
    found = re.search(r'type="application/json"[^>]*>(.*?)</script>', text, re.S)
    assert found
    data = json.loads(found[1])
    # An enum is described where it is used, a method without a page where its builder is.
    assert data["types"]["shop.order"]["documentation"] == page == data["types"]["shop.state"]["documentation"]
    orders = [node for node in data["nodes"] if node[2].startswith("/orders")]
    assert orders and all(operation["documentation"] for node in orders for operation in node[4])
