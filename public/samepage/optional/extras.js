/**
 * What can be done with messages and people besides reading and writing: loaded at the first move in the panel, or when
 * something is heard that it is needed for. What only moderators do is in a part of its own.
 */
import { stanzaError } from '../connection.js';
import { button, icon, make } from '../dom.js';
import { recall, remember } from '../visitor.js';
import { child, ns } from '../xml.js';
import { Amendments, archiveId } from './amendments.js';
import { answer } from './answers.js';
import { openMenu } from './menu.js';
import { Standing } from './standing.js';
import { DOTS, styles, wear } from './view.js';
import { why, words } from './words.js';
import { Writing } from './writing.js';

const PRESS = 450; // ms of a finger
const SLIP = 10; // pixels that it may move meanwhile
const EXCERPT = 80; // characters
const MAX_IGNORED = 200; // people
const PATIENCE = 10_000; // ms

const sheet = styles(`
.message { position: relative; overflow-x: clip; }
.message:focus { outline: 2px solid var(--text); outline-offset: 2px; border-radius: 8px; }
.message-menu {
  position: absolute; inset: auto 0 2px auto; display: grid; place-items: center; width: 30px; height: 30px; border-radius: 9px; color: var(--soft);
}
:dir(rtl) > .message-menu, .own > .message-menu { inset: auto auto 2px 0; }
.own:dir(rtl) > .message-menu { inset: auto 0 2px auto; }
.message-menu:hover, .message-menu[aria-expanded] { background: var(--fill); color: var(--text); }
.message-menu .icon, .person-menu .icon { stroke-width: 3; }
.quote {
  display: block; max-width: 100%; min-height: 24px; margin-bottom: 3px; padding-inline-start: 8px; border-inline-start: 3px solid; overflow: hidden;
  font-size: 13px; line-height: 24px; text-overflow: ellipsis; white-space: nowrap;
}
.quote bdi { font-weight: 600; }
.edited { display: block; font-size: 12px; opacity: .85; }
.mention .text { border-inline-start: 3px solid var(--text); }
.gone .text { border: 1px dashed color-mix(in oklab, var(--text) 40%, var(--bg)); background: none !important; color: var(--soft) !important; font-style: italic; }
[data-state=held] .note { color: var(--soft); }
.editing, .no-voice, .slow-mode { padding: 2px 6px 4px; color: var(--soft); font-size: 13px; }
@media (pointer: coarse) {
  .message-menu { display: none; }
  .editing .link { min-width: 44px; }
  .quote { min-height: 44px; line-height: 44px; }
  .message { -webkit-touch-callout: none; user-select: none; -webkit-user-select: none; }
}
`);

export class Extras {
  #ignored = ignored();
  #listening = new AbortController();
  #writing;
  #staff = null; // a promise, for moderators
  #part = null; // what it has brought
  #arrive = () => {};
  #tool = button({
    sp: 'message-menu', 'aria-label': words.messageMenu, 'aria-haspopup': 'menu', tabindex: '-1',
    onclick: () => this.#open(this.#messageAt(this.#tool), this.#tool),
  }, icon(DOTS));

  /** `address`: what /rooms says of the room; `speak()` makes somebody of whoever only reads; the others are those of the chat. */
  constructor({ address: { jid }, room, connection, panel, speak }) {
    Object.assign(this, { jid, room, connection, panel, speak, log: panel.log });
    this.amendments = new Amendments(jid, panel.log, connection, (message) => this.#redraw(message));
    this.#writing = new Writing(this, this.#listening.signal);
    this.standing = new Standing(jid, room, connection, panel.composer);
    this.#listen(panel);
    wear(panel.node, sheet);
    for (const [message] of this.log.rows) this.hides(message);
    this.people(room.people.get(room.nick));
    // The move that has this part loaded may have been the last one.
    const row = matchMedia('(hover: hover)').matches && this.log.list.querySelector('.message:hover');
    if (row) this.#offer(row);
  }

  destroy() {
    this.#listening.abort();
    this.standing.destroy();
    this.#tool.remove();
  }

  /** Whether a text that is sent is no plain message. */
  takes(body) {
    return this.#writing.takes(body);
  }

  // From the room.

  /** A message that holds more than words, the answer to one of ours, or what the room itself has to say. */
  hear(stanza, message) {
    if (stanza.getAttribute('type') === 'error') return this.#refused(stanza, message);
    if (!message) return this.#announced(stanza);
    const isWaiting = child(stanza, 'held', ns.moderation);
    if (isWaiting || !this.amendments.isNew(stanza, message)) return this.amendments.remove(message);
    message.hidden = false;
    this.log.empty.hidden = true;
    const { id, body } = answer(stanza, message.body) ?? {};
    const answered = this.amendments.stored(id, message);
    if (answered) {
      Object.assign(message, { answered, body });
      this.#redraw(message);
    }
    this.hides(message);
  }

  people(self, presence) {
    this.standing.update(self, presence);
    if (self) this.#arrive();
    if (self?.role === 'moderator') this.#withStaff((staff) => staff.update(self));
    else this.#part?.update(null);
  }

  /** When one is somebody here: at once, or when the room has let in who has only read so far. */
  present() {
    if (this.room.nick) return null;
    return new Promise((resolve, reject) => {
      this.#arrive = resolve;
      setTimeout(reject, PATIENCE, {});
      this.speak();
    });
  }

  /** Whether a message is of somebody whom one ignores. */
  hides(message) {
    this.#highlight(message);
    return this.#hide(message);
  }

  /** A message says something else now, and so do the quotes of it. */
  #redraw(message) {
    this.#draw(message);
    for (const [other] of this.log.rows) if (other.answered === message && !other.gone) this.#draw(other);
  }

  /** Once more, with what belongs to it; whoever looks at it goes on looking at it. */
  #draw(message) {
    const { node: old } = this.log.rows.get(message);
    const isFocused = old.contains(old.getRootNode().activeElement);
    const { node, text, body } = this.log.redraw(message);
    node.classList.toggle('gone', Boolean(message.gone));
    if (!message.gone) {
      if (message.edited) text.append(make('span', { sp: 'edited' }, words.edited));
      if (message.answered) body.before(this.#quote(message.answered));
      this.#highlight(message);
    }
    if (!isFocused) return;
    node.tabIndex = -1;
    node.focus({ preventScroll: true });
  }

  /** What an answer is to, and the way there. */
  #quote(answered) {
    const go = () => {
      const { node } = this.log.rows.get(answered) ?? {};
      if (node?.isConnected) this.focus(node);
    };
    return button({ sp: 'quote', 'aria-label': words.answerTo(answered.nick, answered.body.slice(0, EXCERPT)), onclick: go },
      make('bdi', {}, answered.nick), ' ', make('span', { dir: 'auto' }, answered.body.slice(0, EXCERPT)));
  }

  /** Where somebody writes one's name. */
  #highlight(message) {
    const { own, body } = message;
    this.log.rows.get(message)?.node.classList.toggle('mention', !own && names(body, this.room.nick));
  }

  #announced(stanza) {
    this.amendments.moderated(stanza);
    const body = child(stanza, 'body')?.textContent;
    // To everybody; what is for moderators has no type.
    if (stanza.getAttribute('type') === 'groupchat') return body && this.log.line(body);
    if (this.room.people.get(this.room.nick)?.role === 'moderator') this.#withStaff((staff) => staff.hear(stanza, body));
  }

  async #refused(stanza, message) {
    if (await this.standing.refused(stanza, message)) {
      if (message) this.log.update(message);
    } else if (!message) {
      this.say(await why(stanzaError(stanza)));
      this.#writing.refused(stanza.id);
    }
  }

  /** A line between the messages, which is read aloud. */
  say(...content) {
    this.log.line(...content);
  }

  async #withStaff(use) {
    try {
      this.#staff ??= import('./staff.js').then(({ Staff }) => this.#part = new Staff(this));
      use(await this.#staff);
    } catch (error) {
      this.#staff = null;
      console.error(words.notLoaded, error);
    }
  }

  // Messages: by pointer, finger and keyboard.

  #listen({ log: { list } }) {
    const { signal } = this.#listening;
    const on = (target, names, act) => {
      for (const name of names.split(' ')) target.addEventListener(name, act, { signal });
    };
    list.ariaDescription = words.messagesHint;
    on(list, 'pointerover', ({ target, pointerType }) => {
      const row = target.closest('.message');
      if (pointerType !== 'touch' && row && this.#tool.ariaExpanded !== 'true') this.#offer(row);
    });
    on(list, 'keydown', (event) => this.#key(event, list));
    let timer = 0;
    let start = null;
    const stop = () => {
      clearTimeout(timer);
      timer = 0;
    };
    on(list, 'pointerdown', (event) => {
      const row = event.pointerType === 'touch' && event.target.closest('.message');
      stop();
      if (!row) return;
      start = event;
      timer = setTimeout(() => {
        timer = 0;
        // Lifted, the finger is no click on what lies under it.
        addEventListener('click', (click) => {
          click.preventDefault();
          click.stopPropagation();
        }, { capture: true, once: true, signal: AbortSignal.timeout(1_000) });
        this.focus(row);
        this.#open(this.#messageAt(row), row);
      }, PRESS);
    });
    on(list, 'pointermove', ({ clientX, clientY }) => {
      if (timer && Math.hypot(clientX - start.clientX, clientY - start.clientY) > SLIP) stop();
    });
    on(list, 'pointerup pointercancel scroll', stop);
    on(list, 'contextmenu', (event) => {
      if (event.pointerType === 'touch') event.preventDefault();
    });
  }

  #messageAt(node) {
    const row = node.closest('.message');
    return [...this.log.rows].find((each) => each[1].node === row)?.[0];
  }

  #offer(row) {
    if (this.#tool.parentNode === row) return;
    const message = this.#messageAt(row);
    if (message && this.#items(message).length) row.append(this.#tool);
    else this.#tool.remove();
  }

  /** Up and down go from message to message, Enter shows what can be done. */
  #key(event, list) {
    const { key, target } = event;
    if (target !== list && !target.matches('.message')) return;
    const rows = [...this.log.rows.values()].map(({ node }) => node).filter((node) => !node.hidden);
    const at = rows.indexOf(target);
    const to = {
      ArrowUp: at < 0 ? rows.length - 1 : Math.max(0, at - 1), ArrowDown: at < 0 ? -1 : at + 1,
      Home: 0, End: rows.length - 1,
    }[key];
    if (to !== undefined && rows[to]) this.focus(rows[to]);
    else if (at >= 0 && ['Enter', ' ', 'ContextMenu'].includes(key)) this.#open(this.#messageAt(target), target);
    else if (at >= 0 && key === 'Escape') list.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  focus(row) {
    const message = this.#messageAt(row);
    row.tabIndex = -1;
    row.setAttribute('role', 'article');
    row.ariaLabel = `${message.nick}: ${message.body}`;
    row.ariaHasPopup = 'menu';
    row.focus({ preventScroll: true });
    row.scrollIntoView({ block: 'nearest' });
    this.#offer(row);
  }

  #open(message, anchor) {
    const items = message ? this.#items(message) : [];
    if (!items.length) return;
    const { nick, body } = message;
    openMenu({ host: this.panel.node, anchor, about: `${nick}: ${body.slice(0, EXCERPT)}`, items });
  }

  #items(message) {
    if (message.gone || !['sent', 'held'].includes(message.state)) return [];
    const anchor = this.log.rows.get(message).node;
    const isStored = Boolean(archiveId(message));
    const person = this.person(message);
    return [
      isStored && !message.private && { name: 'answer', text: words.answer, run: () => this.#writing.answer(message) },
      { name: 'copy-text', text: words.copyText, run: () => this.#copy(message) },
      message.own && this.#writing.isMine(message) && { name: 'edit', text: words.edit, run: () => this.#writing.edit(message) },
      message.own && isStored && !message.private
        && { name: 'retract', text: words.retract, grave: true, run: () => this.amendments.retract(message) },
      ...(message.own ? [] : [
        isStored && !message.private && { name: 'report', text: words.report, run: () => this.#report(message, anchor) },
        this.#ignoring(message),
        ...(this.#part?.messageItems(message, isStored, anchor) ?? []),
        ...(person ? this.#part?.personItems(person, anchor) ?? [] : []),
      ]),
    ].filter(Boolean);
  }

  async #copy({ body }) {
    try {
      await navigator.clipboard.writeText(body);
      this.say(words.textCopied);
    } catch {
      this.say(words.textNotCopied);
    }
  }

  async #report(message, anchor) {
    const part = await import('./report.js').catch(() => null);
    if (part) part.report(this, message, anchor);
    else this.say(words.failed);
  }

  // People.

  /** Who is here under the name of whoever wrote a message, and is that one indeed. */
  person({ nick, by }) {
    if (!by) return this.room.people.get(nick);
    return [...this.room.people.values()].find((each) => each.by === by);
  }

  /** What can be done about somebody in the list of people. */
  openPerson(person, anchor) {
    if (!person) return;
    const items = [this.#ignoring(person), ...this.#part?.personItems(person, anchor) ?? []];
    openMenu({ host: this.panel.node, anchor, about: person.nick, items });
  }

  #ignoring({ nick, by }) {
    const yes = !this.#ignores({ nick, by });
    return {
      name: yes ? 'ignore' : 'heed', text: yes ? words.ignore(nick) : words.heed(nick),
      run: () => this.#ignore({ nick, by }, yes),
    };
  }

  #ignores({ nick, by }) {
    return this.#ignored.some(([jid, who]) => jid === this.jid && who === (by || nick));
  }

  #ignore(person, yes) {
    const who = person.by || person.nick;
    this.#ignored = this.#ignored.filter(([jid, other]) => jid !== this.jid || other !== who);
    if (yes) this.#ignored = [...this.#ignored, [this.jid, who]].slice(-MAX_IGNORED);
    remember('ignored', this.#ignored.length ? JSON.stringify(this.#ignored) : null);
    for (const [message] of this.log.rows) this.#hide(message);
    this.say(yes ? words.ignored(person.nick) : words.heeded(person.nick));
  }

  #hide(message) {
    const isIgnored = !message.own && this.#ignored.length > 0 && this.#ignores(message);
    const row = this.log.rows.get(message);
    if (row) row.node.hidden = isIgnored || Boolean(message.hidden);
    return isIgnored;
  }
}

/** Whether a text has a name as words of its own. */
function names(body, nick) {
  if (nick.length < 2) return false;
  const [text, name] = [body, nick].map((each) => each.toLocaleLowerCase());
  const isLetter = (at) => /[\p{L}\p{N}]/u.test(text.charAt(at));
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    if (!isLetter(at - 1) && !isLetter(at + name.length)) return true;
  }
  return false;
}

function ignored() {
  try {
    const list = JSON.parse(recall('ignored'));
    return Array.isArray(list) ? list.filter(Array.isArray) : [];
  } catch {
    return [];
  }
}
