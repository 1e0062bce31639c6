/**
 * @file entente/limits.h
 * @brief Every limit of the library and its programs: how much is taken, and why not more.
 *
 * What lies beyond a limit is refused by an error that names it, never cut short in silence; where the rest is left out
 * instead, the comment says so. tests/limits tries each at the limit and one past it. docs/limits.md has the table made
 * from here by tools/limits.py.
 */
#ifndef ENTENTE_LIMITS_H
#define ENTENTE_LIMITS_H

/* --- Files that are read ------------------------------------------------------------------------------------ */

enum {
    /** Bytes of a file. It is held in memory whole, several times over while it is read. */
    ENT_MAX_FILE_BYTES = 64 << 20,
    /** Lists and mappings within one another. A scenario goes some eight deep; readers recurse. */
    ENT_MAX_YAML_DEPTH = 64,
    /** Cells of a row. A table of states has tens; more is a file of another kind. */
    ENT_MAX_CSV_COLUMNS = 1000,
    /** Cells of a table below its header. Each takes 16 bytes, and as many while it is read. */
    ENT_MAX_CSV_CELLS = 10 * 1000 * 1000,
    /** Elements within one another of KTAB's XML. Its own go 5 deep. */
    ENT_MAX_XML_DEPTH = 8,
    /** Bytes of an element's text in KTAB's XML. It is a name, a number or a note. */
    ENT_MAX_XML_TEXT = 4095,
    /** Lists and objects within one another of JSON that is put beside results or stands in a saved plan. The reader
     *  recurses. */
    ENT_MAX_JSON_DEPTH = 64,
    /** Errors and warnings that are listed; one line says that there are more. Nobody reads so many, and a hostile
     *  file has millions. */
    ENT_MAX_FINDINGS = 100000
};

/* --- Scenarios ---------------------------------------------------------------------------------------------- */

enum {
    /** Letters of an id. It heads columns and stands in sentences. */
    ENT_MAX_ID = 64,
    /** Actors of a scenario, and of an issue that is settled. Median and mean take that in milliseconds. */
    ENT_MAX_ACTORS = 100000,
    /** Issues of a scenario. A negotiation has tens, a data set of decisions hundreds. */
    ENT_MAX_ISSUES = 1000,
    /** Actors times issues of a table that is settled. Each takes 32 bytes. */
    ENT_MAX_POSITIONS = 10 * 1000 * 1000,
    /** Experts who speak of one actor on one issue. Each is an input of its own. */
    ENT_MAX_EXPERTS = 200,
    /** Provisions of a document. A set of them is a word of 64 bits, with two to spare. */
    ENT_MAX_PROVISIONS = 62,
    /** Provisions among which share() shares out a change. All 2^12 subsets are run. */
    ENT_MAX_SHARED = 12,
    /** The first year. Dates have four digits. */
    ENT_MAX_START = 9999,
    /** Years of a scenario, or of a model in it. Numbers are unrolled year by year. */
    ENT_MAX_YEARS = 200,
    /** Models with options between which an issue is undecided. A claim's curve along them has 16 bins. */
    ENT_MAX_READINGS = 16,
    /** Options given for one model. No model has so many. */
    ENT_MAX_MODEL_OPTIONS = 16,
    /** Groups within one another that a decision asks. Deeper is a group that contains itself. */
    ENT_MAX_GROUP_DEPTH = 16,
    /** Quantities that need one another in a row, over years as well. The compiler recurses. */
    ENT_MAX_CHAIN = 5000,
    /** Expressions within one another, through the quantities that they need. The compiler recurses through all of them. */
    ENT_MAX_NESTED = 20000,
    /** Values of discrete {...}. More are a distribution of another kind. */
    ENT_MAX_POINTS = 64
};
/** A shape of beta or gamma. A draw's time grows as its square root. */
#define ENT_MAX_SHAPE 1e6
/** Ends of scales, capabilities, powers, weights of a rule. Sums of squares stay finite. */
#define ENT_MAX_NUMBER 1e100
/** Incomes and spending of the alliance models. Sums of squares stay finite, and differences exact enough. */
#define ENT_MAX_MONEY 1e30

/* --- Expressions -------------------------------------------------------------------------------------------- */

enum {
    /** Bytes of an expression. A person reads it. */
    ENT_MAX_EXPRESSION_BYTES = 65536,
    /** Brackets, signs and calls within one another. The reader recurses. */
    ENT_MAX_NESTING = 200,
    /** Depth of the tree: a + b + c is as deep as it is long. All that walks the tree recurses. */
    ENT_MAX_DEPTH = 1000,
    /** Arguments of a function. Nothing but min and max takes more than three. */
    ENT_MAX_ARGUMENTS = 16,
    /** Items in brackets: x[pl, 2030]. Nothing has more than an actor, a partner and a year. */
    ENT_MAX_INDICES = 4
};

/* --- Runs --------------------------------------------------------------------------------------------------- */

/** Draws of a run. Counts are whole numbers in units of 2^-32. */
#define ENT_MAX_DRAWS 4294967295
/** Draws up to which every draw of scalars is kept and their quantiles are exact; above, draws are counted in bins.
 *  Memory then no longer grows. */
#define ENT_EXACT_DRAWS 1000000
enum {
    /** Batches of 64 draws that a memo holds. More draws than a first look ever makes. */
    ENT_MAX_BATCHES = 1 << 20,
    /** Studies that are put beside results. There are three kinds. */
    ENT_MOST_ATTACHED = 8
};

/* --- Studies ------------------------------------------------------------------------------------------------ */

/** Provisions up to which attribution runs all subsets; beyond, orders are sampled. They double with each. */
#define ENT_EXACT_PROVISIONS 12
enum {
    /** Rows of a backtest: at most 30 models, and two yardsticks beside them. Every pair is compared. */
    ENT_BACKTEST_MODELS = 32,
    /** Issues that are scored at once. The bootstrap draws proposals again and again. */
    ENT_BACKTEST_MAX_ISSUES = 5000
};

/* --- The report --------------------------------------------------------------------------------------------- */

enum {
    /** Actors of an issue whose rounds are told; with more, rounds are left out. More would say little in a picture. */
    ENT_REPORT_MAX_STORY = 200,
    /** Stances of an issue on the page, those of most weight; the rest is left out. Nobody reads more names. */
    ENT_REPORT_MAX_STANCES = 100,
    /** Inputs on the page beside those that decide a claim; the rest is left out. Results as JSON have all; a page
     *  of more is slow. */
    ENT_REPORT_MAX_INPUTS = 2000,
    /** Bytes of the plan that the page carries; a larger one is left out, and the page tells its run alone. A
     *  browser's memory is small. Not tested at the limit: it would take a scenario of a hundred thousand numbers
     *  and a minute. */
    ENT_REPORT_MAX_PLAN = 64 << 20
};

/* --- The command line --------------------------------------------------------------------------------------- */

enum {
    /** Threads (`--jobs`). More than any machine has cores. */
    ENT_MAX_JOBS = 4096,
    /** Orders of provisions that attribution samples (`--orders`). The error falls with their root; this is 0.3 %. */
    ENT_MAX_ORDERS = 100 * 1000,
    /** Draws of each of the two samples of sensitivity (`--base`). Each is run once for every input. */
    ENT_MAX_BASE = 10 * 1000 * 1000,
    /** Replicates of the bootstrap (`--replicates`). More say nothing new. */
    ENT_MAX_REPLICATES = 1000 * 1000,
    /** Random orders and sets by which power is sampled (`--samples`). Each takes a step for every member. */
    ENT_MAX_SAMPLES = 1000 * 1000 * 1000
};

/* --- Models of a group that settles issues -------------------------------------------------------------------- */

enum {
    /** Actors of challenge. A round costs on the order of n^3. */
    ENT_CHALLENGE_MAX_ACTORS = 2000,
    /** Rounds of challenge. It settles or circles within tens. */
    ENT_CHALLENGE_MAX_ROUNDS = 1000,
    /** Offers that are kept of a run. Each takes 48 bytes. */
    ENT_CHALLENGE_MAX_OFFERS = 50 * 1000 * 1000,
    /** Actors of exchange. Possible trades grow with their square. */
    ENT_EXCHANGE_MAX_ACTORS = 10000,
    /** Actors of exchange in a scenario's draws. Each draw makes all trades anew. */
    ENT_EXCHANGE_SETTLE_ACTORS = 2000,
    /** Issues of exchange. Possible trades grow with their square. */
    ENT_EXCHANGE_MAX_ISSUES = 1000,
    /** Possible trades: (actors on both)^2 / 4, over all pairs of issues. Each takes 60 bytes. */
    ENT_EXCHANGE_MAX_CANDIDATES = 50 * 1000 * 1000,
    /** Iterations of exchange. Outcomes settle within tens. */
    ENT_EXCHANGE_MAX_ITERATIONS = 1000,
    /** Trades that are kept of a run. Each takes 160 bytes. */
    ENT_EXCHANGE_MAX_TRADES = 50 * 1000 * 1000,
    /** Actors of spatial. A round costs on the order of n^3. */
    ENT_SPATIAL_MAX_ACTORS = 2000,
    /** Dimensions of spatial. Its published uses have one to three. */
    ENT_SPATIAL_MAX_DIMENSIONS = 1000,
    /** Rounds of spatial. It settles within tens. */
    ENT_SPATIAL_MAX_ROUNDS = 1000
};

/* --- Votes -------------------------------------------------------------------------------------------------- */

enum {
    /** Members of a rule. A company's shareholders, not a people. */
    ENT_RULE_MOST_MEMBERS = 10000,
    /** Criteria of a rule. Treaties have up to three, groups in groups some tens. */
    ENT_RULE_MOST_NODES = 256,
    /** Members, once in each criterion that counts them, and criteria in criteria. Each takes 16 bytes and a step of
     *  every draw. */
    ENT_RULE_MOST_PARTS = 100000,
    /** The exact chance: cells of a table over whole sums up to the quotas, times members and one. 32 MB. */
    ENT_CHANCE_MAX_CELLS = 1 << 22,
    /** The exact chance with weights that are not whole: members. They are met in the middle, 2^18 sets a half. */
    ENT_CHANCE_MAX_MEMBERS = 36,
    /** The exact chance with weights that are not whole: sums of the other criteria. They are kept for each set. */
    ENT_CHANCE_MAX_STATES = 8192,
    /** The exact chance with several criteria whose weights are not whole: members. Every set of them is looked at. */
    ENT_CHANCE_MAX_SETS = 20,
    /** Rounds of consent. The chance to pass hardly moves after some ten. */
    ENT_CONSENT_MAX_ROUNDS = 1000,
    /** Power by dynamic programming: members. Numbers of sets are words of 64 bits. */
    ENT_POWER_MAX_COUNTED = 63,
    /** Power by dynamic programming: criteria whose sums differ. Each at least doubles the table. */
    ENT_POWER_MAX_SUMS = 16,
    /** Power by dynamic programming: cells of the table over whole sums. Two such tables take 272 MB. */
    ENT_POWER_MAX_CELLS = 1 << 24,
    /** Power by the way for many members: whole weights together. At the limit two members take half a minute. */
    ENT_POWER_MAX_SUM = 40 * 1000 * 1000,
    /** Power by enumeration: members. Every one of 2^n sets is looked at. */
    ENT_POWER_MAX_ENUMERATED = 34,
    /** Power by enumeration: criteria with weights of members. Which are met is looked up in a table of 2^12. */
    ENT_POWER_MAX_CRITERIA = 12,
    /** Power by the integral: members. 1000 nodes of Gauss's rule are exact up to there. */
    ENT_POWER_MAX_INTEGRATED = 2000
};

/* --- Alliances and wars --------------------------------------------------------------------------------------- */

enum {
    /** Defenders with help of their own up to which the average over who comes is exact; beyond, their help is taken
     *  as its mean. No game tree is written beyond. 2^12 sets of those who come. */
    ENT_DETERRENCE_EXACT = 12,
    /** States of the line. A month costs a multiple of them. */
    ENT_WAR_MAX_STATES = 1000,
    /** Months of a war. A century. */
    ENT_WAR_MAX_MONTHS = 1200,
    /** Events whose chances are asked. Each is looked at in every month and state. */
    ENT_WAR_MAX_EVENTS = 1000
};

/* --- The server --------------------------------------------------------------------------------------------- */

enum {
    /** Connections at a time; more wait or are closed. Each is a thread. */
    ENT_SERVE_MAX_CONNECTIONS = 160,
    /** Seconds until a request's headers are here; then it is closed. Clients that drip hold threads. */
    ENT_SERVE_HEADER_SECONDS = 10,
    /** Seconds until a request's body is here; then it is closed. Not tested at the limit: it would take a minute. */
    ENT_SERVE_BODY_SECONDS = 60,
    /** Seconds of silence until a connection is closed. Not tested at the limit: it would take half a minute. */
    ENT_SERVE_IDLE_SECONDS = 30,
    /** Bytes for the headers of a request and what the HTTP library needs beside them. A token and a cookie take
     *  one. Not tested at the limit: how much it needs is its own; twice and half of it are. */
    ENT_SERVE_MAX_HEADER = 24 << 10,
    /** Bytes of a request's JSON. Two hundred settings take a tenth of it. */
    ENT_SERVE_MAX_BODY = 256 << 10,
    /** Bytes of a file that is written or checked. What a person edits in a browser is smaller. */
    ENT_SERVE_MAX_WRITTEN = 16 << 20,
    /** Bytes of all requests under way; one more is closed. The server's memory stays bounded. */
    ENT_SERVE_MAX_BODIES = 96 << 20,
    /** Checks of a text at a time; more wait. Each takes memory. Not tested at the limit: who waits is not seen from
     *  outside. */
    ENT_SERVE_MAX_CHECKS = 4,
    /** Runs at a time. Each uses every core. */
    ENT_SERVE_MAX_RUNS = 2,
    /** Runs and comparisons that can be asked after; the oldest that is done is forgotten. A server that runs for
     *  weeks stays small. */
    ENT_SERVE_MAX_JOBS = 24,
    /** Settings of a run. A page of controls has tens. */
    ENT_SERVE_MAX_SETTINGS = 200,
    /** Bytes of the note on a run. It stands in a list. */
    ENT_SERVE_MAX_NOTE = 500,
    /** Scenarios that are listed; the rest is left out. Folders are looked through while one waits. */
    ENT_SERVE_MAX_SCENARIOS = 500,
    /** Files of a scenario that are listed; the rest is left out. A folder of tens of tables is a large one. */
    ENT_SERVE_MAX_FILES = 400,
    /** Entries of a folder that are looked at; the rest is left out. Looking takes time while one waits. Not tested
     *  past the limit: which come first is the file system's choice. */
    ENT_SERVE_MAX_ENTRIES = 5000,
    /** Runs of a scenario that are listed, newest first; the rest is left out. Nobody scrolls further. */
    ENT_SERVE_MAX_LISTED = 200,
    /** Folders within one another in which scenarios are looked for. More would search a whole disk. */
    ENT_SERVE_SCENARIO_DEPTH = 2,
    /** Names of a file's path in a scenario's folder, its own among them. Tables stand beside the scenario or a
     *  folder below. */
    ENT_SERVE_FILE_DEPTH = 4,
    /** Bytes of a file's path in a scenario's folder, and of a part of an address. Every one stands in a buffer. */
    ENT_SERVE_MAX_PATH = 511,
    /** Lists and objects within one another of a request. A request goes 3 deep; the reader recurses. */
    ENT_SERVE_MAX_JSON_DEPTH = 32,
    /** Bytes of a run's run.json; a run with more is not listed. It has some hundred. */
    ENT_SERVE_MAX_FACTS = 1 << 20
};

#endif
