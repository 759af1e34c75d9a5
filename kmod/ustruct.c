// SPDX-License-Identifier: GPL-2.0-only
#include <linux/kernel.h>
#include <linux/netlink.h>
#include <linux/string.h>
#include <net/netlink.h>

#include "ustruct.h"

/**
 * own_ustruct_get() - read a struct whose first member is its size
 * @attr: attribute that carries it
 * @dst: gets it, as this kernel knows it
 * @ksize: size of that
 * @size_ver0: size that it had in its first version
 * @extack: says why not
 *
 * Return: 0; -EINVAL if the size makes no sense; -E2BIG if something is asked for
 * that this kernel doesn't have.
 */
int own_ustruct_get(const struct nlattr *attr, void *dst, size_t ksize,
		    size_t size_ver0, struct netlink_ext_ack *extack)
{
	const void *src = nla_data(attr);
	size_t usize = nla_len(attr);
	u32 size;

	if (usize < size_ver0) {
		NL_SET_ERR_MSG_ATTR_FMT(extack, attr,
					"struct has %zu bytes, version 0 has %zu",
					usize, size_ver0);
		return -EINVAL;
	}

	memcpy(&size, src, sizeof(size));
	if (size != usize) {
		NL_SET_ERR_MSG_ATTR_FMT(extack, attr,
					"struct says it has %u bytes, attribute has %zu",
					size, usize);
		return -EINVAL;
	}

	if (usize > ksize && memchr_inv(src + ksize, 0, usize - ksize)) {
		NL_SET_ERR_MSG_ATTR_FMT(extack, attr,
					"this kernel knows only the first %zu of %zu bytes",
					ksize, usize);
		return -E2BIG;
	}

	memset(dst, 0, ksize);
	memcpy(dst, src, min(usize, ksize));
	return 0;
}
