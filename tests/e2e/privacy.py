"""Plants what identifies a person or a machine everywhere and looks for it in bundles. Called by submit_privacy.sh.

Two people, A and B, differ in all that must be redacted and in nothing else: their bundles must be the same bytes, so
that nothing of them, no hash and no length either, is in there for a guess to be confirmed by.
"""
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile

SUBMIT = sys.argv[1]
CORPUS = "../shared/corpus"
SAMPLES = "tests/data/samples"
FILE_MAX = 200_000
PER_FOLDER = 3

# What the C library answers about the account and the host; the rest is planted in the environment and in files.
SHIM = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
int gethostname(char *name, size_t size)
{
    const char *planted = getenv("PLANTED_HOST");
    strncpy(name, planted, size);
    return 0;
}
int getpwuid_r(uid_t uid, struct passwd *entry, char *space, size_t size, struct passwd **found)
{
    (void)uid; (void)space; (void)size;
    memset(entry, 0, sizeof *entry);
    entry->pw_name = getenv("PLANTED_USER");
    entry->pw_dir = getenv("PLANTED_HOME");
    entry->pw_gecos = getenv("PLANTED_NAME");
    *found = entry;
    return 0;
}
"""

A = {
    "HOST": "quillmarsh-pc", "FQDN": "quillmarsh-pc.lan.example", "USER": "tovekrantz", "NAME": "Tove Kräntz",
    "HOME": "/srv/people/tovekrantz", "ZONE": "Indian/Mauritius", "LOCALE": "mfe_MU.UTF-8",
    "MAC": "3c:7c:3f:1e:aa:01", "IP": "192.168.77.31", "UUID": "6f1c4d2e-9a3b-4c5d-8e7f-0a1b2c3d4e5f",
    "MAIL": "tove.krantz@mail.example.org", "SERIAL": None,
}
B = {
    "HOST": "bo-7", "FQDN": "bo-7.dev.example.net", "USER": "lindqvist_bo", "NAME": "Bo Algot Lindqvist-Öhrn",
    "HOME": "/data/homes/x/lindqvist_bo", "ZONE": "America/Argentina/Ushuaia", "LOCALE": "es_AR.UTF-8",
    "MAC": "a0:36:9f:02:bb:c4", "IP": "10.3.1.200", "UUID": "01234567-89ab-4cde-8f01-23456789abcd",
    "MAIL": "bo@lindqvist.example.com", "SERIAL": None,
}


def own_identifiers():
    """Serials and addresses that this machine really has; a recording cannot change what `send` asks the system."""
    found = []
    for path in ("/etc/machine-id", "/proc/sys/kernel/random/boot_id", "/sys/class/dmi/id/product_uuid",
                 "/sys/class/dmi/id/product_serial", "/sys/class/dmi/id/board_serial"):
        try:
            with open(path, encoding="utf-8", errors="replace") as file:
                text = file.read().strip()
        except OSError:
            continue
        if len(text) >= 8 and re.search(r"\d", text) and "Specified" not in text:
            found.append(text)
    try:
        for name in os.listdir("/sys/class/net"):
            with open(f"/sys/class/net/{name}/address", encoding="ascii") as file:
                text = file.read().strip()
            if len(text) == 17 and text != "00:00:00:00:00:00":
                found.append(text)
    except OSError:
        pass
    return found


OWN = own_identifiers()


def environment(person, work):
    env = {key: value for key, value in os.environ.items()
           if not key.startswith(("LC_", "LANG", "CROSSCHIP_", "XDG_")) and key not in ("USER", "LOGNAME", "SUDO_USER")}
    env.update(HOME=person["HOME"], USER=person["USER"], LOGNAME=person["USER"], TZ=person["ZONE"],
               LANG=person["LOCALE"], LC_ALL=person["LOCALE"], HOSTNAME=person["FQDN"],
               PLANTED_HOST=person["FQDN"], PLANTED_USER=person["USER"], PLANTED_HOME=person["HOME"],
               PLANTED_NAME=person["NAME"], LD_PRELOAD=os.path.join(work, "shim.so"),
               XDG_DATA_HOME=os.path.join(work, "data"), XDG_CONFIG_HOME=os.path.join(work, "config"))
    env["ASAN_OPTIONS"] = env.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0"
    return env


def needles(person):
    """All that must not be found, as it is; the search folds case."""
    short = person["FQDN"].split(".", maxsplit=1)[0]
    texts = [person[key] for key in ("FQDN", "USER", "NAME", "HOME", "ZONE", "MAC", "IP", "UUID", "MAIL")]
    texts += [short, person["LOCALE"], person["LOCALE"].split(".")[0], person["MAC"].replace(":", "-")]
    return texts + OWN


def appears(needle, haystack):
    """In any case, plain or as JSON escapes, or percent-encoded."""
    text = haystack.decode("utf-8", errors="replace")
    for _ in range(2):
        if needle.lower() in text.lower():
            return True
        text = re.sub(r"\\+u([0-9a-fA-F]{4})", lambda match: chr(int(match.group(1), 16)), text)
        text = text.replace("\\/", "/")
    return False


def escaped(text):
    return "".join(f"\\u{ord(point):04x}" for point in text)


def planted_object(person):
    """A member with fields that no reader knows: plain, in capitals, escaped, in a path, in an environment block."""
    q = json.dumps
    return ('"zz_planted": {"host_name": %s, "machine": %s, "nodename": %s, "login": %s, "author": %s, "mail": %s, '
            '"escaped": "%s", "name_escaped": %s, "capitals": %s, "cwd": %s, "deep": [{"argv": [%s, %s]}], '
            '"interfaces": {"mac": %s, "mac2": %s, "ip": %s, "own": %s}, "uuid": %s, "gpu_uuid": %s, '
            '"environment": {"LANG": %s, "LC_TIME": %s, "TZ": %s, "USER": %s, "HOME": %s, "HOSTNAME": %s, '
            '"PATH": %s, "PS1": %s}}' % (
                q(person["FQDN"]), q(person["FQDN"].split(".")[0]), q(person["FQDN"].upper()), q(person["USER"]),
                q(person["NAME"], ensure_ascii=False), q(person["MAIL"]), escaped(person["USER"]), q(person["NAME"]),
                q(person["USER"].upper()), q(person["HOME"]), q("--model=" + person["HOME"] + "/models/tiny.gguf"),
                q(person["HOME"] + "/bin/tool"), q(person["MAC"].upper()), q(person["MAC"].replace(":", "-")),
                q(person["IP"]), q(OWN), q(person["UUID"]), q("GPU-" + person["UUID"].upper()), q(person["LOCALE"]),
                q(person["LOCALE"].split(".")[0]), q(person["ZONE"]), q(person["USER"]), q(person["HOME"]),
                q(person["FQDN"]), q(person["HOME"] + "/bin:/usr/bin"),
                q(person["USER"] + "@" + person["FQDN"].split(".")[0])))


def planted_line(person):
    """A line of a terminal, as stands before outputs of programs."""
    return (f"{person['USER']}@{person['FQDN'].split('.')[0]} {person['HOME']}/x host={person['FQDN']} "
            f"by {person['NAME']} mac {person['MAC']} ip {person['IP']} uuid {person['UUID']} tz {person['ZONE']} "
            f"lang {person['LOCALE']} mail {person['MAIL']} {' '.join(OWN)}\n")


def planted(text, person):
    """The same output as `person` would have made it."""
    at = text.find("{")
    if text.lstrip()[:1] in ("{", "[") and at >= 0 and text[at + 1:].lstrip()[:1] == '"':
        return text[:at + 1] + planted_object(person) + ", " + text[at + 1:]
    # Before the output, and between two parts of it where there is an empty line.
    gap = text.find("\n\n")
    return planted_line(person) + (text[:gap + 1] + planted_line(person) + text[gap + 1:] if gap >= 0 else text)


def send(path, person, work, *options):
    name = os.path.basename(path)
    return subprocess.run([SUBMIT, "send", "--dry-run", "--key", os.path.join(work, "client.key"), *options, name],
                          cwd=os.path.dirname(path), env=environment(person, work), capture_output=True,
                          stdin=subprocess.DEVNULL, timeout=60, check=False)


NUMBER = 0


def ok(good, words, notes=()):
    global NUMBER
    NUMBER += 1
    for note in notes:
        print("#", note)
    print(f"{'ok' if good else 'not ok'} {NUMBER} - {words}")


def write(folder, name, text):
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8", errors="surrogateescape", newline="") as file:
        file.write(text)
    return path


def recorded_machine(folder, person):
    """A root tree with the planted values in every file that a reader opens, and in its neighbours."""
    line = planted_line(person)
    serial = "SN" + person["UUID"][:8].upper() + "X"
    files = {
        "proc/cpuinfo": "processor\t: 0\nmodel name\t: AMD EPYC 7763 64-Core Processor\nvendor_id\t: AuthenticAMD\n"
                        f"flags\t: lm\nSerial\t\t: {serial}\nHardware\t: {person['FQDN']}\n",
        "proc/meminfo": f"MemTotal:  16265948 kB\nHost: {person['FQDN']}\n",
        "proc/version": f"Linux version 6.1.0-13-amd64 ({person['USER']}@{person['FQDN']}) (gcc) #1 SMP\n",
        "proc/cmdline": f"root=UUID={person['UUID']} ip={person['IP']} locale={person['LOCALE']}\n",
        "proc/sys/kernel/osrelease": "6.1.0-13-amd64\n",
        "proc/sys/kernel/hostname": person["FQDN"] + "\n",
        "proc/sys/kernel/random/boot_id": person["UUID"] + "\n",
        "proc/self/cgroup": f"0::/user.slice/{person['USER']}.slice/{person['UUID']}\n",
        "proc/self/mountinfo": f"1 2 0:5 / / rw - ext4 {person['HOME']} rw\n",
        "proc/driver/nvidia/version": f"NVRM version: NVIDIA UNIX x86_64 Kernel Module  550.54.15  {line}",
        "proc/driver/nvidia/gpus/0000:01:00.0/information":
            f"Model: \t\t NVIDIA L4\nGPU UUID: \t GPU-{person['UUID']}\nBus Location: 0000:01:00.0\n",
        "etc/os-release": f'NAME="Debian GNU/Linux"\nVERSION_ID="12"\nHOME_URL="https://{person["FQDN"]}/"\n',
        "etc/hostname": person["FQDN"] + "\n", "etc/machine-id": person["UUID"].replace("-", "") + "\n",
        "etc/timezone": person["ZONE"] + "\n", "etc/hosts": f"{person['IP']} {person['FQDN']}\n",
        "sys/class/dmi/id/product_name": "PowerEdge R6515\n", "sys/class/dmi/id/sys_vendor": "Dell Inc.\n",
        "sys/class/net/eth0/address": person["MAC"] + "\n",
        "sys/class/power_supply/BAT0/serial_number": serial + "\n",
        "sys/firmware/devicetree/base/serial-number": serial + "\n",
        "sys/devices/system/cpu/online": "0\n",
        "commands/lscpu.txt": f"Architecture: x86_64\nCPU(s): 1\nHost: {person['FQDN']}\n" + line,
        "commands/dmidecode.txt":
            f"System Information\n\tManufacturer: Dell Inc.\n\tProduct Name: X\n\tSerial Number: {serial}\n"
            f"\tUUID: {person['UUID']}\nMemory Device\n\tSize: 8 GB\n\tType: DDR4\n\tSerial Number: {serial}\n"
            f"\tAsset Tag: {person['NAME']}\n",
        "commands/lshw.txt": f"{person['FQDN']}\n    product: X\n    serial: {serial}\n  *-network\n"
                             f"       serial: {person['MAC']}\n       configuration: ip={person['IP']}\n",
        "commands/inxi.txt": f"System:\n  Host: {person['FQDN']} Kernel: 6.1 arch: x86_64 bits: 64\n",
        "commands/uname-a.txt": f"Linux {person['FQDN']} 6.1.0-13-amd64 #1 SMP x86_64 GNU/Linux\n",
        "commands/sbc-bench-header.txt":
            f"sbc-bench v0.9 {person['FQDN']} (date)\nLinux 6.1 ({person['FQDN']}) \tx\t_x86_64_\t(1 CPU)\n",
        "commands/nvidia-smi-q.txt":
            "==NVSMI LOG==\nDriver Version : 550.54.15\n    Product Name : NVIDIA L4\n"
            f"    Serial Number : {serial}\n    GPU UUID : GPU-{person['UUID']}\n    FB Memory Usage\n"
            f"        Total : 23034 MiB\n    Processes\n        Name : {person['HOME']}/python\n",
        "commands/rocm-smi-a-json.txt":
            f'{{"card0":{{"Card series":"AMD Instinct MI100","Unique ID":"{person["UUID"]}",'
            f'"Serial Number":"{serial}"}}}}',
    }
    for name, text in files.items():
        write(folder, name, text)
    mac = {
        "SPHardwareDataType": [{"chip_type": "Apple M4 Max", "machine_model": "Mac16,5", "physical_memory": "48 GB",
                                "number_processors": "proc 16:12:4", "serial_number": serial,
                                "platform_UUID": person["UUID"], "provisioning_UDID": person["UUID"]}],
        "SPSoftwareDataType": [{"os_version": "macOS 15.6 (24G84)", "local_host_name": person["FQDN"],
                                "user_name": f"{person['NAME']} ({person['USER']})"}],
        "SPNetworkDataType": [{"Ethernet": {"MAC Address": person["MAC"]}, "ip_address": [person["IP"]]}],
        "SPDisplaysDataType": [{"sppci_model": "Apple M4 Max", "sppci_cores": "40",
                                "spdisplays_ndrvs": [{"_name": person["NAME"],
                                                      "_spdisplays_display-serial-number": serial}]}],
    }
    write(folder + "-mac", "commands/system_profiler-json.txt", json.dumps(mac))
    write(folder + "-mac", "commands/sysctl.txt",
          f"kern.hostname: {person['FQDN']}\nkern.uuid: {person['UUID']}\nhw.memsize: 51539607552\n" + line)
    write(folder + "-mac", "commands/sw_vers.txt", f"ProductVersion: 15.6\n{line}")
    return serial


def device_json(folder, work):
    return subprocess.run([SUBMIT, "device", "--json", "--root", folder], env=environment(A, work),
                          capture_output=True, timeout=60, check=False)


ALLOWED = {"chip", "cpu_count", "cores", "threads", "usable_threads", "core_kinds", "gpu_cores", "chips",
           "memory_bytes", "memory_type", "board", "architecture", "os_name", "os_version", "kernel", "driver",
           "virtualization", "extra"}
ALLOWED_EXTRA = {"cpu_vendor", "l1d_cache_bytes", "l1i_cache_bytes", "l2_cache_bytes", "l3_cache_bytes",
                 "offline_threads", "numa_nodes", "memory_speed_mts", "memory_limit_bytes", "cpu_quota",
                 "control_group_version", "cuda_version", "rocm_version", "metal_version", "mig_instances",
                 "translated", "power_source"}


def test_recorded(work):
    """Facts of a recorded machine, and the bundle that they go into."""
    bundles, notes, keys = [], [], True
    sample = os.path.join(SAMPLES, "llama.cpp-gpu", "nvidia-tesla-t4-cuda.json")
    for name, person in (("a", A), ("b", B)):
        folder = os.path.join(work, "machine-" + name)
        serial = recorded_machine(folder, person)
        for one in (folder, folder + "-mac"):
            got = device_json(one, work)
            facts = json.loads(got.stdout) if got.returncode == 0 else {}
            keys = keys and got.returncode == 0 and set(facts) <= ALLOWED | {"absent"} and \
                set(facts["extra"]) <= ALLOWED_EXTRA
            found = [needle for needle in needles(person) + [serial] if appears(needle, got.stdout)]
            notes += [f"{one}: {needle}" for needle in found]
            path = write(work, os.path.basename(one) + ".json", got.stdout.decode())
            copy = write(work, "plain.json", open(sample, encoding="utf-8").read())
            bundle = send(copy, person, work, "--device", path)
            notes += [f"bundle of {one}: {needle}" for needle in needles(person) + [serial]
                      if appears(needle, bundle.stdout)]
            if bundle.returncode != 0:
                notes.append(bundle.stderr.decode(errors="replace"))
            bundles.append(bundle.stdout)
    ok(not notes, "nothing planted in a recorded machine is in its facts or a bundle", notes)
    ok(keys, "device JSON holds listed facts only")
    ok(bundles[0] == bundles[2] and bundles[1] == bundles[3] and bundles[0] != bundles[1],
       "two recorded machines that differ in what identifies them give the same bundle")


def outputs():
    """Samples of the repository, and of every folder of the corpus the smallest files."""
    folders = [os.path.join(SAMPLES, name) for name in sorted(os.listdir(SAMPLES))]
    for top in ("formats", "seeds"):
        for folder, _, _ in os.walk(os.path.join(CORPUS, top)):
            folders.append(folder)
    for folder in folders:
        if not os.path.isdir(folder):
            continue
        files = [os.path.join(folder, name) for name in sorted(os.listdir(folder))]
        files = [path for path in files if os.path.isfile(path) and 0 < os.path.getsize(path) < FILE_MAX]
        yield from sorted(files, key=os.path.getsize)[:PER_FOLDER]


def compare(path, work):
    """(planted lines were carried, what was found, same bytes) for one output as A and as B."""
    with open(path, encoding="utf-8", errors="surrogateescape", newline="") as file:
        text = file.read()
    if "\0" in text:
        return None
    results = []
    for person in (A, B):
        copy = write(os.path.join(work, "outputs"), os.path.basename(path), planted(text, person))
        results.append(send(copy, person, work))
    if results[0].returncode != 0 or results[1].returncode != 0:
        return None if results[0].returncode == results[1].returncode else (True, ["exit differs"], True)
    found = [needle for person, result in zip((A, B), results) for needle in needles(person)
             if appears(needle, result.stdout)]
    return b"[removed:host]" in results[0].stdout, found, results[0].stdout == results[1].stdout


def test_outputs(work):
    made, carried, leaks, differing = 0, 0, [], []
    for path in outputs():
        result = compare(path, work)
        if result is None:
            continue
        made += 1
        carried += result[0]
        leaks += [f"{path}: {needle}" for needle in result[1]]
        if not result[2]:
            differing.append(path)
    ok(carried >= (20 if os.path.isdir(CORPUS) else 3), f"{made} planted outputs make bundles, {carried} carry what was planted, taken out")
    ok(not leaks, "nothing planted in an output is in its bundle", leaks)
    ok(not differing, "outputs that differ in what is redacted give the same bytes", differing)


def test_marked(work):
    """Prompts, generated texts, folders of models and hosts that nobody knows: the reader of the format marks them."""
    template = json.dumps([{
        "build_commit": "abc", "build_number": 1, "cpu_info": "", "gpu_info": "", "backends": "CPU",
        "model_filename": "@FOLDER@/tiny.gguf", "model_type": "llama 7B Q4_0", "model_size": 3825065984,
        "model_n_params": 6738415616, "n_prompt": 512, "n_gen": 0, "avg_ts": 12.5, "stddev_ts": 0.5}])
    made = [send(write(work, "marked.json", template.replace("@FOLDER@", folder)), A, work).stdout
            for folder in ("/mnt/secret-disk/projects/unannounced", "/opt/x", "../quillwork/other")]
    ok(made[0] != b"" and made[0] == made[1] == made[2] and b"tiny.gguf" in made[0] and b"unannounced" not in made[0],
       "a model's path becomes its base name, whatever its folder")
    google = ('{"context": {"date": "2024-01-01T00:00:00+00:00", "host_name": "@HOST@", "executable": "@PATH@/bench", '
              '"num_cpus": 8, "mhz_per_cpu": 3000, "cpu_scaling_enabled": false, "caches": [], "library_build_type": '
              '"release"}, "benchmarks": [{"name": "BM_x", "run_name": "BM_x", "run_type": "iteration", '
              '"repetitions": 1, "repetition_index": 0, "threads": 1, "iterations": 10, "real_time": 5.0, '
              '"cpu_time": 5.0, "time_unit": "ns"}]}')
    made = [send(write(work, "google.json", google.replace("@HOST@", host).replace("@PATH@", path)), A, work).stdout
            for host, path in (("unheard-of-host", "/nfs/team-x/build"), ("z9", "/x"))]
    ok(made[0] != b"" and made[0] == made[1] and b"unheard" not in made[0] and b"team-x" not in made[0],
       "a host that this machine does not know goes where its field is known")


def test_model_hash(work):
    """--hash-model: the file's hash beside the base name, never its folder; an error where there is no such file."""
    folder = os.path.join(work, "weights-of-quillmarsh")
    model = write(folder, "tiny.gguf", "weights")
    text = json.dumps([{
        "build_commit": "abc", "build_number": 1, "cpu_info": "", "gpu_info": "", "backends": "CPU",
        "model_filename": model, "model_type": "llama 7B Q4_0", "model_size": 3825065984,
        "model_n_params": 6738415616, "n_prompt": 512, "n_gen": 0, "avg_ts": 12.5, "stddev_ts": 0.5}])
    path = write(work, "hashed.json", text)
    result = send(path, A, work, "--hash-model")
    wanted = hashlib.sha256(b"weights").hexdigest().encode()
    ok(result.returncode == 0 and b'"model_sha256":"' + wanted in result.stdout.replace(b'": "', b'":"') and
       b"weights-of-quillmarsh" not in result.stdout, "--hash-model adds the hash of the model file",
       [result.stderr.decode(errors="replace")] if result.returncode else [])
    plain = send(path, A, work)
    ok(b"model_sha256" not in plain.stdout, "without it no hash goes")
    os.remove(model)
    result = send(path, A, work, "--hash-model")
    ok(result.returncode != 0 and b"no model file" in result.stderr, "a model that is not here is an error")


def test_search(work):
    """The search would find it: what B made, sent by A, holds B's account where no reader knows it. The name of B's host
    stands in a known field as well, and so goes wherever it stands."""
    sample = os.path.join(SAMPLES, "llama.cpp-gpu", "nvidia-tesla-t4-cuda.json")
    text = planted(open(sample, encoding="utf-8").read(), B)
    result = send(write(work, "foreign.json", text), A, work)
    ok(result.returncode == 0 and not appears(B["FQDN"], result.stdout) and appears(B["USER"], result.stdout) and
       not appears(B["UUID"], result.stdout) and not appears(B["MAC"], result.stdout) and
       not appears(B["IP"], result.stdout) and not appears(B["MAIL"], result.stdout),
       "the search finds names that are not this machine's; identifiers with a shape go whoever's they are")


def test_spool(work):
    """What waits in the queue is what --dry-run printed."""
    sample = os.path.join(SAMPLES, "llama.cpp-gpu", "nvidia-tesla-t4-cuda.json")
    path = write(work, "queued.json", planted(open(sample, encoding="utf-8").read(), A))
    spool = os.path.join(work, "spool")
    result = subprocess.run([SUBMIT, "send", "--key", os.path.join(work, "client.key"), "--spool", spool, path],
                            env=environment(A, work), capture_output=True, stdin=subprocess.DEVNULL, timeout=60,
                            check=False)
    everything = b"".join(open(os.path.join(folder, name), "rb").read()
                          for folder, _, names in os.walk(spool) for name in names)
    found = [needle for needle in needles(A) if appears(needle, everything)]
    ok(result.returncode == 75 and send(path, A, work).stdout in everything and not found,
       "nothing planted lies in the spool", found)


def main():
    with tempfile.TemporaryDirectory(prefix="crosschip-privacy.") as work:
        source = write(work, "shim.c", SHIM)
        built = subprocess.run([os.environ.get("CC", "cc"), "-shared", "-fPIC", "-w", "-o",
                                os.path.join(work, "shim.so"), source], capture_output=True, check=False)
        if built.returncode != 0 or not sys.platform.startswith("linux"):
            print("ok 1 - planted identities # SKIP no library can be put before the C library here")
            print("1..1")
            return
        test_recorded(work)
        test_model_hash(work)
        test_search(work)
        test_spool(work)
        test_marked(work)
        test_outputs(work)
    print(f"1..{NUMBER}")


main()
