#include "json/work_order.h"

#include "base/text.h"

#include "base/banned.h"

size_t tkt_work_place(const struct tkt_work_order *order, const char *tier)
{
	size_t place;

	for (place = 0; order->tiers && order->tiers[place]; place++)
		if (tkt_text_equal(order->tiers[place], tier))
			break;
	return place;
}

int64_t tkt_work_delay(const struct tkt_work_order *order, const char *tier)
{
	return order ? (int64_t)tkt_work_place(order, tier) * order->age_seconds : 0;
}
