// What an editor with the YAML language server shows: stdin has a list of [path, text], `|` where the caret
// stands; stdout gets for each the problems marked and, with a caret, what is offered there.
"use strict";
const fs = require("node:fs");
const path = require("node:path");
const { createRequire } = require("node:module");

const from = createRequire(path.join(__dirname, "..", "node_modules", "yaml-language-server", "package.json"));
const { getLanguageService } = from("./out/server/src/languageservice/yamlLanguageService");
const { TextDocument } = from("vscode-languageserver-textdocument");
const { URI } = from("vscode-uri");

const service = getLanguageService({
  schemaRequestService: async (uri) => {
    try {
      return fs.readFileSync(URI.parse(uri).fsPath, "utf8");
    } catch {
      throw new Error(`Unable to load schema from ${uri}`);
    }
  },
  workspaceContext: {
    resolveRelativePath: (relative, base) =>
      URI.file(path.resolve(path.dirname(URI.parse(base).fsPath), relative)).toString(),
  },
  clientCapabilities: {},
});
service.configure({ completion: true, validate: true, hover: true, schemas: [] });

let version = 0;
async function shown([file, text]) {
  const caret = text.indexOf("|");
  const whole = caret < 0 ? text : text.slice(0, caret) + text.slice(caret + 1);
  const document = TextDocument.create(URI.file(file).toString(), "yaml", ++version, whole);
  const marked = (await service.doValidation(document, false)).map((problem) => [
    problem.range.start.line + 1,
    problem.range.start.character + 1,
    problem.message,
  ]);
  if (caret < 0) return { marked, offered: [] };
  const { items } = await service.doComplete(document, document.positionAt(caret), false);
  const offered = items.map((item) => [item.label, item.textEdit?.newText ?? item.insertText, item.documentation]);
  return { marked, offered };
}

(async () => {
  const asked = JSON.parse(fs.readFileSync(0, "utf8"));
  const answers = [];
  for (const one of asked) answers.push(await shown(one));
  process.stdout.write(JSON.stringify(answers));
})();
