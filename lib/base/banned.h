/* lib/base/banned.h: calls that lose data or are not reentrant; what to call instead stands beside.
 */
#pragma once
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#pragma GCC poison strcpy    /* struct tkt_text */
#pragma GCC poison strcat    /* struct tkt_text */
#pragma GCC poison sprintf   /* snprintf, tkt_text_format */
#pragma GCC poison vsprintf  /* vsnprintf */
#pragma GCC poison strtok    /* strsep, strcspn */
#pragma GCC poison atoi      /* tkt_number_parse */
#pragma GCC poison gmtime    /* tkt_time_format, tkt_civil_from_time */
#pragma GCC poison localtime /* tkt_zone_civil */
