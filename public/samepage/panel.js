/** The frame of the chat: header, state, messages, people, composer. */
import { button, icon, icons, make, named } from './dom.js';
import { avatar } from './log.js';
import { bytes } from './visitor.js';
import { explain, words } from './words.js';

const MAX_BYTES = 8 * 1024; // of a message

/** One line that says what is the matter, and the button that mends it. Empty while all is well. */
export class StateLine {
  #next = {};
  #timer = 0;

  constructor() {
    this.text = make('span');
    this.button = button({ class: 'link', onclick: () => this.#next.run() });
    this.node = make('div', { sp: 'state', role: 'status' }, this.text, ' ', this.button);
    this.show('');
  }

  /** `text` may be a promise; shown after `wait` ms. */
  async show(text, action, run, wait = 0) {
    const next = this.#next = { action, run };
    next.text = await text;
    if (next !== this.#next) return;
    if (!wait || this.text.textContent) this.#draw();
    else this.#timer ||= setTimeout(() => this.#draw(), wait);
  }

  destroy() {
    clearTimeout(this.#timer);
    this.#next = null;
  }

  #draw() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    const { text, action } = this.#next;
    this.node.classList.toggle('calm', !text);
    this.text.textContent = text;
    this.button.textContent = action;
    this.button.hidden = !action;
  }
}

/** Where one writes: the name one has, the text, the send button. */
export class Composer {
  #actions;
  #nick = '';
  #closed = '';

  /** `actions`: say(body), rename(nick). */
  constructor(actions) {
    this.#actions = actions;
    this.identity = make('div');
    this.hint = make('div', { sp: 'hint', role: 'alert' });
    this.field = make('textarea', {
      sp: 'composer', rows: '1', placeholder: words.placeholder, 'aria-label': words.placeholder,
      enterkeyhint: 'send', dir: 'auto', autocomplete: 'off',
      oninput: () => this.#typed(), onkeydown: (event) => this.#key(event),
    });
    this.button = button({
      sp: 'send', 'aria-label': words.send, disabled: true, onclick: () => this.#send(),
    }, icon(icons.send));
    this.node = make('div', { class: 'foot' }, this.identity, this.hint,
      make('div', { class: 'writing' }, this.field, this.button));
  }

  focus() {
    this.field.focus({ preventScroll: true });
  }

  get draft() {
    return this.field.value;
  }

  set draft(text) {
    this.field.value = text;
    this.#typed();
  }

  /** Why nothing can be sent now: the text is kept until ''. */
  set closed(why) {
    if (this.#closed) this.#say('');
    this.#closed = why;
  }

  set nick(nick) {
    this.#nick = nick;
    this.#close();
  }

  /** One has no nick yet, and gets this one by writing. */
  reads = false;

  async nickRefused(error, nick) {
    await this.#edit(nick);
    this.#say(await explain('refused', error));
  }

  #showName() {
    this.identity.replaceChildren(button({
      sp: 'nick', 'aria-label': words.rename(this.#nick, this.reads), onclick: () => this.#edit(),
    }, avatar(this.#nick), make('span', { class: 'youAre' }, words.youAre(this.reads), named(this.#nick, { class: 'name' })),
    icon(icons.edit)));
  }

  async #edit(nick = this.#nick) {
    this.#say('');
    try {
      const { edit } = await import('./optional/nick.js');
      edit(this.identity, nick, {
        save: (name) => {
          if (name !== this.#nick) this.#actions.rename(name);
          this.#close();
        },
        cancel: () => this.#close(),
        complain: (text) => this.#say(text),
      });
    } catch {
      this.#say(words.notLoaded);
    }
  }

  #close() {
    const focused = this.identity.contains(this.node.getRootNode().activeElement);
    this.#showName();
    this.#say('');
    if (focused) this.focus();
  }

  #key(event) {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    this.#send();
  }

  #typed() {
    this.button.disabled = !this.field.value.trim();
    this.fit();
    if (this.hint.textContent) this.#say('');
  }

  /** As high as the text, which only shows while it is visible. */
  fit() {
    const { style } = this.field;
    style.blockSize = 'auto';
    if (this.field.scrollHeight) style.blockSize = `${this.field.scrollHeight}px`;
  }

  #send() {
    const body = this.field.value.replace(/\r\n?/g, '\n').replace(/^\s*\n|\s+$/g, '');
    if (!body.trim()) return;
    if (this.#closed) return this.#say(this.#closed);
    if (bytes(body) > MAX_BYTES) return this.#say(words.tooLong(MAX_BYTES / 1024));
    if (!this.#actions.say(body)) return this.#say(words.full);
    this.draft = '';
    this.focus();
  }

  #say(text) {
    this.hint.textContent = text;
  }
}

export class Panel {
  #room;
  #address;
  #covered = false;
  #people = null; // while they are shown
  #listening = new AbortController();

  #more;

  /** `room`: {people, nick}; `address`: what /rooms says of it; `more(use)` has a part for it loaded. */
  constructor({ log, composer, state, title, room, address, more, close }) {
    this.log = log;
    this.state = state;
    this.composer = composer;
    this.#room = room;
    this.#address = address;
    this.#more = more;
    this.counter = make('span');
    this.toggle = button({
      sp: 'people-toggle', 'aria-expanded': 'false', hidden: true, onclick: () => this.#showPeople(!this.#covered),
    }, this.counter, icon(icons.chevron));
    this.subject = make('p', { sp: 'subject', dir: 'auto', hidden: true });
    this.node = make('div', {
      sp: 'panel', role: 'dialog', 'aria-labelledby': 'title', tabindex: '-1', hidden: true,
      onkeydown: (event) => this.#key(event, close),
    },
    this.header = make('header', { part: 'header' },
      make('div', { class: 'heading' }, make('h2', { id: 'title', dir: 'auto' }, title), this.toggle),
      button({ sp: 'close', 'aria-label': words.close, onclick: close }, icon(icons.close))),
    this.subject, state.node,
    make('div', { class: 'middle' }, log.node),
    composer.node);
    if (matchMedia('(pointer: coarse)').matches) this.#followKeyboard();
  }

  get open() {
    return !this.node.hidden;
  }

  get focused() {
    return this.node.contains(this.node.getRootNode().activeElement);
  }

  show(quietly) {
    this.node.hidden = false;
    this.composer.fit();
    if (quietly) return;
    this.log.toEnd();
    // With a finger, focusing the field would cover half of the messages with a keyboard.
    (matchMedia('(pointer: coarse)').matches ? this.node : this.composer).focus({ preventScroll: true });
  }

  hide() {
    this.#showPeople(false);
    this.node.hidden = true;
  }

  count() {
    const { here, readers, joined } = this.#room;
    const text = words.here(here, readers);
    this.toggle.hidden = !joined;
    this.counter.textContent = text;
    this.toggle.ariaLabel = `${text}. ${words.showPeople}`;
    this.#people?.update();
  }

  set topic(text) {
    this.subject.textContent = text;
    this.subject.hidden = !text.trim();
  }

  destroy() {
    this.#listening.abort();
    this.#people?.destroy();
    this.state.destroy();
    this.log.destroy();
    this.node.remove();
  }

  async #showPeople(yes) {
    if (this.#covered === yes) return;
    this.#cover(yes);
    if (!yes) return this.toggle.focus();
    try {
      const { People } = await import('./optional/people.js');
      if (!this.#covered || this.#people) return;
      this.#people = new People(this.#room, this.#address, this.#more, () => this.#showPeople(false));
      this.log.node.after(this.#people.node);
      this.#people.show();
    } catch (error) {
      this.#cover(false);
      this.log.line(words.notLoaded);
      console.error(words.notLoaded, error);
    }
  }

  #cover(yes) {
    this.#covered = this.log.node.inert = yes;
    this.toggle.ariaExpanded = yes;
    if (yes) return;
    this.#people?.destroy();
    this.#people = null;
  }

  #key(event, close) {
    // What is typed here is no shortcut of the page.
    event.stopPropagation();
    if (event.key !== 'Escape' || event.isComposing) return;
    event.preventDefault();
    if (this.#covered) this.#showPeople(false);
    else close();
  }

  /** On phones the sheet ends where the keyboard begins. */
  async #followKeyboard() {
    const part = await import('./optional/keyboard.js').catch(() => null);
    part?.follow(this.node, this.#listening.signal);
  }
}

/** The bubble, once the chat is loaded. */
export class Bubble {
  #node;
  #count;
  #unread = make('span', { sp: 'unread', hidden: true });

  constructor(node, count) {
    this.#node = node;
    this.#count = count;
    node.append(this.#unread);
  }

  set hidden(yes) {
    this.#node.hidden = yes;
  }

  focus() {
    this.#node.focus({ preventScroll: true });
  }

  remove() {
    this.#unread.remove();
  }

  show(count, unread) {
    if (count) this.#count.textContent = count;
    this.#unread.textContent = unread > 99 ? '99+' : unread;
    this.#unread.hidden = !unread;
    this.#node.ariaLabel = words.bubble(this.#count.textContent, unread);
  }
}
