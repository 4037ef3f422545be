/** What moderators do from within the chat: XEP-0045 §8 to §10, and the commands of docs/moderation.md where the room has them. */
import { button, icon, make, named } from '../dom.js';
import { child, element, freshId, ns } from '../xml.js';
import { archiveId } from './amendments.js';
import { Command, NODE } from './command.js';
import { DATA, formNode, read, submission, wearForm } from './form.js';
import { openMenu } from './menu.js';
import { heldView, logView, bansView } from './queues.js';
import { cover, styles, wear } from './view.js';
import { why, words } from './words.js';

const ADMIN = 'http://jabber.org/protocol/muc#admin';
const OWNER = 'http://jabber.org/protocol/muc#owner';
const REQUEST = 'http://jabber.org/protocol/muc#request';
const INFO = 'http://jabber.org/protocol/disco#info';
const MODERATE = 'urn:xmpp:message-moderate:';
const RANKS = { __proto__: null, owner: 4, admin: 3 };

const SHIELD = 'M12 3l7.5 2.6v5.6c0 4.6-3 8-7.5 9.8-4.5-1.8-7.5-5.2-7.5-9.8V5.6z';

const sheet = styles(`
.staff { position: relative; }
.waiting {
  position: absolute; inset: -2px -2px auto auto; min-width: 18px; padding: 0 5px; border-radius: 9px; background: #c81e27; color: #fff;
  font: 600 11px/18px system-ui, sans-serif; text-align: center;
}
.line .link { display: block; margin-inline: auto; }
`);

const rank = ({ role, affiliation }) => RANKS[affiliation] ?? (role === 'moderator' ? 2 : 1);

/** Keeps a name whole in whatever is written around it. */
const isolated = (nick) => `\u2068${nick}\u2069`;

export class Staff {
  #extras;
  #self = null;
  #features = new Set();
  #waiting = 0;
  #badge = make('span', { class: 'waiting', hidden: true, 'aria-hidden': 'true' });
  #button = button({
    sp: 'staff', 'aria-haspopup': 'menu', hidden: true, onclick: () => this.#open(),
  }, icon(SHIELD), this.#badge);

  constructor(extras) {
    this.#extras = extras;
    const { panel } = extras;
    this.#button.classList.add('tool');
    panel.header.lastChild.before(this.#button);
    wear(panel.node, sheet);
    this.#show();
  }

  /** Who one is now; null when no moderator any more. */
  update(self) {
    const was = this.#self;
    this.#self = self;
    this.#button.hidden = !self;
    if (self && !was) this.#discover();
  }

  async #discover() {
    const { connection, jid } = this.#extras;
    try {
      const answer = await connection.iq('get', jid, element(INFO, 'query'));
      this.#features = new Set([...child(answer, 'query', INFO)?.children ?? []].map((each) => each.getAttribute('var')));
      if (this.#hasCommands) this.#count(await this.#held());
    } catch {
      // What the room can do is then found out by trying.
    }
  }

  get #hasCommands() {
    return this.#features.has(NODE.slice(0, -1));
  }

  #command(name) {
    return new Command(this.#extras.connection, this.#extras.jid, name);
  }

  async #held() {
    const command = this.#command('held');
    const { form } = await command.begin();
    command.cancel();
    return form?.fields.find(({ name }) => name === 'messages')?.options.length ?? 0;
  }

  #count(waiting) {
    this.#waiting = waiting;
    this.#show();
  }

  #show() {
    this.#badge.hidden = !this.#waiting;
    this.#badge.textContent = this.#waiting > 99 ? '99+' : this.#waiting;
    this.#button.ariaLabel = words.staff(this.#waiting);
  }

  /** What the room tells moderators alone. */
  hear(stanza, body) {
    const held = child(stanza, 'held', ns.moderation);
    const form = child(stanza, 'x', DATA);
    if (held) {
      this.#count(this.#waiting + 1);
      const nick = held.getAttribute('nick') ?? '';
      this.#extras.say(named(nick), words.waits, this.#act('review', words.review, () => this.#review()));
    } else if (form) this.#asked(read(form));
    else if (body) this.#extras.say(body, this.#reported(stanza));
  }

  #act(name, text, run) {
    const made = button({ class: 'link', 'data-sp': name, onclick: () => run(made) }, text);
    return made;
  }

  /** Somebody asks for voice (XEP-0045 §8.6). */
  #asked({ type, fields }) {
    if (type !== REQUEST) return;
    const value = (name) => fields.find((field) => field.name === name)?.values[0] ?? '';
    const nick = value('muc#roomnick');
    this.#extras.say(named(nick), words.wantsVoice, this.#act('give-voice', words.voice, (made) => {
      made.remove();
      const { connection, jid } = this.#extras;
      const answers = [['muc#role', 'participant'], ['muc#jid', value('muc#jid')], ['muc#roomnick', nick], ['muc#request_allow', '1']];
      connection.send(element(ns.client, 'message', { to: jid, id: freshId() },
        submission(REQUEST, answers.map(([name, each]) => [name, [each]]))));
    }));
  }

  /** The way to a message that was reported, while it is there. */
  #reported(stanza) {
    const id = child(child(stanza, 'report', 'urn:xmpp:reporting:1'), 'stanza-id', ns.stanzaId)?.id;
    const { rows } = this.#extras.log;
    const find = () => [...rows].find(([message]) => id && archiveId(message) === id)?.[1].node;
    return find() && this.#act('show-reported', words.showMessage, () => this.#extras.focus(find()));
  }

  // Messages and people.

  messageItems(message, isStored, anchor) {
    const canModerate = ['1', '0'].find((version) => this.#features.has(MODERATE + version));
    if (!this.#self || !isStored || message.private || !canModerate) return [];
    return [{
      name: 'remove', text: words.remove, grave: true,
      run: () => this.#ask('remove-view', words.removeTitle(isolated(message.nick)), anchor, words.removeAct, async (reason) => {
        await this.#extras.amendments.moderate(message, reason, canModerate === '0');
      }),
    }];
  }

  personItems(person, anchor) {
    const { nick, role } = person;
    if (!this.#self || nick === this.#extras.room.nick || rank(this.#self) <= rank(person)) return [];
    const canBan = this.#hasCommands || (rank(this.#self) > 2 && person.jid);
    const isSilent = role === 'visitor';
    return [
      {
        name: isSilent ? 'voice' : 'mute', text: isSilent ? words.giveVoice(isolated(nick)) : words.mute(isolated(nick)),
        run: () => this.#say(this.#role(person, isSilent ? 'participant' : 'visitor'), (isSilent ? words.hasVoice : words.isMuted)(isolated(nick))),
      },
      {
        name: 'kick', text: words.kick(isolated(nick)), grave: true,
        run: () => this.#ask('kick-view', words.kickTitle(isolated(nick)), anchor, words.kickAct, async (reason) => {
          await this.#role(person, 'none', reason);
          this.#extras.say(words.kicked(isolated(nick)));
        }),
      },
      canBan && {
        name: 'ban', text: words.ban(isolated(nick)), grave: true,
        run: () => this.#hasCommands ? this.#ban(person, anchor)
          : this.#ask('ban-view', words.banTitle(isolated(nick)), anchor, words.banAct, async (reason) => {
            await this.#administer({ jid: person.jid.split('/')[0], affiliation: 'outcast' }, reason);
            this.#extras.say(words.banned(isolated(nick)));
          }),
      },
    ].filter(Boolean);
  }

  /** Under the name that the person has at this moment, or nobody's. */
  async #role(person, role, reason) {
    const { nick } = this.#extras.person(person) ?? {};
    if (!nick) throw { text: words.gone };
    return this.#administer({ nick, role }, reason);
  }

  #administer(item, reason) {
    const { connection, jid } = this.#extras;
    return connection.iq('set', jid, element(ADMIN, 'query', {},
      element(ADMIN, 'item', item, reason ? element(ADMIN, 'reason', {}, reason) : null)));
  }

  async #say(act, done) {
    try {
      await act;
      this.#extras.say(done);
    } catch (error) {
      this.#extras.say(await why(error));
    }
  }

  /** For acts that may have a reason. */
  #ask(name, title, anchor, action, act) {
    const { body, close } = cover(this.#extras.panel, name, title, anchor);
    this.#form(body, { fields: [{ name: 'reason', type: 'text-single', label: words.reason, values: [] }] }, {
      action, grave: true, back: close,
      submit: async ([[, [reason]]]) => {
        await act(reason.trim());
        close();
      },
    });
  }

  #form(body, form, how) {
    body.replaceChildren(formNode(form, how));
    wearForm(body);
    // With a finger, the first look is at the whole.
    if (!matchMedia('(pointer: coarse)').matches) body.querySelector('input, select, textarea')?.focus();
  }

  /** The command asks, says how many others it would hit, and bans when that is confirmed. */
  async #ban(person, anchor) {
    const command = this.#command('ban');
    const cleanup = () => command.cancel();
    const { body, close, node } = cover(this.#extras.panel, 'ban-view', words.banTitle(isolated(person.nick)), anchor);
    const ask = (form) => this.#form(body, {
      instructions: form.instructions,
      fields: form.fields.map((field) => field.name === 'who' ? { ...field, type: 'hidden' } : field),
    }, {
      action: words.next, back: () => (cleanup(), close()),
      submit: async (values) => {
        const { nick } = this.#extras.person(person) ?? {};
        const who = nick ?? person.jid?.split('/')[0];
        if (!who) throw { text: words.gone };
        const filled = values.map(([name, each]) => [name, name === 'who' ? [who] : each]);
        const answer = await command.go(filled, 'next');
        confirm(answer.form, { ...form, fields: form.fields.map((field) => ({ ...field, values: filled.find(([name]) => name === field.name)?.[1] ?? field.values })) });
      },
    });
    const confirm = (form, former) => {
      const until = form.fields.find(({ name }) => name === 'until')?.values[0];
      const note = [form.instructions, words.banUntil(until && new Date(until))].join('\n');
      this.#form(body, { instructions: note, fields: [] }, {
        action: words.banAct, grave: true, cancel: words.back,
        back: async () => {
          await command.go(null, 'prev').catch(() => {});
          ask(former);
        },
        submit: async () => {
          const { note: said } = await command.go(null, 'complete');
          close();
          this.#extras.say(said);
        },
      });
      body.querySelector('[type=submit]').focus();
    };
    await this.#into(node, body, async () => ask((await command.begin()).form));
  }

  /** Shows what comes from the room, or why it does not. */
  async #into(node, body, load) {
    body.replaceChildren(make('p', { class: 'small', role: 'status' }, words.loading));
    try {
      await load();
    } catch (error) {
      body.replaceChildren(make('p', { class: 'complaint', role: 'alert', dir: 'auto' }, await why(error)));
      wearForm(body);
    }
  }

  // The room.

  #open() {
    const isOwner = this.#self?.affiliation === 'owner';
    openMenu({
      host: this.#extras.panel.node, anchor: this.#button, about: words.staff(0), items: [
        this.#hasCommands && { name: 'held', text: words.held(this.#waiting), run: () => this.#review() },
        { name: 'topic', text: words.topic, run: () => this.#topic() },
        this.#hasCommands && { name: 'slow', text: words.slowMode, run: () => this.#slowMode() },
        isOwner && { name: 'settings', text: words.settings, run: () => this.#settings() },
        this.#hasCommands && { name: 'bans', text: words.bans, run: () => this.#list('bans-view', words.bans, bansView) },
        this.#hasCommands && { name: 'acts', text: words.actions, run: () => this.#list('log-view', words.actions, logView) },
      ].filter(Boolean),
    });
  }

  #review() {
    this.#list('held-view', words.heldTitle, heldView);
  }

  #list(name, title, fill) {
    const { node, body } = cover(this.#extras.panel, name, title, this.#button);
    const tools = { command: (each) => this.#command(each), count: (waiting) => this.#count(waiting), say: (text) => this.#extras.say(text) };
    const load = () => this.#into(node, body, () => fill(body, tools, load));
    load();
  }

  #topic() {
    const { panel, connection, jid } = this.#extras;
    const { body, close } = cover(panel, 'topic-view', words.topic, this.#button);
    const field = { name: 'subject', type: 'text-single', label: words.topicLabel, values: [panel.subject.textContent] };
    this.#form(body, { fields: [field] }, {
      action: words.save, back: close,
      submit: ([[, [subject]]]) => {
        connection.send(element(ns.client, 'message', { to: jid, type: 'groupchat', id: freshId() },
          element(ns.client, 'subject', {}, subject.trim())));
        close();
      },
    });
  }

  #slowMode() {
    const command = this.#command('slow-mode');
    const { node, body, close } = cover(this.#extras.panel, 'slow-view', words.slowMode, this.#button);
    this.#into(node, body, async () => {
      const { form } = await command.begin();
      this.#form(body, form, {
        action: words.save, back: () => (command.cancel(), close()),
        submit: async (values) => {
          await command.go(values);
          close();
        },
      });
    });
  }

  #settings() {
    const { panel, connection, jid } = this.#extras;
    const { node, body, close } = cover(panel, 'settings-view', words.settings, this.#button);
    this.#into(node, body, async () => {
      const answer = await connection.iq('get', jid, element(OWNER, 'query'));
      const form = read(child(child(answer, 'query', OWNER), 'x', DATA));
      this.#form(body, form, {
        action: words.save, back: close,
        submit: async (values) => {
          await connection.iq('set', jid, element(OWNER, 'query', {}, submission(form.type, values)));
          close();
          this.#extras.say(words.saved);
        },
      });
    });
  }
}
