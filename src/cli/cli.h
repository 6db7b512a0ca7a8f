/* The command line: everything that talks to a person, the clock, the environment. */
#pragma once

/* Runs kantei; returns the exit status of DESIGN.md, 3. */
int cli_run(int argc, char **argv);
