/* lib/flow/release.h: a letter that was kept aside, put through by a person. */
#pragma once
#include <stdint.h>

struct tkt_error;
struct tkt_receiving;

/*
 * Takes the quarantined letter of that number in as if it had come now past filters and brakes, but
 * with its original times and envelope (S0-16); its row gets the new fate and says that it was
 * released. In a transaction of its own, reported like any other. 0, or -1 with NOT_FOUND, DATA (it
 * is not quarantined, its contents were dropped) or what tkt_take_in() says.
 */
int tkt_release_letter(
    const struct tkt_receiving *receiving, const char *number, struct tkt_error *error);
