"""Layouts of charts as lines that people can read, and what differs between two of them.

chart_layout.py print LAYOUT.json             the lines
chart_layout.py compare GOLDEN LAYOUT.json    exit 1 and a line for each difference; places may differ by SLACK px,
                                              the width that another version of the font libraries makes of a text
"""
import json
import sys

SLACK = 0.75
# Rims and holes stand where their marker does, grid lines where their tick does, each run where its value is.
LEFT_OUT = {"edge", "hole", "key", "grid", "run", "missing", "hatch", "cap"}


def number(value):
    return "-" if value is None else "%.1f" % (value + 0.0)


def figure(value):
    return "-" if value is None else "%.6g" % value


def lines_of(layout):
    yield "picture | %s | %s" % (layout["background"], "%s %s" % (number(layout["width"]), number(layout["height"])))
    yield "alt | %s | 0" % layout["alt"]
    for panel in layout["panels"]:
        words = "%s, %s to %s, ticks %s" % (
            panel["name"], figure(panel["domain"][0]), figure(panel["domain"][1]),
            " ".join(figure(tick) for tick in panel["ticks"]))
        yield "panel | %s | %s" % (words, " ".join(number(panel[key]) for key in "xywh"))
    for text in layout["texts"]:
        words = "%s, %s %s %s" % (text["text"], number(text["size"]), text["weight"], text["colour"])
        yield "%s | %s | %s %s" % (text["role"], words, number(text["x"]), number(text["y"]))
    for mark in layout["marks"]:
        if mark["kind"] in LEFT_OUT:
            continue
        of = ", ".join(str(mark[key]) for key in ("panel", "series", "row") if mark.get(key))
        words = "%s = %s, %s" % (of, figure(mark.get("value")), mark["colour"])
        yield "%s | %s | %s" % (mark["kind"] + " mark", words, " ".join(number(mark[key]) for key in "xywh"))


def split(line):
    what, rest = line.split(" | ", 1)
    words, places = rest.rsplit(" | ", 1)
    return (what, words), [float(place) for place in places.split() if place != "-"]


def compare(golden, layout):
    """Things of the same words in the order in which they stand: what moved, what is gone, what is new."""
    differences, waiting = [], {}
    for line in golden:
        key, places = split(line)
        waiting.setdefault(key, []).append(places)
    for line in layout:
        key, places = split(line)
        if not waiting.get(key):
            differences.append("new:   %s" % line)
            continue
        before = waiting[key].pop(0)
        if len(before) != len(places) or any(abs(a - b) > SLACK for a, b in zip(before, places)):
            differences.append("moved: %s | %s | %s, was at %s" % (*key, places, before))
    for key, left in waiting.items():
        differences.extend("gone:  %s | %s | %s" % (*key, places) for places in left)
    return differences


def main():
    layout = list(lines_of(json.load(open(sys.argv[-1], encoding="utf-8"))))
    if sys.argv[1] == "print":
        print("\n".join(layout))
        return 0
    differences = compare(open(sys.argv[2], encoding="utf-8").read().splitlines(), layout)
    for difference in differences[:40]:
        print("# " + difference)
    if len(differences) > 40:
        print("# and %d more" % (len(differences) - 40))
    return 1 if differences else 0


sys.exit(main())
