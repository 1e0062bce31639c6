"""The made part of the R package: a function and a help page a model, help pages of the rest, NAMESPACE."""
import os
import re

S3 = ["as.data.frame", "plot", "print", "summary"]
BY_HAND = ["ent_draws", "ent_weights", "ent_json", "ent_write", "ent_settle", "ent_panel"]


def default(port):
    if port["choices"]:
        return f'"{port["default"]}"'
    return f"{port['default']:g}" if port["default"] is not None else "NULL"


def arguments(model, interface, b):
    """[(name, default or "")] in R's order."""
    out = [(p["name"], "" if p["required"] else "NULL") for p in b.inputs_in_order(model)]
    out += [(p["name"], default(p)) for p in model["options"]]
    extra = [(name, interface["extra"][name][2]) for name in b.extra_of(model)]
    needed = [e for e in extra if not e[1]]  # a rule must be given, so it comes before what may be left out
    first = sum(1 for _, d in out if not d)
    return out[:first] + needed + out[first:] + [e for e in extra if e[1]]


def usage(name, args):
    """"name(a, b = 1)", broken into lines."""
    words = [f"{n} = {d}" if d else n for n, d in args]
    lines, line = [], f"{name}("
    for i, word in enumerate(words):
        piece = word + (", " if i < len(words) - 1 else "")
        if len(line) + len(piece) > 100:
            lines.append(line.rstrip())
            line = "  "
        line += piece
    return "\n".join([*lines, line + ")"])


def function(model, interface, b):
    args = arguments(model, interface, b)
    places = interface["places"]["names"]
    options = "list(" + ", ".join(p["name"] for p in model["options"]) + ")"
    head = usage(f"ent_{model['name']} <- function", args)
    if model["room"] == "settle":
        return (f"{head}\n  ent_ok(.Call(C_settle, \"{model['name']}\", position, salience, capability, status_quo, low, high, "
                f"seed, draw,\n               {options}))\n")
    inputs = ", ".join(f"place({p['name']})" if p["name"] in places else p["name"] for p in model["inputs"])
    extra = b.extra_of(model)
    rest = ", ".join(name if name in extra else "NULL" for name in ("rule", "first_year", "months"))
    return f"{head}\n  ent_ok(.Call(C_call, \"{model['name']}\",\n               list({inputs}),\n               {options}, {rest}))\n"


def rd(text):
    return re.sub(r"([\\%{}])", r"\\\1", text)


def items(pairs):
    return "\n".join(f"  \\item{{{rd(n)}}}{{{rd(t)}}}" for n, t in pairs)


def page(name, title, about, how, args, gives, rest):
    arguments_part = f"\\arguments{{\n{items(args)}\n}}\n" if args else ""
    return (f"% Made by bindings/describe.py from the table of models and interface.toml.\n\\name{{{name}}}\n\\alias{{{name}}}\n"
            f"\\title{{{rd(title)}}}\n\\description{{{rd(about)}}}\n\\usage{{\n{how}\n}}\n{arguments_part}\\value{{{gives}}}\n{rest}")


EXAMPLE = {
    "settle": "stances <- c(avonia = 60, borland = 90, cellia = 30)\nx <- ent_{name}(stances, salience = c(0.8, 0.9, 0.4), capability = c(5, 2, 3){more})\nx\nas.data.frame(x)",
    "exchange": "position <- cbind(budget = c(0, 100, 80), reform = c(100, 0, 20))\nent_exchange(position, salience = cbind(c(0.9, 0.3, 0.5), c(0.2, 0.8, 0.5)), capability = 1)",
    "consent": "ent_consent(c(20, 90, 60), salience = 1, capability = 1, scale_low = 0, scale_high = 100, to = 100,\n  lambda = 5, rule = \"consensus\", from = 50)",
    "burden_sharing": "x <- ent_burden_sharing(income = c(us = 29000, de = 4700, fr = 3200), observed = c(980, 94, 66), spillover = 0.4)\nas.data.frame(x)",
    "membership": "ent_membership(income = c(29000, 4700, 3200), observed = c(980, 94, 66), taste_shared = c(0.01, 0.02),\n  taste_private = c(0.02, 0.01), spending = c(980, 94), spillover = 0.4, credibility = 1)",
    "deterrence": "ent_deterrence(help = c(us = 900, de = 90), challenger = 350, target = 10, stake = 1, cost = 0.5, loss = 0.5,\n  lambda_defender = 8, lambda_challenger = 8, c = 0.1, c_opposed = 0.7, withdraws = 1, wanted = 0.8)",
    "capability": "ent_capability(income = c(4700, 3200), spending = rbind(c(94, 66), c(110, 75)), required = c(1.2, 1.2), first_year = 2026)",
    "war": "x <- ent_war(line = 6, cost_a = 0.002, cost_b = 0.003, discount = 0.99, talk = 0.1, optimism_a = 0.1, months = 36)\nplot(x, \"settled\")",
}


def model_page(model, interface, b):
    args = []
    for name, _ in arguments(model, interface, b):
        port = next((p for p in model["inputs"] + model["options"] if p["name"] == name), None)
        text = interface["extra"][name][3] if port is None else port["meaning"]
        note = b.facts(port, model) if port is not None else ""
        if name in interface["places"]["names"]:
            text, note = text + " (its number, from 1)", ""
        args.append((name, text + (f" ({note})" if note else "")))
    gives = "A list of class \\code{ent_outcome}, with methods for print, summary, plot and as.data.frame:\n" + "\\describe{\n" + items(
        [(p["name"], p["meaning"]) for p in b.outputs_of(model)]) + "\n}"
    more = ", status_quo = 50" if model["name"] in ("gravity", "agenda") else ""
    example = EXAMPLE.get(model["name"], EXAMPLE["settle"] if model["room"] == "settle" else "").replace("{name}", model["name"]).replace("{more}", more)
    details = "\\preformatted{" + rd(model["equation"]) + "}"
    if model["accuracy"]:
        details += "\n" + rd(model["accuracy"])
    rest = (f"\\details{{{details}}}\n\\references{{{rd(model['citation'])}}}\n" + (f"\\examples{{\n{rd(example)}\n}}\n" if example else ""))
    name = f"ent_{model['name']}"
    return page(name, model["title"], model["summary"], usage(name, arguments(model, interface, b)), args, gives, rest)


def function_page(f):
    name = "ent_" + f["name"]
    args = [(n, d) for n, _, _, d, _ in f["arguments"]]
    gives = rd(f.get("gives_r", f["gives"]))
    return page(name, f["title"], f["about"], usage(name, args), [(n, m) for n, _, _, _, m in f["arguments"]], gives[0].upper() + gives[1:] + ".",
                f"\\examples{{\n{rd(f['example_r'].strip())}\n}}\n")


def namespace(models, interface):
    lines = ["# Made by bindings/describe.py.", "useDynLib(entente, .registration = TRUE)"]
    names = [f"ent_{m['name']}" for m in models] + [f"ent_{f['name']}" for f in interface["function"]] + BY_HAND
    lines += [f"export({n})" for n in sorted(names)]
    lines += [f"S3method({generic}, {cls})" for cls in ("ent_outcome", "ent_results") for generic in S3]
    lines += ["S3method(print, summary.ent_outcome)", "S3method(print, summary.ent_results)"]
    return "\n".join(lines) + "\n"


def write(models, interface, folder, b):
    os.makedirs(os.path.join(folder, "man"), exist_ok=True)
    os.makedirs(os.path.join(folder, "R"), exist_ok=True)

    def put(path, text):
        with open(os.path.join(folder, path), "w", encoding="utf-8") as file:
            file.write(text)

    put("NAMESPACE", namespace(models, interface))
    put("R/models.R", "# Made by bindings/describe.py from the table of models: a function a model.\n\n" + "\n".join(function(m, interface, b) for m in models))
    for model in models:
        put(f"man/ent_{model['name']}.Rd", model_page(model, interface, b))
    for f in interface["function"]:
        put(f"man/ent_{f['name']}.Rd", function_page(f))
