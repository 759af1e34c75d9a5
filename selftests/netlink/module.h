/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The module under test. */
#ifndef MODULE_H
#define MODULE_H

int module_load(void);
int module_unload(void);
int module_unload_when_unused(void);
void module_provide(void);

/* Instead of TEST_HARNESS_MAIN: has the module there while the tests run. */
#define MODULE_HARNESS_MAIN						      \
	int main(int argc, char **argv)					      \
	{								      \
		module_provide();					      \
		return test_harness_run(argc, argv);			      \
	}

#endif
