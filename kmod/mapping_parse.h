/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _OWN_MAPPING_PARSE_H
#define _OWN_MAPPING_PARSE_H

struct genl_info;
struct own_mapping;

struct own_mapping *own_mapping_parse(struct genl_info *info);

#endif
