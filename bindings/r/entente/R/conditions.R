# What the library says is wrong, as a condition with its place.

#' @noRd
ent_ok <- function(x) if (inherits(x, "ent_failure")) ent_raise(x) else x

ent_raise <- function(failure) {
  findings <- as.data.frame(failure$findings, stringsAsFactors = FALSE)
  message <- failure$message
  if (nrow(findings) > 0L) {
    message <- paste0(place_of(findings), findings$severity, ": ", findings$message, collapse = "\n")
    first <- findings[match("error", findings$severity), ]
    if (failure$file == "" && !is.na(first$message)) failure[c("file", "line", "column")] <- first[c("file", "line", "column")]
  } else if (failure$file != "") {
    message <- paste0(place_of(data.frame(file = failure$file, line = failure$line, column = failure$column)), message)
  }
  call <- sys.call(-2)
  stop(structure(class = c(paste0("ent_", failure$status, "_error"), "ent_error", "error", "condition"),
                 list(message = message, call = call, status = failure$status, file = failure$file, line = failure$line,
                      column = failure$column, findings = findings)))
}

# "actors.csv:3:7: ", as far as it is known.
place_of <- function(f) {
  place <- ifelse(is.na(f$line), f$file, paste0(f$file, ":", f$line, ifelse(is.na(f$column), "", paste0(":", f$column))))
  ifelse(f$file == "", "", paste0(place, ": "))
}

# Counted from 1 in R, from 0 in the library.
place <- function(i) if (is.null(i)) NULL else i - 1
