# Rows of a data file as C initialisers. types: one letter a column, s text, n integer, f figure, - left out.
# The files use no quotes: a comma or a quotation mark inside a field is an error, not a surprise.
BEGIN { FS = ","; width = length(types) }
NR == 1 { next }
/["\\]/ || NF != width {
    printf "%s:%d: %d fields where %d belong, or a quotation mark\n", FILENAME, FNR, NF, width > "/dev/stderr"
    exit 1
}
{
    row = ""
    for (i = 1; i <= NF; i++) {
        type = substr(types, i, 1)
        if (type == "s")
            cell = "\"" $i "\""
        else if (type == "n")
            cell = $i == "" ? "0" : $i
        else if (type == "f")
            cell = $i == "" ? "(double)NAN" : ($i ~ /[.e]/ ? $i : $i ".0")
        else
            continue
        row = row (row == "" ? "" : ", ") cell
    }
    print "{" row "},"
}
