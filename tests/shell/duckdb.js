// Runs the manual's DuckDB recipes: duckdb.js MODULES PAGE, where the files that they name are. Prints a line for each that
// fails or answers nothing, then how many there were.
const fs = require("fs");
const path = require("path");

async function main() {
	const { DuckDBInstance } = require(path.resolve(process.argv[2], "@duckdb/node-api"));
	const page = fs.readFileSync(process.argv[3], "utf8");
	const block = page.slice(page.indexOf("With DuckDB")).match(/^\.Bd .*\n([\s\S]*?)^\.Ed$/m)[1];
	const queries = block.replace(/\\e/g, "\\").trim().split("\n\n");
	const instance = await DuckDBInstance.create(":memory:");
	const connection = await instance.connect();
	for (const query of queries) {
		try {
			const rows = (await connection.runAndReadAll(query)).getRowsJson();
			if (rows.length === 0 && !query.startsWith("CREATE")) {
				console.log("nothing: " + query);
			}
		} catch (error) {
			console.log(query + "\n" + error);
		}
	}
	console.log(queries.length);
}

main();
