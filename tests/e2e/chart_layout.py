"""Layouts of charts as lines that people can read, and what differs between two of them.

chart_layout.py print LAYOUT.json             the lines
chart_layout.py compare GOLDEN LAYOUT.json    exit 1 and a line for each difference; places may differ by SLACK px,
                                              the width that another version of the font libraries makes of a text
chart_layout.py ask LIGHT.json DARK.json      the questions that a chart has to answer (specification of charts,
                                              section 4), by measurement; a line for each one it does not answer
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


def luminance(colour):
    shares = [int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    return sum(weight * share for weight, share in zip((0.2126, 0.7152, 0.0722), linear))


def contrast(a, b):
    light, dark = sorted((luminance(a), luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def behind(layout, text):
    """The last opaque area below the middle of a text; a number may stand in a marker."""
    areas = ("bar", "cell", "band") + (("point", "hole") if text["role"] == "number" else ())
    x, y, colour = text["x"] + text["w"] / 2, text["y"] + text["h"] / 2, layout["background"]
    for mark in layout["marks"]:
        if mark["kind"] in areas and mark["x"] < x < mark["x"] + mark["w"] \
                and mark["y"] < y < mark["y"] + mark["h"] and not mark["outline"]:
            colour = mark["colour"]
    return colour


def meet(a, b):
    return all(a[at] + 0.5 < b[at] + b[size] and b[at] + 0.5 < a[at] + a[size] for at, size in (("x", "w"), ("y", "h")))


def ask(light, dark):
    """Numbers of the questions: 1 words and margins, 2 zero, 3 direction, 9 evidence, 11 overlaps, 12 contrast,
    14 alternative text, 15 the dark one says the same."""
    texts, bad = light["texts"], []
    roles = {text["role"] for text in texts}
    words = " ".join(text["text"] for text in texts)
    bad += ["1: no %s" % role for role in ("title", "footer") if role not in roles]
    bad += ["1: outside the margins: %s" % text["text"] for text in texts
            if text["x"] < 23.5 or text["x"] + text["w"] > light["width"] - 23.5
            or text["y"] < 0 or text["y"] + text["h"] > light["height"]]
    if any(mark["kind"] == "bar" for mark in light["marks"]):
        bad += ["2: %s begins at %g" % (panel["name"], panel["domain"][0]) for panel in light["panels"]
                if panel["domain"][0] != 0]
    if not any(word in words for word in ("better", "worse", "Higher is", "speed-up")):
        bad.append("3: no direction")
    if not any(word in words for word in ("spread", "Spread", "runs", "run;", "interval", "samples", "P99")):
        bad.append("9: nothing is said of runs or spread")
    bad += ["11: %s and %s" % (a["text"], b["text"]) for i, a in enumerate(texts) for b in texts[i + 1:] if meet(a, b)]
    for layout in (light, dark):
        bad += ["12: %s has %.2f" % (text["text"], contrast(text["colour"], behind(layout, text)))
                for text in layout["texts"] if contrast(text["colour"], behind(layout, text)) < 4.5]
    if not 10 <= len(light["alt"]) <= 251:
        bad.append("14: %d characters" % len(light["alt"]))
    same = [[(t["role"], t["text"], t["x"], t["y"]) for t in layout["texts"]] for layout in (light, dark)]
    if same[0] != same[1] or light["alt"] != dark["alt"]:
        bad.append("15: dark and light differ")
    return bad


def main():
    if sys.argv[1] == "ask":
        bad = ask(*(json.load(open(path, encoding="utf-8")) for path in sys.argv[2:4]))
        print("\n".join("# " + line for line in bad))
        return 1 if bad else 0
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
