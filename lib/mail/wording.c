#include "mail/wording.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"

#include "base/banned.h"

/* All in the form that tkt_wording_fold() gives. */
static const char *const bounce_subject[] = {
	/* English */
	"undeliver", "returned mail", "returned to sender", "returning message to sender",
	"returning to sender", "return to sender", "returned message", "delivery status notif",
	"delivery fail", "delivery has failed", "failed delivery", "failure notice",
	"failure delivery", "mail delivery", "message delivery", "mail system error",
	"message delayed", "delayed mail", "mail delayed", "warning: message",
	"warning: could not send", "not be delivered", "not deliver", "delivery report",
	"delivery notification", "delivery problem", "delivery error", "delivery warning",
	"delivery unsuccessful", "error during delivery", "non-deliver", "non deliver",
	"nondeliver", "non-receipt", "unable to deliver", "mail error", "mail failed",
	"mail failure", "failed mail", "rejected mail", "message rejected", "mail rejected",
	"delivery incomplete", "delivery delay", "delay notification", "user unknown",
	"unknown user", "unknown recipient", "unknown address", "error sending", "bounced mail",
	"[bounce]", "bounced message", "bounced email", "bounce notification", "processing error",
	"message status", "mail status report", "message blocked", "transcript of session",
	"problem with your message", "send failure", "sending failed", "failed message",
	/* Russian, Ukrainian */
	"не удалось доставить", "недоставлен", "не доставлен", "не может быть доставлен",
	"не могло быть доставлен", "не было доставлен", "не удается доставить",
	"невозможно доставить", "уведомление о статусе доставки", "уведомление о доставке",
	"отчет о доставке", "отчёт о доставке", "ошибка доставки", "ошибка при доставке",
	"сбой доставки", "отказ в доставке", "задержка доставки", "возврат письма",
	"возвращено отправителю", "письмо возвращ", "почта возвращ", "не вдалося доставити",
	"неможливо доставити",
	/* German */
	"unzustellbar", "nicht zustellbar", "nicht zugestellt", "zustellung", "zustellfehler",
	/* French */
	"non remis", "non distribu", "échec de la remise", "échec de remise", "non délivr",
	"retour à l'expéditeur", "impossible de remettre", "échec de la distribution",
	"échec d'envoi",
	/* Spanish, Portuguese, Italian */
	"no se puede entregar", "no se ha podido entregar", "no se pudo entregar", "no entregad",
	"error de entrega", "devuelto", "fallo de entrega", "fallo en la entrega",
	"falló la entrega", "falla en la entrega", "não é possível entregar", "não entregue",
	"não foi possível entregar", "falha na entrega", "falha de entrega", "não entregável",
	"devolvid", "non recapitabile", "mancato recapito", "recapito non riuscito",
	"non consegnat", "impossibile recapitare", "mancata consegna", "notifica di stato",
	/* Dutch, Polish, Czech, Swedish, Danish, Norwegian, Finnish, Hungarian, Turkish */
	"onbestelbaar", "niet bezorgd", "kan niet worden bezorgd", "niet afgeleverd", "niedostarcz",
	"nie można dostarczyć", "nie dostarczon", "nie został dostarczon", "nedoručiteln",
	"nelze doručit", "nedoručen", "kan inte leverera", "kunde inte leverera", "olevererbar",
	"gick inte att leverera", "kan ikke leveres", "ikke leveret", "ikke levert",
	"toimitus epäonnistui", "ei voitu toimittaa", "kézbesíthetetlen", "nem kézbesíthető",
	"teslim edilem",
	/* Japanese, Chinese, Korean */
	"配信不能", "配信できません", "配信エラー", "未配信", "配達不能", "配信に失敗", "不達",
	"送信エラー", "エラー通知", "无法投递", "無法投遞", "无法传递", "無法傳遞", "未送达",
	"退信", "传递失败", "投递失败", "傳遞失敗", "传输失败", "无法送达", "배달되지", "배달 못",
	"전달되지", NULL
};

static const char *const bounce_text[] = {
	/* English */
	"this is the qmail-send program", "this is the mail system at host",
	"this is the postfix program", "this is the mail delivery", "sorry to have to inform you",
	"message was created automatically by mail delivery",
	"message was created automatically by the", "automatically generated delivery status",
	"automatically created by mail delivery", "message that you sent could not be delivered",
	"message that you have sent could not be delivered",
	"message you sent could not be delivered", "mail you sent could not be delivered",
	"message that you sent has not yet been delivered", "message that you sent was rejected",
	"message you sent was rejected", "the following addresses had", "the following address had",
	"the following address failed", "the following addresses failed",
	"the following address(es)", "to the following address", "to the following recipient",
	"to the following email address", "to the following user", "to the following destination",
	"the following recipient", "the following email addresses failed", "failed recipients",
	"failed recipient:", "failed addresses", "transcript of session",
	"original message was received at", "did not reach the", "did not reach its",
	"delivery has failed to these", "delivery to these recipients",
	"your message wasn't delivered", "your message couldn't be delivered",
	"your message was not delivered", "your message cannot be delivered",
	"your message can not be delivered", "your message could not be delivered",
	"your email could not be delivered", "your mail could not be delivered",
	"your mail was not delivered", "your email was not delivered",
	"your message has not been delivered", "your message is undeliverable",
	"your message can't be delivered", "able to deliver your message",
	"able to deliver the following message", "able to deliver message to",
	"able to deliver the message", "able to deliver your mail",
	"this report relates to a message", "could not deliver message", "could not deliver mail",
	"couldn't deliver", "couldn't be delivered", "could not be delivered to", "not relayed to",
	"cannot deliver mail", "exceeds allowed size", "unknown user:", "had permanent fatal",
	"mail bounced", "being returned to", "message is being returned", "returned to the sender",
	"returned to you", "non-delivery report", "nondelivery report", "non-delivery notification",
	"message was undeliverable", "mail was undeliverable", "mail could not be delivered",
	"undelivered mail", "message not delivered to", "undeliverable to",
	"problem delivering your message", "problem delivering the message",
	"error occurred while trying to deliver", "error while delivering",
	"errors while delivering", "failed to deliver", "automatically rejected",
	"delivery attempts will continue", "is not delivered to", "rcpt to", "remote host said",
	"remote server said", "reporting-mta", "diagnostic-code", "final-recipient",
	"failed permanently", "was not received by", "delivery failure", "delivery failed",
	"could not be processed for", "unable to deliver mail", "not yet been delivered",
	"giving up", "encountered delivery problems", "delivery of email to",
	"invalid final delivery", "smtp error",
	/* Russian, Ukrainian */
	"не удалось доставить", "не может быть доставлено", "не могло быть доставлено",
	"не было доставлено", "не доставлено", "письмо создано автоматически",
	"сообщение создано автоматически", "сообщение сформировано автоматически",
	"автоматически созданное сообщение", "доставка следующим получателям",
	"невозможно доставить", "сбой доставки", "недоставленн", "не вдалося доставити",
	/* others */
	"konnte nicht zugestellt", "nicht zugestellt werden", "unzustellbar", "fehler bei der",
	"n'a pas pu être", "n'a pas été remis", "n'a pas pu etre", "échec de la remise",
	"no se pudo entregar", "no se ha podido entregar", "no se puede entregar",
	"não pôde ser entregue", "não foi entregue", "falha na entrega", "non è stato recapitato",
	"non è stato possibile", "impossibile recapitare", "kan niet worden bezorgd",
	"kon niet worden", "nie mógł zostać", "nie można dostarczyć", "nelze doručit",
	"kunde inte levereras", "kunne ikke leveres", "ei voitu toimittaa", "teslim edilemedi",
	"配信できません", "配信できなかった", "配信不能", "配信に失敗", "无法投递", "无法送达",
	"无法到达", "投递失败", "未送达", "傳遞失敗", NULL
};

static const char *const failure_text[] = { "user unknown", "unknown user", "no such user",
	"user not known", "invalid final delivery", "no such mailbox", "mailbox unavailable",
	"mailbox not found", "mailbox is full", "mailbox full", "over quota", "quota exceeded",
	"exceeded storage", "does not exist", "no mailbox here by that name", "undeliverable",
	"not be delivered", "not delivered", "unable to deliver", "not able to deliver",
	"recipient address rejected", "was rejected", "been rejected", "rejected by",
	"account is disabled", "account disabled", "address not found", "invalid recipient",
	"unknown recipient", "not listed in", "host unknown", "host not found", "550 ", "550-",
	"552 ", "553 ", "554 ", "421 ", "450 ", "451 ", "452 ", "5.1.1", "5.1.0", "5.2.1", "5.2.2",
	"5.4.", "5.7.", "4.4.", "4.2.", "permanent error", "не существует", "не найден", "отклонен",
	"переполнен", "доставк", NULL };

static const char *const delay_text[] = { "delayed", "postponed", "continue to try",
	"has not yet been delivered", "have not yet been delivered", "not yet been delivered",
	"still being retried", "will be retried", "will continue to try", "will keep trying",
	"warning message only", "do not need to resend", "not need to resend",
	"delivery attempts will continue", "will retry for", "temporary problem delivering",
	"could not send message for past", "will try again",
	"attempts to deliver the message will continue", "message is still undelivered",
	"delivery delay", "will be attempted again", "задерж", "отложен", "попытки доставки будут",
	"попытки отправки будут", "пока не доставлен", "ещё не доставлен", "еще не доставлен",
	"еще не было доставлен", "verzögert", "noch nicht zugestellt", "retardé", "différé",
	"retrasad", "demorad", "in ritardo", "opóźnion", "遅延", "延迟", NULL };

static const char *const final_text[] = { "permanent error", "permanent fail", "permanent fatal",
	"failed permanently", "giving up", "given up", "gave up", "will not be retried",
	"being returned", NULL };

static const char *const delivered_text[] = { "successfully delivered", "successful delivery",
	"delivered successfully", "successfully relayed", "was delivered to",
	"has been delivered to", "have been delivered to", "успешно доставлен", "было доставлено",
	"доставлено получател", "erfolgreich zugestellt", NULL };

static const char *const answer_subject[] = { "automatic reply", "auto reply", "auto-reply",
	"autoreply", "auto response", "auto-response", "autoresponse", "automatic response",
	"automated reply", "automated response", "auto:", "autoresponder", "auto responder",
	"out of office autoreply", "out-of-office autoreply", "out of office reply",
	"out of office auto", "[auto-reply]", "[autoreply]", "[auto reply]", "[autoresponse]",
	"vacation reply", "away from my mail", "автоответ", "авто-ответ", "автоматический ответ",
	"автоматичний відповідь", "автоматична відповідь", "автовідповідь", "automatische antwort",
	"abwesenheitsnotiz", "automatisch antwoord", "réponse automatique", "respuesta automática",
	"respuesta automatica", "resposta automática", "risposta automatica", "autosvar",
	"automatisk svar", "automatiskt svar", "automaattinen vastaus", "odpowiedź automatyczna",
	"automatyczna odpowiedź", "automatická odpověď", "automatikus válasz", "otomatik yanıt",
	"自动答复", "自动回复", "自動回覆", "自動応答", "自動返信", "자동 회신", NULL };

static const char *const absence_subject[] = { "out of office", "out of the office",
	"out-of-office", "ooo:", "vacation", "on vacation", "holiday", "away", "absence",
	"i am away", "i'm away", "i am out of", "i'm out of", "on leave", "maternity leave",
	"нет на месте", "вне офиса", "отсутствую", "в отпуске", "отпуск", "abwesenheit",
	"nicht im büro", "ich bin nicht", "absence du bureau", "absent", "fuera de la oficina",
	"fuori sede", "fuori ufficio", "assente", "afwezig", "nieobecn", "ausente",
	"thank you for contacting", "thank you for your", "thanks for contacting",
	"we have received your", "we received your", "your message has been received",
	"please confirm", "confirm your", "verification", "verify", NULL };

static const char *const absence_text[] = { "out of office", "out of the office", "on vacation",
	"on holiday", "on leave", "on annual leave", "maternity leave", "parental leave",
	"i am away", "i'm away", "will be away", "am currently away", "am currently out",
	"limited access to e", "limited access to my", "no access to e", "not reading my",
	"will be back", "will return", "return to the office", "back in the office",
	"in my absence", "during my absence", "automatic reply", "automatic response",
	"automated reply", "automated response", "automatically generated", "auto-reply",
	"autoreply", "autoresponder", "no longer with", "no longer work", "in urgent cases",
	"в отпуске", "не в офисе", "вне офиса", "нет на месте", "отсутству", "вернусь",
	"автоматический ответ", "автоответ", "автоматическое сообщение", "у відпустці", "im urlaub",
	"nicht im büro", "ausser haus", "abwesend", "nicht im haus", "automatische antwort",
	"je suis absent", "en congé", "de vacances", "en vacances", "fuera de la oficina",
	"estoy de vacaciones", "estaré ausente", "sono assente", "in ferie", "fuori ufficio",
	"estou ausente", "de férias", "afwezig", "op vakantie", "na urlopie", "nieobecn",
	"dovolené", "szabadságon", "休假", "不在办公室", "休暇", "不在", NULL };

static const char *const receipt_subject[] = { "read:", "read receipt",
	"not read:", "deleted:", "return receipt", "delivered:", "delivery receipt",
	"unread:", "прочтено", "прочитано", "не прочтено", "не прочитано",
	"доставлено:", "уведомление о прочтении", "отчет о прочтении", "отчёт о прочтении",
	"подтверждение прочтения", "gelesen:", "ungelesen:", "nicht gelesen:", "lesebestätigung",
	"empfangsbestätigung", "lu:", "lu :", "non lu", "accusé de réception",
	"leído:", "leido:", "letto:", "lido:", "lida:", "gelezen:", "leesbevestiging",
	"läst:", "læst:", "lest:", "luettu:", "przeczytan", "přečteno",
	"okundu:", "conferma di lettura", "confirmación de lectura", "开封确认", "開封済み",
	"開封確認", "已读:", "已讀:", NULL };

static const char *const receipt_text[] = { "was read on", "has been read", "was displayed on",
	"been displayed", "was opened on", "was received by", "was deleted without being read",
	"is a receipt for", "is a return receipt", "is no guarantee that the message",
	"no guarantee that it has been read", "было прочитано", "прочитано", "прочтено",
	"было показано", "удалено без прочтения", "wurde gelesen", "gelesen am", "wurde am",
	"gelesen wurde", "a été lu", "été affiché", "fue leído", "ha sido leído", "stata letta",
	"stato letto", "è stato visualizzato", "foi lida", "foi lido", "is gelezen", "werd gelezen",
	"został przeczytan", "została przeczytan", "byla přečtena", "okundu", "lästes", "blev læst",
	"ble lest", "luettiin", "已于", "已阅读", "開封されました", NULL };

static const char *const greeting[] = { "hello", "hi ", "hi,", "hi!", "dear ", "good morning",
	"good afternoon", "good day", "здравствуй", "добрый день", "доброе утро", "добрый вечер",
	"доброго времени", "привет", "уважаем", "коллеги", "guten tag", "hallo", "sehr geehrte",
	"liebe", "bonjour", "hola", "buenos d", "buongiorno", "hej", "dzień dobry", NULL };

static const char *const copy[] = { "copy of", "original message", "original mail",
	"original email", "returned message", "returned mail", "old message", "message follows",
	"mail follows", "header follows", "headers follow", "header of the original",
	"headers of the original", "unsent message", "message header", "message text",
	"message body", "forwarded message", "lines of the message", "included message",
	"contents of message", "исходное сообщение", "исходного сообщения", "оригинал",
	"текст сообщения", "копия", "текст письма", "заголовк", "ursprüngliche nachricht",
	"originalnachricht", "message d'origine", "message original", "mensaje original",
	"mensagem original", "messaggio originale", "原始", "原邮件", NULL };

static const char *const label[] = { "recipient", "user", "address", "mailbox", "rcpt to", "failed",
	"deliver", "rejected", "undeliverable", "receiver", "получател", "адрес", "ящик", "доставл",
	"empfänger", "destinat", "收件人", "宛先", NULL };

static const char *const other[] = { "contact", "accepting mail from", "from:", "from <",
	"reply-to", "reply to", "sender", "please", "questions", "отправител", "обратитесь",
	"kontakt", "http:", "https:", NULL };

static const char *const *const phrases[TKT_WORDINGS] = { bounce_subject, bounce_text, failure_text,
	delay_text, final_text, delivered_text, answer_subject, absence_subject, absence_text,
	receipt_subject, receipt_text, greeting, copy, label, other };

const char *const *tkt_wording_phrases(enum tkt_wording which)
{
	return phrases[which];
}

/* Bytes of a character that is written with others for the same: *plain is that one. */
static size_t plain_length(const char *at, size_t length, char *plain)
{
	static const struct {
		char bytes[4];
		char plain;
	} others[] = { { "\xE2\x80\x98", '\'' }, { "\xE2\x80\x99", '\'' }, { "\xC2\xB4", '\'' },
		{ "`", '\'' }, { "\xC2\xA0", ' ' }, { "\xE3\x80\x80", ' ' },
		{ "\xEF\xBC\x9A", ':' }, { "\t", ' ' }, { "\r", ' ' }, { "\n", ' ' } };

	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
		size_t size = strlen(others[i].bytes);

		if (length >= size && memcmp(at, others[i].bytes, size) == 0) {
			*plain = others[i].plain;
			return size;
		}
	}
	*plain = *at;
	return 1;
}

static bool is_quoted(const char *at, const char *end)
{
	return *at == '>' && !(end - at > 2 && at[1] == '>' && at[2] == '>');
}

char *tkt_wording_fold(const char *text, size_t length)
{
	const char *end = text + length;
	bool line = true;
	tkt_autotext plain;
	char *folded, *copied;

	tkt_text_init(&plain, TKT_TEXT_LIMIT);
	for (const char *at = text; at < end;) {
		char byte;
		size_t size;

		if (line && is_quoted(at, end)) {
			at = memchr(at, '\n', (size_t)(end - at));
			if (!at)
				break;
		}
		line = *at == '\n';
		size = plain_length(at, (size_t)(end - at), &byte);
		at += size;
		if (byte != ' ' || (plain.length > 0 && plain.bytes[plain.length - 1] != ' '))
			tkt_text_add_byte(&plain, byte);
	}
	if (plain.failed)
		return NULL;
	folded = g_utf8_casefold(plain.bytes, (gssize)plain.length);
	copied = strdup(folded);
	g_free(folded);
	return copied;
}

bool tkt_wording_has(enum tkt_wording which, const char *folded)
{
	bool begins = which == TKT_WORDS_ANSWER_SUBJECT || which == TKT_WORDS_ABSENCE_SUBJECT ||
	    which == TKT_WORDS_RECEIPT_SUBJECT || which == TKT_WORDS_GREETING;

	for (const char *const *phrase = phrases[which]; *phrase; phrase++)
		if (begins ? g_str_has_prefix(folded, *phrase) : strstr(folded, *phrase) != NULL)
			return true;
	return false;
}
