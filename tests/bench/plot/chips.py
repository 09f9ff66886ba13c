"""The reference chart in matplotlib: two panels of horizontal bars with values. chips.py DATA COUNT OUTPUT"""
import csv
import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt


def draw(rows, output):
    names = [row[0] for row in rows][::-1]
    figure, panels = plt.subplots(1, 2, figsize=(8, 4.5), dpi=200, sharey=True)
    heads = (("Memory bandwidth", "GB/s · higher is better", "#0072B2"), ("Inference time", "ms · lower is better", "#C8500A"))
    for column, (panel, head) in enumerate(zip(panels, heads)):
        values = [float(row[column + 1]) for row in rows][::-1]
        bars = panel.barh(names, values, color=head[2], height=0.6)
        panel.bar_label(bars, padding=4, fontsize=9)
        panel.set_title(head[0] + " · " + head[1], loc="left", fontsize=9)
        panel.grid(axis="x", color="#E4E8EC", linewidth=0.8)
        panel.set_axisbelow(True)
    figure.suptitle("Memory bandwidth and inference time by chip", x=0.03, ha="left", weight="bold")
    figure.text(0.03, 0.02, "Run counts and spread are not stated. Bars start at zero.", fontsize=7)
    figure.savefig(output)
    plt.close(figure)


with open(sys.argv[1], encoding="utf-8") as file:
    table = list(csv.reader(file))[1:]
for _ in range(int(sys.argv[2])):
    draw(table, sys.argv[3])
