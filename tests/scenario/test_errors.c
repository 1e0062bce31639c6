/* Every way to say a scenario wrong: what is told, and where.
 *
 * A case replaces a piece of the base scenario (folder.h). The mark ^ in the replacement is taken out; it is where the finding
 * must point. There must be that one finding and no other. */
#include "folder.h"

typedef struct wrong {
    const char *name, *file, *find, *with, *message;
} wrong;

#define YAML "scenario.yaml"

static const wrong cases[] = {
    /* --- the top */
    {"no title", YAML, "entente: 1\ntitle: A test\n", "^entente: 1\n", "scenario.yaml lacks 'title'"},
    {"another version", YAML, "entente: 1", "entente: ^2", "'entente' is the version of the format, 1, found '2'"},
    {"an unknown key", YAML, "draws: 100", "^drawz: 100", "'drawz' is no key of scenario.yaml; did you mean 'draws'?"},
    {"draws in words", YAML, "draws: 100", "draws: ^many", "'draws' takes a whole number from 1 to 4294967295, found 'many'"},
    {"no draws", YAML, "draws: 100", "draws: ^0", "'draws' takes a whole number from 1 to 4294967295, found '0'"},
    {"half a draw", YAML, "draws: 100", "draws: ^10.5", "'draws' takes a whole number from 1 to 4294967295, found '10.5'"},
    {"a seed below zero", YAML, "seed: 7", "seed: ^-1", "'seed' takes a whole number from 0 to 18446744073709551615, found '-1'"},
    {"a seed beyond 64 bits", YAML, "seed: 7", "seed: ^18446744073709551616",
     "'seed' takes a whole number from 0 to 18446744073709551615, found '18446744073709551616'"},
    {"a title that is a list", YAML, "title: A test", "title: ^[a, b]", "'title' takes a text, found a list"},
    {"time without years", YAML, "time: {start: 2026, years: 3}", "^time: {start: 2026}", "'time' lacks 'years'"},
    {"too many years", YAML, "years: 3}", "years: ^201}", "'years' takes a whole number from 1 to 200, found '201'"},
    {"limits with a mapping", YAML, "limits: [One.]", "limits: [^{a: b}]", "an item of 'limits' takes a text, found a mapping"},

    /* --- YAML itself */
    {"a key without a value", YAML, "about: A door.", "^about:", "'about' has no value; leave the key out where there is nothing to say"},
    {"null in words", YAML, "about: A door.", "^about: ~", "'about' has no value; leave the key out where there is nothing to say"},
    {"a key without a value in braces", YAML, "years: 3}", "years: 3, ^rest}",
     "'rest' has no value; if it belongs to the text before the comma, quote all of that text"},
    {"an empty item", YAML, "limits: [One.]", "limits:\n  ^- One.\n  -", "item 2 of this list is empty"},
    {"an anchor", YAML, "title: A test", "title: ^&a A test", "an anchor (&name) is not allowed: write the text out where it is needed"},
    {"an alias", YAML, "about: A door.", "about: ^*title",
     "an alias (*name) is not allowed: write the text out; a text that begins with * needs quotes"},
    {"a tag", YAML, "seed: 7", "seed: ^!!int 7", "a tag (!name) is not allowed: numbers and words need none"},
    {"a key twice", YAML, "about: A door.", "about: A door.\n^title: Again", "'title' again: it stands in line 2 already"},
    {"a key twice in braces", YAML, "{start: 2026, years: 3}", "{start: 2026, years: 3, ^start: 2027}",
     "'start' again: it stands in line 3 already"},
    {"a list as a key", YAML, "about: A door.", "? ^[a, b]\n: c", "a list as a key: a key is a word; an expression with brackets needs quotes"},
    {"two documents", YAML, "about: A door.\n", "^---\nabout: A door.\n", "a second document (---): a scenario is one"},
    {"text with a colon", YAML, "title: A test", "title: A test^: the door",
     "YAML: invalid nested block mapping on the same line; text that holds ': ' needs quotes"},
    {"a quote that is missing", YAML, "title: A test", "title: ^\"A test", "YAML: wrongly indented double-quoted scalar; a closing quote is missing"},
    {"a quote inside quotes", YAML, "title: A test", "title: 'It'^s a test'",
     "YAML: invalid trailing content after single-quoted scalar; a quote inside a quoted text is doubled in '...' and \\\" in \"...\""},
    {"a tab", YAML, "  past: past.csv", "^\tpast: past.csv", "YAML: tab character may not be used as indentation; indent with spaces"},
    {"a percent sign first", YAML, "about: A door.", "about: ^%5", "YAML: plain scalar cannot start with '%'; put the text in quotes"},
    {"an index in braces", YAML, "changes: {stake: value * lever}", "changes: {stake^[us]: value * lever}",
     "YAML: missing comma in flow mapping; inside { } an expression or text with brackets or commas needs quotes"},
    {"a function in braces", YAML, "changes: {stake: value * lever}", "changes: {stake: ^max(value, lever, 0)}",
     "quote the expression or text: inside { } a comma ends it, here after 'max(value'"},
    {"a function in a list", YAML, "  - door.outcome[2026] <= 90", "  [^max(gap, 1) < 3]",
     "quote the expression or text: inside [ ] a comma ends it, here after 'max(gap'"},
    {"prose in braces", YAML, "why: a guess, range", "why: a guess, ^or two, range",
     "'or two' has no value; if it belongs to the text before the comma, quote all of that text"},
    {"bytes that are no text", YAML, "A door.", "A ^\xff door.", "a byte that is no UTF-8 text (0xff): save the file as UTF-8"},
    {"a control character", YAML, "A door.", "A é ^\x07 door.", "a control character (0x07): the file is not plain text"},

    {"keys of keys", YAML, "about: A door.", "? ^? ? a\n", "a mapping as a key: a key is a word; an expression with brackets needs quotes"},
    {"an alias as a key", YAML, "about: A door.", "^*a : b\n",
     "an alias (*name) is not allowed: write the text out; a text that begins with * needs quotes"},
    {"a long text of wide characters", YAML, "draws: 100", "draws: ^\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
     "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
     "\xc3\xa9\xc3\xa9\xc3\xa9" "a\xc3\xa9 and more",
     "'draws' takes a whole number from 1 to 4294967295, found '\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
     "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
     "\xc3\xa9\xc3\xa9\xc3\xa9" "a'"},

    /* --- actors */
    {"an actor twice", "actors.csv", "fr,France", "^us,France", "'us' is the id of an actor, but it is taken since line 2"},
    {"an id with a capital", "actors.csv", "fr,France", "^Pl,France",
     "'Pl' cannot be the id of an actor: an id is made of lower-case letters, digits and _, begins with a letter and has at most 64 of them"},
    {"an id with a quote", "actors.csv", "fr,France", "^\"p\"\"l\",France",
     "'p\"l' cannot be the id of an actor: an id is made of lower-case letters, digits and _, begins with a letter and has at most 64 of them"},
    {"an id with a space", "actors.csv", "fr,France", "^p l,France",
     "'p l' cannot be the id of an actor: an id is made of lower-case letters, digits and _, begins with a letter and has at most 64 of them"},
    {"an id of emoji", "actors.csv", "fr,France", "^\xf0\x9f\x87\xb5\xf0\x9f\x87\xb1,France",
     "'\xf0\x9f\x87\xb5\xf0\x9f\x87\xb1' cannot be the id of an actor: an id is made of lower-case letters, digits and _, begins with a letter "
     "and has at most 64 of them"},
    {"an id from right to left", "actors.csv", "fr,France", "^\xd8\xa8\xd9\x88,France",
     "'\xd8\xa8\xd9\x88' cannot be the id of an actor: an id is made of lower-case letters, digits and _, begins with a letter and has at most 64 "
     "of them"},
    {"an id that is missing", "actors.csv", "fr,France", "^,France",
     "'' cannot be the id of an actor: an id is made of lower-case letters, digits and _, begins with a letter and has at most 64 of them"},
    {"a word of expressions as an actor", "actors.csv", "fr,France", "^if,France",
     "'if' cannot be the id of an actor: the word has a meaning in expressions"},
    {"no column id", "actors.csv", "id,name", "^code,name", "the table of actors has no column 'id'"},
    {"a word among numbers", "actors.csv", "yes,100", "yes,^unknown",
     "'unknown' is no number and no distribution; leave the cell empty where nothing is known"},
    {"a formula in a cell", "actors.csv", "yes,100", "yes,^100 * stake",
     "'100 * stake' is no number and no distribution; what is made of others stands under `quantities`"},
    {"a column with a word of expressions", "actors.csv", NULL, "id,name,member,gdp,^sum\nus,A,yes,1,2\nru,B,no,3,4\npl,C,no,,\n",
     "'sum' cannot be the id of a column: the word has a meaning in expressions"},
    {"units of no column", YAML, "columns: {gdp:", "columns: {^gpd:", "'gpd' is no column of the table; did you mean 'gdp'?"},
    {"an unknown key of a column", YAML, "{unit: billion}", "{^units: billion}", "'units' is no key of a column; did you mean 'unit'?"},
    {"actors that are not there", YAML, "actors: actors.csv", "actors: ^actor.csv", "the file 'actor.csv' is not there; did you mean 'actors.csv'?"},

    /* --- groups */
    {"a group without members", YAML, "{members: [us, ru]}", "{members: ^[]}", "group 'pair' has no members"},
    {"a member that is nobody", YAML, "[us, ru]", "[us, ^rus]", "'rus' is no actor and no group; did you mean 'us'?"},
    {"a member twice", YAML, "[us, ru]", "[us, ^us]", "'us' again"},
    {"a group in itself", YAML, "[us, ru]", "[us, ^pair]", "group 'pair' cannot be a member of itself"},
    {"a condition on no column", YAML, "{member: \"yes\"}", "{^membr: \"yes\"}", "'membr' is no column of the actors; did you mean 'member'?"},
    {"a condition that nobody meets", YAML, "{member: \"yes\"}", "{^member: \"maybe\"}",
     "group 'club' has no members: no actor meets its conditions"},
    {"an unknown rule", YAML, "rule: consensus", "rule: ^consenus", "'consenus' is no rule; did you mean 'consensus'?"},
    {"a rule from elsewhere", YAML, "rule: consensus", "rule: ^lottery",
     "'lottery' is no rule; rules are consensus, majority, {weighted: COLUMN, quota: q}, {all: [..]}, {any: [..]}"},
    {"a weighted rule without quota", YAML, "rule: consensus", "^rule: {weighted: gdp}", "a weighted rule lacks 'quota'"},
    {"a quota of zero", YAML, "rule: consensus", "rule: {weighted: gdp, quota: ^0}", "'quota' lies above 0"},
    {"nested maybe", YAML, "rule: consensus}", "nested: ^maybe}", "'nested' takes yes or no, found 'maybe'"},
    {"a group that is a word", YAML, "  pair: {members: [us, ru]}", "  pair: ^us", "a group takes a mapping (key: value), found 'us'"},
    {"an unknown key of a group", YAML, "{members: [us, ru]}", "{members: [us, ru], ^rul: majority}",
     "'rul' is no key of a group; did you mean 'rule'?"},

    /* --- issues */
    {"an issue without scale", YAML, "  door:\n    question: Open?\n    scale: {0: shut, 100: open}\n    status_quo: 50\n",
     "  ^door:\n    question: Open?\n", "an issue lacks 'scale'"},
    {"a scale with one end", YAML, "scale: {0: shut, 100: open}\n    status_quo: 50\n", "scale: ^{0: shut}\n",
     "a scale has at least two points, its ends: {0: none, 100: all}"},
    {"a scale in words", YAML, "{0: shut, 100: open}", "{0: shut, 100: open, ^all: much}",
     "a scale has a number for each of its texts, {0: none, 100: all}, found 'all'"},
    {"a scale that names a point twice", YAML, "scale: {0: shut, 100: open}\n    status_quo: 50\n", "scale: ^{0: shut, 100: open, 100.0: wide}\n",
     "two texts at the same point of the scale: 'open' and 'wide'"},
    {"a status quo off the scale", YAML, "status_quo: 50", "status_quo: ^101", "the status quo lies between 0 and 100, found 101 in '101'"},
    {"a position off the scale", "door.csv", "pl,100", "pl,^100.5", "a position lies between 0 and 100, found 100.5 in '100.5'"},
    {"an interval that leaves the scale", "door.csv", "ru,0 to 5", "ru,^-5 to 5", "a position lies between 0 and 100, found -5 in '-5 to 5'"},
    {"a distribution that leaves the scale", "door.csv", "ru,0 to 5", "ru,^\"uniform(50, 120)\"",
     "a position lies between 0 and 100, found 120 in 'uniform(50, 120)'"},
    {"a mean off the scale", "door.csv", "ru,0 to 5", "ru,^\"normal(120, 1)\"", "a position lies between 0 and 100, found 120 in 'normal(120, 1)'"},
    {"a salience above one", "door.csv", "us,60 to 80,0.5,3", "us,60 to 80,^50,3", "a salience lies between 0 and 1, found 50 in '50'"},
    {"a capability below zero", "door.csv", "0.5,3", "0.5,^-3", "a capability is at least 0, found -3 in '-3'"},
    {"a cell that is empty", "door.csv", "us,60 to 80,0.5,3", "us,60 to 80,^,3", "the salience of 'us' is missing"},
    {"a stance of nobody", "door.csv", "ru,0 to 5", "^rus,0 to 5", "'rus' is no actor and no group; did you mean 'us'?"},
    {"a stance twice", "door.csv", "ru,0 to 5", "^us,0 to 5", "'us' again: it has a stance on this issue already"},
    {"an expert who speaks twice", "door.csv", "actor,position,salience,capability,source\nus,60 to 80,0.5,3,guess\n",
     "actor,position,salience,capability,expert\nus,60 to 80,0.5,3,Ann\nus,70,0.5,3,^Ann\n", "'Ann' has spoken of 'us' already"},
    {"two experts without a name", "door.csv", "actor,position,salience,capability,source\nus,60 to 80,0.5,3,guess\n",
     "actor,position,salience,capability,expert\nus,60 to 80,0.5,3,\nus,70,0.5,3,^\n", "nobody by name has spoken of 'us' already"},
    {"a number that no expert tells", "door.csv", "actor,position,salience,capability,source\nus,60 to 80,0.5,3,guess\n",
     "actor,position,salience,capability,expert\nus,60 to 80,^,3,Ann\nus,70,,3,Ben\n", "the salience of 'us' is missing: no expert tells it"},
    {"an expert's answer off the scale", "door.csv", "actor,position,salience,capability,source\nus,60 to 80,0.5,3,guess\n",
     "actor,position,salience,capability,expert\nus,60 to 80,0.5,3,Ann\nus,^101,,3,Ben\n", "a position lies between 0 and 100, found 101 in '101'"},
    {"an expert of no actor", "door.csv", "actor,position,salience,capability,source\nus,60 to 80,0.5,3,guess\n",
     "actor,position,salience,capability,expert\nus,60 to 80,0.5,3,Ann\n^uss,70,,3,Ben\n", "'uss' is no actor and no group; did you mean 'us'?"},
    {"an expert without weight in a table", "door.csv", "actor,position,salience,capability,source\nus,60 to 80,0.5,3,guess\nru,0 to 5,0.8 to 1,2,guess\npl,100,1,1,guess\n",
     "actor,position,salience,capability,expert,weight\nus,60 to 80,0.5,3,Ann,1\nus,70,,,Ben,^-1\n",
     "an expert's weight is a number above 0, found '-1'"},
    {"a missing column", "door.csv", "actor,position,salience", "^actor,position,saliense",
     "a table of stances has the columns actor, position, salience and capability; 'salience' is missing; did you mean 'saliense'?"},
    {"no stances", YAML, "stances: door.csv", "stances: ^[]", "there are no stances on 'door'"},
    {"a stance without position", YAML, "stances: door.csv", "stances:\n      ^us: {salience: 1, capability: 1}", "a stance lacks 'position'"},
    {"a formula as a position", YAML, "stances: door.csv", "stances:\n      us: {position: ^2 * stake, salience: 1, capability: 1}",
     "'2 * stake' is no number and no distribution"},
    {"a model of weight zero", YAML, "settle: {compromise: 2, median: 1}", "settle: ^{compromise: 0, median: 0}",
     "the weights of the models are all zero"},
    {"a weight below zero", YAML, "settle: {compromise: 2, median: 1}", "settle: {compromise: 2, median: ^-1}",
     "the weight of a model takes a number of at least 0, found '-1'"},
    {"options of weight zero", YAML, "median: 1}", "challenge: {accept: ^{least: 0}}}", "the weights of 'accept' are all zero"},
    {"an error of no known kind", YAML, "    status_quo: 50", "    model_error: ^some", "'model_error' is calibrated, or \"calibrated by year\" where each year has an error of its own"},
    {"a list of errors", YAML, "    status_quo: 50", "    model_error: ^[calibrated]", "'model_error' is calibrated, or \"calibrated by year\" where each year has an error of its own"},
    {"an issue with a word of expressions", YAML, "  door:\n", "  door: {scale: {0: a, 1: b}, stances: {us: {position: 1, salience: 1, capability: 1}}}\n  ^mean:\n",
     "'mean' cannot be the id of an issue: the word has a meaning in expressions"},

    /* --- tables */
    {"a row of nobody", "past.csv", "pl,2021", "^pol,2021", "'pol' is no actor; did you mean 'pl'?"},
    {"a row without year", "past.csv", "pl,2021", "pl,^21", "'21' is no year"},
    {"a row twice", "past.csv", "pl,2021", "^us,2021", "a second row for us, 2021: the first is in line 3"},
    {"a table without numbers", "past.csv", "actor,year,spent\nus,2020,3\nus,2021,4\npl,2021,2\n", "^actor,year\nus,2020\n",
     "the table has no column of numbers beside actor and year"},
    {"a column with the name of an input", "past.csv", "spent", "^gdp", NULL},

    /* --- inputs */
    {"an input made of others", YAML, "  cost: 3", "  cost: ^2 * stake",
     "an input is a number or a distribution, found '2 * stake'; what is made of others stands under `quantities`"},
    {"a percentage", YAML, "  cost: 3", "  cost: ^3 %", "'3 %': a percentage is written as a share: 0.05 for 5 %"},
    {"not a number", YAML, "  cost: 3", "  cost: ^.nan", "'.nan' is no finite number"},
    {"infinity", YAML, "  cost: 3", "  cost: ^-.inf", "'-.inf' is no finite number"},
    {"a number beyond doubles", YAML, "  cost: 3", "  cost: ^1e999", "'1e999' is no finite number"},
    {"an interval that runs backwards", YAML, "  cost: 3", "  cost: ^5 to 2", "'5 to 2' runs backwards: the lower end comes first"},
    {"an interval with a dash", YAML, "  cost: 3", "  cost: ^5-10", "'5-10' would be a difference; an interval is written with to: 2 to 5"},
    {"a decimal comma", YAML, "  cost: 3", "  cost: ^0,5",
     "'0,5' has a decimal comma: write a point (a comma is read in tables with ; or tab between columns)"},
    {"a range backwards", YAML, "range: [0, 1]}\n  cost", "range: ^[1, 0]}\n  cost",
     "'range': the first number must be below the second, found [1, 0]"},
    {"a range of three", YAML, "range: [0, 1]}\n  cost", "range: ^[0, 1, 2]}\n  cost", "'range' takes two numbers, [low, high], found 3"},
    {"a number outside its range", YAML, "  cost: 3", "  cost: {value: ^3, range: [0, 1]}", "'3' lies outside its range [0, 1]"},
    {"a value and experts", YAML, "  cost: 3", "  cost: {value: 3, ^experts: [1]}", "'cost' has both 'value' and 'experts': one of them is enough"},
    {"neither value nor experts", YAML, "  cost: 3", "  ^cost: {unit: day}", "'cost' lacks 'value'"},
    {"no experts", YAML, "  cost: 3", "  cost: {experts: ^[]}", "'experts' is an empty list"},
    {"an expert without weight", YAML, "  cost: 3", "  cost: {experts: [{value: 1, weight: ^0}]}", "an expert's weight lies above 0"},
    {"an expert with a formula", YAML, "  cost: 3", "  cost: {experts: [^2 * x]}", "an expert's value is a number or a distribution, found '2 * x'"},
    {"an unknown key of an input", YAML, "  cost: 3", "  cost: {value: 3, ^units: day}", "'units' is no key of 'cost'; did you mean 'unit'?"},
    {"an interval as a list", YAML, "  cost: 3", "  cost: ^[2, 5]",
     "'cost' takes a number, a distribution or an expression, found a list; an interval is written 2 to 5"},
    {"an input with the name of a column", YAML, "  cost: 3", "  cost: 3\n  ^gdp: 3", NULL},
    {"a quantity with the name of an input", YAML, "  gap:", "  gap: 1\n  ^cost:", "'cost' is the id of a quantity, but it is taken since line 23"},
    {"an empty value", YAML, "  cost: 3", "  cost: \"^\"", "'cost' is empty"},
    {"year as an input", YAML, "  cost: 3", "  cost: 3\n  ^year: 3", "'year' cannot be the id of an input: the word has a meaning in expressions"},
    {"an error inside an expression", YAML, "door.position[us] - door", "door.position[us] ^= door", "found '='; equality is written =="},
    {"a correlation of two", YAML, "[stake, cost, 0.5]", "^[stake, cost]",
     "a correlation is two names and a number, [a, b, 0.5], found 2 items; a name with brackets needs quotes"},
    {"a correlation above one", YAML, "[stake, cost, 0.5]", "[stake, cost, ^1.5]", "a correlation takes a number from -1 to 1, found '1.5'"},
    {"a correlation with itself", YAML, "[stake, cost, 0.5]", "[stake, ^stake, 0.5]", "'stake' is correlated with itself"},
    {"a correlation twice", YAML, "[stake, cost, 0.5]", "[stake, cost, 0.5], ^[cost, stake, 0.1]",
     "the correlation of cost, stake stands in line 48 already"},
    {"a correlation of a sum", YAML, "[stake, cost, 0.5]", "[^stake + 1, cost, 0.5]", "a correlation takes a name, such as x or x[us], found 'stake + 1'"},

    /* --- document */
    {"a document without title", YAML, "document:\n  title: A paper\n", "^document:\n", "'document' lacks 'title'"},
    {"a date in words", YAML, "date: 2025-12", "date: ^December 2025", "'December 2025' is no date: write 2025-12, or 2025-12-04"},
    {"a thirteenth month", YAML, "date: 2025-12", "date: ^2025-13", "'2025-13' is no date: write 2025-12, or 2025-12-04"},
    {"binding in part", YAML, "binding: no", "binding: ^partly", "'binding' takes yes or no, found 'partly'"},
    {"a probability above one", YAML, "takes_hold: 0.5", "takes_hold: ^1.5", "the probability to take hold lies between 0 and 1, found 1.5 in '1.5'"},
    {"a formula to take hold", YAML, "takes_hold: 0.5", "takes_hold: ^stake / 2",
     "'takes_hold' names a decision or is a probability, found 'stake / 2'"},
    {"an unknown key of a provision", YAML, "      binding: no", "      ^bindng: no", "'bindng' is no key of a provision; did you mean 'binding'?"},
    {"a change of a sum", YAML, "door.position[us]: 0 to 10", "^door.position[us] + 1: 0 to 10",
     "what is changed takes a name, such as x or x[us], found 'door.position[us] + 1'"},
    {"a change without value", YAML, "door.position[us]: 0 to 10", "^door.position[us]:",
     "'door.position[us]' has no value; leave the key out where there is nothing to say"},

    /* --- models, given, claims, levers, known */
    {"a model without use", YAML, "  vote: {use: consent, group", "  ^vote: {group", "a model lacks 'use'"},
    {"a model with the name of an issue", YAML, "  vote: {use", "  ^door: {use", "'door' is the id of a model, but it is taken since line 13"},
    {"a list in a list", YAML, "[2026, 2028]", "[2026, ^[2028]]", "an item of a model's input takes a text, found a list"},
    {"an observation of nothing", YAML, "  - door.outcome[2026] <= 90", "  - ^{says: it rained}",
     "an observation is {says, holds} or {quantity, is, error, source}"},
    {"an exact observation", YAML, "  - door.outcome[2026] <= 90", "  - {quantity: gap, is: 3, error: ^0}",
     "'error' lies above 0: no draw meets a number exactly"},
    {"a claim that holds", YAML, "holds: last(door.outcome) <= 30", "holds: ^yes",
     "'holds' takes an expression over results, such as \"last(x) >= 5\", found 'yes'"},
    {"a claim that is a number", YAML, "holds: last(door.outcome) <= 30", "holds: ^0.7",
     "'holds' takes an expression over results, such as \"last(x) >= 5\", found the number '0.7'"},
    {"a claim that says nothing", YAML, "  shut:\n    who: the author\n    says: It shuts.\n", "  ^shut:\n    who: the author\n", "a claim lacks 'says'"},
    {"a claim without form", YAML, "  shut:\n    who: the author\n    says: It shuts.\n    holds: last(door.outcome) <= 30\n", "  ^shut:\n    says: It shuts.\n",
     "claim 'shut' has no form: 'holds' (on each draw), 'overall' (about distributions), or 'needs' (what is not built yet)"},
    {"a claim of two forms", YAML, "<= 30\n", "<= 30\n    ^overall: mean(gap) > 1\n", "a claim has 'holds' or 'overall', not both"},
    {"a need that is no room", YAML, "<= 30\n", "<= 30\n    needs: [^wars]\n",
     "'wars' is not among what a claim can need: vote, alliance, war; did you mean 'war'?"},
    {"a reading without form", YAML, "<= 30\n", "<= 30\n    readings: [^{read: wider}]\n", "a reading lacks 'holds'"},
    {"a lever of nobody", YAML, "push: {actor: us,", "push: {actor: ^uz,", "'uz' is no actor and no group; did you mean 'us'?"},
    {"what is known in words", YAML, "{value: 20, source: news}", "{value: ^low, source: news}", "what is known takes a number, found 'low'"},

    /* --- files */
    {"a file above the folder", YAML, "past: past.csv", "past: ^../past.csv",
     "'../past.csv' is no file of the scenario's folder: files stand in it, without .. or a leading /"},
    {"a file above a folder in it", YAML, "past: past.csv", "past: ^a/../../past.csv",
     "'a/../../past.csv' is no file of the scenario's folder: files stand in it, without .. or a leading /"},
    {"a file from the root", YAML, "past: past.csv", "past: ^/etc/passwd",
     "'/etc/passwd' is no file of the scenario's folder: files stand in it, without .. or a leading /"},
    {"a brief that is not there", YAML, "brief: brief.md", "brief: ^breif.md", "the file 'breif.md' is not there; did you mean 'brief.md'?"},
    {"a table that is not there", YAML, "past: past.csv", "past: ^tables/history.csv", "the file 'tables/history.csv' is not there"},
    {"a link to no claim", "brief.md", "(#shut)", "(#^shutt)", "the link #shutt leads to no claim; did you mean 'shut'?"},
    {"a brief that is no text", "brief.md", "it shuts", "it ^\xc3 shuts", "a byte that is no UTF-8 text (0xc3): save the file as UTF-8"},
    {"an empty table", "past.csv", "actor,year,spent\nus,2020,3\nus,2021,4\npl,2021,2\n", "^\n\n",
     "the table is empty: its first row must name the columns"},
    {"a short row", "past.csv", "pl,2021,2", "^pl,2021", "this row has 2 cells, the header has 3"},
    {"an unclosed quote", "past.csv", "pl,2021,2", "pl,2021,^\"2", "the quote that opens here is not closed"},
};

/* The text without its mark, and where the mark was. */
static void take_mark(char *text, int32_t *line, int32_t *column)
{
    *line = *column = 1;
    char *c = text;
    for (; *c != 0 && *c != '^'; c++)
        if (*c == '\n') {
            (*line)++;
            *column = 1;
        } else if ((*c & 0xc0) != 0x80)
            (*column)++;
    if (*c == 0)
        *line = *column = 0;
    else
        memmove(c, c + 1, strlen(c));
}

static void is_told(void **state)
{
    const wrong *w = *state;
    folder f;
    char path[256];
    ent_scenario *s = NULL;
    ent_error err = {0};
    int32_t line = 0, column = 0;
    folder_open(&f, w->file, w->find, w->with);
    for (size_t i = 0; i < ENT_COUNT(base); i++)
        if (strcmp(base[i].name, w->file) == 0) {
            take_mark(f.text[i], &line, &column);
            folder_write(&f, w->file, f.text[i], strlen(f.text[i]));
        }
    folder_path(path, &f, w->file);
    ent_diagnostics *list = ent_diagnostics_create();
    ent_status status = ent_scenario_read(&s, f.path, list, &err);
    ent_diagnostic d = {0};
    if (ent_diagnostics_count(list) > 0)
        d = ent_diagnostics_get(list, 0);
    bool good = ent_diagnostics_count(list) == 1 && strcmp(d.file, path) == 0 && d.line == line && d.column == column;
    good = good && (w->message == NULL || strcmp(d.message, w->message) == 0);
    if (!good) {
        show_findings(list);
        print_message("# wanted %s:%d:%d: %s\n", path, (int)line, (int)column, w->message);
    }
    CHECK(good);
    bool warning = d.severity == ENT_SEVERITY_WARNING;
    CHECK(status == (warning ? ENT_OK : ENT_ERR_SCENARIO));
    CHECK(warning ? s != NULL && err.status == ENT_OK : s == NULL && strcmp(err.message, d.message) == 0 && err.line == line);
    ent_scenario_free(s);
    ent_diagnostics_free(list);
    folder_close(&f);
}

int main(void)
{
    struct CMUnitTest tests[ENT_COUNT(cases)];
    for (size_t i = 0; i < ENT_COUNT(cases); i++)
        tests[i] = (struct CMUnitTest){cases[i].name, is_told, NULL, NULL, (void *)(uintptr_t)&cases[i]};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
