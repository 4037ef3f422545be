/** The messages: grouped by author, divided by day, bounded, scrolled to where the reader wants to be. */
import { button, icon, icons, make, named } from './dom.js';
import { hue, initials } from './visitor.js';
import { explain, words } from './words.js';

const MAX_ROWS = 500;
const PRUNE = 50; // rows that go at once when there are more
const RUN = 5 * 60_000; // ms between messages that show as one run
const NEAR = 48; // pixels that still count as the end
/** Characters and lines after which a message is folded: nobody shall push everybody else off the screen. */
const LONG = 1_200;
const TALL = 15;

/** Where there may be an address or a styled word. */
const RICH = /(?:https?:\/\/|mailto:|xmpp:).|(?:^|\s)[*_~`]\S|^>/im;
const EMOJI = /^(?:\p{RGI_Emoji}\s*){1,3}$/v;

export function avatar(nick) {
  const disc = make('span', { class: 'avatar', 'aria-hidden': 'true' }, initials(nick));
  disc.style.setProperty('--hue', hue(nick));
  return disc;
}

class MessageRow {
  #message;
  #author;
  #retry;

  constructor(message, head, times, retry) {
    this.#message = message;
    this.#retry = retry;
    const action = message.body.startsWith('/me ');
    const body = action ? message.body.slice(4) : message.body;
    this.#author = named(message.nick, { sp: 'author' });
    this.#author.style.setProperty('--hue', hue(message.nick));
    this.body = make('div', { sp: 'body', dir: 'auto' },
      action && [named(message.nick, { class: 'actor' }), ' '], body);
    if (RICH.test(body)) this.#enrich(body);
    this.text = make('div', { class: 'text' }, this.body);
    this.node = make('div', { sp: 'message', hidden: message.hidden },
      avatar(message.nick),
      make('div', { class: 'column' },
        make('div', { class: 'meta' }, this.#author, ' ',
          message.private && make('span', { class: 'private' }, words.private),
          make('time', {}, times.time(message.time))),
        this.text));
    this.node.classList.toggle('own', message.own);
    this.node.classList.toggle('action', action);
    this.node.classList.toggle('emoji', !action && body.length < 40 && EMOJI.test(body.trim()));
    if (body.length > LONG || body.split('\n', TALL + 1).length > TALL) this.#fold();
    this.head = head;
    this.update();
  }

  async #enrich(text) {
    const { rich } = await import('./optional/rich.js').catch(() => ({}));
    if (rich) this.body.lastChild.replaceWith(...rich(text));
  }

  /** Heads show avatar, name and time; for the others a screen reader still says them. */
  set head(yes) {
    this.node.classList.toggle('head', yes);
  }

  update() {
    const { state, nick, error } = this.#message;
    this.node.dataset.state = state;
    this.#author.textContent = nick;
    this.node.querySelector('.note')?.remove();
    if (state !== 'failed' && state !== 'held') return;
    const why = make('span');
    this.text.after(make('div', { class: 'note', role: 'alert' }, why, ' ', state === 'failed'
      && button({ sp: 'retry', onclick: () => this.#retry(this.#message) }, words.retry)));
    explain('unsent', error).then((text) => why.textContent = text);
  }

  async #fold() {
    this.body.classList.add('folded');
    const { unfolder } = await import('./optional/folded.js').catch(() => ({}));
    if (unfolder) this.text.append(unfolder(this.body));
    else this.body.classList.remove('folded');
  }
}

export class Log {
  #times;
  #retry;
  rows = new Map(); // message → row, as they are shown
  last = null; // the last message, while nothing stands after it
  #day = 0; // its midnight
  #atEnd = true;
  #anchor = null; // to be shown when the history is there
  #missed = 0;
  #frame = 0;
  #resized = new ResizeObserver(() => this.#atEnd && this.#follow());

  /** `retry(message)` sends what failed once more. */
  constructor(language, retry) {
    this.#times = new Times(/^[a-z]{2,3}(-[a-z\d]{2,8})*$/i.test(language) ? language : undefined);
    this.#retry = retry;
    this.empty = make('div', { class: 'empty', hidden: true },
      make('p', { class: 'quiet' }, words.empty), make('p', {}, words.emptyHint));
    // What waits to be sent stays at the end, and takes its place when the room has it.
    this.tail = make('div', {
      class: 'tail', 'data-waits': words.waits, onanimationend: () => this.#atEnd && this.#follow(),
    });
    this.list = make('div', {
      sp: 'log', role: 'log', 'aria-live': 'off', 'aria-label': words.messages, tabindex: '0',
      onscroll: () => this.#scrolled(),
    }, this.tail);
    this.latest = button({ sp: 'latest', hidden: true, onclick: () => this.toEnd() },
      icon(icons.down), make('span'));
    this.node = make('div', { class: 'messages' }, this.list, this.empty, this.latest);
    this.#resized.observe(this.list);
  }

  destroy() {
    this.#resized.disconnect();
    cancelAnimationFrame(this.#frame);
  }

  get count() {
    return this.rows.size;
  }

  /** The first message in view and where it is; null at the end, where one follows. */
  get anchor() {
    if (this.#anchor || this.#atEnd) return this.#anchor;
    const top = this.list.scrollTop + this.list.offsetTop;
    for (const [{ key }, { node }] of this.rows) {
      if (node.offsetTop + node.offsetHeight > top) return [key, node.offsetTop - top];
    }
    return null;
  }

  set anchor(anchor) {
    this.#anchor = anchor;
    this.#atEnd = !anchor;
  }

  /** History is not read aloud, what comes after it is. */
  set live(yes) {
    this.list.ariaLive = yes ? 'polite' : 'off';
    this.empty.hidden = !yes || this.rows.size > 0;
    if (!yes || !this.#anchor) return;
    const [key, offset] = this.#anchor;
    const [, row] = [...this.rows].find(([message]) => message.key === key) ?? [];
    if (!row) return this.toEnd();
    this.#anchor = null;
    this.list.scrollTop = row.node.offsetTop - this.list.offsetTop - offset;
    this.#scrolled();
  }

  add(message) {
    this.empty.hidden ||= !message.hidden;
    const row = new MessageRow(message, true, this.#times, this.#retry);
    this.#place(message, row);
    if (message.state === 'pending') this.toEnd();
    else if (!this.#atEnd && message.live && !message.hidden) this.#miss(this.#missed + 1);
  }

  update(message) {
    const row = this.rows.get(message);
    if (!row) return;
    row.update();
    if (this.tail.contains(row.node) !== waits(message)) this.#place(message, row);
  }

  /** Once more, since it says something else now. */
  redraw(message) {
    const { node } = this.rows.get(message);
    const row = new MessageRow(message, node.classList.contains('head'), this.#times, this.#retry);
    node.replaceWith(row.node);
    this.rows.set(message, row);
    return row;
  }

  line(...content) {
    this.#append(make('div', { class: 'line' }, ...content));
  }

  toEnd() {
    this.anchor = null;
    this.#miss(0);
    this.#follow();
  }

  #place(message, row) {
    this.rows.delete(message);
    this.rows.set(message, row);
    if (waits(message)) {
      row.head = !this.tail.childElementCount && !continues(this.last, message);
      this.tail.append(row.node);
      if (this.#atEnd) this.#follow();
      return;
    }
    const day = midnight(message.time);
    if (this.#day !== day) {
      this.#day = day;
      this.#append(make('div', { class: 'day' }, this.#times.day(message.time)));
    }
    row.head = !continues(this.last, message);
    this.#append(row.node);
    this.last = message;
  }

  #append(node) {
    this.tail.before(node);
    this.last = null;
    if (this.list.childElementCount > MAX_ROWS) this.#prune();
    if (this.#atEnd) this.#follow();
  }

  /** Takes the oldest away; what the reader looks at stays where it is. */
  #prune() {
    const below = !this.#atEnd && this.list.scrollHeight - this.list.scrollTop;
    for (const old of [...this.list.children].slice(0, PRUNE)) old.remove();
    let first = true;
    for (const [message, row] of this.rows) {
      if (!row.node.parentNode) this.rows.delete(message);
      else if (first) first = !(row.head = true);
    }
    if (below) this.list.scrollTop = this.list.scrollHeight - below;
  }

  #follow() {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.list.scrollTop = this.list.scrollHeight;
    });
  }

  #scrolled() {
    if (this.#anchor) return;
    this.#atEnd = this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight < NEAR;
    this.#miss(this.#atEnd ? 0 : this.#missed);
  }

  #miss(count) {
    this.#missed = count;
    this.latest.hidden = this.#atEnd;
    this.latest.lastChild.textContent = count ? words.unread(count) : words.latest;
    this.latest.classList.toggle('fresh', count > 0);
  }
}

class Times {
  #time;
  #day;
  #relative;

  constructor(language) {
    const format = (options) => new Intl.DateTimeFormat(language, options);
    this.#time = format({ hour: 'numeric', minute: '2-digit' });
    this.#day = format({ weekday: 'long', day: 'numeric', month: 'long' });
    this.#relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
  }

  time = (date) => this.#time.format(date);

  /** “Today”, “Yesterday”, “Tuesday 3 November”. */
  day(date, now = new Date()) {
    const days = Math.round((midnight(date) - midnight(now)) / 86_400_000);
    return days && days !== -1 ? this.#day.format(date) : this.#relative.format(days, 'day');
  }
}

/** Whether it shows as one run with the one before it. */
export const continues = (last, { nick, own, private: isPrivate, time }) =>
  last && last.nick === nick && last.own === own && !last.private === !isPrivate && time - last.time < RUN;

const waits = ({ state }) => state === 'pending' || state === 'held';

const midnight = (date) => new Date(date).setHours(0, 0, 0, 0);
