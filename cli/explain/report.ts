import type { ExplainBootResponse__Output as Explanation } from '#shared/generated/smee/boot/v1/ExplainBootResponse.ts';
import type { Step__Output as Step } from '#shared/generated/smee/boot/v1/Step.ts';
import { escapeUnsafe } from '#shared/printable.ts';
import { type Paint, padTo, widthOf, wrap } from '../terminal.ts';

/** How it is to look. */
interface Page {
  readonly paint: Paint;
  /** Columns. */
  readonly width: number;
}

/** Where the sentence about a step begins. */
const indent = '            ';

/** What is said of a machine: the answer first, then how it comes to that. */
export function explanationText(explained: Explanation, page: Page): string {
  const { steps, changes, unknowns } = explained;
  const columns = {
    asks: Math.max(0, ...steps.map(({ asks = '' }) => widthOf(safe(asks)))),
    said: Math.max(0, ...steps.map(({ said = '' }) => said.length)),
  };
  const refused = steps.findIndex(({ outcome }) => outcome === 'NO');
  const lines = steps.flatMap((step, at) => [
    ...(refused !== -1 && at === refused + 1 ? [page.paint('dim', '  once that is mended:')] : []),
    ...stepLines(step, columns, page),
  ]);
  return [
    ...headline(explained, page),
    '',
    ...lines,
    ...list('What would have to change:', changes, page),
    ...list('Not looked into:', unknowns, page),
  ]
    .map((line) => `${line}\n`)
    .join('');
}

/** At three in the morning nobody reads the second line. */
function headline(
  { machine, boots, steps, unknowns }: Explanation,
  { paint, width }: Page,
): readonly string[] {
  const who = [machine?.name, machine?.mac, machine?.address].filter(Boolean).map((part) => safe(part ?? ''));
  const no = steps.find(({ outcome }) => outcome === 'NO');
  const seen = unknowns.length === 0 ? '.' : ', as far as can be seen from here.';
  const [mark, answer] =
    boots === true
      ? ['✓', `would boot${seen}`]
      : ['✗', `would not boot: ${no === undefined ? '' : whyOf(no)}`];
  const [first = '', ...rest] = wrap(`${who[0] ?? ''} ${answer}`, width - 2);
  const colour = boots === true ? 'green' : 'red';
  return [
    paint(colour, `${mark} ${first}`),
    ...rest.map((line) => paint(colour, `  ${line}`)),
    ...(who.length > 1 ? [paint('dim', `  ${who.slice(1).join('  ')}`)] : []),
  ];
}

/** The reason's sentence, and what it speaks of. */
function whyOf({ means = '', details: { detail } = {} }: Step): string {
  return detail === undefined ? means : `${means} (${safe(detail)})`;
}

interface Columns {
  readonly asks: number;
  readonly said: number;
}

function stepLines(step: Step, columns: Columns, { paint, width }: Page): readonly string[] {
  const { stage = '', asks = '', said = '', outcome, reason = '', details = {} } = step;
  const { file = '', ip, leftOut } = details;
  const yes = outcome === 'YES';
  const mark = yes ? paint('green', '✓') : paint('red', '✗');
  const told = [
    asks.includes(file) ? undefined : file,
    ip,
    leftOut === undefined ? undefined : `without ${leftOut}`,
  ];
  const more = told.filter((part) => part !== undefined).map(safe);
  const head = `  ${mark} ${padTo(4, stage.toLowerCase())}  ${padTo(columns.asks, safe(asks))}`;
  const line =
    more.length === 0
      ? `${head}  ${said}`
      : `${head}  ${padTo(columns.said, said)}  ${paint('dim', more.join('  '))}`;
  if (yes) return [line];
  const why = wrap(`${reason}: ${whyOf(step)}`, width - indent.length);
  return [line, ...why.map((part) => `${indent}${part}`)];
}

function list(title: string, sentences: readonly string[], { paint, width }: Page): readonly string[] {
  if (sentences.length === 0) return [];
  const lines = sentences.flatMap((sentence, at) => {
    const [first = '', ...rest] = wrap(safe(sentence), width - 5);
    return [`  ${at + 1}. ${first}`, ...rest.map((line) => `     ${line}`)];
  });
  return ['', paint('bold', title), ...lines];
}

/** Names and files come from records, which anybody may have written. */
const safe = escapeUnsafe;
