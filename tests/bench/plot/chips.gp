# The reference chart in gnuplot: two panels of horizontal bars with values. Set data, count and out before.
set datafile separator ","
set terminal pngcairo size 1600,900 font "Sans,18"
set style fill solid
unset key
do for [i = 1:count] {
    set output out
    set multiplot layout 1,2 title "Memory bandwidth and inference time by chip"
    do for [panel = 2:3] {
        set title (panel == 2 ? "Memory bandwidth, GB/s" : "Inference time, ms")
        set xrange [0:*]
        set yrange [*:*] reverse
        set grid xtics
        plot data every ::1 using (column(panel) / 2):0:(column(panel) / 2):(0.3):ytic(1) with boxxyerror linecolor rgb (panel == 2 ? "#0072B2" : "#C8500A"), \
             data every ::1 using panel:0:(sprintf("%.2f", column(panel))) with labels offset 4,0
    }
    unset multiplot
    set output
}
