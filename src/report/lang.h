/* Languages of what people read. Output for machines is always English. */
#pragma once

#include <stdbool.h>

typedef enum Lang { LANG_EN, LANG_JA } Lang;

/* The text in that language, or as it is where no translation is known; static. */
const char *lang_text(Lang lang, const char *english);

bool lang_parse(const char *word, Lang *ret_lang);
