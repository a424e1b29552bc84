#include "mail/compose.h"

#include <gmime/gmime.h>
#include <string.h>

#include "base/address.h"
#include "base/error.h"
#include "base/utf8.h"
#include "base/words.h"
#include "mail/flowed.h"
#include "mail/html_write.h"

#include "base/banned.h"

enum {
	HEADER_BYTES = 1000, /* of a subject or name; what is beyond is cut */
	ID_BYTES = 250,      /* a longer Message-ID is not quoted */
	REFERENCES_COUNT = 20,
	LINE_BYTES = 998, /* RFC 5322 2.1.1 */
};

/* GMime has no cleanup functions of its own, but all its nouns are GObjects. */
static void release_object(void *pointer)
{
	g_clear_object((GObject **)pointer);
}
#define autoobject __attribute__((cleanup(release_object)))

static void release_options(GMimeFormatOptions **options)
{
	if (*options)
		g_mime_format_options_free(*options);
}

/*
 * Valid UTF-8 on one line without controls, at most HEADER_BYTES of it. What looks like an encoded
 * word gets a blank inside: GMime would write it as it stands, for the reader to decode.
 */
static char *clean(const char *value)
{
	g_autofree char *valid = g_utf8_make_valid(value ? value : "", -1);
	GString *line = g_string_new(NULL);
	const char *at;

	for (at = valid; *at && line->len < HEADER_BYTES; at = g_utf8_next_char(at)) {
		gunichar character = g_utf8_get_char(at);

		if (g_unichar_iscntrl(character) || character == 0x2028 || character == 0x2029)
			character = ' ';
		if (character == '?' && g_str_has_suffix(line->str, "="))
			g_string_append_c(line, ' ');
		g_string_append_unichar(line, character);
	}
	return g_strstrip(g_string_free(line, FALSE));
}

/* May it stand between angle brackets? */
static bool is_id(const char *id)
{
	size_t length = id ? strnlen(id, ID_BYTES + 1) : 0;
	size_t at;

	for (at = 0; at < length; at++)
		if (id[at] <= ' ' || id[at] > '~' || id[at] == '<' || id[at] == '>')
			return false;
	return length > 0 && length <= ID_BYTES;
}

static void add_header(GMimeMessage *message, const char *name, const char *value)
{
	g_mime_object_append_header(GMIME_OBJECT(message), name, value, "utf-8");
}

static void add_text_header(GMimeMessage *message, const char *name, const char *value)
{
	g_autofree char *line = clean(value);

	if (line[0])
		add_header(message, name, line);
}

static void add_id_header(GMimeMessage *message, const char *name, const char *id)
{
	g_autofree char *bracketed = g_strdup_printf("<%s>", id);

	add_header(message, name, bracketed);
}

/* IDNA has a form of it; what has none stays as it is. */
static bool has_ascii_domain(InternetAddress *mailbox)
{
	return g_str_is_ascii(
	    internet_address_mailbox_get_idn_addr(INTERNET_ADDRESS_MAILBOX(mailbox)));
}

static int add_addresses(GMimeMessage *message, GMimeAddressType type,
    const struct tkt_address *addresses, size_t count, struct tkt_error *error)
{
	InternetAddressList *list = g_mime_message_get_addresses(message, type);
	size_t i;

	for (i = 0; i < count; i++) {
		g_autofree char *name = clean(addresses[i].name);
		autoobject InternetAddress *mailbox = NULL;

		if (tkt_address_is_valid(addresses[i].email))
			mailbox =
			    internet_address_mailbox_new(name[0] ? name : NULL, addresses[i].email);
		if (!mailbox || !has_ascii_domain(mailbox)) {
			g_autofree char *shown = clean(addresses[i].email);

			return tkt_error_set(
			    error, TKT_ERROR_DATA, _("'%s' is not a mail address"), shown);
		}
		internet_address_set_charset(mailbox, "utf-8");
		internet_address_list_add(list, mailbox);
	}
	return 0;
}

/*
 * References as RFC 5322 3.6.4 has them: the parent's, then the parent. Of a long thread the first
 * and the last ones stay; ids that could not stand between brackets are left out.
 */
static void add_references(GMimeMessage *message, const struct tkt_outgoing_mail *mail)
{
	g_autoptr(GPtrArray) ids = g_ptr_array_new();
	g_autoptr(GString) value = g_string_new(NULL);
	guint i;

	for (i = 0; mail->references && mail->references[i]; i++)
		if (is_id(mail->references[i]) &&
		    !g_ptr_array_find_with_equal_func(ids, mail->references[i], g_str_equal, NULL))
			g_ptr_array_add(ids, (char *)mail->references[i]);
	if (is_id(mail->in_reply_to)) {
		guint parent;

		add_id_header(message, "In-Reply-To", mail->in_reply_to);
		if (g_ptr_array_find_with_equal_func(ids, mail->in_reply_to, g_str_equal, &parent))
			g_ptr_array_remove_index(ids, parent);
		g_ptr_array_add(ids, (char *)mail->in_reply_to);
	}
	if (ids->len > REFERENCES_COUNT)
		g_ptr_array_remove_range(ids, 1, ids->len - REFERENCES_COUNT);
	for (i = 0; i < ids->len; i++)
		g_string_append_printf(value, "%s<%s>", i > 0 ? " " : "", (char *)ids->pdata[i]);
	if (value->len > 0)
		add_header(message, "References", value->str);
}

static int add_headers(
    GMimeMessage *message, const struct tkt_outgoing_mail *mail, struct tkt_error *error)
{
	g_autoptr(GDateTime) date = g_date_time_new_from_unix_utc(mail->date);

	if (!date)
		return tkt_error_set(error, TKT_ERROR_DATA, _("a mail cannot have this date"));
	if (!is_id(mail->message_id))
		return tkt_error_set(
		    error, TKT_ERROR_DATA, _("a mail needs a Message-ID without blanks"));
	g_mime_message_set_date(message, date);
	if (add_addresses(message, GMIME_ADDRESS_TYPE_FROM, &mail->from, 1, error) ||
	    add_addresses(message, GMIME_ADDRESS_TYPE_REPLY_TO, &mail->reply_to,
		mail->reply_to.email ? 1 : 0, error) ||
	    add_addresses(message, GMIME_ADDRESS_TYPE_TO, mail->to, mail->to_count, error) ||
	    add_addresses(message, GMIME_ADDRESS_TYPE_CC, mail->cc, mail->cc_count, error))
		return -1;
	add_text_header(message, "Subject", mail->subject);
	add_id_header(message, "Message-ID", mail->message_id);
	add_references(message, mail);
	add_text_header(message, "Auto-Submitted", mail->auto_submitted);
	if (mail->auto_submitted)
		add_header(message, "X-Auto-Response-Suppress", "OOF, AutoReply");
	add_text_header(message, "X-Tkt-Desk", mail->desk_mark);
	return 0;
}

static void set_content(
    GMimePart *part, const void *bytes, size_t size, GMimeContentEncoding encoding)
{
	autoobject GMimeStream *stream = g_mime_stream_mem_new_with_buffer(bytes, size);
	autoobject GMimeDataWrapper *content =
	    g_mime_data_wrapper_new_with_stream(stream, GMIME_CONTENT_ENCODING_DEFAULT);

	g_mime_part_set_content(part, content);
	g_mime_part_set_content_encoding(part, encoding);
}

/*
 * Seven bits always: nothing on the way need say 8BITMIME, and signatures survive. ASCII in short
 * lines stays readable, mostly ASCII is quoted-printable, the rest base64, which for Cyrillic is
 * less than half as long.
 */
static GMimeContentEncoding choose_encoding(const char *text, size_t length)
{
	bool plain = true;
	size_t line = 0, i;

	for (i = 0; i < length && plain; i++) {
		unsigned char byte = (unsigned char)text[i];

		line = byte == '\n' ? 0 : line + 1;
		plain = line <= LINE_BYTES &&
		    (byte == '\n' || byte == '\t' || (byte >= ' ' && byte <= '~'));
	}
	return plain ? GMIME_CONTENT_ENCODING_7BIT
		     : g_mime_utils_best_encoding((const unsigned char *)text, length);
}

/* A part of that text; of base64 its lines end in CRLF (RFC 2045 6.8): GMime ends the lines of the
 * other encodings as it writes. */
static GMimeObject *new_text_part(const char *subtype, const struct tkt_text *text)
{
	GMimeContentEncoding encoding = choose_encoding(text->bytes, text->length);
	GMimePart *part = g_mime_part_new_with_type("text", subtype);

	g_mime_object_set_content_type_parameter(GMIME_OBJECT(part), "charset", "utf-8");
	if (encoding == GMIME_CONTENT_ENCODING_BASE64) {
		g_auto(GStrv) lines = g_strsplit(text->bytes, "\n", -1);
		g_autofree char *canonical = g_strjoinv("\r\n", lines);

		set_content(part, canonical, strlen(canonical), encoding);
	} else {
		set_content(part, text->bytes, text->length, encoding);
	}
	return GMIME_OBJECT(part);
}

/* NULL when memory is out or the text too long: the error is filled. */
static GMimeObject *new_plain_part(const char *body, struct tkt_error *error)
{
	GMimeObject *part;
	tkt_autotext flowed;

	tkt_text_init(&flowed, TKT_TEXT_LIMIT);
	tkt_flowed_add(&flowed, body, strlen(body));
	if (tkt_text_check(&flowed, error))
		return NULL;
	part = new_text_part("plain", &flowed);
	g_mime_object_set_content_type_parameter(part, "format", "flowed");
	return part;
}

static GMimeObject *new_html_part(const char *body, struct tkt_error *error)
{
	tkt_autotext html;

	tkt_text_init(&html, TKT_TEXT_LIMIT);
	tkt_html_write(&html, body, strlen(body));
	return tkt_text_check(&html, error) ? NULL : new_text_part("html", &html);
}

/*
 * The same mail composed twice has the same bytes, so the boundary is no random one: a hash that
 * the text cannot hold, since it is of that text.
 */
static GMimeMultipart *new_multipart(const char *subtype, const struct tkt_outgoing_mail *mail)
{
	g_autofree char *seed = g_strjoin("\n", mail->message_id, subtype, mail->body, NULL);
	g_autofree char *hash = g_compute_checksum_for_string(G_CHECKSUM_SHA256, seed, -1);
	g_autofree char *boundary = g_strdup_printf("=_%.32s", hash);
	GMimeMultipart *multipart = g_mime_multipart_new_with_subtype(subtype);

	g_mime_multipart_set_boundary(multipart, boundary);
	return multipart;
}

/* What a person reads. NULL with the error filled. */
static GMimeObject *new_body_part(const struct tkt_outgoing_mail *mail, struct tkt_error *error)
{
	g_autofree char *valid = g_utf8_make_valid(mail->body ? mail->body : "", -1);
	autoobject GMimeObject *plain = new_plain_part(valid, error);
	autoobject GMimeObject *html = NULL;
	GMimeMultipart *alternative;

	if (!plain || !mail->has_html)
		return g_steal_pointer(&plain);
	html = new_html_part(valid, error);
	if (!html)
		return NULL;
	alternative = new_multipart("alternative", mail);
	g_mime_multipart_add(alternative, plain);
	g_mime_multipart_add(alternative, html); /* the last one is the best (RFC 2046 5.1.4) */
	return GMIME_OBJECT(alternative);
}

static bool is_token(const char *string)
{
	const char *at;

	for (at = string; *at; at++)
		if (!g_ascii_isalnum(*at) && !strchr("!#$&-^_.+", *at))
			return false;
	return at > string && at - string <= 127; /* RFC 6838 4.2 */
}

/* A type that may be base64: not multipart or message (RFC 2046 5), no parameters. */
static GMimePart *new_typed_part(const char *content_type)
{
	g_auto(GStrv) halves = g_strsplit(content_type ? content_type : "", "/", 2);

	if (g_strv_length(halves) != 2 || !is_token(halves[0]) || !is_token(halves[1]) ||
	    !g_ascii_strcasecmp(halves[0], "multipart") ||
	    !g_ascii_strcasecmp(halves[0], "message"))
		return g_mime_part_new_with_type("application", "octet-stream");
	return g_mime_part_new_with_type(halves[0], halves[1]);
}

/* GMime would take the first old charset that has the letters. */
static void set_parameter_charset(GMimeParamList *parameters, const char *name)
{
	GMimeParam *parameter = g_mime_param_list_get_parameter(parameters, name);

	if (parameter)
		g_mime_param_set_charset(parameter, "utf-8");
}

static GMimeObject *new_enclosure_part(const struct tkt_enclosure *enclosure)
{
	GMimePart *part = new_typed_part(enclosure->content_type);
	GMimeObject *object = GMIME_OBJECT(part);
	GMimeContentType *type = g_mime_object_get_content_type(object);
	const void *bytes = enclosure->size > 0 ? enclosure->bytes : "";
	g_autofree char *name = clean(enclosure->name);

	g_strdelimit(name, "/\\", '_');
	g_mime_object_set_disposition(object, "attachment");
	g_mime_part_set_filename(part, name[0] ? name : "attachment");
	if (!g_str_is_ascii(name)) {
		set_parameter_charset(g_mime_content_type_get_parameters(type), "name");
		set_parameter_charset(g_mime_content_disposition_get_parameters(
					  g_mime_object_get_content_disposition(object)),
		    "filename");
	}
	if (g_mime_content_type_is_type(type, "text", "*") &&
	    g_utf8_validate_len(bytes, enclosure->size, NULL))
		g_mime_object_set_content_type_parameter(object, "charset", "utf-8");
	set_content(part, bytes, enclosure->size, GMIME_CONTENT_ENCODING_BASE64);
	return object;
}

static int add_parts(
    GMimeMessage *message, const struct tkt_outgoing_mail *mail, struct tkt_error *error)
{
	autoobject GMimeObject *body = new_body_part(mail, error);
	autoobject GMimeMultipart *mixed = NULL;
	size_t i;

	if (!body)
		return -1;
	if (mail->enclosure_count == 0) {
		g_mime_message_set_mime_part(message, body);
		return 0;
	}
	mixed = new_multipart("mixed", mail);
	g_mime_multipart_add(mixed, body);
	for (i = 0; i < mail->enclosure_count; i++) {
		autoobject GMimeObject *part = new_enclosure_part(&mail->enclosures[i]);

		g_mime_multipart_add(mixed, part);
	}
	g_mime_message_set_mime_part(message, GMIME_OBJECT(mixed));
	return 0;
}

/* What every SMTP server may rely on, whatever a library above has made of our values. */
static bool lines_are_safe(const char *bytes, size_t length)
{
	size_t line = 0, i;

	for (i = 0; i < length; i++) {
		unsigned char byte = (unsigned char)bytes[i];

		if (byte == '\r' && i + 1 < length && bytes[i + 1] == '\n') {
			line = 0;
			i++;
		} else if (byte == '\r' || byte == '\n' || byte == '\0' || byte >= 0x80 ||
		    ++line > LINE_BYTES) {
			return false;
		}
	}
	return line == 0;
}

int tkt_mail_compose(
    const struct tkt_outgoing_mail *mail, struct tkt_text *out, struct tkt_error *error)
{
	autoobject GMimeMessage *message = NULL;
	autoobject GMimeStream *stream = NULL;
	__attribute__((cleanup(release_options))) GMimeFormatOptions *options = NULL;
	GByteArray *written;

	g_mime_init(); /* counts its callers */
	message = g_mime_message_new(FALSE);
	if (add_headers(message, mail, error) || add_parts(message, mail, error))
		return -1;
	options = g_mime_format_options_new();
	g_mime_format_options_set_newline_format(options, GMIME_NEWLINE_FORMAT_DOS);
	g_mime_format_options_set_param_encoding_method(
	    options, GMIME_PARAM_ENCODING_METHOD_RFC2231);
	stream = g_mime_stream_mem_new();
	if (g_mime_object_write_to_stream(GMIME_OBJECT(message), options, stream) < 0)
		return tkt_error_set_memory(error);
	written = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
	if (!lines_are_safe((const char *)written->data, written->len))
		return tkt_error_set(error, TKT_ERROR_BUG,
		    _("the mail '%s' has lines that no server would take"), mail->message_id);
	tkt_text_add_bytes(out, written->data, written->len);
	return tkt_text_check(out, error);
}
