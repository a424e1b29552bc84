/* The events of a ticket become the moments that its clocks see. */
#include "store_support.h"

#include "base/time.h"
#include "flow/story.h"
#include "store/event.h"

static const char *const events[] = {
	"{'type':'event','seq':1,'at':'2026-03-02T09:00:00Z','ticket':'T-1','set':{'id':'T-1',"
	"'status':'new','priority':'normal','requester.email':'a@example.org','fields.domain':'x',"
	"'received_at':'2026-03-02T08:59:00Z'},'message':{'kind':'public','direction':'in',"
	"'auto':false,'bounce':false,'sent_at':'2026-03-02T08:58:00Z',"
	"'received_at':'2026-03-02T08:59:00Z'}}",
	"{'type':'event','seq':2,'at':'2026-03-02T09:00:01Z','ticket':'T-1','message':"
	"{'kind':'public','direction':'out','auto':true,'bounce':false}}",
	"{'type':'event','seq':3,'at':'2026-03-02T09:10:00Z','ticket':'T-2','set':{'id':'T-2'}}",
	"{'type':'event','seq':4,'at':'2026-03-02T10:00:00Z','ticket':'T-1','was':{'status':'new',"
	"'fields.domain':'x'},'set':{'status':'open','fields.domain':null,"
	"'last_out_at':'2026-03-02T10:00:00Z'},'message':{'kind':'public','direction':'out',"
	"'channel':'mail','auto':false,'bounce':false},'outgoing':{'number':1}}",
	"{'type':'event','seq':5,'at':'2026-03-02T11:00:00Z','ticket':'T-1','message':"
	"{'kind':'internal','direction':'in','auto':false,'bounce':false}}",
	/* a mail to nobody; a call that closes the ticket; a letter that leaves it closed */
	"{'type':'event','seq':6,'at':'2026-03-02T12:00:00Z','ticket':'T-1','message':"
	"{'kind':'public','direction':'out','channel':'mail'}}",
	"{'type':'event','seq':7,'at':'2026-03-02T13:00:00Z','ticket':'T-1','set':"
	"{'status':'closed'},'message':{'kind':'public','direction':'out','channel':'phone'}}",
	"{'type':'event','seq':8,'at':'2026-03-02T14:00:00Z','ticket':'T-1','set':"
	"{'priority':'high'},'message':{'kind':'public','direction':'in'}}",
};

static json_t *quoted(const char *text)
{
	char *json = strdup(text), *at;
	json_t *made;

	for (at = json; *at; at++)
		if (*at == '\'')
			*at = '"';
	made = object(json);
	free(json);
	return made;
}

static void assert_moment(const struct tkt_moment *moment, const char *at, bool opens,
    bool letter_in, bool reply_out, const char *ticket)
{
	char text[TKT_TIME_SIZE];
	json_auto_t *expected = quoted(ticket);

	assert_string_equal(tkt_time_format(moment->at, text), at);
	assert_int_equal(moment->opens, opens);
	assert_int_equal(moment->letter_in, letter_in);
	assert_int_equal(moment->reply_out, reply_out);
	if (!json_equal(moment->ticket, expected))
		fail_msg("%s", json_dumps(moment->ticket, 0));
}

#define NEW                                                                                    \
	"{'type':'ticket','id':'T-1','status':'new','priority':'normal','requester':{'email':" \
	"'a@example.org'},'fields':{'domain':'x'},'received_at':'2026-03-02T08:59:00Z'}"
#define OPEN                                                                                    \
	"{'type':'ticket','id':'T-1','status':'open','priority':'normal','requester':{'email':" \
	"'a@example.org'},'received_at':'2026-03-02T08:59:00Z',"                                \
	"'last_out_at':'2026-03-02T10:00:00Z'}"

static void test_log(void **state)
{
	struct tkt_db *db = *state;
	struct tkt_error error = { 0 };
	tkt_autostory story = { 0 };
	size_t i;

	for (i = 0; i < sizeof(events) / sizeof(*events); i++) {
		json_auto_t *event = quoted(events[i]);

		succeed(tkt_event_write(db, event, &error), &error);
	}
	succeed(tkt_story_read(db, "T-1", &story, &error), &error);
	assert_int_equal(story.count, 7);
	assert_moment(&story.moments[0], "2026-03-02T09:00:00Z", true, true, false, NEW);
	assert_int_equal(story.moments[0].sent_at, 1772441880);
	assert_int_equal(story.moments[0].received_at, 1772441940);
	assert_moment(&story.moments[1], "2026-03-02T09:00:01Z", false, false, false, NEW);
	assert_true(story.moments[1].sent_at == TKT_TIME_NONE);
	assert_moment(&story.moments[2], "2026-03-02T10:00:00Z", false, false, true, OPEN);
	assert_moment(&story.moments[3], "2026-03-02T11:00:00Z", false, false, false, OPEN);
	assert_moment(&story.moments[4], "2026-03-02T12:00:00Z", false, false, false, OPEN);
	assert_false(story.moments[5].stays_closed);
	assert_true(story.moments[5].reply_out);
	assert_true(story.moments[6].stays_closed);
}

/* A change that is on its way follows what the log has; its ticket lives as long as the story. */
static void test_change(void **state)
{
	struct tkt_error error = { 0 };
	tkt_autostory story = { 0 };
	json_t *ticket = quoted("{'status':'open'}"), *message = quoted("{'body':'x'}");
	struct tkt_moment moment = tkt_moment_of(ticket, message, false, 7);

	(void)state;
	succeed(tkt_story_add(&story, &moment, &error), &error);
	json_decref(ticket);
	json_decref(message);
	assert_true(story.moments[0].reply_out); /* public and out is what a message is */
	assert_object(story.moments[0].ticket, "{\"status\":\"open\"}");
}

static void test_no_time(void **state)
{
	struct tkt_error error = { 0 };
	tkt_autostory story = { 0 };
	json_auto_t *event = quoted("{'set':{'status':'new'}}");

	(void)state;
	assert_int_equal(tkt_story_add_event(&story, event, &error), -1);
	assert_int_equal(error.kind, TKT_ERROR_DATA);
	assert_string_equal(error.text, "an event needs an 'at'");
	assert_int_equal(story.count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_log, open_database, close_database),
		cmocka_unit_test(test_change),
		cmocka_unit_test(test_no_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
