/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What comes out of the client at a far end, counted by case. */
#ifndef CAPTURE_H
#define CAPTURE_H

#include <stdbool.h>
#include <stddef.h>

#define MAX_CASES	100
/* Packets of a case that are kept as text */
#define MAX_TEXTS	50

struct capture;

struct capture *capture_open(void);
void capture_drain(struct capture *c);
unsigned int capture_count(const struct capture *c, unsigned int number);
unsigned int capture_total(const struct capture *c);
unsigned int capture_missed(const struct capture *c);
const char *capture_text(const struct capture *c, unsigned int number,
			 unsigned int i);
bool capture_replay(struct capture *c, unsigned int number, unsigned int flag);

#endif
