# What a model gives: a list of class "ent_outcome".

vectors_of <- function(x) {
  sizes <- vapply(x, length, 0L)
  x[vapply(x, is.numeric, NA) & sizes == max(sizes) & sizes > 1L]
}

print.ent_outcome <- function(x, digits = 6, ...) {
  cat(attr(x, "model"), "\n", sep = "")
  width <- max(nchar(names(x)))
  for (name in names(x)) {
    value <- x[[name]]
    shown <- if (is.numeric(value)) format(signif(utils::head(as.vector(value), 6L), digits), trim = TRUE, digits = digits) else value
    shape <- if (is.matrix(value)) paste0(" (", nrow(value), " years of ", ncol(value), ")") else ""
    cat("  ", formatC(name, width = -width), "  ", paste(shown, collapse = " "), if (length(value) > 6L) " ...", shape, "\n", sep = "")
  }
  invisible(x)
}

summary.ent_outcome <- function(object, ...) {
  columns <- vectors_of(object)
  out <- if (length(columns) == 0L) NULL else
    t(vapply(columns, function(v) c(least = min(v, na.rm = TRUE), median = stats::median(v, na.rm = TRUE), mean = mean(v, na.rm = TRUE),
                                    most = max(v, na.rm = TRUE)), numeric(4)))
  structure(list(model = attr(object, "model"), numbers = object[vapply(object, length, 0L) == 1L], columns = out), class = "summary.ent_outcome")
}

print.summary.ent_outcome <- function(x, ...) {
  cat("model ", x$model, "\n", sep = "")
  for (name in names(x$numbers)) cat("  ", name, ": ", format(x$numbers[[name]], digits = 6), "\n", sep = "")
  if (!is.null(x$columns)) print(x$columns, digits = 4)
  invisible(x)
}

# A row an actor (ally, member, candidate, month); with several years a row an actor in a year.
as.data.frame.ent_outcome <- function(x, row.names = NULL, optional = FALSE, ...) {
  columns <- vectors_of(x)
  if (length(columns) == 0L) return(as.data.frame(unclass(x)[vapply(x, length, 0L) == 1L], stringsAsFactors = FALSE))
  first <- columns[[1L]]
  names_of <- if (is.matrix(first)) colnames(first) else names(first)
  out <- as.data.frame(lapply(columns, as.vector), stringsAsFactors = FALSE)
  if (is.matrix(first)) {
    actor <- if (is.null(names_of)) seq_len(ncol(first)) else names_of
    out <- cbind(actor = rep(actor, each = nrow(first)), year = rep(seq_len(nrow(first)), ncol(first)), out, stringsAsFactors = FALSE)
  } else if (!is.null(names_of)) {
    out <- cbind(actor = names_of, out, stringsAsFactors = FALSE)
  }
  if (!is.null(row.names)) row.names(out) <- row.names
  out
}

plot.ent_outcome <- function(x, what = NULL, main = attr(x, "model"), ...) {
  columns <- vectors_of(x)
  if (length(columns) == 0L) stop("this model gives no series to plot")
  what <- if (is.null(what)) names(columns)[[1L]] else match.arg(what, names(columns))
  value <- columns[[what]]
  if (is.matrix(value)) {
    graphics::matplot(value, type = "l", lty = 1, xlab = "year", ylab = what, main = main, ...)
  } else if (attr(x, "model") == "war") {
    graphics::plot(value, type = "l", xlab = "month", ylab = what, main = main, ...)
  } else {
    graphics::barplot(value, names.arg = names(value), ylab = what, main = main, las = 2, ...)
  }
  invisible(x)
}
