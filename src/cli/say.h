/* Remarks and errors. */
#pragma once

/* A line on standard error, behind the program's name; what is not printable in text is escaped. */
void say(const char *text);
