// SPDX-License-Identifier: LGPL-2.1-or-later
/* The module goes, whatever there is of it, and what is left is told so. */
#include <poll.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <kselftest_harness.h>

#include "mappings.h"
#include "module.h"

FIXTURE(unload) {
	struct genl genl;
};

FIXTURE_SETUP(unload)
{
	if (!getenv("OWNROUTE_KO"))
		SKIP(return, "can't load it again: $OWNROUTE_KO must name it");
	ASSERT_EQ(0, unshare(CLONE_NEWNET));
	ASSERT_EQ(0, ownroute_open(&self->genl));
	ASSERT_EQ(0, mapping_new(&self->genl, &MAPPING(.id = 42), NULL));
}

FIXTURE_TEARDOWN(unload)
{
	genl_close(&self->genl);
}

TEST_F(unload, works_with_mappings_and_leaves_none)
{
	struct object none;
	struct genl genl;

	ASSERT_EQ(0, module_unload());
	ASSERT_EQ(0, module_load());
	ASSERT_EQ(0, ownroute_open(&genl));
	EXPECT_EQ(0, mapping_dump(&genl, &none, 1));
	genl_close(&genl);
}

TEST_F(unload, socket_of_before_gets_an_error)
{
	struct ownroute_info info;
	struct object none;

	ASSERT_EQ(0, module_unload());
	EXPECT_EQ(-ENOENT, info_get(&self->genl, &info));
	EXPECT_EQ(-ENOENT, mapping_new(&self->genl, &MAPPING(), &none));
	EXPECT_EQ(-ENOENT, mapping_dump(&self->genl, &none, 1));

	/* It comes back under another number. */
	ASSERT_EQ(0, module_load());
	EXPECT_EQ(-ENOENT, info_get(&self->genl, &info));
}

TEST_F(unload, listener_of_before_hears_nothing_more)
{
	struct pollfd pollfd = { .events = POLLIN };
	struct genl listener, genl;

	ASSERT_EQ(0, ownroute_open(&listener));
	ASSERT_EQ(0, genl_join(&listener));
	ASSERT_EQ(0, module_unload());
	ASSERT_EQ(0, module_load());
	ASSERT_EQ(0, ownroute_open(&genl));
	ASSERT_EQ(0, mapping_new(&genl, &MAPPING(), NULL));

	/* The event would be there before the answer. */
	pollfd.fd = listener.fd;
	EXPECT_EQ(0, poll(&pollfd, 1, 0));
	genl_close(&listener);
	genl_close(&genl);
}

TEST_F(unload, dump_under_way_holds_the_module)
{
	struct genl_msg msg;
	int i;

	/* Enough not to fit in what the kernel prepares ahead. */
	for (i = 0; i < 1000; i++) {
		ASSERT_EQ(0, mapping_new(&self->genl, &MAPPING(), NULL));
	}
	genl_msg_init(&msg, &self->genl, OWNROUTE_CMD_MAPPING_GET, NLM_F_DUMP);
	ASSERT_EQ(0, genl_send(&self->genl, &msg));
	EXPECT_EQ(-EAGAIN, module_unload());

	genl_close(&self->genl);
	ASSERT_EQ(0, module_unload_when_unused());
	ASSERT_EQ(0, module_load());
}

TEST_F(unload, works_with_a_transaction_open)
{
	struct object none;
	struct genl genl;

	ASSERT_EQ(0, transaction_begin(&self->genl));
	ASSERT_EQ(0, transaction_new(&self->genl, &MAPPING(.id = 43)));
	ASSERT_EQ(0, mapping_del(&self->genl, 42));
	ASSERT_EQ(0, module_unload());
	EXPECT_EQ(-ENOENT, transaction_commit(&self->genl));

	ASSERT_EQ(0, module_load());
	EXPECT_EQ(-ENOENT, transaction_commit(&self->genl));
	ASSERT_EQ(0, ownroute_open(&genl));
	EXPECT_EQ(-ESRCH, transaction_commit(&genl));
	EXPECT_EQ(0, mapping_dump(&genl, &none, 1));
	genl_close(&genl);
}

TEST_F(unload, works_when_namespaces_with_mappings_are_gone)
{
	int i, status;

	for (i = 0; i < 20; i++) {
		pid_t pid = fork();

		ASSERT_LE(0, pid);
		if (!pid) {
			struct genl genl;

			_exit(unshare(CLONE_NEWNET) || ownroute_open(&genl) ||
			      mapping_new(&genl, &MAPPING(), NULL));
		}
		ASSERT_EQ(pid, waitpid(pid, &status, 0));
		ASSERT_EQ(0, status);
	}
	ASSERT_EQ(0, module_unload());
	ASSERT_EQ(0, module_load());
}

MODULE_HARNESS_MAIN
