/**
 * Run inside a namespace, where the test itself cannot go: GETs a URL again and again, for at most 20 seconds, until the
 * answer's status and body, in one line each, contain the text of the second argument; exits with 1 when they never do.
 */
const [url = '', wanted = ''] = process.argv.slice(2);
const deadline = Date.now() + 20_000;
let answer = await ask();
while (!answer.includes(wanted) && Date.now() < deadline) {
  await new Promise((resolve) => setTimeout(resolve, 50));
  answer = await ask();
}
process.exitCode = answer.includes(wanted) ? 0 : 1;
process.stdout.write(process.exitCode === 0 ? `${url}: ${wanted}\n` : `${answer}\n`);

async function ask(): Promise<string> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
    return `${response.status}\n${await response.text()}`;
  } catch (error) {
    return String(error instanceof Error ? (error.cause ?? error) : error);
  }
}
