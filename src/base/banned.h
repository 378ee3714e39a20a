/* base/banned: calls that are compile errors here, each with its replacement.
 *
 * Forced into every file of ours by the build (-include). */
#ifndef STELE_BASE_BANNED_H
#define STELE_BASE_BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define STELE_BANNED(name, instead) stele_banned_##name##_use_##instead

#undef strcpy
#define strcpy(a, b) STELE_BANNED(strcpy, stele_str_copy)
#undef strcat
#define strcat(a, b) STELE_BANNED(strcat, stele_buf)
#undef strncpy
#define strncpy(a, b, n) STELE_BANNED(strncpy, memcpy)
#undef strncat
#define strncat(a, b, n) STELE_BANNED(strncat, stele_buf)
#undef sprintf
#define sprintf(...) STELE_BANNED(sprintf, stele_buf_printf)
#undef vsprintf
#define vsprintf(...) STELE_BANNED(vsprintf, stele_buf_printf)
#undef strtok
#define strtok(a, b) STELE_BANNED(strtok, stele_str)
#undef atoi
#define atoi(a) STELE_BANNED(atoi, stele_num_parse_i64)
#undef atol
#define atol(a) STELE_BANNED(atol, stele_num_parse_i64)
#undef gmtime
#define gmtime(a) STELE_BANNED(gmtime, stele_time_print)
#undef localtime
#define localtime(a) STELE_BANNED(localtime, stele_time_print)
#undef rand
#define rand() STELE_BANNED(rand, sys_random)
#undef alloca
#define alloca(n) STELE_BANNED(alloca, stele_arena)

#endif
