// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * mapping add WORD...
 * mapping replace WORD...
 *
 * WORD := id N | uid N | gid N | mark M | mask M | inbound M | dev IFNAME | guard | lan |
 *	   connmark
 *
 * Makes a mapping, or replaces the one that has this id, and nothing else: rules and routes
 * are the test's.
 */
#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "mappings.h"

static __u32 read_number(const char *text)
{
	unsigned long value;
	char *end;

	value = text ? strtoul(text, &end, 0) : 0;
	if (!text || end == text || *end || value != (__u32)value)
		errx(EXIT_FAILURE, "unreadable: %s", text ? text : "nothing");
	return value;
}

static __u32 flag_of(const char *word)
{
	if (!strcmp(word, "guard"))
		return OWNROUTE_FLAG_GUARD;
	if (!strcmp(word, "lan"))
		return OWNROUTE_FLAG_LAN;
	if (!strcmp(word, "connmark"))
		return OWNROUTE_FLAG_CONNMARK;
	return 0;
}

static void read_pair(const char *word, const char *value,
		      struct object *wanted)
{
	struct ownroute_mapping *mapping = &wanted->mapping;

	if (!strcmp(word, "dev") && value && strlen(value) < IFNAMSIZ) {
		wanted->attrs |= 1U << OWNROUTE_A_DEVICE;
		memcpy(wanted->device, value, strlen(value) + 1);
	} else if (!strcmp(word, "id")) {
		mapping->id = read_number(value);
	} else if (!strcmp(word, "uid")) {
		mapping->match |= OWNROUTE_MATCH_UID;
		mapping->uid_min = read_number(value);
		mapping->uid_max = mapping->uid_min;
	} else if (!strcmp(word, "gid")) {
		mapping->match |= OWNROUTE_MATCH_GID;
		mapping->gid_min = read_number(value);
		mapping->gid_max = mapping->gid_min;
	} else if (!strcmp(word, "mark")) {
		mapping->mark = read_number(value);
	} else if (!strcmp(word, "mask")) {
		mapping->mask = read_number(value);
	} else if (!strcmp(word, "inbound")) {
		mapping->inbound = read_number(value);
	} else {
		errx(EXIT_FAILURE, "unknown or unfinished: %s", word);
	}
}

int main(int argc, char **argv)
{
	struct object made, wanted = {
		.mapping = {
			.size = sizeof(wanted.mapping),
			.priority = 1000,
			.mask = 0xffffffff,
		},
	};
	struct genl genl;
	int i, result;

	if (argc < 2)
		errx(EXIT_FAILURE, "usage: mapping (add | replace) WORD...");
	for (i = 2; i < argc; i++) {
		__u32 flag = flag_of(argv[i]);

		wanted.mapping.flags |= flag;
		if (!flag) {
			read_pair(argv[i], argv[i + 1], &wanted);
			i++;
		}
	}

	result = ownroute_open(&genl);
	if (!result)
		result = !strcmp(argv[1], "add") ?
			 mapping_new_with(&genl, &wanted, &made) :
			 mapping_set_with(&genl, &wanted);
	if (result)
		errx(EXIT_FAILURE, "%s: %s", strerror(-result), genl.ack.text);
	return EXIT_SUCCESS;
}
