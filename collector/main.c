#include "collector/verbs.h"

static const struct verb verbs[] = {
    {
        .name = "serve",
        .summary = "take submissions over HTTP and keep them in PostgreSQL",
        .description =
            "Listens on a loopback address or a Unix socket; HTTPS is the affair of a proxy in front. Without "
            "--database it makes and runs a PostgreSQL of its own in the data folder. Prints one line when it is "
            "ready. SIGTERM and SIGINT let requests in progress end before it stops.",
        .example = "crosschip-collector serve --listen 127.0.0.1:8471 --data ./data",
        .options = serve_options,
        .run = cmd_serve,
    },
    {
        .name = "migrate",
        .summary = "bring a database to the schema of this version",
        .description = "serve does it by itself for the private PostgreSQL, never for one that --database names.",
        .example = "crosschip-collector migrate --database postgresql://db.example/crosschip",
        .options = migrate_options,
        .run = cmd_migrate,
    },
    {
        .name = "status",
        .summary = "count what is stored, by state",
        .example = "crosschip-collector status --json",
        .options = status_options,
        .run = cmd_status,
    },
    {0},
};

static const struct program program = {
    .name = "crosschip-collector",
    .summary = "keeps benchmark submissions in PostgreSQL, each exactly once",
    .verbs = verbs,
};

int main(int argc, char **argv)
{
    return program_main(&program, argc, argv);
}
