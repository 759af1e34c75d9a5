/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef USERNS_H
#define USERNS_H

int userns_enter(const char *uid_map);

#endif
