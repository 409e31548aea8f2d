"""Reads documents for suites_test.go with parsers that package document does
not use. A line of standard input is a request, {"format", "source" (base64)};
the line of the answer is {"leaves": [[document, pointer, kind, text], ...]} or
{"error"}. Maps and lists are leaves, too, so that an empty one is not lost, and
what an alias stands for is there once for each place that names it. What lies
in or below a key that is no scalar has no pointer and never the kind "string".

The argument is a format: the answer is whether it can be read here.
"""

import base64
import json
import sys


class Pairs(list):
    """An object of JSON, of which each member counts, also one that is there twice."""


class Number(str):
    """A number as it is written."""


def token(name):
    return "/" + str(name).replace("~", "~0").replace("/", "~1")


def constant(name):
    raise ValueError(name + " is no JSON")


def walk(value, path, out):
    if isinstance(value, Pairs):
        out.append((0, path, "map", ""))
        for name, member in value:
            walk(member, path + token(name), out)
    elif isinstance(value, dict):
        walk(Pairs(value.items()), path, out)
    elif isinstance(value, list):
        out.append((0, path, "list", ""))
        for i, element in enumerate(value):
            walk(element, path + token(i), out)
    elif type(value) is str:
        out.append((0, path, "string", value))
    else:
        out.append((0, path, type(value).__name__, str(value)))


def read_json(source, out):
    # json finds out by itself which UTF it is.
    walk(json.loads(source, object_pairs_hook=Pairs, parse_float=Number,
                    parse_int=Number, parse_constant=constant), "", out)


def read_toml(source, out):
    import tomllib
    walk(tomllib.loads(source.decode("utf-8-sig")), "", out)


def read_yaml(source, out):
    import yaml
    for i, root in enumerate(yaml.compose_all(source, Loader=yaml.SafeLoader)):
        node(yaml, i, root, "", [], out)


def node(yaml, document, n, path, above, out):
    if n in above:
        out.append((document, path, "cycle", ""))
    elif isinstance(n, yaml.ScalarNode):
        plain = n.tag == "tag:yaml.org,2002:str" and not path.startswith("?")
        out.append((document, path, "string" if plain else n.tag, n.value))
    elif isinstance(n, yaml.SequenceNode):
        out.append((document, path, n.tag, "list"))
        for i, element in enumerate(n.value):
            node(yaml, document, element, path + token(i), above + [n], out)
    else:
        out.append((document, path, n.tag, "map"))
        for key, value in n.value:
            below = path
            if not isinstance(key, yaml.ScalarNode):
                below = "?" + path
                node(yaml, document, key, below, above + [n], out)
            name = key.value if below == path else ""
            node(yaml, document, value, below + token(name), above + [n], out)


READERS = {"json": read_json, "toml": read_toml, "yaml": read_yaml}


def answer(request):
    out = []
    try:
        READERS[request["format"]](base64.b64decode(request["source"]), out)
    except Exception as e:  # whatever a parser does, the next request counts
        return {"error": type(e).__name__}
    return {"leaves": out}


if len(sys.argv) > 1:
    example = {"json": "{}", "toml": "a = 1", "yaml": "a: 1"}[sys.argv[1]]
    sys.exit("error" in answer({"format": sys.argv[1], "source": base64.b64encode(example.encode())}))
for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
