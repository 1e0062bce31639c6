example <- function() system.file("example", package = "entente")
stances <- c(avonia = 60, borland = 90, cellia = 30)
weights <- list(salience = c(0.8, 0.9, 0.4), capability = c(5, 2, 3))

test_that("a model takes vectors and keeps their names", {
  x <- ent_compromise(stances, weights$salience, weights$capability)
  w <- weights$salience * weights$capability
  expect_equal(x$outcome, sum(w * stances) / sum(w))
  expect_equal(x$utility, 1 - ((x$outcome - stances) / 100)^2)
  expect_identical(ent_compromise(as.integer(stances), weights$salience, weights$capability)$outcome, x$outcome)
  expect_identical(ent_settle(data.frame(actor = names(stances), Position = stances, salience = weights$salience, power = weights$capability)), x)
  expect_s3_class(as.data.frame(x), "data.frame")
  expect_output(print(x), "outcome")
  expect_output(print(summary(x)), "utility")
})

test_that("what is wrong is a condition with its status", {
  e <- tryCatch(ent_nash(c(1, 300), 1, 1, high = 100), error = identity)
  expect_s3_class(e, "ent_domain_error")
  expect_match(conditionMessage(e), "300")
  expect_error(ent_nash("a", 1, 1), "position takes numbers", class = "ent_argument_error")
  expect_error(ent_nash(1:3, c(1, 1), 1), "salience has 2 numbers")
  expect_error(ent_nash(c(1, NA), 1, 1), class = "ent_domain_error")
  expect_error(ent_challenge(1:3, 1, 1, accept = "leest"), "least")
  expect_error(ent_exchange(1:3, 1, 1), "matrix")
  expect_error(ent_power(), "rule")
})

test_that("a scenario's errors have their places", {
  folder <- tempfile()
  ent_new(folder)
  expect_identical(nrow(ent_check(folder)), 0L)
  lines <- readLines(file.path(folder, "scenario.yaml"))
  at <- grep("holds:", lines)[[1]]
  lines[[at]] <- sub("trade", "trede", lines[[at]])
  writeLines(lines, file.path(folder, "scenario.yaml"))
  e <- tryCatch(ent_run(folder, draws = 10), error = identity)
  expect_s3_class(e, "ent_scenario_error")
  expect_identical(e$line, at)
  expect_match(e$message, "trede")
  expect_identical(ent_check(folder)$line[[1]], at)
  expect_error(ent_run("nowhere"), class = "ent_io_error")
})

test_that("a run gives tables, draws and files", {
  r <- ent_run(example(), draws = 600, seed = 7, keep_draws = TRUE, progress = FALSE)
  q <- as.data.frame(r)
  draws <- ent_draws(r, "door.outcome")
  expect_length(draws, 600)
  row <- q[q$name == "door.outcome" & q$arm == "with", ]
  expect_equal(mean(draws), row$mean)
  expect_equal(mean(ent_draws(r, "claim(shuts)")), as.data.frame(r, "claims")$share[[2]])
  expect_identical(nrow(as.data.frame(r, "draws")), 600L)
  expect_identical(as.data.frame(r, "draws")[["without(door.outcome)"]], as.numeric(ent_draws(r, "door.outcome", "without")))
  expect_gt(nrow(as.data.frame(r, "inputs")), 5)
  expect_s3_class(as.data.frame(r, "drivers"), "data.frame")
  expect_error(ent_draws(r, "door.position[a]"), "counts are kept")
  expect_error(ent_draws(r, "nothing"), "no quantity")
  expect_null(ent_weights(r))
  expect_match(ent_json(r), "\"seed\":7", fixed = TRUE)
  out <- tempfile()
  ent_write(r, out, draws = TRUE)
  expect_setequal(list.files(out), c("draws.csv", "report.html", "results.sqlite"))
  expect_equal(utils::read.csv(file.path(out, "draws.csv"), check.names = FALSE)[["door.outcome"]], as.numeric(draws))
  expect_output(print(r), "600 draws")
  expect_output(print(summary(r)), "door.outcome")
  changed <- ent_run(example(), draws = 600, seed = 7, set = list("door.position[b]" = c(10, 20)), progress = FALSE)
  expect_lt(mean(ent_draws(changed, "door.outcome")), mean(draws))
})

test_that("draws are not copied until they are changed, and results never are", {
  r <- ent_run(example(), draws = 1000, progress = FALSE)
  a <- ent_draws(r, "door.outcome")
  kept <- a[[1]]
  expect_match(paste(utils::capture.output(.Internal(inspect(a))), collapse = ""), "in place")
  b <- a
  b[[1]] <- -1
  expect_identical(a[[1]], kept)
  expect_identical(ent_draws(r, "door.outcome")[[1]], kept)
  rm(r)
  gc()
  expect_identical(a[[1]], kept)
  expect_error(unserialize(serialize(ent_run(example(), draws = 300, progress = FALSE), NULL)) |> ent_json(), "cannot be saved")
})

test_that("progress is told and stops a run", {
  seen <- 0
  r <- ent_run(example(), draws = 5e6, progress = function(done, total) { seen <<- total; done > 0 })
  expect_true(r$facts$interrupted && r$facts$draws < 5e6)
  expect_identical(seen, 5e6)
  expect_error(ent_run(example(), draws = 5e6, progress = function(done, total) stop("mine")), "progress failed")
})

test_that("alliances, votes and wars are called with vectors and matrices", {
  b <- ent_burden_sharing(rbind(c(us = 100, de = 50), c(110, 50)), c(3, 1), spillover = 0.4)
  expect_identical(dim(b$burden), c(2L, 2L))
  expect_identical(colnames(b$burden), c("us", "de"))
  expect_equal(b$spending[1, ], c(us = 3, de = 1), tolerance = 1e-9)
  expect_identical(nrow(as.data.frame(b)), 4L)
  three <- ent_consent(c(20, 90, 60), 1, 1, 0, 100, 100, 5, rule = "consensus", from = 50)
  expect_equal(three$chance, prod(three$accept))
  expect_error(ent_consent(c(20, 90), 1, 1, 0, 100, 100, 5, rule = "consensos", from = 50))
  d <- ent_deterrence(c(900, 90), 350, 10, 1, 0.5, 0.5, 8, 8, 0.1, 0.7, withdraws = 1, wanted = 0.5)
  expect_true(d$deterrence > 0 && d$deterrence < 1)
  w <- ent_war(6, 0.002, 0.003, 0.99, months = 24, talk = 0.1, optimism_a = 0.1, freezing = FALSE)
  expect_length(w$fighting, 24)
  expect_error(ent_war(6, 0.002, 0.003, 0.99), "months")
})

test_that("state-year frames are taken as they are", {
  nmc <- data.frame(ccode = c(2, 200, 2, 200), year = c(1990, 1990, 1991, 1991), milex = c(30, 10, 20, 20), milper = c(2, 2, -9, 1))
  expect_equal(ent_cinc(nmc), c((0.75 + 0.5) / 2, (0.25 + 0.5) / 2, 0.5, (0.5 + 1) / 2))
  nmc$gdp <- c(900, 300, 950, 320)
  shuffled <- nmc[c(4, 1, 3, 2), ]
  got <- ent_panel(shuffled, "burden_sharing", income = gdp, observed = milex, spillover = 0.3, calibrate = "each_year")
  expect_identical(got[names(shuffled)], shuffled)
  expect_equal(got$burden, shuffled$milex / shuffled$gdp, tolerance = 1e-9)
  expect_error(ent_panel(nmc[-1, ], "burden_sharing", income = gdp, observed = milex), "each state needs a row each year")
  expect_error(ent_panel(nmc[c(1, 1, 2), ], "burden_sharing", income = gdp, observed = milex), "second one")
})

test_that("power and similarity", {
  p <- ent_power(weights = c(de = 4, fr = 4, it = 4, nl = 2, be = 2, lu = 1), quota = 12)
  expect_equal(p$shapley_shubik, c(14, 14, 14, 9, 9, 0) / 60)
  expect_identical(p$member[[6]], "lu")
  expect_equal(attr(p, "act"), 14 / 64)
  expect_true("owen" %in% names(ent_power(weights = c(1, 1, 1), quota = 2, blocs = c(0, 0, 1))))
  expect_identical(nrow(ent_power("un-security-council")), 15L)
  expect_identical(ent_similarity(c(0, 1, 3), c(0, 1, 3), width = 3), 1)
})
