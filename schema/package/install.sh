#!/bin/sh
# install.sh install|uninstall PREFIX BIN_FOLDER [FINAL_PREFIX]: programs, man pages and shell completion.
set -eu
action=$1 prefix=$2 bin=$3
final=${4:-$prefix} # where it will be found, without the folder of a package
programs="submit collector analyze plot"

if [ "$action" = uninstall ]; then
    for name in $programs; do
        rm -f "$prefix/bin/crosschip-$name" "$prefix/share/man/man1/crosschip-$name.1" \
            "$prefix/share/bash-completion/completions/crosschip-$name"
    done
    rm -f "$prefix/lib/systemd/system/crosschip-collector.service" "$prefix/lib/sysusers.d/crosschip.conf"
    rm -f "$prefix/share/doc/crosschip/README.md" "$prefix/share/doc/crosschip/LICENSE" "$prefix/share/doc/crosschip/FORMAT.md"
    rmdir "$prefix/share/doc/crosschip" 2>/dev/null || true
    exit 0
fi
if ! mkdir -p "$prefix/bin" "$prefix/share/man/man1" "$prefix/share/bash-completion/completions" "$prefix/share/doc/crosschip"; then
    echo "error: cannot write below $prefix" >&2
    echo "hint: become root, or choose another place: make install PREFIX=\$HOME/.local" >&2
    exit 73
fi
for name in $programs; do
    install -m 755 "$bin/crosschip-$name" "$prefix/bin/"
    tables=$("$bin/crosschip-$name" --dump-verbs && "$bin/crosschip-$name" --dump-options)
    printf '%s\n' "$tables" | awk -f schema/base/dump_to_man.awk > "$prefix/share/man/man1/crosschip-$name.1"
    printf '%s\n' "$tables" | awk -f schema/base/dump_to_completion.awk \
        > "$prefix/share/bash-completion/completions/crosschip-$name"
done
# Unit and account of the collector, for whoever wants a service; neither is enabled here.
if [ "$(uname -s)" = Linux ]; then
    mkdir -p "$prefix/lib/systemd/system" "$prefix/lib/sysusers.d"
    sed "s,@PREFIX@,$final," collector/package/crosschip-collector.service > "$prefix/lib/systemd/system/crosschip-collector.service"
    install -m 644 collector/package/crosschip.sysusers "$prefix/lib/sysusers.d/crosschip.conf"
fi
install -m 644 README.md LICENSE schema/bundle/FORMAT.md "$prefix/share/doc/crosschip/"
echo "Installed crosschip-{submit,collector,analyze,plot} below $prefix"
