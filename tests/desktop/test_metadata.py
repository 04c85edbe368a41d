# SPDX-License-Identifier: GPL-2.0-or-later
"""What the plugin site's validator asks of a package, asked here first."""

from __future__ import annotations

import configparser
import re
from urllib.parse import urlparse

import pytest

REQUIRED = ("name", "description", "version", "qgisMinimumVersion", "author", "email", "about", "tracker", "repository")
FORBIDDEN_LINKS = {"tracker": "http://bugs", "repository": "http://repo", "homepage": "http://homepage"}
BOOLEAN = ("experimental", "deprecated", "server", "supportsQt6")


@pytest.fixture
def metadata(root):
    """As the site reads it: with interpolation, so that a percent sign would fail."""
    parser = configparser.ConfigParser()
    parser.optionxform = str
    parser.read(root / "metadata.txt", encoding="utf-8")
    return dict(parser.items("general"))


def test_every_field_that_the_site_requires_is_filled(metadata):
    assert [name for name in REQUIRED if not metadata.get(name, "").strip()] == []


@pytest.mark.parametrize("name", FORBIDDEN_LINKS)
def test_links_are_links(metadata, name):
    link = urlparse(metadata[name])
    assert link.scheme and link.netloc
    assert metadata[name] != FORBIDDEN_LINKS[name]


def test_versions(metadata):
    assert metadata["qgisMinimumVersion"] == "3.40"
    assert metadata["qgisMaximumVersion"] == "4.99"
    assert re.fullmatch(r"\d+\.\d+\.\d+", metadata["version"])
    assert metadata["version"] in metadata["changelog"]


def test_flags_and_author_are_in_a_form_that_the_site_takes(metadata):
    assert {metadata[name].lower() for name in BOOLEAN} <= {"true", "false"}
    assert metadata["hasProcessingProvider"] == "yes"
    assert "/" not in metadata["author"]
    assert re.fullmatch(r"\S+@\S+", metadata["email"])


def test_no_percent_sign(root):
    assert "%" not in (root / "metadata.txt").read_text(encoding="utf-8")


def test_icon_and_licence_are_in_the_package(root, metadata):
    assert (root / metadata["icon"]).is_file()
    assert "GNU GENERAL PUBLIC LICENSE\n                       Version 2, June 1991" in (root / "LICENSE").read_text(
        encoding="utf-8"
    )
    assert metadata["license"] == "GPL-2.0-or-later"


def test_about_reads_the_same_file(metadata):
    from yochi.plugin import about

    assert (metadata["name"], metadata["version"]) == (about.NAME, about.VERSION)
    assert about.ICON.is_file()
