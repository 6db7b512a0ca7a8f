# Turns a text file into the items of a C array of strings, one a line.
{ gsub(/\\/, "\\\\\\\\"); gsub(/"/, "\\\\\""); printf "\t\"%s\\n\",\n", $0 }
