#include "collector/verbs.h"

static const struct verb verbs[] = {
    {
        .name = "serve",
        .summary = "take submissions over HTTP and keep them in PostgreSQL",
        .description =
            "Serves plain HTTP on a loopback address or a Unix socket, and HTTPS on any address with --tls-cert and "
            "--tls-key; or a proxy in front does that. Without --database it makes and runs a PostgreSQL of its own in "
            "the data folder. Prints one line when it is ready. SIGTERM and SIGINT let requests in progress end before "
            "it stops.",
        .example = "crosschip-collector serve --listen 127.0.0.1:8471 --data ./data",
        .options = serve_options,
        .run = cmd_serve,
    },
    {
        .name = "migrate",
        .summary = "bring a database to the schema of this version",
        .description =
            "serve does it by itself for the private PostgreSQL, never for one that --database names. A database "
            "that is not there yet is not made.",
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
    {
        .name = "moderate",
        .arguments = "ACTION [ID...]",
        .summary = "look at submissions and decide what becomes of them",
        .description =
            "ACTION is list, show, accept, reject, undo, withdraw or delete. All but list and show need --reason and "
            "are kept for good with who decided. undo takes back the last decision of a moderator and says which; an "
            "undo is such a decision too, so undo twice leaves it decided as it was. withdraw keeps the bytes, delete "
            "erases them and leaves only the id and the date.",
        .example = "crosschip-collector moderate list\n"
                   "crosschip-collector moderate reject sha256:0123... --reason 'above the rated bandwidth'",
        .options = moderate_options,
        .least_arguments = 1,
        .most_arguments = -1,
        .run = cmd_moderate,
    },
    {
        .name = "chips",
        .arguments = "ACTION [NAME [CHIP]]",
        .summary = "names of chips that the catalogue does not know, and what they mean",
        .description =
            "ACTION is unmatched (names that were sent and mean nothing yet, those of most contributors first), alias "
            "NAME CHIP (this name means that chip of the catalogue), unalias NAME (takes that back) or aliases (every "
            "decision, with who, when and why). A name counts in its exact bytes: one that looks alike, or differs in "
            "case or blanks, is another. What was stored stays as it is; crosschip-analyze reads it with the names "
            "that "
            "hold. alias and unalias need --reason.",
        .example = "crosschip-collector chips unmatched\n"
                   "crosschip-collector chips alias 'M1 Max (my desk)' 'Apple M1 Max' --reason 'asked the sender'",
        .options = chips_options,
        .least_arguments = 1,
        .most_arguments = 3,
        .run = cmd_chips,
    },
    {
        .name = "models",
        .arguments = "ACTION [NAME [MODEL]]",
        .summary = "names of models that the catalogue does not know, and what they mean",
        .description = "The same as chips, for models.",
        .example = "crosschip-collector models unmatched\n"
                   "crosschip-collector models alias 'l2-7b-mine' 'Llama 2 7B' --reason 'same hash of the weights'",
        .options = models_options,
        .least_arguments = 1,
        .most_arguments = 3,
        .run = cmd_models,
    },
    {
        .name = "token",
        .arguments = "ACTION [NAME [NEWNAME]]",
        .summary = "give a contributor a token, list or revoke tokens, change a name",
        .description =
            "ACTION is add NAME, list, revoke with a token's 8 characters or a NAME, rename NAME NEWNAME, or "
            "forget NAME. A new token is printed once, with the line to paste; only its hash is kept. A "
            "revocation holds within five seconds. Several tokens of one NAME belong to one contributor. A "
            "name stands in no submission, no log and no publication, only where moderators look and in the "
            "answer to a claim; rename and forget change it there at once, forget to a pseudonym. Who shows a token "
            "changes it himself: crosschip-submit send --contributor.",
        .example = "crosschip-collector token add 'Lab 3' --days 90",
        .options = token_options,
        .least_arguments = 1,
        .most_arguments = 3,
        .run = cmd_token,
    },
    {
        .name = "key",
        .arguments = "ACTION",
        .summary = "the keys that receipts and the log are signed with",
        .description =
            "ACTION is show (all keys that this collector ever had, the oldest first, as GET /v1/key answers them), "
            "rotate (a new key, signed by the one before) or new-epoch (a log that follows one whose newest entries "
            "are lost). For the last two no collector may be running on the database. The secret key is the file "
            "signing.key in the data folder, made at the first start; keep a copy of it. Beside it stands "
            "signing.key.head, the newest head of the log that was signed: a database that does not continue it, "
            "such as one restored from an older backup, is served to be read only until new-epoch begins a log "
            "whose first entry names that head.",
        .example = "crosschip-collector key show\ncrosschip-collector key rotate --data ./data",
        .options = key_options,
        .least_arguments = 1,
        .most_arguments = 1,
        .run = cmd_key,
    },
    {
        .name = "import",
        .arguments = "[PATH…|-]",
        .summary = "take bundles, results, mails and dumps from files",
        .description =
            "Each PATH is a file or a folder with all below it: bundles, the output of a benchmark as it is or "
            "compressed (nothing of this machine is added), mails (.eml, mbox) with results attached or pasted, and "
            "what "
            "export wrote. What is there already is counted and left alone, so the same call again goes on where one "
            "was "
            "interrupted. Exit status 65 when something was refused; the rest is stored all the same. Where the data "
            "folder holds no "
            "database yet, it is made.",
        .example = "crosschip-collector import --data ./data results/ inbox.mbox",
        .options = import_options,
        .most_arguments = -1,
        .run = cmd_import,
    },
    {
        .name = "pull",
        .arguments = "URL",
        .summary = "take over what another collector accepted, byte for byte",
        .description =
            "Goes through the feed of the collector at URL from where the last call ended. Its signed head must "
            "continue "
            "the one that was seen before, every entry must be covered by it, every bundle must have the hash that the "
            "entry names. What was withdrawn there with the contributor's secret is withdrawn here too, also when "
            "it was only told there and the submission is here alone; what its moderators decided is noted, shown by "
            "moderate show, and changes nothing. The same call again does no "
            "harm. Exit status 65 when "
            "what it says is not what it signed, or when some bundles were refused here.",
        .example = "crosschip-collector pull https://results.example --data ./data",
        .options = pull_options,
        .least_arguments = 1,
        .most_arguments = 1,
        .run = cmd_pull,
    },
    {
        .name = "export",
        .summary = "write every submission with its exact bytes, one line of JSON each",
        .description =
            "Of erased and withdrawn submissions only the id, the state and the time are written. import reads "
            "it as what anybody may have written: received now, held where it was not accepted, tombstones "
            "left out. To move a collector with its times, decisions and log use backup and restore.",
        .example = "crosschip-collector export --data ./data --output submissions.ndjson",
        .options = export_options,
        .run = cmd_export,
    },
    {
        .name = "backup",
        .arguments = "FOLDER",
        .summary = "write the whole database and the key of receipts into a new folder",
        .description =
            "A logical copy (pg_dump's custom format), made while the collector runs; it restores into newer "
            "versions of PostgreSQL too. The folder holds the secret key: keep it as you keep the key.",
        .example = "crosschip-collector backup --data /var/lib/crosschip /backup/crosschip-1",
        .options = backup_options,
        .least_arguments = 1,
        .most_arguments = 1,
        .run = cmd_backup,
    },
    {
        .name = "restore",
        .arguments = "FOLDER",
        .summary = "fill an empty database from a backup",
        .description = "All or nothing, into a data folder or a database that holds nothing yet. Afterwards the number "
                       "of submissions, the head of the log and the hash of every stored byte are compared.",
        .example = "crosschip-collector restore --data ./restored /backup/crosschip-1",
        .options = restore_options,
        .least_arguments = 1,
        .most_arguments = 1,
        .run = cmd_restore,
    },
    {
        .name = "reparse",
        .summary = "rebuild runs and measurements from the stored bytes with today's readers",
        .description =
            "In batches, while the collector serves. A submission whose rows change gets an event in the log; "
            "all others are left untouched, so it may be interrupted and run again. With --rollups "
            "it leaves them all and makes what is computed from them anew, in one transaction; exits 1 when anything "
            "differed.",
        .example = "crosschip-collector reparse --data ./data --dry-run",
        .options = reparse_options,
        .run = cmd_reparse,
    },
    {
        .name = "verify",
        .summary = "hash every bundle again, replay the log, and name what differs",
        .description =
            "Every bundle is hashed and read again, its rows are compared with its bytes; the log is replayed: leaves, "
            "tree, root, epochs, the signed head beside the key; the state of every submission is folded from its "
            "events; decisions and keys are compared with what was logged and signed. While the collector serves; "
            "changes nothing. Exit status 1 when something differs.",
        .example = "crosschip-collector verify --data ./data",
        .options = verify_options,
        .run = cmd_verify,
    },
    {
        .name = "doctor",
        .summary = "look at settings, disk, permissions, schema and rows, and say what to do",
        .description = "Exit status 1 when something is bad. Changes nothing.",
        .example = "crosschip-collector doctor --data ./data --all",
        .options = doctor_options,
        .run = cmd_doctor,
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
