# Turns a .po file into rows of a C table: { "msgid", "msgstr" }, one a translated message.
# The catalogue becomes part of the program, so that what a report says never depends on which
# locales a machine has installed. Fuzzy and untranslated messages are left out, as gettext does.
function finish() {
	if (id != "" && str != "" && !fuzzy)
		printf "\t{ \"%s\",\n\t\t\"%s\" },\n", id, str
	id = ""; str = ""; part = ""; fuzzy = next_fuzzy; next_fuzzy = 0
}
function text(line) {
	sub(/^[^"]*"/, "", line)
	sub(/"[^"]*$/, "", line)
	return line
}
/^#,.*fuzzy/ { next_fuzzy = 1; next }
/^#/ { next }
/^msgid / { finish(); part = "id"; id = text($0); next }
/^msgstr / { part = "str"; str = text($0); next }
/^"/ { if (part == "id") id = id text($0); else if (part == "str") str = str text($0) }
END { finish() }
