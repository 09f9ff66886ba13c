/* What to do about each flag and each finding: one sentence a word. */
#include "analyze/report/single.h"
#include "schema/base/str.h"

static const struct {
    const char *flag, *advice;
} advices[] = {
    /* conditions of the run */
    {"on_battery", "It ran on battery: plug the machine in and run again."},
    {"throttled", "The machine slowed itself down while it ran: let it cool, run again, and compare the first run."},
    {"busy_machine", "Other programs used the machine: close them and run again."},
    {"no_layers_offloaded", "No layer ran on the GPU: this is a figure of the CPU."},
    {"remote_devices", "Part of it ran on another machine: the figure is not of this machine alone."},
    {"mixed_chips", "Chips of several kinds worked together: the figure belongs to none of them."},
    {"debug_build", "The tool was built for debugging: build it with optimisation and run again."},
    {"debugger_attached", "A debugger watched the run: run again without it."},
    {"cut_off", "The output ends early: the figures are those up to there."},
    /* what came out */
    {"failed", "The run failed: its figures mean nothing."},
    {"invalid", "The tool itself calls this run invalid: run again."},
    {"validity_unknown", "The tool does not say whether the run was valid: look at its log."},
    {"errors", "Some requests ended in errors: the rate counts only what was answered."},
    {"requests_failed", "Some requests failed: the rate counts only what was answered."},
    {"degenerate_output", "The model repeats itself: its speed says nothing about useful output."},
    {"negative_tokens", "The tool counted fewer tokens than none: its rate cannot be used."},
    {"unstable", "The tool says that its times were not stable: run longer."},
    {"high_variance", "The runs differ by more than 10 % of their mean: make more runs on a quiet machine."},
    {"day_only", "Only the day is known, not the time."},
    /* contradictions */
    {"stddev_differs", "The stated deviation is not that of the samples: the samples count here."},
    {"median_differs", "The stated median is not that of the samples: the samples count here."},
    {"mean_differs", "The stated mean is not that of the samples: the samples count here."},
    {"direction_contradicts_unit", "The unit and the stated direction contradict each other: check the metric's name."},
    {"unit_contradicts_mode", "The unit is not that of the mode: check how the tool was called."},
    {"not_finite", "A figure is no number: see the tool's own log."},
    {"not_positive", "A time or a rate is not above zero: see the tool's own log."},
    {"bandwidth_time_bytes", "Bandwidth and time belong to different models: check which model each figure is of."},
    {"unit_slip", "One of the figures has another unit than it says: check milliseconds and seconds, GB and GiB."},
    {"above_rated_bandwidth", "More than the chip's memory can deliver: check the chip's name and the unit."},
    {"decode_above_bandwidth", "More tokens than the memory can deliver weights for: check model and quantization."},
    {"prompt_above_peak", "More than the chip can compute: check the chip's name and the number of tokens."},
    {"contradictory_fields", "Two fields contradict each other: check the file."},
    {"tokens_time_rate", "Rate × time is not the number of tokens: check what the time covers."},
    {"stated_statistics", "Stated statistics are not those of the samples: check the file for edits."},
    {"impossible_statistics", "The statistics cannot be true together: check the file for edits."},
    {"sample_count", "The number of runs is not that of the samples: check the file."},
    {"constant_variation",
     "Several results have the same relative deviation, which measured ones do not: check the file."},
    {"equal_figures", "Figures equal those of another device: look whether one measurement was sent twice."},
    {"time_in_future", "The clock was ahead: set it."},
    {"time_implausible", "The clock was not set: set it."},
};

const char *advice_of(const char *flag)
{
    for (size_t i = 0; i < ARRAY_LENGTH(advices); i++)
        if (text_equal(advices[i].flag, flag))
            return advices[i].advice;
    return NULL;
}
