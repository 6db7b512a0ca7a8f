#include "report/html_writer.h"
#include "report/json_read.h"
#include "report/report.h"

void report_prepare(void)
{
	json_prepare();
	html_prepare();
}
