"""Reads one value out of a file, for benchedit_test.go, with parsers that package
document does not use. A line of standard input is a request, {"format", "source"
(base64), "at", "tokens", "object", "inner"}; the line of the answer is {"value"},
or {"none": why} where nothing here reads such a file or finds the place.
"""

import base64
import configparser
import json
import re
import sys
import tomllib
import xml.etree.ElementTree as tree

import yaml


class Missing(Exception):
    """The place is not there, or not once."""


def follow(value, tokens, fold=False):
    for t in tokens:
        if isinstance(value, list):
            value = value[int(t)]
            continue
        if not isinstance(value, dict):
            raise Missing("no map at " + t)
        names = [k for k in value if k == t or fold and str(k).lower() == t.lower()]
        if len(names) != 1:
            raise Missing("%d of %s" % (len(names), t))
        value = value[names[0]]
    if not isinstance(value, str):
        raise Missing("no text")
    return value


def bare(text):
    """JSON without comments and trailing commas; texts stay as they are."""
    parts = re.findall(r'"(?:\\.|[^"\\])*"|//[^\n]*|/\*.*?\*/|.', text, re.S)
    kept = [p for p in parts if not p.startswith(("//", "/*"))]
    out = []
    for i, p in enumerate(kept):
        following = next((k for k in kept[i + 1:] if not k.isspace()), "")
        if not (p == "," and following in ("}", "]")):
            out.append(p)
    return "".join(out)


def read_json(r, source):
    text = source.decode("utf-8-sig")
    return follow(json.loads(text), r["tokens"])


def read_jsonc(r, source):
    return follow(json.loads(bare(source.decode("utf-8-sig"))), r["tokens"], fold=True)


def once(found):
    if len(found) != 1:
        raise Missing("%d of it" % len(found))
    return found[0]


def read_yaml(r, source):
    found = []
    for document in yaml.load_all(source, Loader=yaml.BaseLoader):
        try:
            found.append(follow(document, r["tokens"]))
        except (Missing, IndexError, ValueError):
            pass
    return once(found)


def read_kubernetes(r, source):
    found = []
    for document in yaml.load_all(source, Loader=yaml.BaseLoader):
        for item in document.get("items", [document]):
            meta = item.get("metadata", {})
            names = ("", meta.get("name"), "%s/%s" % (meta.get("namespace"), meta.get("name")))
            if item.get("kind") == "Secret" and r["object"] in names:
                try:
                    found.append(follow(item, r["tokens"]))
                except Missing:
                    pass
    value = once(found)
    if r["tokens"][0] == "data":
        value = base64.b64decode(value, validate=True).decode()
    if r["inner"]:
        return read(r["inner"], value.encode())
    return value


def read_toml(r, source):
    return follow(tomllib.loads(source.decode("utf-8-sig")), r["tokens"])


def unquoted(text):
    text = text.strip()
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'" else text


def read_ini(r, source):
    parser = configparser.RawConfigParser(strict=True, allow_no_value=True, delimiters=("=", ":"))
    parser.optionxform = str
    parser.read_string(source.decode("utf-8-sig"))
    section, key = r["tokens"]
    return unquoted(parser.get(section, key))


def read_env(r, source):
    lines = source.decode("utf-8-sig").splitlines()
    found = [m.group(1) for m in (re.fullmatch(r"\s*(?:export\s+)?%s=(.*)" % re.escape(r["tokens"][0]), x) for x in lines) if m]
    return unquoted(once(found))


def read_properties(r, source):
    text = re.sub(r"\\\r?\n[ \t\f]*", "", source.decode("utf-8-sig"))
    found = []
    for line in text.splitlines():
        m = re.fullmatch(r"[ \t\f]*((?:\\.|[^\\=: \t\f#!])(?:\\.|[^\\=: \t\f])*)[ \t\f]*[=: \t\f]?[ \t\f]*(.*)", line)
        if m and re.sub(r"\\(.)", r"\1", m.group(1)) == r["at"]:
            found.append(re.sub(r"\\(.)", r"\1", m.group(2)))
    return once(found)


def read_xml(r, source):
    root = tree.fromstring(source)
    at = re.sub(r"^/[^/\[]+", ".", r["at"])
    path, _, name = at.partition("/@")
    element = once(root.findall(path))
    return element.get(name) if name else element.text


def read_raw(r, source):
    return source.decode("utf-8-sig").rstrip("\r\n")


READERS = {"json": read_json, "jsonc": read_jsonc, "yaml": read_yaml, "kubernetes": read_kubernetes, "toml": read_toml,
           "ini": read_ini, "env": read_env, "systemd-env": read_env, "properties": read_properties, "xml": read_xml, "raw": read_raw}


def read(request, source):
    reader = READERS.get(request["format"])
    if reader is None:
        raise Missing("no reader")
    value = reader(request, source)
    if value is None:
        raise Missing("no value")
    return value


for line in sys.stdin:
    request = json.loads(line)
    try:
        answer = {"value": read(request, base64.b64decode(request["source"]))}
    except Exception as e:  # whatever a parser does, the next request counts
        answer = {"none": type(e).__name__}
    print(json.dumps(answer), flush=True)
