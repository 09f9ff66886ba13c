# Name, a tab, number of the row and a comma: one line for each name, where it stands first.
BEGIN { FS = "," }
NR > 1 && !seen[$1]++ { print $1 "\t" NR - 2 "," }
