/**
 * Run inside a namespace, where the test itself cannot go: GETs a URL and prints the status and the body.
 * With `--until 200` it asks again until that status comes, for at most 20 seconds, and exits with 1 when it does not.
 */
const [url = '', , until] = process.argv.slice(2);
const deadline = Date.now() + 20_000;
let answer = await ask();
while (until !== undefined && answer.status !== Number(until) && Date.now() < deadline) {
  await new Promise((resolve) => setTimeout(resolve, 50));
  answer = await ask();
}
process.stdout.write(`${answer.status} ${answer.body}\n`);
process.exitCode = until === undefined || answer.status === Number(until) ? 0 : 1;

async function ask(): Promise<{ status: number; body: string }> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
    return { status: response.status, body: await response.text() };
  } catch (error) {
    return { status: 0, body: String(error instanceof Error ? (error.cause ?? error) : error) };
  }
}
