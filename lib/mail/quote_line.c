#include "mail/quote_line.h"

#include <ctype.h>
#include <string.h>

#include "base/utf8.h"
#include "mail/fold.h"

#include "base/banned.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define DEVICE_MOST 160 /* bytes of a line that a telephone adds */
#define FOOTER_MOST 400

/* The words of this file are folded, as the lines are that they are compared with. */

static const struct label {
	const char *word;
	unsigned meaning;
} labels[] = {
	/* en */
	{ "from", TKT_QUOTE_FROM },
	{ "sent", TKT_QUOTE_DATE },
	{ "date", TKT_QUOTE_DATE },
	{ "sent at", TKT_QUOTE_DATE },
	{ "to", TKT_QUOTE_TO },
	{ "cc", TKT_QUOTE_COPY },
	{ "reply-to", TKT_QUOTE_COPY },
	{ "subject", TKT_QUOTE_SUBJECT },
	/* ru */
	{ "от", TKT_QUOTE_FROM },
	{ "от кого", TKT_QUOTE_FROM },
	{ "отправитель", TKT_QUOTE_FROM },
	{ "отправлено", TKT_QUOTE_DATE },
	{ "дата", TKT_QUOTE_DATE },
	{ "дата отправки", TKT_QUOTE_DATE },
	{ "кому", TKT_QUOTE_TO },
	{ "получатель", TKT_QUOTE_TO },
	{ "копия", TKT_QUOTE_COPY },
	{ "тема", TKT_QUOTE_SUBJECT },
	/* uk, be, bg, sr */
	{ "від", TKT_QUOTE_FROM },
	{ "надіслано", TKT_QUOTE_DATE },
	{ "копія", TKT_QUOTE_COPY },
	{ "ад", TKT_QUOTE_FROM },
	{ "каму", TKT_QUOTE_TO },
	{ "тэма", TKT_QUOTE_SUBJECT },
	{ "изпратено", TKT_QUOTE_DATE },
	{ "до", TKT_QUOTE_TO },
	{ "относно", TKT_QUOTE_SUBJECT },
	/* de */
	{ "von", TKT_QUOTE_FROM },
	{ "gesendet", TKT_QUOTE_DATE },
	{ "datum", TKT_QUOTE_DATE },
	{ "an", TKT_QUOTE_TO },
	{ "betreff", TKT_QUOTE_SUBJECT },
	/* fr, es, pt, it, ro */
	{ "de", TKT_QUOTE_FROM },
	{ "envoyé", TKT_QUOTE_DATE },
	{ "à", TKT_QUOTE_TO },
	{ "a", TKT_QUOTE_TO },
	{ "objet", TKT_QUOTE_SUBJECT },
	{ "enviado", TKT_QUOTE_DATE },
	{ "enviado el", TKT_QUOTE_DATE },
	{ "fecha", TKT_QUOTE_DATE },
	{ "para", TKT_QUOTE_TO },
	{ "asunto", TKT_QUOTE_SUBJECT },
	{ "enviada", TKT_QUOTE_DATE },
	{ "enviada em", TKT_QUOTE_DATE },
	{ "enviado em", TKT_QUOTE_DATE },
	{ "data", TKT_QUOTE_DATE },
	{ "assunto", TKT_QUOTE_SUBJECT },
	{ "da", TKT_QUOTE_FROM },
	{ "inviato", TKT_QUOTE_DATE },
	{ "oggetto", TKT_QUOTE_SUBJECT },
	{ "trimis", TKT_QUOTE_DATE },
	{ "către", TKT_QUOTE_TO },
	{ "subiect", TKT_QUOTE_SUBJECT },
	/* nl, sv, da, nb, fi */
	{ "van", TKT_QUOTE_FROM },
	{ "verzonden", TKT_QUOTE_DATE },
	{ "aan", TKT_QUOTE_TO },
	{ "onderwerp", TKT_QUOTE_SUBJECT },
	{ "från", TKT_QUOTE_FROM },
	{ "skickat", TKT_QUOTE_DATE },
	{ "till", TKT_QUOTE_TO },
	{ "ämne", TKT_QUOTE_SUBJECT },
	{ "fra", TKT_QUOTE_FROM },
	{ "sendt", TKT_QUOTE_DATE },
	{ "dato", TKT_QUOTE_DATE },
	{ "til", TKT_QUOTE_TO },
	{ "emne", TKT_QUOTE_SUBJECT },
	{ "lähettäjä", TKT_QUOTE_FROM },
	{ "lähetetty", TKT_QUOTE_DATE },
	{ "vastaanottaja", TKT_QUOTE_TO },
	{ "aihe", TKT_QUOTE_SUBJECT },
	/* pl, cs, sk, hu, tr */
	{ "od", TKT_QUOTE_FROM },
	{ "wysłano", TKT_QUOTE_DATE },
	{ "wysłane", TKT_QUOTE_DATE },
	{ "do", TKT_QUOTE_TO },
	{ "dw", TKT_QUOTE_COPY },
	{ "temat", TKT_QUOTE_SUBJECT },
	{ "odesláno", TKT_QUOTE_DATE },
	{ "odoslané", TKT_QUOTE_DATE },
	{ "komu", TKT_QUOTE_TO },
	{ "předmět", TKT_QUOTE_SUBJECT },
	{ "predmet", TKT_QUOTE_SUBJECT },
	{ "feladó", TKT_QUOTE_FROM },
	{ "elküldve", TKT_QUOTE_DATE },
	{ "dátum", TKT_QUOTE_DATE },
	{ "címzett", TKT_QUOTE_TO },
	{ "tárgy", TKT_QUOTE_SUBJECT },
	{ "kimden", TKT_QUOTE_FROM },
	{ "gönderildi", TKT_QUOTE_DATE },
	{ "tarih", TKT_QUOTE_DATE },
	{ "kime", TKT_QUOTE_TO },
	{ "konu", TKT_QUOTE_SUBJECT },
	/* zh, ja, ko */
	{ "发件人", TKT_QUOTE_FROM },
	{ "发送时间", TKT_QUOTE_DATE },
	{ "发送日期", TKT_QUOTE_DATE },
	{ "日期", TKT_QUOTE_DATE },
	{ "收件人", TKT_QUOTE_TO },
	{ "抄送", TKT_QUOTE_COPY },
	{ "主题", TKT_QUOTE_SUBJECT },
	{ "寄件者", TKT_QUOTE_FROM },
	{ "寄件日期", TKT_QUOTE_DATE },
	{ "收件者", TKT_QUOTE_TO },
	{ "主旨", TKT_QUOTE_SUBJECT },
	{ "差出人", TKT_QUOTE_FROM },
	{ "送信者", TKT_QUOTE_FROM },
	{ "送信日時", TKT_QUOTE_DATE },
	{ "宛先", TKT_QUOTE_TO },
	{ "件名", TKT_QUOTE_SUBJECT },
	{ "보낸 사람", TKT_QUOTE_FROM },
	{ "보낸 날짜", TKT_QUOTE_DATE },
	{ "날짜", TKT_QUOTE_DATE },
	{ "받는 사람", TKT_QUOTE_TO },
	{ "제목", TKT_QUOTE_SUBJECT },
};

/* What stands between dashes above a mail that is quoted whole. */
static const char *const separators[] = {
	"original message",
	"original appointment",
	"reply message",
	"исходное сообщение",
	"исходное письмо",
	"оригинальное сообщение",
	"оригинал сообщения",
	"первоначальное сообщение",
	"вихідне повідомлення",
	"оригінал повідомлення",
	"ursprüngliche nachricht",
	"originalnachricht",
	"message d'origine",
	"message d’origine",
	"message original",
	"mensaje original",
	"mensagem original",
	"messaggio originale",
	"mesajul original",
	"oorspronkelijk bericht",
	"originele bericht",
	"originalmeddelande",
	"ursprungligt meddelande",
	"oprindelig meddelelse",
	"oprindelig besked",
	"opprinnelig melding",
	"original melding",
	"alkuperäinen viesti",
	"oryginalna wiadomość",
	"wiadomość oryginalna",
	"původní zpráva",
	"pôvodná správa",
	"eredeti üzenet",
	"orijinal mesaj",
	"原始邮件",
	"邮件原件",
	"原始信息",
	"原始郵件",
	"元のメッセージ",
	"원본 메시지",
};

/* Lines under which a desk asks not to write. */
static const char *const markers[] = {
	"reply above this line",
	"type your reply above",
	"write above this line",
	"ответ выше этой",
	"пишите выше этой",
	"oberhalb dieser zeile",
};

static const char *const forwards[] = {
	"forwarded message",
	"begin forwarded message",
	"forwarded by",
	"forwarded mail",
	"пересылаемое сообщение",
	"пересланное сообщение",
	"пересылаемое письмо",
	"начало пересылаемого сообщения",
	"начало переадресованного сообщения",
	"начало пересланного сообщения",
	"переадресованное сообщение",
	"перенаправленное сообщение",
	"переслане повідомлення",
	"пачатак перасланага паведамлення",
	"weitergeleitete nachricht",
	"anfang der weitergeleiteten",
	"message transféré",
	"début du message",
	"mensaje reenviado",
	"inicio del mensaje reenviado",
	"mensagem encaminhada",
	"messaggio inoltrato",
	"inizio messaggio inoltrato",
	"doorgestuurd bericht",
	"vidarebefordrat meddelande",
	"videresendt",
	"välitetty viesti",
	"wiadomość przekazana",
	"przekazana wiadomość",
	"přeposlaná zpráva",
	"továbbított üzenet",
	"iletilen mesaj",
	"转发的邮件",
	"转发邮件",
	"轉寄郵件",
	"転送されたメッセージ",
	"転送メッセージ",
	"전달된 메시지",
};

/* How a telephone or a program begins (or ends) the line that it adds ... */
static const char *const sent_words[] = { "sent from", "sent with", "get outlook for",
	"get bluemail for", "отправлено с", "отправлено из", "надіслано з", "відправлено з",
	"von meinem", "gesendet von", "gesendet mit", "gesendet aus",
	"diese nachricht wurde von meinem", "holen sie sich outlook", "envoyé de", "envoyé depuis",
	"envoyé à partir", "télécharger outlook", "enviado desde", "enviado de", "enviado do",
	"obtener outlook", "obter o outlook", "inviato da", "scarica outlook", "ottieni outlook",
	"verstuurd vanaf", "verzonden vanaf", "verzonden met", "wysłane z", "wysłano z",
	"odesláno z", "skickat från", "sendt fra", "lähetetty", "pobierz outlook",
	"скачать outlook", "загрузить outlook", "получить outlook", "发自", "从我的", "發自",
	"iphoneから送信", "ipadから送信", "나의 iphone" };
/* ... and what it names. */
static const char *const devices[] = { "iphone", "ipad", "ios", "android", "samsung", "galaxy",
	"huawei", "honor", "xiaomi", "redmi", "nokia", "blackberry", "smartphone", "windows phone",
	"outlook", "mail", "yahoo", "gmail", "proton", "yandex", "яндекс", "почты для", "телефон",
	"смартфон", "мобильн", "мобільн", "устройств", "phone", "mobile", "handy", "tablet",
	"планшет", "aqua", "spark", "thunderbird", "k-9", "fairemail", "zoho", "windows", "pixel",
	"手机", "mobil" };

static const char *const footers[] = { "mailing list", "unsubscribe", "listinfo", "отписаться",
	"отказаться от рассылки", "список рассылки", "mailingliste", "liste de diffusion",
	"lista de correo", "you received this message because you are subscribed" };

static const char *const scanners[] = { "checked for viruses", "virus-free", "scanned for viruses",
	"scanned by", "на наличие вирусов", "проверено на вирусы", "auf viren geprüft",
	"auf viren überprüft" };

static const char *const below[] = { "inline", "in-line", "see below", "answers below",
	"comments below", "replies below", "responses below", "answered below", "answer below",
	"in red", "in blue", "in green", "in bold", "см. ниже", "см.ниже", "смотрите ниже",
	"ответы ниже", "ответ ниже", "ответил ниже", "ответила ниже", "комментарии ниже",
	"отвечаю ниже", "по тексту", "в тексте письма", "внутри письма", "красным", "синим",
	"зеленым", "зелёным", "жирным", "дивіться нижче", "siehe unten", "s. unten", "in rot",
	"in blau", "voir ci-dessous", "en rouge", "en bleu", "ver abajo", "en rojo", "in rosso",
	"vedi sotto", "w treści" };

/* Is it neither seen nor a character of its own: zero-width, bidi, a soft hyphen? */
static bool is_invisible(uint32_t point)
{
	return (point >= 0x200B && point <= 0x200F) || (point >= 0x202A && point <= 0x202E) ||
	    (point >= 0x2060 && point <= 0x2069) || point == 0xFEFF || point == 0xAD;
}

static bool is_blank(uint32_t point)
{
	return point <= ' ' || point == 0xA0 || point == 0x202F || point == 0x3000 ||
	    (point >= 0x2000 && point <= 0x200A);
}

/* Adds one character; false: there is no room. */
static bool add_character(struct tkt_quote_line *line, const char *bytes, size_t length)
{
	line->is_cut = line->length + length > TKT_QUOTE_LINE;
	if (line->is_cut)
		return false;
	memcpy(line->text + line->length, bytes, length);
	line->length += length;
	return true;
}

void tkt_quote_line_read(struct tkt_quote_line *line, const char *bytes, size_t length)
{
	bool blank = false;

	line->length = 0;
	line->is_cut = false;
	for (size_t at = 0; at < length;) {
		size_t from = at;
		uint32_t point = tkt_utf8_next(bytes, length, &at);

		if (is_invisible(point))
			continue;
		if (is_blank(point)) {
			blank = line->length > 0;
			continue;
		}
		if ((blank && !add_character(line, " ", 1)) ||
		    !add_character(line, bytes + from, at - from))
			break;
		blank = false;
	}
	line->text[line->length] = 0;
	tkt_fold(line->text, line->length);
}

void tkt_quote_line_join(struct tkt_quote_line *line, const struct tkt_quote_line *more)
{
	if (!line->is_cut && add_character(line, " ", 1))
		add_character(line, more->text, more->length);
	line->is_cut |= more->is_cut;
	line->text[line->length] = 0;
}

static bool contains_any(const char *text, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strstr(text, words[i]))
			return true;
	return false;
}

/* How many characters of ornament lead a line; *last: how many end it. */
static size_t ornament(const struct tkt_quote_line *line, size_t *last)
{
	static const char signs[] = "-_=*#+~<>[]|. ";
	size_t first = strspn(line->text, signs), end = line->length;

	while (end > first && strchr(signs, line->text[end - 1]))
		end--;
	*last = line->length - end;
	return first;
}

/* Does one of the words stand alone between ornaments? */
static bool is_word_between(
    const struct tkt_quote_line *line, const char *const *words, size_t count)
{
	size_t last, first = ornament(line, &last), length = line->length - first - last;

	if (first < 2 || last < 2)
		return false;
	for (size_t i = 0; i < count; i++)
		if (strlen(words[i]) == length && !memcmp(line->text + first, words[i], length))
			return true;
	return false;
}

unsigned tkt_quote_label(const struct tkt_quote_line *line)
{
	size_t first = strspn(line->text, "*_ "), end = first + strcspn(line->text + first, ":*_");
	const char *wide = strstr(line->text, "：");
	const char *colon = line->text + end + strspn(line->text + end, "*_ ");

	if (wide && wide < line->text + end)
		end = (size_t)(wide - line->text);
	else if (*colon != ':')
		return 0;
	while (end > first && line->text[end - 1] == ' ')
		end--;
	for (size_t i = 0; i < COUNT(labels); i++)
		if (strlen(labels[i].word) == end - first &&
		    !memcmp(line->text + first, labels[i].word, end - first))
			return labels[i].meaning;
	return 0;
}

bool tkt_quote_is_separator(const struct tkt_quote_line *line)
{
	size_t last;

	return is_word_between(line, separators, COUNT(separators)) ||
	    (ornament(line, &last) >= 2 && contains_any(line->text, markers, COUNT(markers)));
}

bool tkt_quote_is_forward(const struct tkt_quote_line *line)
{
	size_t last, first = ornament(line, &last);

	if (line->length - first - last > 120)
		return false;
	for (size_t i = 0; i < COUNT(forwards); i++) {
		size_t length = strlen(forwards[i]);

		if (strncmp(line->text + first, forwards[i], length) != 0)
			continue;
		/* Between dashes, or the whole line with a colon: 'Begin forwarded message:' */
		if (first >= 2 || line->text[line->length - 1] == ':')
			return true;
	}
	return false;
}

bool tkt_quote_is_rule(const struct tkt_quote_line *line)
{
	return line->length >= 3 && strspn(line->text, "-_=*") == line->length;
}

bool tkt_quote_is_device(const struct tkt_quote_line *line)
{
	size_t last, first = ornament(line, &last);
	const char *text = line->text + first;

	if (line->length == 0 || line->length > DEVICE_MOST)
		return false;
	if (!strncmp(text, "— ", 4))
		text += 4;
	for (size_t i = 0; i < COUNT(sent_words); i++)
		if (!strncmp(text, sent_words[i], strlen(sent_words[i])))
			return contains_any(text, devices, COUNT(devices));
	return false;
}

bool tkt_quote_is_list_footer(const struct tkt_quote_line *line)
{
	return line->length <= FOOTER_MOST && contains_any(line->text, footers, COUNT(footers));
}

bool tkt_quote_is_scanner(const struct tkt_quote_line *line)
{
	return line->length <= FOOTER_MOST && contains_any(line->text, scanners, COUNT(scanners));
}

static bool is_letter(char byte)
{
	return isalnum((unsigned char)byte) || (unsigned char)byte >= 0x80;
}

bool tkt_quote_points_below(const struct tkt_quote_line *line)
{
	for (size_t i = 0; i < COUNT(below); i++) {
		size_t length = strlen(below[i]);

		/* Not 'mainline', not 'in reduced'. */
		for (const char *at = line->text; (at = strstr(at, below[i])); at++)
			if (!(at > line->text && is_letter(at[-1])) && !is_letter(at[length]))
				return true;
	}
	return false;
}
