# A run and what was found in it: an external pointer of class "ent_results".

arms <- c("without", "with", "taken")

ent_run <- function(scenario, draws = NULL, seed = NULL, set = list(), jobs = 0, keep_draws = FALSE, progress = interactive()) {
  if (!is.null(draws) && !(draws >= 1)) stop("draws is 1 or more, not ", draws)
  if (!is.null(seed) && !(seed >= 0 && seed <= 2^53 && seed == floor(seed))) stop("seed is a whole number from 0 to 2^53")
  line <- if (isTRUE(progress)) progress_line() else NULL
  tell <- if (is.function(progress)) progress else if (is.null(line)) NULL else line$tell
  if (!is.null(line)) on.exit(line$end())
  values <- vapply(set, setting_text, "")
  made <- .Call(C_run, path_of(scenario), as.character(names(set)), as.character(values), as.numeric(if (is.null(draws)) 0 else draws),
                seed, as.integer(jobs), isTRUE(keep_draws), tell)
  if (identical(made, "interrupted")) interrupt()
  ent_ok(made)
  results <- structure(list(pointer = made, facts = as.list(.Call(C_facts, made))), class = "ent_results")
  found <- as.data.frame(.Call(C_check_of, made), stringsAsFactors = FALSE)
  for (i in seq_len(nrow(found))) warning(place_of(found[i, ]), found$message[[i]], call. = FALSE)
  results
}

path_of <- function(path) {
  if (!is.character(path) || length(path) != 1L || is.na(path)) stop("a path is one text")
  path.expand(path)
}

# A setting as `--set` takes it: 0.5, c(0.3, 0.6) for "0.3 to 0.6", TRUE for yes.
setting_text <- function(x) {
  if (is.logical(x) && length(x) == 1L) return(if (isTRUE(x)) "yes" else "no")
  text <- if (is.numeric(x)) vapply(x, format, "", digits = 17, trim = TRUE) else as.character(x)
  if (length(text) == 2L) paste(text, collapse = " to ") else if (length(text) == 1L) text else stop("a setting is one value, or two for a range")
}

# What Ctrl-C would have done where it was pressed.
interrupt <- function() {
  condition <- structure(class = c("interrupt", "condition"), list(message = "interrupted", call = NULL))
  signalCondition(condition)
  invokeRestart("abort")
}

progress_line <- function() {
  width <- 0L
  list(tell = function(done, total) {
         text <- sprintf("%3.0f %%  %.0f of %.0f draws", 100 * done / total, done, total)
         cat("\r", formatC(text, width = -width), sep = "", file = stderr())
         width <<- nchar(text)
         NULL
       },
       end = function() if (width > 0L) cat("\r", strrep(" ", width), "\r", sep = "", file = stderr()))
}

arms_of <- function(x) if (x$facts$has_document) 0:2 else 1L

as.data.frame.ent_results <- function(x, row.names = NULL, optional = FALSE, what = c("quantities", "claims", "drivers", "inputs", "draws"), ...) {
  # as.data.frame(r, "claims"), too: the second argument of others is names of rows
  if (is.character(row.names) && missing(what)) what <- row.names
  what <- match.arg(what)
  columns <- switch(what,
    quantities = .Call(C_quantities, x$pointer, arms_of(x)),
    claims = .Call(C_claims, x$pointer, arms_of(x)),
    drivers = .Call(C_drivers, x$pointer),
    inputs = .Call(C_inputs, x$pointer),
    draws = draw_columns(x))
  as.data.frame(columns, stringsAsFactors = FALSE, optional = TRUE)
}

draw_columns <- function(x) {
  names <- unique(.Call(C_quantities, x$pointer, 1L)$name)
  out <- list()
  for (name in names) for (arm in arms_of(x)) {
    column <- .Call(C_draws, x$pointer, name, arm)
    if (!inherits(column, "ent_failure")) out[[if (arm == 1L) name else paste0(arms[[arm + 1L]], "(", name, ")")]] <- column
  }
  out
}

ent_draws <- function(results, name, arm = c("with", "without", "taken")) {
  arm <- match.arg(arm)
  ent_ok(.Call(C_draws, results$pointer, as.character(name), match(arm, arms) - 1L))
}

ent_weights <- function(results) .Call(C_weights, results$pointer)

ent_json <- function(results) ent_ok(.Call(C_json, results$pointer))

ent_write <- function(results, folder, draws = FALSE) {
  ent_ok(.Call(C_write, results$pointer, "folder", path_of(folder), isTRUE(draws)))
  invisible(folder)
}

glyphs <- c(follows = "\u25b2", `leans to` = "\u25b3", open = "\u25cb", `leans against` = "\u25bd", `does not follow` = "\u25bc",
            `depends on the model` = "\u25c6")

glyph_of <- function(verdict) {
  if (!l10n_info()[["UTF-8"]]) return(rep("", length(verdict)))
  ifelse(verdict %in% names(glyphs), paste0(glyphs[verdict], " "), "  ")
}

print.ent_results <- function(x, ...) {
  f <- x$facts
  cat(f$title, ": ", format(f$draws), " draws", if (f$interrupted) paste0(" of ", f$draws_asked, " (stopped)"), ", seed ", f$seed, "\n\n", sep = "")
  claims <- as.data.frame(x, what = "claims")
  claims <- claims[claims$arm == "with", ]
  share <- ifelse(is.na(claims$share), "", sprintf("%3.0f %%", 100 * claims$share))
  cat(sprintf("%s%5s  %-20s %s\n", glyph_of(claims$verdict), share, claims$verdict, claims$title), sep = "")
  invisible(x)
}

summary.ent_results <- function(object, ...) {
  quantities <- as.data.frame(object, what = "quantities")
  shown <- quantities[quantities$headline, c("name", "unit", "arm", "mean", "p05", "p50", "p95", "mc_error")]
  claims <- as.data.frame(object, what = "claims")
  structure(list(facts = object$facts, claims = claims[c("id", "arm", "share", "mc_error", "verdict")], quantities = shown), class = "summary.ent_results")
}

print.summary.ent_results <- function(x, ...) {
  cat(x$facts$title, "\n", x$facts$draws, " draws, seed ", x$facts$seed, "; entente ", x$facts$version, "\n\nclaims\n", sep = "")
  print(x$claims, row.names = FALSE, digits = 3)
  if (nrow(x$quantities) > 0L) {
    cat("\nquantities\n")
    print(x$quantities, row.names = FALSE, digits = 4)
  }
  invisible(x)
}

# Claims as bars between the thresholds of the verdicts, or one quantity's draws.
plot.ent_results <- function(x, quantity = NULL, ...) {
  if (!is.null(quantity)) {
    graphics::hist(ent_draws(x, quantity), main = quantity, xlab = "", ...)
    return(invisible(x))
  }
  claims <- as.data.frame(x, what = "claims")
  claims <- claims[claims$arm == "with", ]
  share <- rev(ifelse(is.na(claims$share), 0, claims$share))
  old <- graphics::par(mar = c(4, 12, 2, 1))
  on.exit(graphics::par(old))
  graphics::barplot(share, names.arg = rev(claims$id), horiz = TRUE, las = 1, xlim = c(0, 1), xlab = "share of the draws in which it holds",
                    main = x$facts$title, ...)
  graphics::abline(v = c(0.1, 1 / 3, 2 / 3, 0.9), lty = 3)
  invisible(x)
}
