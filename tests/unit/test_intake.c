/* What is decided of a request: facts, channel, category, flags, entitlement, forms, one mail. */
#include "policy/answer.h"
#include "policy/intake.h"
#include "policy_support.h"

static const char conf[] =
    "languages = {\"en\", \"ru\"}\n"
    "recognise \"report\" { pattern = '(report )?(?<report>[0-9A-F]{8}-[0-9]{4})' }\n"
    "recognise \"error\" { pattern = 'error (?<error_number>\\d+)(: (?<error>.+))?' }\n"
    "recognise \"screen\" { pattern = 'image/\\S+ (?<screenshot>.+)' in = {\"attachments\"} }\n"
    "recognise \"alias\" { pattern = '(?<alias>sales)@' in = {\"recipients\"} }\n"
    "recognise \"slow\" { pattern = '(?<slow>(x+)+$)' in = {\"description\"} }\n"
    "category \"order\" { match = {'description ~ \"^please do\"'} add = {\"tags=job\"} }\n"
    "category \"trouble\" { any = {'subject ~ \"trouble\"', \"fields.error_number\"}\n"
    "  set = {\"priority=high\"} }\n"
    "flag \"terse\" { match = {'description !~ \"\\w+\\W+\\w+\"'} }\n"
    "flag \"no_subject\" { match = {\"not subject\"} }\n"
    "question \"description\" { text = {\"en: What happened?\", \"ru: Что случилось?\"} }\n"
    "question \"browser\" { text = {\"en: Which browser?\", \"ru: Какой браузер?\"}\n"
    "  pattern = 'firefox|chrome' }\n"
    "question \"steps\" { text = {\"en: Which steps?\"} }\n"
    "question \"error\" { text = {\"en: What is the text of the error?\"}\n"
    "  match = {\"fields.error_number\", \"not fields.screenshot\"} }\n"
    "form \"all\" { match = {\"channel=mail\"} require = {\"description\"} }\n"
    "form \"trouble\" { match = {\"category=trouble\"} require = {\"fields.browser\"}\n"
    "  ask = {\"fields.steps\"} set = {\"status=pending\", \"pending_reason=customer\"} }\n"
    "entitlement \"lapsed\" { match = {\"entitlement=expired\"} reply = \"expired\"\n"
    "  set = {\"status=resolved\", \"resolution=out_of_scope\"} }\n"
    "entitlement \"dealer\" { match = {\"tier=dealer\"} add = {\"tags=dealer,vip\"} }\n"
    "calendar \"day\" { week = {\"mon-fri 09:00-18:00\"} }\n"
    "channel \"phone\" { accept = consult identity = none reply = \"pointer\" }\n"
    "channel \"chat\" { match = {'subject ~ \"tariff\"'} outside = consult calendar = \"day\"\n"
    "  acknowledge = all add = {\"tags=talk\"} }\n"
    "channel \"telegram\" { accept = none reply = \"pointer\" }\n";

#define MAIL "'type':'ticket','id':'SUP-1','channel':'mail','status':'new','lang':'en'"
#define NOW "2026-03-02T09:00:00Z"

static const struct row {
	const char *ticket, *message, *questions;
	bool opens, after_hours;
	const char *change, *template, *to_ask;
} rows[] = {
	/* nothing to say: an acknowledgement alone */
	{ "{" MAIL ",'subject':'Hello there'}", "{'body_new':'How are you?'}", NULL, true, false,
	    "null", "ack", NULL },
	{ "{" MAIL ",'subject':'Hello there'}", "{'body_new':'And again, please.'}", NULL, false,
	    false, "null", NULL, NULL },
	/* a named group fills its field; the first place counts; what is there stays */
	{ "{" MAIL ",'rev':3,'subject':'Report 1A2B3C4D-0001','fields':{'x':'y'}}",
	    "{'body_new':'It is 1A2B3C4D-0002 now.'}", NULL, true, false,
	    "{'type':'change','ticket':'SUP-1','was':{'fields.report':null},"
	    "'set':{'fields.report':'1A2B3C4D-0001'},'why':'recognised report',"
	    "'rule':'desk.conf:2','actor':'tool:tkt-intake'}",
	    "ack", NULL },
	{ "{" MAIL ",'subject':'x','fields':{'report':'0000FFFF-1111'}}",
	    "{'body_new':'It is 1A2B3C4D-0002 now.'}", NULL, true, false, "null", "ack", NULL },
	/* attachments by type and name, recipients by address */
	{ "{" MAIL ",'subject':'x'}",
	    "{'body_new':'See the picture.','to':[{'email':'sales@example.org'}],'attachments':["
	    "{'name':'a.txt','content_type':'text/plain'},"
	    "{'name':'the screen.png','content_type':'application/octet-stream',"
	    "'true_type':'image/png'}]}",
	    NULL, true, false,
	    "{'type':'change','ticket':'SUP-1','set':{'fields.screenshot':'the screen.png',"
	    "'fields.alias':'sales'},'why':'recognised screenshot; recognised alias',"
	    "'rule':'desk.conf:4, desk.conf:5','actor':'tool:tkt-intake'}",
	    "ack", NULL },
	/* the first category that matches, with what it does; each flag */
	{ "{" MAIL "}", "{'body_new':'please do'}", NULL, true, false,
	    "{'type':'change','ticket':'SUP-1','set':{'category':'order'},"
	    "'add':{'tags':['job','no_subject']},'why':'category order; flag no_subject',"
	    "'rule':'desk.conf:7, desk.conf:11','actor':'tool:tkt-intake'}",
	    "ack", NULL },
	/* what is required and what is asked; the desk's own words in the ticket's language */
	{ "{" MAIL ",'subject':'trouble'}", "{'body_new':'It fails'}", NULL, true, false,
	    "{'type':'change','ticket':'SUP-1','set':{'category':'trouble','priority':'high',"
	    "'status':'pending','pending_reason':'customer','lacks':['fields.browser']},"
	    "'questions':[{'key':'browser','text':'Which browser?','asked_at':'" NOW "',"
	    "'kind':'required'},{'key':'steps','text':'Which steps?','asked_at':'" NOW "',"
	    "'kind':'asked'}],'why':'category trouble; lacks fields.browser',"
	    "'rule':'desk.conf:8, desk.conf:13, desk.conf:15, desk.conf:19',"
	    "'actor':'tool:tkt-intake'}",
	    "questions",
	    "[{'number':1,'text':'Which browser?'},{'number':2,'text':'Which steps?'}]" },
	/* S2-6: a report number alone is no description */
	{ "{'type':'ticket','id':'SUP-1','channel':'mail','lang':'ru','subject':'Отчёт'}",
	    "{'body_new':'report 1A2B3C4D-0001.'}", NULL, true, false,
	    "{'type':'change','ticket':'SUP-1','set':{'fields.report':'1A2B3C4D-0001',"
	    "'lacks':['description']},'questions':[{'key':'description','text':'Что случилось?',"
	    "'asked_at':'" NOW "','kind':'required'}],"
	    "'why':'recognised report; lacks description',"
	    "'rule':'desk.conf:2, desk.conf:12, desk.conf:18','actor':'tool:tkt-intake'}",
	    "questions", "[{'number':1,'text':'Что случилось?'}]" },
	/* S3-10, S3-12: a bare number of an error triggers a question, unless a picture shows it */
	{ "{" MAIL ",'subject':'x','fields':{'browser':'y'},'category':'z'}",
	    "{'body_new':'I get error 503'}", NULL, true, false,
	    "{'type':'change','ticket':'SUP-1','set':{'fields.error_number':'503'},'questions':["
	    "{'key':'error','text':'What is the text of the error?','asked_at':'" NOW "',"
	    "'kind':'asked'}],'why':'recognised error_number','rule':'desk.conf:3, desk.conf:16',"
	    "'actor':'tool:tkt-intake'}",
	    "questions", "[{'number':1,'text':'What is the text of the error?'}]" },
	/* a soft question is all that there is to say */
	{ "{" MAIL ",'subject':'x','fields':{'error_number':'503'},'category':'z'}",
	    "{'body_new':'As I said.'}", NULL, true, false,
	    "{'type':'change','ticket':'SUP-1','questions':[{'key':'error','text':"
	    "'What is the text of the error?','asked_at':'" NOW "','kind':'asked'}],"
	    "'rule':'desk.conf:16','actor':'tool:tkt-intake'}",
	    "questions", "[{'number':1,'text':'What is the text of the error?'}]" },
	{ "{" MAIL ",'subject':'x','category':'z'}", "{'body_new':'error 503: out of cheese'}",
	    NULL, true, false,
	    "{'type':'change','ticket':'SUP-1','set':{'fields.error':'out of cheese',"
	    "'fields.error_number':'503'},'why':'recognised error; recognised error_number',"
	    "'rule':'desk.conf:3','actor':'tool:tkt-intake'}",
	    "ack", NULL },
	/* a refusal asks nothing */
	{ "{" MAIL ",'subject':'trouble','entitlement':'expired','tier':'dealer'}",
	    "{'body_new':'It fails'}", NULL, true, false,
	    "{'type':'change','ticket':'SUP-1','set':{'category':'trouble','priority':'high',"
	    "'status':'resolved','resolution':'out_of_scope'},"
	    "'why':'category trouble; entitlement lapsed','rule':'desk.conf:8, desk.conf:21',"
	    "'actor':'tool:tkt-intake'}",
	    "expired", NULL },
	{ "{" MAIL ",'subject':'x','tier':'dealer'}", "{'body_new':'Good day'}", NULL, true, false,
	    "{'type':'change','ticket':'SUP-1','add':{'tags':['dealer','vip']},"
	    "'why':'entitlement dealer','rule':'desk.conf:23','actor':'tool:tkt-intake'}",
	    "ack", NULL },
	/* S3-1: talk, whatever the caller claims; S1-2: beyond scope or hours */
	{ "{'id':'SUP-1','channel':'phone','identity':'verified','subject':'trouble'}",
	    "{'channel':'phone','body_new':'It fails'}", NULL, true, false,
	    "{'type':'change','ticket':'SUP-1','set':{'identity':'none','category':'trouble',"
	    "'priority':'high'},"
	    "'why':'channel phone proves none; channel phone: talk; category trouble',"
	    "'rule':'desk.conf:25, desk.conf:8','actor':'tool:tkt-intake'}",
	    "pointer", NULL },
	{ "{'id':'SUP-1','channel':'chat','subject':'tariff'}",
	    "{'channel':'chat','body_new':'What is it?'}", NULL, true, false, "null", "ack", NULL },
	{ "{'id':'SUP-1','channel':'chat','subject':'tariff'}",
	    "{'channel':'chat','body_new':'What is it?'}", NULL, true, true,
	    "{'type':'change','ticket':'SUP-1','add':{'tags':['talk']},'why':'channel chat: talk',"
	    "'rule':'desk.conf:26','actor':'tool:tkt-intake'}",
	    "ack", NULL },
	{ "{'id':'SUP-1','channel':'chat','subject':'domain'}",
	    "{'channel':'chat','body_new':'What is it?'}", NULL, true, false,
	    "{'type':'change','ticket':'SUP-1','add':{'tags':['talk']},'why':'channel chat: talk',"
	    "'rule':'desk.conf:26','actor':'tool:tkt-intake'}",
	    "ack", NULL },
	/* a pattern that runs away: the rule fails visibly, the ticket goes on */
	{ "{" MAIL ",'subject':'x'}",
	    "{'body_new':'word xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx now'}", NULL, true,
	    false,
	    "{'type':'change','ticket':'SUP-1','add':{'tags':['rule_failed']},"
	    "'why':'rule desk.conf:6 failed: its pattern takes too many steps',"
	    "'rule':'desk.conf:6','actor':'tool:tkt-intake'}",
	    "ack", NULL },
	/* S1-14: a partial answer leaves the rest open, by their numbers */
	{ "{" MAIL ",'subject':'trouble','category':'trouble','lacks':['fields.browser']}",
	    "{'body_new':'2. I click twice.\\nThen it fails.'}",
	    "[{'key':'browser','text':'Which browser?','asked_at':'2026-03-01T09:00:00Z',"
	    "'kind':'required'},{'key':'steps','text':'Which steps?',"
	    "'asked_at':'2026-03-01T09:00:00Z','kind':'asked'}]",
	    false, false,
	    "{'type':'change','ticket':'SUP-1','set':{"
	    "'fields.steps':'I click twice.\\nThen it fails.',"
	    "'status':'pending','pending_reason':'customer'},'questions':[{'key':'steps',"
	    "'answered_at':'" NOW "','answer':'I click twice.\\nThen it fails.'}],"
	    "'why':'answered steps; lacks fields.browser','rule':'desk.conf:19',"
	    "'actor':'tool:tkt-intake'}",
	    "questions", "[{'number':1,'text':'Which browser?'}]" },
	/* by a pattern; then nothing required is lacking, and the rest is not asked again */
	{ "{" MAIL ",'subject':'trouble','category':'trouble','lacks':['fields.browser']}",
	    "{'body_new':'I have got Firefox 120.'}",
	    "[{'key':'browser','text':'Which browser?','asked_at':'2026-03-01T09:00:00Z',"
	    "'kind':'required'},{'key':'steps','text':'Which steps?',"
	    "'asked_at':'2026-03-01T09:00:00Z','kind':'asked'}]",
	    false, false,
	    "{'type':'change','ticket':'SUP-1','set':{'fields.browser':'Firefox','lacks':null},"
	    "'questions':[{'key':'browser','answered_at':'" NOW "','answer':'Firefox'}],"
	    "'why':'answered browser; nothing is lacking any more','actor':'tool:tkt-intake'}",
	    NULL, NULL },
	/* a question of an agent's, alone: the whole new text */
	{ "{" MAIL ",'subject':'x'}", "{'body_new':'\\n Since Monday.\\n\\n'}",
	    "[{'key':'ask-1','text':'Since when?','asked_at':'2026-03-01T09:00:00Z'}]", false,
	    false,
	    "{'type':'change','ticket':'SUP-1','questions':[{'key':'ask-1','answered_at':'" NOW
	    "','answer':'Since Monday.'}],'why':'answered ask-1','actor':'tool:tkt-intake'}",
	    NULL, NULL },
	/* what a recogniser finds answers too, and a required question that is moot is closed */
	{ "{" MAIL ",'subject':'x','category':'other','lacks':['fields.browser'],"
	  "'fields':{'error_number':'5'}}",
	    "{'body_new':'It says error 5: no paper'}",
	    "[{'key':'browser','text':'Which browser?','asked_at':'2026-03-01T09:00:00Z',"
	    "'kind':'required'},{'key':'error','text':'What is the text of the error?',"
	    "'asked_at':'2026-03-01T09:00:00Z','kind':'asked'}]",
	    false, false,
	    "{'type':'change','ticket':'SUP-1','set':{'fields.error':'no paper','lacks':null},"
	    "'questions':[{'key':'error','answered_at':'" NOW "','answer':'no paper'},"
	    "{'key':'browser','answered_at':'" NOW "'}],"
	    "'why':'recognised error; answered error; nothing is lacking any more',"
	    "'rule':'desk.conf:3','actor':'tool:tkt-intake'}",
	    NULL, NULL },
};

static void test_decide(void **state)
{
	const struct policy_state *policy = *state;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct row *row = &rows[i];
		json_auto_t *ticket = quoted(row->ticket), *message = quoted(row->message),
			    *questions = row->questions ? quoted(row->questions) : NULL,
			    *change = quoted(row->change),
			    *to_ask = row->to_ask ? quoted(row->to_ask) : json_null();
		const struct tkt_intake_case letter = {
			.ticket = ticket,
			.message = message,
			.description = tkt_object_text(message, "body_new"),
			.questions = questions,
			.opens = row->opens,
			.after_hours = row->after_hours,
			.now = NOW,
			.acknowledge = TKT_ACKNOWLEDGE_FIRST,
		};
		tkt_autointake intake = { 0 };
		struct tkt_error error = { 0 };

		if (!json_object_get(message, "channel")) /* it came as a letter */
			json_object_set_new(message, "raw_sha256", json_string("x"));
		succeed(
		    tkt_intake_decide(&policy->policy->intake, &letter, &intake, &error), &error);
		if (intake.change) /* test_blame() has them */
			json_object_del(intake.change, "rules");
		assert_json(intake.change, change, i);
		if (!tkt_text_equal(intake.template, row->template))
			fail_msg("row %zu: %s", i, intake.template ? intake.template : "no mail");
		assert_json(intake.to_ask, to_ask, i);
	}
}

/* Of several sections, which did what. */
static void test_blame(void **state)
{
	const struct policy_state *policy = *state;
	json_auto_t *ticket = quoted("{" MAIL ",'subject':'trouble','tier':'dealer'}"),
		    *message = quoted("{'body_new':'report 1A2B3C4D-0001'}"),
		    *expected =
			quoted("{'fields.report':'desk.conf:2','category':'desk.conf:8',"
			       "'priority':'desk.conf:8','tags':'desk.conf:10, desk.conf:23',"
			       "'status':'desk.conf:19','pending_reason':'desk.conf:19',"
			       "'lacks':'desk.conf:19'}");
	const struct tkt_intake_case letter = {
		.ticket = ticket,
		.message = message,
		.description = "Broken",
		.opens = true,
		.now = NOW,
	};
	tkt_autointake intake = { 0 };
	struct tkt_error error = { 0 };

	succeed(tkt_intake_decide(&policy->policy->intake, &letter, &intake, &error), &error);
	assert_json(json_object_get(intake.change, "rules"), expected, 0);
}

/* Which questions a letter answers; body is the whole letter, new text what is new in it. */
static const struct {
	const char *body, *body_new, *answers;
} letters[] = {
	/* below the quoted question, wrapped and marked as it may be */
	{ "> Hello,\n> 1. Which browser\n>  do you use?\n\nOpera 9\n\n> > 2. Since when?\nMay.\n-- \nX",
	    "Opera 9\n\nMay.", "{'browser':'Opera 9','since':'May.'}" },
	/* the pattern takes its part */
	{ "> Which browser do you use?\nFirefox 120, of course", "Firefox 120, of course",
	    "{'browser':'Firefox'}" },
	/* of a run of quoted questions the last one is answered, if it is */
	{ "> 1. Which browser do you use?\n> 2. Since when?\nMay\n", "May\n", "{'since':'May'}" },
	{ "> Since when?\n> -- \n> Support\nNo idea\n", "No idea\n", "{}" },
	/* by number; a closed question's number is known, and its answer does not change */
	{ "", "2) In May\n3. new name\n1: Opera,\nI think",
	    "{'browser':'Opera,\\nI think','since':'In May'}" },
	/* other lists are none of answers */
	{ "", "1. open it\n2. click\n4. look", "{}" },
	{ "", "1. open it\n1. click", "{}" },
	{ "", "2.5 hours ago", "{}" },
	/* by the pattern in the new text alone */
	{ "> firefox\nI do not know", "I do not know", "{}" },
	{ "", "CHROME", "{'browser':'CHROME'}" },
};

static void test_answers(void **state)
{
	const struct policy_state *policy = *state;
	size_t i;

	for (i = 0; i < sizeof(letters) / sizeof(*letters); i++) {
		json_auto_t *message = json_pack(
		    "{s:s,s:s}", "body", letters[i].body, "body_new", letters[i].body_new);
		json_auto_t *questions =
		    quoted("[{'key':'name','text':'Your name?','asked_at':'2026-03-02T09:00:00Z',"
			   "'answered_at':'2026-03-02T10:00:00Z','answer':'X'},"
			   "{'key':'since','text':'Since when?','asked_at':'2026-03-01T10:00:00Z'},"
			   "{'key':'browser','text':'Which browser do you use?',"
			   "'asked_at':'2026-03-01T10:00:00Z'}]");
		json_auto_t *failed = json_array(), *answers = NULL,
			    *expected = quoted(letters[i].answers);
		const struct tkt_intake_rules *rules = &policy->policy->intake;
		struct tkt_error error = { 0 };

		succeed(tkt_questions_order(rules, questions, &error), &error);
		assert_string_equal(
		    tkt_object_text(json_array_get(questions, 0), "key"), "browser");
		succeed(
		    tkt_answers_find(rules, questions, message, failed, &answers, &error), &error);
		assert_json(answers, expected, i);
		assert_int_equal(json_array_size(failed), 0);
	}
}

static void test_accepts(void **state)
{
	static const struct {
		const char *ticket;
		bool after_hours;
		enum tkt_acceptance acceptance;
	} asked[] = {
		{ "{'channel':'mail'}", true, TKT_ACCEPT_ALL },
		{ "{'channel':'phone'}", false, TKT_ACCEPT_CONSULT },
		{ "{'channel':'chat','subject':'tariffs'}", false, TKT_ACCEPT_ALL },
		{ "{'channel':'chat','subject':'tariffs'}", true, TKT_ACCEPT_CONSULT },
		{ "{'channel':'chat'}", false, TKT_ACCEPT_CONSULT },
		{ "{'channel':'telegram'}", false, TKT_ACCEPT_NONE },
	};
	const struct policy_state *policy = *state;
	size_t i;

	for (i = 0; i < sizeof(asked) / sizeof(*asked); i++) {
		json_auto_t *ticket = quoted(asked[i].ticket);
		const struct tkt_channel *channel;
		enum tkt_acceptance acceptance;
		struct tkt_error error = { 0 };

		succeed(tkt_intake_accepts(&policy->policy->intake, ticket, asked[i].after_hours,
			    &channel, &acceptance, &error),
		    &error);
		assert_int_equal(acceptance, asked[i].acceptance);
		assert_int_equal(channel != NULL, i != 0);
	}
}

static int setup(void **state)
{
	return policy_setup(state, conf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_decide),
		cmocka_unit_test(test_blame),
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_accepts),
	};

	return cmocka_run_group_tests(tests, setup, policy_teardown);
}
