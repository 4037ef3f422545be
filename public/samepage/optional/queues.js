/** The lists of moderators: messages that wait, bans, and the log. Each with what can be done about its lines. */
import { button, make } from '../dom.js';
import { table } from './form.js';
import { styles, wear } from './view.js';
import { words } from './words.js';

/** So few lines are all that there are. */
const FEW = 20;

const sheet = styles(`
.entries { display: flex; flex-direction: column; gap: 8px; padding-bottom: 14px; list-style: none; }
.entry-line { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 8px; padding: 8px 12px; border: 1px solid var(--line); border-radius: 12px; }
.said { flex: 1 1 100%; min-width: 0; white-space: pre-wrap; font-size: 14px; }
.entry-line .small { flex: 1; }
.entry-line button, .older {
  min-height: 32px; padding: 0 12px; border-radius: 9px; background: var(--fill); font-size: 13px; font-weight: 600; text-align: center;
}
.entry-line button:disabled { opacity: .6; }
@media (pointer: coarse) { .entry-line button, .older { min-height: 44px; } }
`);

/** `lines`: {said, small, acts: [{name, text, run()}]}; what an act throws is told by `fail`. */
function show(body, lines, empty, reload, tools) {
  const focused = body.contains(body.getRootNode().activeElement);
  const act = ({ name, text, label, run }) => {
    const made = button({ 'data-sp': name, 'aria-label': label, onclick: async () => {
      made.disabled = true;
      try {
        tools.say(await run());
        await reload();
      } catch (error) {
        made.disabled = false;
        made.closest('li').append(make('p', { class: 'complaint', role: 'alert', dir: 'auto' }, error.text || words.failed));
      }
    } }, text);
    return made;
  };
  body.replaceChildren(lines.length
    ? make('ul', { class: 'entries', role: 'list' }, ...lines.map(({ said, small, acts }) => make('li', { sp: 'entry-line' },
      make('p', { class: 'said', dir: 'auto' }, said), make('p', { class: 'small', dir: 'auto' }, small), ...acts.map(act))))
    : make('p', { class: 'small', role: 'status' }, empty));
  wear(body, sheet);
  if (focused || !body.getRootNode().activeElement) (body.querySelector('button') ?? body.parentNode.querySelector('button')).focus();
}

const options = ({ form }, name) => form?.fields.find((field) => field.name === name)?.options ?? [];

const run = async (tools, name, values) => (await tools.command(name).run(values)).note;

/** First messages and filtered ones that nobody but moderators has seen. */
export async function heldView(body, tools, reload) {
  const command = tools.command('held');
  const waiting = options(await command.begin(), 'messages');
  command.cancel();
  tools.count(waiting.length);
  show(body, waiting.map(({ value, label }) => ({
    said: label, small: '',
    acts: [['release', words.release, words.released], ['drop', words.drop, words.dropped]].map(([verdict, text, done]) => ({
      name: verdict, text, run: async () => {
        await run(tools, 'held', [['messages', [value]], ['verdict', [verdict]]]);
        return done;
      },
    })),
  })), words.noneHeld, reload, tools);
}

export async function bansView(body, tools, reload) {
  const [{ x }, lift] = [await tools.command('bans').begin(), tools.command('lift')];
  const mine = new Set(options(await lift.begin(), 'bans').map(({ value }) => value));
  lift.cancel();
  const lines = table(x).map((ban) => ({
    said: [ban.get('jid'), ban.get('reason') && `“${ban.get('reason')}”`].filter(Boolean).join(' '),
    small: [ban.get('scope'), words.since(date(ban.get('since'))), words.until(date(ban.get('until'))), ban.get('networks') > 0 && words.networks(ban.get('networks'))]
      .filter(Boolean).join(' · '),
    acts: mine.has(ban.get('id')) ? [{ name: 'lift', text: words.lift, run: () => run(tools, 'lift', [['bans', [ban.get('id')]]]) }] : [],
  }));
  show(body, lines, words.noBans, reload, tools);
}

/** Newest first, older ones on demand. */
export async function logView(body, tools, reload) {
  const undo = tools.command('undo');
  const undoable = new Set(options(await undo.begin(), 'act').map(({ value }) => value));
  undo.cancel();
  const acts = table((await tools.command('log').begin()).x);
  const line = (act) => {
    const id = act.get('id');
    const who = act.get('actor-nick') || act.get('actor') || words.theRoom;
    const whom = act.get('target-nick') || act.get('target');
    const change = ['role', 'affiliation', 'slow-mode', 'subject'].includes(act.get('kind')) && [act.get('before'), act.get('after')].join(' → ');
    return {
      said: [isolated(who), words.acts[act.get('kind')] ?? act.get('kind'), act.get('kind') !== 'retraction' && whom && isolated(whom), change && `(${change})`,
        act.get('reason') && `“${act.get('reason')}”`].filter(Boolean).join(' '),
      small: [date(act.get('time')), act.get('undone') === '1' && words.undone].filter(Boolean).join(' · '),
      acts: undoable.has(id) ? [{ name: 'undo', text: words.undo, run: () => run(tools, 'undo', [['act', [id]]]) }] : [],
    };
  };
  show(body, acts.map(line), words.noActs, reload, tools);
  let last = acts.at(-1)?.get('id');
  const older = button({ class: 'older', 'data-sp': 'older', onclick: async () => {
    const more = table((await tools.command('log').go([['before-id', [last]]])).x);
    last = more.at(-1)?.get('id');
    for (const act of more) {
      const { said, small } = line(act);
      body.querySelector('ul').append(make('li', { sp: 'entry-line' }, make('p', { class: 'said', dir: 'auto' }, said), make('p', { class: 'small' }, small)));
    }
    if (!more.length) older.remove();
  } }, words.older);
  if (acts.length >= FEW) body.append(older);
}

const isolated = (text) => `\u2068${text}\u2069`;

function date(stamp) {
  const time = new Date(stamp || NaN);
  return isNaN(time) ? '' : time.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}
