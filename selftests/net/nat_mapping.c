// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * nat_mapping (uid N | gid N | cgroup ID | mark N/MASK | dev NAME | masquerade | source ADDR |
 * dns ADDR | guard)...: makes the mapping of these words.
 */
#include <arpa/inet.h>
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mappings.h"

static void take_address(const char *text, __be32 *ipv4, __u8 *ipv6)
{
	if (inet_pton(AF_INET, text, ipv4) != 1 &&
	    inet_pton(AF_INET6, text, ipv6) != 1)
		errx(EXIT_FAILURE, "no address: %s", text);
}

static void take_pair(struct object *wanted, const char *word, const char *text)
{
	struct ownroute_mapping *mapping = &wanted->mapping;
	struct ownroute_nat *nat = &wanted->nat;
	char *end;

	if (!strcmp(word, "uid")) {
		mapping->match |= OWNROUTE_MATCH_UID;
		mapping->uid_min = strtoul(text, NULL, 0);
		mapping->uid_max = mapping->uid_min;
	} else if (!strcmp(word, "gid")) {
		mapping->match |= OWNROUTE_MATCH_GID;
		mapping->gid_min = strtoul(text, NULL, 0);
		mapping->gid_max = mapping->gid_min;
	} else if (!strcmp(word, "cgroup")) {
		mapping->match |= OWNROUTE_MATCH_CGROUP;
		mapping->cgroup = strtoull(text, NULL, 0);
	} else if (!strcmp(word, "mark")) {
		mapping->mark = strtoul(text, &end, 0);
		mapping->mask = strtoul(end + 1, NULL, 0);
	} else if (!strcmp(word, "dev")) {
		snprintf(wanted->device, sizeof(wanted->device), "%s", text);
	} else if (!strcmp(word, "source")) {
		take_address(text, &nat->source_ipv4, nat->source_ipv6);
	} else if (!strcmp(word, "dns")) {
		take_address(text, &nat->dns_ipv4, nat->dns_ipv6);
	} else {
		errx(EXIT_FAILURE, "what is %s?", word);
	}
}

int main(int argc, char **argv)
{
	struct object made, wanted = {
		.attrs = 1U << OWNROUTE_A_DEVICE | 1U << OWNROUTE_A_NAT,
		.mapping = { .size = sizeof(wanted.mapping), .priority = 1000 },
		.nat = { .size = sizeof(wanted.nat) },
	};
	struct genl genl;
	int i;

	for (i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "masquerade")) {
			wanted.nat.flags |= OWNROUTE_NAT_MASQUERADE;
		} else if (!strcmp(argv[i], "guard")) {
			wanted.mapping.flags |= OWNROUTE_FLAG_GUARD;
		} else if (i + 1 < argc) {
			take_pair(&wanted, argv[i], argv[i + 1]);
			i++;
		} else {
			errx(EXIT_FAILURE, "%s what?", argv[i]);
		}
	}
	if (ownroute_open(&genl))
		errx(EXIT_FAILURE, "no ownroute");
	if (mapping_new_with(&genl, &wanted, &made))
		errx(EXIT_FAILURE, "refused: %s", genl.ack.text);
	return EXIT_SUCCESS;
}
