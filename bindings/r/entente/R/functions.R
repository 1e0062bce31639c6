# What needs no results: checks, rules and power, capability shares, similarity, the table of models.

ent_check <- function(scenario) as.data.frame(ent_ok(.Call(C_check, path_of(scenario))), stringsAsFactors = FALSE)

ent_new <- function(folder) {
  ent_ok(.Call(C_new, path_of(folder)))
  invisible(folder)
}

ent_power <- function(rule = NULL, weights = NULL, quota = NULL, members = 0, blocs = NULL, method = "auto", samples = 0, seed = 1) {
  said <- ent_ok(.Call(C_power, rule, weights, quota, as.integer(members), blocs, as.character(method), as.numeric(samples), as.numeric(seed)))
  columns <- said[!vapply(said, is.null, NA) & !names(said) %in% c("act", "method")]
  if (!is.null(names(weights))) columns$member <- names(weights)
  structure(as.data.frame(columns, stringsAsFactors = FALSE), act = said$act, method = said$method)
}

ent_rules <- function() .Call(C_rules)

ent_cinc <- function(table) {
  columns <- stats::setNames(as.list(table), tolower(names(table)))
  ent_ok(.Call(C_cinc, columns$year, lapply(c("milex", "milper", "irst", "pec", "tpop", "upop"), function(name) columns[[name]])))
}

ent_similarity <- function(a, b, width, kind = "s", squared = FALSE)
  ent_ok(.Call(C_similarity, a, b, as.numeric(width), as.character(kind), isTRUE(squared)))

ent_models <- function() as.data.frame(.Call(C_models), stringsAsFactors = FALSE)

# --- data frames -------------------------------------------------------------------------------------------

ent_settle <- function(data, model = "compromise", ...) {
  f <- model_function(model, "settle")
  names(data) <- tolower(names(data))
  capability <- if (is.null(data$capability)) data$power else data$capability
  missing <- setdiff(c("position", "salience"), names(data))
  if (length(missing) > 0L || is.null(capability)) stop("data lacks the column ", c(missing, "capability")[[1L]])
  if (is.null(data$actor)) return(f(data$position, data$salience, capability, ...))
  f(stats::setNames(data$position, data$actor), data$salience, capability, ...)
}

model_function <- function(model, room = NULL) {
  known <- ent_models()
  if (!is.null(room)) known <- known[known$room == room, ]
  if (!model %in% known$name) stop("there is no model '", model, "' here; there is: ", paste(known$name, collapse = ", "))
  get(paste0("ent_", model), envir = asNamespace("entente"))
}

ent_panel <- function(data, model, ..., state = NULL, year = "year") {
  f <- model_function(model)
  if (is.null(state)) state <- intersect(c("ccode", "gwcode", "stateabb", "state", "country", "iso3"), names(data))[1L]
  for (column in c(state, year)) if (is.na(column) || !column %in% names(data)) stop("data lacks a column of ", if (identical(column, year)) "years: year" else "states: ccode, gwcode, stateabb or state")
  states <- unique(data[[state]])
  years <- sort(unique(data[[year]]))
  place <- cbind(match(data[[year]], years), match(data[[state]], states))
  twice <- duplicated(place)
  if (any(twice)) stop("row ", which(twice)[[1L]], " is a second one of the same state and year")
  gone <- length(states) * length(years) - nrow(data)
  if (gone > 0L) {
    there <- matrix(FALSE, length(years), length(states))
    there[place] <- TRUE
    first <- which(!there, arr.ind = TRUE)[1L, ]
    stop(gone, " rows are missing, such as that of ", states[[first[[2L]]]], " in ", years[[first[[1L]]]], ": each state needs a row each year")
  }
  asked <- eval(substitute(alist(...)))
  given <- lapply(asked, eval, envir = data, enclos = parent.frame())
  wide <- function(x) {
    if (length(x) != nrow(data) || is.character(x)) return(x)
    out <- matrix(NA_real_, length(years), length(states), dimnames = list(NULL, as.character(states)))
    out[place] <- as.numeric(x)
    out
  }
  said <- do.call(f, c(lapply(given, wide), if ("first_year" %in% names(formals(f))) list(first_year = years[[1L]])))
  matrices <- vapply(said, is.matrix, NA) & vapply(said, length, 0L) == nrow(data)
  for (name in names(said)[matrices]) data[[if (name %in% names(data)) paste0(model, "_", name) else name]] <- said[[name]][place]
  by_state <- !matrices & vapply(said, function(x) is.numeric(x) && length(x) == length(states) && length(states) != length(years), NA)
  for (name in names(said)[by_state]) data[[name]] <- said[[name]][place[, 2L]]
  structure(data, entente = said)
}
