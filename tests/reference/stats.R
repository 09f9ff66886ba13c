# Writes reference values of statistics as CSV. See README.md.
suppressMessages({ library(diptest); library(boot) })

text <- function(x) paste(sprintf("%.17g", x), collapse = " ")
row <- function(name, a, b, expected, tolerance)
    cat(sprintf("%s,%s,%s,%s,%g\n", name, if (is.character(a)) a else text(a),
                if (is.character(b)) b else text(b), text(expected), tolerance))
lcg <- function(seed, count) {
    x <- numeric(count); s <- seed
    for (i in seq_len(count)) { s <- (16807 * s) %% 2147483647; x[i] <- s / 2147483647 }
    x
}
cat("function,a,b,expected,tolerance\n")

# ---- Mann and Whitney: U of a over b and the two-sided p of wilcox.test
rank_test <- function(a, b, name_a = a, name_b = b) {
    exact <- length(a) < 50 && length(b) < 50 && !any(duplicated(c(a, b)))
    w <- suppressWarnings(wilcox.test(a, b, exact = exact, correct = TRUE))
    row("rank_test", name_a, name_b, c(unname(w$statistic), w$p.value), 1e-9)
}
rank_test(c(1, 2, 4), c(3, 5, 6, 7))
rank_test(1, 2)
rank_test(c(1, 2), c(3, 4, 5))
rank_test(c(5.1, 4.9, 6.2, 7.3, 5.5, 6.1, 5.8), c(4.1, 5.0, 4.4, 3.9, 5.3, 4.7))
rank_test(c(1, 2, 2, 3, 3, 3, 4), c(2, 3, 4, 4, 5, 5))
rank_test(c(1e-300, 3e-300, 2e-300, 9e-300), c(4e-300, 8e-300, 7e-300, 6e-300, 5e-300))
rank_test(c(1e300, 3e300, 2e300), c(4e299, 8e299, 7e299, 1.5e300))
rank_test(lcg(3, 49), lcg(8, 48) + 0.1)
rank_test(lcg(3, 60), lcg(8, 70) * 0.9)
rank_test(round(lcg(11, 40), 1), round(lcg(12, 45), 1))
rank_test(lcg(7, 200000), lcg(9, 100000), "lcg 7 200000", "lcg 9 100000")

# ---- Hartigan's dip, and its p by the table of diptest (interpolated: a loose tolerance)
dip_of <- function(x, name = x) row("dip", name, "", dip(sort(x)), 1e-12)
dip_of(c(1))
dip_of(c(1, 2))
dip_of(c(1, 2, 4))
dip_of(c(0, 0, 1, 1))
dip_of(c(3, 3, 3, 3, 3))
dip_of(1:10)
dip_of(c(1:10, 31:40))
dip_of(c(1, 1, 1, 2, 2, 3, 5, 8, 8, 8, 9, 9, 9, 9))
dip_of(c(100.1, 100.2, 99.8, 100, 99.9, 103.1, 103, 102.9, 103.2, 103.05, 100.05, 99.95))
set.seed(42)
dip_of(signif(rnorm(50), 6)); dip_of(signif(c(rnorm(30), rnorm(25, 3)), 6)); dip_of(signif(rexp(80), 6))
dip_of(signif(c(rnorm(40), rnorm(40, 5), rnorm(30, 10)), 6)); dip_of(signif(rcauchy(60), 6))
dip_of(round(rnorm(100), 1)); dip_of(signif(runif(7), 3)); dip_of(signif(rbeta(90, .4, .4), 5))
dip_of(lcg(5, 1000), "lcg 5 1000")
dip_of(lcg(21, 20000), "lcg 21 20000")
dip_p <- function(x, name = x) row("dip_p", name, "", dip.test(x, simulate.p.value = TRUE, B = 20000)$p.value, 0.06)
dip_p(signif(rnorm(30), 6)); dip_p(signif(c(rnorm(20), rnorm(20, 4)), 6)); dip_p(signif(c(rnorm(60), rnorm(40, 2.8)), 6))
dip_p(signif(runif(25), 6)); dip_p(lcg(5, 1000), "lcg 5 1000")

# ---- Benjamini and Hochberg
adjust <- function(p) row("adjust", p, "", p.adjust(p, "BH"), 1e-14)
adjust(c(0.01, 0.04, 0.03, 0.5)); adjust(0.3); adjust(c(0.05, 0.05, 0.05)); adjust(c(1, 0.9, 0.001, 0.002, 0.0021, 0.2))
adjust(round(lcg(4, 40)^3, 6))

# ---- the normal distribution
for (p in c(1e-300, 1e-20, 1e-9, 0.001, 0.025, 0.2, 0.5, 0.75, 0.975, 0.999999))
    row("normal", p, "", qnorm(p), 1e-12)

# ---- quartiles (type 7), median absolute deviation, coefficient of variation, values beyond the fences
spread <- function(x, name = x) {
    q <- quantile(x, c(.25, .5, .75), names = FALSE, type = 7)
    beyond <- sum(x < q[1] - 1.5 * (q[3] - q[1]) | x > q[3] + 1.5 * (q[3] - q[1]))
    row("spread", name, "", c(q, mad(x, constant = 1), if (length(x) > 1) sd(x) / abs(mean(x)) else NaN, beyond), 1e-9)
}
spread(c(1, 2, 3, 4, 100)); spread(7); spread(c(7, 9)); spread(c(7, 7, 7)); spread(c(-3, -1, -2, -8, -5, -4))
spread(c(1e-300, 2e-300, 4e-300)); spread(c(1e15, 1e15 + 1, 1e15 + 5, 1e15 + 2)); spread(lcg(5, 1000), "lcg 5 1000")
spread(lcg(6, 1000000), "lcg 6 1000000")

# ---- permutation test: every division of the logarithms, written out
permutation <- function(a, b) {
    x <- log(c(a, b)); m <- length(a)
    seen <- abs(mean(log(a)) - mean(log(b)))
    all <- combn(length(x), m, function(i) abs(mean(x[i]) - mean(x[-i])))
    row("permutation", a, b, c(exp(mean(log(a)) - mean(log(b))), mean(all >= seen * (1 - 1e-12))), 1e-9)
}
permutation(c(8, 16), c(1, 2)); permutation(3, 5); permutation(c(1, 2, 3), c(1, 2, 3)); permutation(c(2, 2, 2), c(2, 2))
permutation(c(5.1, 4.9, 6.2, 7.3, 5.5, 6.1, 5.8), c(4.1, 5.0, 4.4, 3.9, 5.3, 4.7))
permutation(c(1e-200, 3e-200, 2e-200), c(2e-200, 9e-200, 8e-200, 7e-200))
# too many divisions for all of them: R draws 200,000
drawn <- function(a, b) {
    x <- log(c(a, b)); m <- length(a); seen <- abs(mean(log(a)) - mean(log(b)))
    hits <- replicate(200000, { i <- sample.int(length(x), m); abs(mean(x[i]) - mean(x[-i])) >= seen })
    row("permutation_drawn", a, b, c(exp(mean(log(a)) - mean(log(b))), (1 + sum(hits)) / 200001), 0.02)
}
drawn(10 + lcg(3, 20), 10.1 + lcg(8, 18)); drawn(10 + lcg(3, 25), 10.4 + lcg(5, 22))

# ---- the bootstrap: percentile interval of a ratio of medians, BCa interval of a mean, 50,000 replicates
ratio <- function(a, b) {
    r <- replicate(50000, median(sample(a, replace = TRUE)) / median(sample(b, replace = TRUE)))
    row("ratio", a, b, quantile(r, c(.025, .975), names = FALSE), 0.004)
}
ratio(100 + lcg(3, 25), 50 + lcg(9, 31)); ratio(signif(rexp(40) + 1, 5), signif(rexp(60) + 2, 5)); ratio(1:6, 11:20)
bca <- function(x) {
    b <- boot(x, function(d, i) mean(d[i]), R = 50000)
    # boot's own choice of influence values is a regression; BCa is defined by the jackknife's
    l <- empinf(data = x, statistic = function(d, i) mean(d[i]), type = "jack", stype = "i")
    row("bca", x, "", boot.ci(b, type = "bca", L = l)$bca[4:5], 0.012)
}
bca(signif(rexp(30), 5)); bca(signif(rlnorm(50), 5)); bca(signif(1:9 + lcg(2, 9), 7)); bca(100 + lcg(17, 200))

# ---- change points: the cheapest partition by the plain recursion over all pairs
changes <- function(x, name = x) {
    y <- log(x); y <- y - median(y); n <- length(y); least <- 8
    d <- diff(y); sigma <- mad(d) / sqrt(2); beta <- 3 * log(n) * max(sigma^2, (log1p(0.03) / 8)^2)
    if (n < 2 * least) { row("changes", name, "", 0, 0); return(invisible()) }
    best <- rep(Inf, n + 1); best[1] <- -beta; last <- integer(n + 1)
    for (t in least:n) for (s in c(0, if (t >= 2 * least) least:(t - least))) {
        z <- y[(s + 1):t]; cost <- best[s + 1] + sum((z - mean(z))^2) + beta
        if (cost < best[t + 1] - 1e-12) { best[t + 1] <- cost; last[t + 1] <- s }
    }
    starts <- integer(0); t <- n
    while (t > 0) { starts <- c(last[t + 1], starts); t <- last[t + 1] }
    repeat {
        if (length(starts) < 2) break
        level <- sapply(seq_along(starts), function(i) median(y[(starts[i] + 1):(c(starts, n)[i + 1])]))
        step <- abs(diff(level)); if (min(step) >= log1p(0.03)) break
        starts <- starts[-(which.min(step) + 1)]
    }
    row("changes", name, "", starts, 0)
}
changes(c(rep(100, 8), rep(110, 8))); changes(c(rep(100, 8), rep(102, 8))); changes(c(rep(5, 20))); changes(c(1, 2, 3))
noisy <- function(levels, each, seed, noise) rep(levels, each = each) * (1 + noise * (lcg(seed, length(levels) * each) - .5))
changes(signif(noisy(c(100, 120, 118, 90), 25, 3, .05), 8)); changes(signif(noisy(c(10, 10.6, 9.9), 40, 5, .04), 8))
changes(signif(noisy(50, 150, 9, .2), 8)); changes(signif(noisy(c(100, 70, 100, 130, 100), 30, 13, .15), 8))
changes(c(signif(noisy(c(200, 180), 30, 4, .03), 8)[1:50], 20, signif(noisy(180, 20, 6, .03), 8)))
changes(lcg(31, 600) + 1, "lcg1 31 600")

# ---- what chips give for their price: figure per 1,000 of price, and the frontier by every pair
efficiency <- function(value, price) {
    beaten <- sapply(seq_along(value), function(i) any(value >= value[i] & price <= price[i] &
                                                       (value > value[i] | price < price[i])))
    row("efficiency", value, price, c(1000 * value / price, as.numeric(!beaten)), 1e-12)
}
efficiency(c(100, 60, 50), c(1000, 400, 500)); efficiency(c(10, 10, 10, 12), c(5, 5, 6, 5)); efficiency(7, 300)
efficiency(signif(10 + 90 * lcg(41, 12), 5), signif(200 + 5000 * lcg(42, 12), 4))
