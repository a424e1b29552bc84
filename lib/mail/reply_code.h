/*
 * lib/mail/reply_code.h: codes of servers in free text: enhanced ones (RFC 3463: "5.1.1") and those
 * of SMTP (RFC 5321, 4.2.3: "550").
 */
#pragma once
#include <stdbool.h>

#include "mail/report.h"

/*
 * Writes the first enhanced code of the text; where there is none, what the first SMTP reply of
 * class 4 or 5 stands for, "4.0.0" or "5.0.0" (RFC 3463, 3.1: no more is known). False, and "":
 * there is neither.
 */
bool tkt_reply_code_find(const char *text, char status[static TKT_STATUS_SIZE]);
/* Is the text's first word an enhanced code? Writes it, else "". */
bool tkt_reply_code_read(const char *text, char status[static TKT_STATUS_SIZE]);
