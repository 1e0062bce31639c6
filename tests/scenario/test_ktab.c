/* KTAB's scenario files: read as they are, and every way to be wrong told at its place. */
#include "check.h"

#include "core/core.h"
#include "entente/ktab.h"

#include <unistd.h>

/* Reads `text` from a file. The findings of a failure are in *told, one "line:column message" after another. */
static ent_status read_text(ent_ktab **out, const char *text, size_t length, char told[8192])
{
    char path[] = "/tmp/entente-ktab-XXXXXX";
    int file = mkstemp(path);
    CHECK(file >= 0);
    FILE *stream = fdopen(file, "w");
    CHECK(fwrite(text, 1, length, stream) == length);
    CHECK(fclose(stream) == 0);
    ent_diagnostics *list = ent_diagnostics_create();
    ent_error err = {0};
    ent_status status = ent_ktab_read(out, path, list, &err);
    size_t at = 0;
    told[0] = 0;
    for (size_t i = 0; i < ent_diagnostics_count(list) && at < 7000; i++) {
        ent_diagnostic d = ent_diagnostics_get(list, i);
        at += (size_t)snprintf(told + at, 8192 - at, "%d:%d %s%s\n", (int)d.line, (int)d.column,
                               d.severity == ENT_SEVERITY_WARNING ? "warning: " : "", d.message);
    }
    CHECK((status == ENT_OK) == (*out != NULL));
    CHECK(status == ENT_OK || err.status == status);
    ent_diagnostics_free(list);
    unlink(path);
    return status;
}

static ent_ktab *reads(const char *text)
{
    char told[8192];
    ent_ktab *ktab = NULL;
    if (read_text(&ktab, text, strlen(text), told) != ENT_OK)
        fail_msg("%s", told);
    return ktab;
}

static void refuses(const char *text, const char *says)
{
    char told[8192];
    ent_ktab *ktab = NULL;
    ent_status status = read_text(&ktab, text, strlen(text), told);
    assert_int_equal(status, ENT_ERR_SCENARIO);
    if (!strstr(told, says))
        fail_msg("\"%s\" is not among\n%s", says, told);
}

static ent_ktab *golden(const char *name)
{
    const char *source = getenv("ENTENTE_SOURCE");
    char path[1024];
    snprintf(path, sizeof path, "%s/tests/golden/spatial/inputs/%s", source ? source : ".", name);
    ent_ktab *ktab = NULL;
    ent_diagnostics *list = ent_diagnostics_create();
    ent_error err = {0};
    if (ent_ktab_read(&ktab, path, list, &err) != ENT_OK)
        fail_msg("%s: %s", path, err.message);
    assert_int_equal(ent_diagnostics_count(list), 0);
    ent_diagnostics_free(list);
    return ktab;
}

/* --- CSV -------------------------------------------------------------------------------------------- */

static void test_csv_as_it_is(void **unused)
{
    (void)unused;
    ent_ktab *k = golden("dummyData_3Dim.csv");
    assert_string_equal(k->name, "DummyData_3Dim");
    assert_string_equal(k->description, "Dummy scenario to test reading format");
    CHECK(k->n == 7 && k->dims == 3 && !k->is_xml && !k->has_parameters && !k->has_seed);
    assert_string_equal(k->actor[6], "SActor-06");
    assert_string_equal(k->about[0], "Random Spatial Actor");
    assert_string_equal(k->dimension[2], "Pstn3");
    CHECK_SAME(k->capability[3], 75.920);
    CHECK_SAME(k->position[2 * 3 + 2], 0.07);
    CHECK_SAME(k->salience[6 * 3 + 1], 27.93 / 100);
    CHECK(k->accommodation == NULL && k->line[0] == 3 && k->line[6] == 9);
    CHECK(k->options.mode == ENT_SPATIAL_KTAB && k->options.vote == ENT_SPATIAL_VOTE_PROP && k->options.seed == 0);
    ent_ktab_free(k);
    k = golden("SOE-Policy.csv");
    CHECK(k->n == 26 && k->dims == 1);
    assert_string_equal(k->actor[0], "XJ");
    ent_ktab_free(k);
}

#define HEAD "Doors, \"open, or shut\", 2, 1,\nActor,Description,Power,Door,Salience,\n"

static void test_csv_details(void **unused)
{
    (void)unused;
    ent_ktab *k = reads("\xef\xbb\xbf" HEAD "A,\"says \"\"no\"\"\",10,0,100,,extra\r\n\n  B , , 5 , 100 , 0 ,\n,,,\n");
    assert_string_equal(k->description, "open, or shut");
    assert_string_equal(k->about[0], "says \"no\"");
    assert_string_equal(k->actor[1], "B");
    CHECK_SAME(k->salience[0], 1);
    CHECK_SAME(k->salience[1], 0);
    ent_ktab_free(k);
}

static void test_csv_errors(void **unused)
{
    (void)unused;
    refuses("", "1:1 the file is empty");
    refuses("\n,,\n", "the file is empty");
    refuses("Doors,x\n",
            "1:1 the first line holds the scenario's name, its description, and the numbers of actors and dimensions; "
            "it has 2 cells");
    refuses("Doors,x,many,1\n", "1:9 the number of actors is 'many'; a whole number from 1 to");
    refuses("Doors,x,2,0\n", "1:11 the number of dimensions is '0'");
    refuses("Doors,x,2,1.5\n", "1:11 the number of dimensions is '1.5'");
    refuses(HEAD "A,a,1,2,3\n", "1:1 the first line says 2 actors, but 1 row follows");
    refuses(HEAD "A,a,1,2,3\nB,b,1,2,3\nC,c,1,2,3\n", "1:1 the first line says 2 actors, but 3 rows follow");
    refuses("Doors,x,2,2\nActor,Description,Power,Door,Salience\n",
            "2:1 the header has 5 cells; 2 dimensions, each with position and "
            "salience, need 7");
    refuses(HEAD "A,a,1,2\nB,b,1,2,3\n", "3:1 'A' has 4 cells; a name, a description, a capability and 1 positions");
    refuses(HEAD "A,a,1,2,3\nB,b,1,two,3\n", "4:7 the position of 'B' is 'two', which is no number");
    refuses(HEAD "A,a,1,2,3\nB,b,,2,3\n", "4:5 the capability of 'B' is missing");
    refuses(HEAD "A,a,1,152.8,3\nB,b,1,2,3\n", "3:7 the position of 'A' is 152.8; the scale runs from 0 to 100");
    refuses(HEAD "A,a,1,2,-3\nB,b,1,2,3\n", "3:9 the salience of 'A' is -3; the scale runs from 0 to 100");
    refuses(HEAD "A,a,-1,2,3\nB,b,1,2,3\n", "3:5 the capability of 'A' is below 0");
    refuses(HEAD "A,a,nan,2,3\nB,b,1,2,3\n", "3:5 the capability of 'A' is 'nan', which is no number");
    refuses(HEAD "A,a,1,2,3\nA,b,1,2,3\n", "4:1 'A' again: the first is in line 3");
    refuses(HEAD "A,a,1,2,3\n,b,1,2,3\n", "4:1 this actor has no name");
    refuses(HEAD "A,\"a,1,2,3\nB,b,1,2,3\n", "3:3 this quote is not closed in its line");
    refuses("D,x,1,2\nActor,Description,Power,P,S,Q,T\nA,a,1,2,60,3,60\n",
            "3:9 the saliences of 'A' sum to 120; at most 100");
    refuses(HEAD "A,\xff,1,2,3\nB,b,1,2,3\n", "3:3");
    refuses(HEAD "\xc3\xa9,\xc3\xa9,1,x,3\nB,b,1,2,3\n", "3:7 the position of '\xc3\xa9' is 'x'");
}

/* --- XML --------------------------------------------------------------------------------------------- */

#define ACTOR(name, x, s)                                                                                              \
    "<Actor><name>" name "</name><description>d</description><capability> 10 </capability>\n"                          \
    "<Position><dCoord>" x "</dCoord></Position><Salience><dSal>" s "</dSal></Salience></Actor>\n"
#define ACTORS "<Actors>\n" ACTOR("A", "10", "50") ACTOR("B &amp; Co", "90", "20") "</Actors>\n"
#define XML(inside) "<?xml version=\"1.0\"?>\n<Scenario xmlns:xsi=\"x\">\n" inside "</Scenario>\n"
#define DIMENSION "<Dimensions><dName>Door</dName></Dimensions>\n"

static void test_xml_as_it_is(void **unused)
{
    (void)unused;
    ent_ktab *k = reads(XML(
        "<name>Doors</name><desc>Open\nor shut</desc><prngSeed>03507583219545544127</prngSeed>\n"
        "<ModelParameters><VictoryProbModel>Octic</VictoryProbModel><PCEModel>MarkovIncentive</PCEModel>\n"
        "<StateTransitions>Stochastic</StateTransitions><VotingRule> PropCbc </VotingRule>\n"
        "<BigRAdjust>Half</BigRAdjust><BigRRange>Max</BigRRange><ThirdPartyCommit>NoCommit</ThirdPartyCommit>\n"
        "<InterVecBrgn>S2PMax</InterVecBrgn><BargnModel>PWCompInterp</BargnModel></ModelParameters>\n" DIMENSION ACTORS
        "<IdealAdjustment><iaPair><adjustingIdeal>A</adjustingIdeal><referencePos>A</referencePos>"
        "<adjust>0.75</adjust></iaPair><iaPair><adjustingIdeal>A</adjustingIdeal>"
        "<referencePos>B &amp; Co</referencePos><adjust>0.25</adjust></iaPair></IdealAdjustment>"));
    CHECK(k->is_xml && k->has_parameters && k->has_seed && k->n == 2 && k->dims == 1);
    assert_string_equal(k->name, "Doors");
    assert_string_equal(k->actor[1], "B & Co");
    assert_string_equal(k->dimension[0], "Door");
    CHECK(k->options.seed == UINT64_C(3507583219545544127));
    CHECK(k->options.victory == ENT_SPATIAL_OCTIC && k->options.election == ENT_SPATIAL_MARKOV_INCENTIVE);
    CHECK(k->options.transition == ENT_SPATIAL_STOCHASTIC && k->options.vote == ENT_SPATIAL_VOTE_PROP_CUBIC);
    CHECK(k->options.adjust == ENT_SPATIAL_ADJUST_HALF && k->options.range == ENT_SPATIAL_RANGE_MAX);
    CHECK(k->options.commit == ENT_SPATIAL_COMMIT_NONE && k->options.interpolation == ENT_SPATIAL_S2PMAX);
    CHECK(k->options.bargain == ENT_SPATIAL_WEIGHTED);
    CHECK_SAME(k->position[1], 90);
    CHECK_SAME(k->salience[1], 0.2);
    CHECK_SAME(k->capability[0], 10);
    const double want[] = {0.75, 0.25, 0, 1};
    for (size_t i = 0; i < 4; i++)
        CHECK_SAME(k->accommodation[i], want[i]);
    ent_ktab_free(k);
}

/* Without parameters, dimensions and pairs it says what a CSV file of the same numbers says. */
static void test_xml_as_csv(void **unused)
{
    (void)unused;
    ent_ktab *xml = reads(XML(ACTORS)), *csv = reads(HEAD "A,d,10,10,50\nB & Co,d,10,90,20\n");
    CHECK(!xml->has_parameters && !xml->has_seed && xml->accommodation == NULL && xml->dims == 1);
    const ent_ktab *k[2] = {xml, csv};
    for (int i = 0; i < 2; i++) {
        CHECK(k[i]->n == 2 && k[i]->dims == 1 && k[i]->options.vote == ENT_SPATIAL_VOTE_PROP);
        CHECK_SAME(k[i]->position[0], 10);
        CHECK_SAME(k[i]->position[1], 90);
        CHECK_SAME(k[i]->salience[0], 0.5);
        CHECK_SAME(k[i]->capability[1], 10);
        assert_string_equal(k[i]->actor[1], "B & Co");
    }
    ent_ktab_free(xml);
    ent_ktab_free(csv);
}

static void test_xml_errors(void **unused)
{
    (void)unused;
    refuses("<Scenario><name>x</name>", "1:25 the XML is not well formed: no element found");
    refuses("<Scenario><name>x</nam></Scenario>", "the XML is not well formed: mismatched tag");
    refuses("<Scenarios/>", "1:1 this is no KTAB scenario: its root is 'Scenarios', not Scenario");
    refuses(XML(""), "there are no actors in it");
    refuses(XML("<Dimensions/>" ACTORS "<prngSeed>-1</prngSeed>"), "prngSeed is '-1'");
    refuses(XML(ACTORS "<prngSeed>18446744073709551616</prngSeed>"), "prngSeed is '18446744073709551616'");
    refuses(XML("<ModelParameters><VotingRule>Propor</VotingRule></ModelParameters>" ACTORS),
            "3:18 VotingRule is 'Propor'; it can be Binary, PropBin, Prop, PropCbc, Cubic or ASymProsp; did you mean "
            "'Prop'?");
    refuses(XML("<Actors>" ACTOR("A", "", "50") ACTOR("B", "1", "2") "</Actors>"), "4:11 dCoord is missing");
    refuses(XML("<Actors>" ACTOR("A", "152.8", "50") ACTOR("B", "1", "2") "</Actors>"),
            "4:11 the position of 'A' is 152.8; the scale runs from 0 to 100");
    refuses(XML("<Actors>" ACTOR("A", "1", "50") ACTOR("A", "1", "2") "</Actors>"),
            "5:1 'A' again: the first is in line 3");
    refuses(XML("<Dimensions><dName>a</dName><dName>b</dName></Dimensions>" ACTORS),
            "'A' has 1 position, but there are 2 dimensions");
    refuses(XML("<Actors><Actor><name>A</name></Actor></Actors>"), "3:9 'A' has no capability");
    refuses(XML("<Actors><Actor/></Actors>"), "3:9 this actor has no name");
    refuses(XML(ACTORS
                "<IdealAdjustment><iaPair><adjustingIdeal>B and Co</adjustingIdeal><referencePos>A</referencePos>"
                "<adjust>1</adjust></iaPair></IdealAdjustment>"),
            "'B and Co' is no actor");
    refuses(XML(ACTORS
                "<IdealAdjustment><iaPair><adjustingIdeal>A</adjustingIdeal><referencePos>B &amp; Co</referencePos>"
                "<adjust>0.5</adjust></iaPair></IdealAdjustment>"),
            "the ideal of 'A' follows positions by 1.5 in all; at most 1 is allowed");
    refuses(XML(ACTORS "<IdealAdjustment><iaPair><adjustingIdeal>A</adjustingIdeal></iaPair></IdealAdjustment>"),
            "this pair has no referencePos");
    refuses(XML("<a><b><c><d><e><f><g><h><i/></h></g></f></e></d></c></b></a>"), "more than 8 deep");
}

/* promise: no-entity */
static void test_xml_bombs(void **unused)
{
    (void)unused;
    refuses("<?xml version=\"1.0\"?>\n<!DOCTYPE lolz [<!ENTITY lol \"lol\"><!ENTITY lol2 \"&lol;&lol;&lol;&lol;\">"
            "<!ENTITY lol3 \"&lol2;&lol2;&lol2;&lol2;\">]>\n<Scenario><name>&lol3;</name></Scenario>",
            "a document type (<!DOCTYPE) is not taken: entities are not expanded");
    refuses("<!DOCTYPE Scenario SYSTEM \"file:///etc/passwd\"><Scenario/>", "a document type");
    refuses("<Scenario><name>&lol;</name></Scenario>", "the XML is not well formed: undefined entity");
    size_t n = 200000;
    char *deep = malloc(3 * n + 11);
    memcpy(deep, "<Scenario>", 10);
    for (size_t i = 0; i < n; i++)
        memcpy(deep + 10 + 3 * i, "<a>", 3);
    deep[10 + 3 * n] = 0;
    refuses(deep, "more than 8 deep");
    memset(deep + 10, 'x', 3 * n);
    memcpy(deep + 10, "<name>", 6);
    memcpy(deep + 3 * n - 11, "</name></Scenario>", 19);
    refuses(deep, "the text of name is longer than 4095 bytes");
    free(deep);
}

static void test_unknown_elements_warn(void **unused)
{
    (void)unused;
    char told[8192];
    const char *text = XML("<descr>x<b>y</b></descr>" ACTORS);
    ent_ktab *k = NULL;
    assert_int_equal(read_text(&k, text, strlen(text), told), ENT_OK);
    assert_string_equal(told, "3:1 warning: Scenario has no element 'descr': it is not read; is it 'desc'?\n");
    ent_ktab_free(k);
}

/* --- both ---------------------------------------------------------------------------------------------- */

static void test_recognised(void **unused)
{
    (void)unused;
    const char *is[] = {HEAD, XML(""), "\xef\xbb\xbf  <Scenario>", "x,\"a,b\",26,1\r\nactor , description,Power",
                        "a,b,7,3\n\nActor,Desc"};
    const char *is_not[] = {"",
                            "actor,position,salience,capability\nA,1,1,1\n",
                            "<html>",
                            "a,b,c,d\nActor,Description",
                            "a,b,7,3\nName,Description",
                            "a,b,7,3",
                            "a,b,7"};
    for (size_t i = 0; i < ENT_COUNT(is); i++)
        CHECK(ent_ktab_recognise(is[i], strlen(is[i])));
    for (size_t i = 0; i < ENT_COUNT(is_not); i++)
        CHECK(!ent_ktab_recognise(is_not[i], strlen(is_not[i])));
}

static void test_missing_file(void **unused)
{
    (void)unused;
    ent_ktab *k = NULL;
    ent_error err = {0};
    ent_diagnostics *list = ent_diagnostics_create();
    assert_int_equal(ent_ktab_read(&k, "/nowhere/at.xml", list, &err), ENT_ERR_IO);
    CHECK(k == NULL && strstr(err.message, "is not there"));
    assert_int_equal(ent_ktab_read(&k, "/tmp", list, &err), ENT_ERR_IO);
    ent_diagnostics_free(list);
    ent_ktab_free(NULL);
}

/* Every allocation fails once: an error or a whole result, and nothing is left behind (the sanitizers look). */
static void test_no_memory(void **unused)
{
    (void)unused;
    char path[] = "/tmp/entente-ktab-XXXXXX";
    const char *text[] = {XML(DIMENSION ACTORS), HEAD "A,d,10,10,50\nB,d,10,90,20\n"};
    int file = mkstemp(path);
    CHECK(file >= 0 && close(file) == 0);
    ent_diagnostics *list = ent_diagnostics_create();
    for (size_t which = 0; which < 2; which++) {
        FILE *stream = fopen(path, "w");
        CHECK(stream != NULL && fputs(text[which], stream) >= 0 && fclose(stream) == 0);
        int failures = 0, done = 0;
        for (int64_t k = 1; k < 500 && !done; k++) {
            ent_ktab *ktab = NULL;
            ent__alloc_fail_at(k, false);
            ent_status status = ent_ktab_read(&ktab, path, list, NULL);
            ent__alloc_fail_at(0, false);
            CHECK(status == ENT_OK || status == ENT_ERR_MEMORY);
            failures += status != ENT_OK;
            done = status == ENT_OK;
            ent_ktab_free(ktab);
        }
        CHECK(done && failures > 3);
    }
    ent_diagnostics_free(list);
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_csv_as_it_is), cmocka_unit_test(test_csv_details),
        cmocka_unit_test(test_csv_errors),   cmocka_unit_test(test_xml_as_it_is),
        cmocka_unit_test(test_xml_as_csv),   cmocka_unit_test(test_xml_errors),
        cmocka_unit_test(test_xml_bombs),    cmocka_unit_test(test_unknown_elements_warn),
        cmocka_unit_test(test_recognised),   cmocka_unit_test(test_missing_file),
        cmocka_unit_test(test_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
